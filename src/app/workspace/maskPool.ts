import type { Size } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'
import type { ReadMask } from '#model/readMasks.ts'

/** What a worker is asked for; `size` of the image, px. */
export type MaskRequest =
  | { readonly do: 'read'; readonly bytes: Uint8Array; readonly size: Size }
  | { readonly do: 'encode'; readonly mask: Mask; readonly size: Size }

export type MaskReply = { readonly read: ReadMask } | { readonly png: Uint8Array<ArrayBuffer> }

export interface Job {
  /** Makes the message as late as possible: what waits takes no second copy. */
  readonly ask: () => { readonly request: MaskRequest; readonly transfer: Transferable[] }
  /** undefined: the worker died of it */
  readonly answer: (reply: MaskReply | undefined) => void
}

/** What the person did goes before what is on the screen, and that before what may be next. */
export type Turn = 'done' | 'shown' | 'ahead'

const TURNS: readonly Turn[] = ['done', 'shown', 'ahead']

/** A few workers that read and encode masks, each one after the other. */
class MaskPool {
  readonly #idle: Worker[] = []
  readonly #running = new Map<Worker, Job>()
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

  /** False when no worker is free. */
  #serve(queue: Set<Job>): boolean {
    for (const job of queue) {
      const worker = this.#idle.pop() ?? this.#start()
      if (!worker) return false
      queue.delete(job)
      this.#running.set(worker, job)
      const { request, transfer } = job.ask()
      worker.postMessage(request, transfer)
    }
    return true
  }

  #start(): Worker | undefined {
    const most = Math.min(4, Math.max(2, navigator.hardwareConcurrency - 1))
    if (this.#idle.length + this.#running.size >= most) return undefined
    const worker = new Worker(new URL('./maskWorker.ts', import.meta.url), { type: 'module', name: 'masks' })
    worker.onmessage = ({ data }: MessageEvent<MaskReply>) => {
      const job = this.#running.get(worker)
      this.#running.delete(worker)
      this.#idle.push(worker)
      job?.answer(data)
      this.#go()
    }
    worker.onerror = () => {
      worker.terminate()
      const job = this.#running.get(worker)
      this.#running.delete(worker)
      job?.answer(undefined)
      this.#go()
    }
    return worker
  }
}

let made: MaskPool | undefined

export const maskPool = (): MaskPool => (made ??= new MaskPool())
