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

/** Jobs that a worker has at a time: while the page paints what has come, it goes on. */
const AT_ONCE = 4

/** A few workers that read and encode masks, each one after the other. */
class MaskPool {
  /** what each of them does and has before it, by number: an answer may overtake another */
  readonly #workers = new Map<Worker, Map<number, Job>>()
  #numbers = 0
  readonly #queues: Readonly<Record<Turn, Set<Job>>> = { done: new Set(), shown: new Set(), ahead: new Set() }

  add(job: Job, turn: Turn): void {
    this.#queues[turn].add(job)
    this.#go()
  }

  /** What was to be read ahead is on the screen now. */
  hurry(job: Job): void {
    if (this.#queues.ahead.delete(job)) this.#queues.shown.add(job)
  }

  #go(): void {
    for (const turn of TURNS) if (!this.#serve(this.#queues[turn])) return
  }

  /** False when every worker has enough to do. */
  #serve(queue: Set<Job>): boolean {
    for (const job of queue) {
      const worker = this.#free()
      if (!worker) return false
      queue.delete(job)
      const number = ++this.#numbers
      this.#workers.get(worker)!.set(number, job)
      const { request, transfer } = job.ask()
      worker.postMessage({ number, request } satisfies Numbered<'request', MaskRequest>, transfer)
    }
    return true
  }

  /** The one with the least to do, or another. */
  #free(): Worker | undefined {
    let free: Worker | undefined
    let least = AT_ONCE
    for (const [worker, { size }] of this.#workers) {
      if (size >= least) continue
      free = worker
      least = size
    }
    const most = Math.min(4, Math.max(2, navigator.hardwareConcurrency - 1))
    return least > 0 && this.#workers.size < most ? this.#start() : free
  }

  #start(): Worker {
    const worker = new Worker(new URL('./maskWorker.ts', import.meta.url), { type: 'module', name: 'masks' })
    const jobs = new Map<number, Job>()
    this.#workers.set(worker, jobs)
    worker.onmessage = ({ data: { number, reply } }: MessageEvent<Numbered<'reply', MaskReply>>) => {
      const job = jobs.get(number)
      jobs.delete(number)
      this.#go()
      job?.answer(reply)
    }
    worker.onerror = () => {
      worker.terminate()
      this.#workers.delete(worker)
      // the oldest is what it died of
      const [first, ...others] = jobs.values()
      for (const job of others) this.#queues.shown.add(job)
      this.#go()
      first?.answer(undefined)
    }
    return worker
  }
}

let made: MaskPool | undefined

export const maskPool = (): MaskPool => (made ??= new MaskPool())
