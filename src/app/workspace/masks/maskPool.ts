import type { Size } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'
import type { ReadMask } from '#model/readMasks.ts'

/** What a worker is asked for; `size` of the image, px; `step`: how coarse the outline is to be (maskOutline). */
export type MaskRequest =
  | { readonly do: 'read'; readonly bytes: Uint8Array; readonly size: Size; readonly step: number }
  | { readonly do: 'encode'; readonly mask: Mask; readonly size: Size }

export type MaskReply =
  | { readonly read: ReadMask; readonly outline?: Float32Array<ArrayBuffer> | undefined }
  | { readonly png: Uint8Array<ArrayBuffer> }

export type Numbered<Name extends string, Content> = { readonly number: number } & { readonly [name in Name]: Content }

export interface Job {
  /** Makes the message as late as possible: what waits takes no second copy. */
  readonly ask: () => { readonly request: MaskRequest; readonly transfer: Transferable[] }
  /** undefined: the worker died of it */
  readonly answer: (reply: MaskReply | undefined) => void
}

/** What the person did goes before what is on the screen, and that before what may be next. */
export type Turn = 'done' | 'shown' | 'ahead'

const TURNS: readonly Turn[] = ['done', 'shown', 'ahead']

/**
 * Jobs that are handed to a worker in one message, unless their bytes are more than that: a message takes as long as
 * reading a mask of ours, and with 200 of them the page and its workers did little else.
 */
const TOGETHER = 16
const TOGETHER_BYTES = 1 << 18

/** A worker that has no more than this before it gets more: while the page paints what has come, it goes on. */
const FEW = 8

/** A few workers that read and encode masks, each one after the other. */
class MaskPool {
  /** what each of them does and has before it, by number: an answer may overtake another */
  readonly #workers = new Map<Worker, Map<number, Job>>()
  /** a worker that has not answered yet: no other is started beside it, since most masks are read before it has begun */
  #starting: Worker | undefined
  #numbers = 0
  readonly #queues: Readonly<Record<Turn, Set<Job>>> = { done: new Set(), shown: new Set(), ahead: new Set() }
  #going = false

  add(job: Job, turn: Turn): void {
    this.#queues[turn].add(job)
    if (this.#going) return
    this.#going = true
    // what is added now goes together
    queueMicrotask(() => this.#go())
  }

  /** What was to be read ahead is on the screen now. */
  hurry(job: Job): void {
    if (this.#queues.ahead.delete(job)) this.#queues.shown.add(job)
  }

  #go(): void {
    this.#going = false
    while (TURNS.some((turn) => this.#queues[turn].size > 0)) {
      const worker = this.#free()
      if (!worker) return
      this.#hand(worker)
    }
  }

  /** Gives it the first of what waits. */
  #hand(worker: Worker): void {
    const asked: Numbered<'request', MaskRequest>[] = []
    const transfers: Transferable[] = []
    let bytes = 0
    for (const turn of TURNS) {
      for (const job of this.#queues[turn]) {
        if (asked.length === TOGETHER || bytes > TOGETHER_BYTES) break
        this.#queues[turn].delete(job)
        const number = ++this.#numbers
        this.#workers.get(worker)!.set(number, job)
        const { request, transfer } = job.ask()
        asked.push({ number, request })
        transfers.push(...transfer)
        bytes += request.do === 'read' ? request.bytes.length : request.mask.runs.byteLength
      }
    }
    worker.postMessage(asked, transfers)
  }

  /** The one with the least to do, or another. */
  #free(): Worker | undefined {
    let free: Worker | undefined
    let least = FEW + 1
    for (const [worker, { size }] of this.#workers) {
      if (size >= least) continue
      free = worker
      least = size
    }
    const most = Math.min(4, Math.max(2, navigator.hardwareConcurrency - 1))
    return least > 0 && !this.#starting && this.#workers.size < most ? this.#start() : free
  }

  #start(): Worker {
    const worker = new Worker(new URL('./maskWorker.ts', import.meta.url), { type: 'module', name: 'masks' })
    const jobs = new Map<number, Job>()
    this.#workers.set(worker, jobs)
    this.#starting = worker
    worker.onmessage = ({ data }: MessageEvent<Numbered<'reply', MaskReply>[]>) => {
      this.#started(worker)
      const answered = data.map(({ number, reply }) => ({ job: jobs.get(number), reply }))
      for (const { number } of data) jobs.delete(number)
      this.#go()
      for (const { job, reply } of answered) job?.answer(reply)
    }
    worker.onerror = () => {
      worker.terminate()
      this.#started(worker)
      this.#workers.delete(worker)
      // the oldest is what it died of
      const [first, ...others] = jobs.values()
      for (const job of others) this.#queues.shown.add(job)
      this.#go()
      first?.answer(undefined)
    }
    return worker
  }

  #started(worker: Worker): void {
    if (this.#starting === worker) this.#starting = undefined
  }
}

let made: MaskPool | undefined

export const maskPool = (): MaskPool => (made ??= new MaskPool())
