import { Worker } from 'node:worker_threads'
import type { Checkpointed } from './checkpointThread.ts'

/** Runs something while nobody else has the writing connection. */
export type WithoutWriters = (work: () => Promise<void>) => Promise<void>

export interface CheckpointRules {
  /** From a write to the checkpoint that follows it. */
  readonly afterMs: number
  /** Pages in the log (4 kB each) from which on writers wait for it to be emptied; else it grows while they go on. */
  readonly mostPages: number
}
const usualRules: CheckpointRules = { afterMs: 1000, mostPages: 24_000 }

/**
 * Moves what the log holds into the database, in a thread of its own: within a commit it would stop this one for the
 * tenths of a second that the disk takes (bench/api). As a rule it goes on beside the writes; when the log has become
 * large, writers wait once for what was written in the last moment only.
 */
export class Checkpoints {
  readonly #file: string
  readonly #withoutWriters: WithoutWriters
  readonly #warn: (error: unknown) => void
  readonly #rules: CheckpointRules
  #timer: NodeJS.Timeout | undefined
  #thread: Worker | undefined
  #running: Promise<void> | undefined
  #closed = false

  constructor(
    file: string,
    withoutWriters: WithoutWriters,
    warn: (error: unknown) => void,
    rules: CheckpointRules = usualRules,
  ) {
    this.#file = file
    this.#withoutWriters = withoutWriters
    this.#warn = warn
    this.#rules = rules
  }

  /** To be called after every commit. */
  written(): void {
    if (this.#timer !== undefined || this.#closed) return
    this.#timer = setTimeout(() => {
      this.#running = this.#checkpoint().catch(this.#warn)
      void this.#running.then(() => {
        this.#timer = undefined
      })
    }, this.#rules.afterMs).unref()
  }

  /** Once a checkpoint that is running has ended. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#running
    const thread = this.#thread
    if (thread === undefined) return
    thread.ref()
    const gone = new Promise((resolve) => thread.once('exit', resolve))
    thread.postMessage('end')
    await gone
  }

  async #checkpoint(): Promise<void> {
    const { log, checkpointed } = await this.#ask('PASSIVE')
    if (log < this.#rules.mostPages || this.#closed) return
    if (checkpointed < log) await this.#withoutWriters(async () => void (await this.#ask('RESTART')))
  }

  #ask(mode: 'PASSIVE' | 'RESTART'): Promise<Checkpointed> {
    this.#thread ??= this.#start()
    const thread = this.#thread
    return new Promise((resolve, reject) => {
      const settle = (answer: Checkpointed | Error) => {
        thread.off('message', settle).off('exit', gone)
        if (answer instanceof Error) reject(answer)
        else resolve(answer)
      }
      const gone = () => settle(new Error('the thread of checkpoints has ended'))
      thread.once('message', settle)
      thread.once('exit', gone)
      thread.postMessage(mode)
    })
  }

  #start(): Worker {
    const thread = new Worker(new URL('./checkpointThread.ts', import.meta.url), { workerData: this.#file })
    thread.unref()
    thread.on('error', this.#warn)
    thread.once('exit', () => {
      if (this.#thread === thread) this.#thread = undefined // the next checkpoint starts another
    })
    return thread
  }
}
