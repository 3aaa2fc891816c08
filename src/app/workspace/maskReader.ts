import type { Size } from '#geometry/point.ts'
import { rememberMask } from '#model/readMasks.ts'
import type { ReadReply, ReadRequest } from './readPicture.ts'

/** Reads masks somewhere, remembers what they say, and tells when some more are known. */
export type ReadMasks = (masks: readonly Uint8Array[], size: Size, known: () => void) => void

interface Job extends ReadRequest {
  readonly known: () => void
}

/** What came within this time is told at once: each time, all regions are looked at. ms */
const TOGETHER_MS = 40

/** Reads masks in workers, one after the other in each; the picture and all other regions never wait for it. */
class MaskReader {
  readonly #idle: Worker[] = []
  readonly #running = new Map<Worker, Job>()
  readonly #queue: Job[] = []
  readonly #news = new Set<() => void>()
  #telling: ReturnType<typeof setTimeout> | undefined
  #ids = 0

  read(masks: readonly Uint8Array[], size: Size, known: () => void): void {
    for (const bytes of masks) this.#queue.push({ id: this.#ids++, bytes, size, known })
    this.#go()
  }

  #go(): void {
    while (this.#queue.length > 0) {
      const worker = this.#idle.pop() ?? this.#start()
      if (!worker) return
      const { id, bytes, size } = this.#queue[0]!
      this.#running.set(worker, this.#queue.shift()!)
      // a copy: the bytes lie within the whole answer of the server, which would be copied each time
      const copy = bytes.slice()
      worker.postMessage({ id, bytes: copy, size } satisfies ReadRequest, [copy.buffer])
    }
  }

  #start(): Worker | undefined {
    const most = Math.min(4, Math.max(2, navigator.hardwareConcurrency - 1))
    if (this.#idle.length + this.#running.size >= most) return undefined
    const worker = new Worker(new URL('./maskWorker.ts', import.meta.url), { type: 'module', name: 'masks' })
    worker.onmessage = ({ data }: MessageEvent<ReadReply>) => {
      this.#settle(worker, data)
      this.#idle.push(worker)
      this.#go()
    }
    worker.onerror = () => {
      worker.terminate()
      this.#settle(worker, { id: -1, read: { why: 'the mask could not be read on this device' } })
      this.#go()
    }
    return worker
  }

  #settle(worker: Worker, { read }: ReadReply): void {
    const job = this.#running.get(worker)
    this.#running.delete(worker)
    if (!job) return
    rememberMask(job.bytes, job.size, read)
    this.#news.add(job.known)
    if (this.#queue.length === 0 && this.#running.size === 0) this.#tell()
    else this.#telling ??= setTimeout(() => this.#tell(), TOGETHER_MS)
  }

  #tell(): void {
    clearTimeout(this.#telling)
    this.#telling = undefined
    const news = [...this.#news]
    this.#news.clear()
    for (const known of news) known()
  }
}

let reader: MaskReader | undefined

export const readMasks: ReadMasks = (masks, size, known) => {
  reader ??= new MaskReader()
  reader.read(masks, size, known)
}
