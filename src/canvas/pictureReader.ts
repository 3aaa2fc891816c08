import type { PictureReply, PictureRequest, ReadRequest } from './pictureMessages.ts'

/** Workers that have nothing to do are kept up to this many: starting one takes longer than fetching a picture. */
const KEPT = 2

const idle: Worker[] = []

const start = (): Worker =>
  new Worker(new URL('./pictureWorker.ts', import.meta.url), { type: 'module', name: 'picture' })

/** Starts a worker before its picture is known, so that this need not wait for it. */
export const warmPictureReader = (): void => {
  if (idle.length === 0) idle.push(start())
}

/** Reads one picture in a worker: the page is busiest when a picture is wanted, and would let it wait. */
export class PictureReader {
  readonly #worker = idle.pop() ?? start()
  #busy = true
  #closed = false

  /** `take` is called for each version that comes. */
  constructor(request: Omit<ReadRequest, 'kind'>, take: (reply: PictureReply) => void) {
    this.#worker.onmessage = ({ data }: MessageEvent<PictureReply>) => {
      this.#busy = false
      take(data)
    }
    this.#worker.onerror = (event) => {
      this.#busy = true // with what nobody knows
      take({ kind: 'failed', failure: { kind: 'undecodable', said: event.message } })
    }
    this.#ask({ kind: 'read', ...request })
  }

  /** Asks for the other versions of what has been read. */
  askForRest(): void {
    this.#ask({ kind: 'rest' })
  }

  #ask(request: PictureRequest): void {
    this.#busy = true
    this.#worker.postMessage(request)
  }

  /** Nothing more is wanted: what is under way is given up. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#worker.onmessage = null
    this.#worker.onerror = null
    if (this.#busy || idle.length >= KEPT) this.#worker.terminate()
    else idle.push(this.#worker)
  }
}
