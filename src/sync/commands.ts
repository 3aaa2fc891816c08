import { ConnectError } from '@connectrpc/connect'
import { ApiFailure, classify, type FailureFields } from './errors.ts'
import { type InputScope, inputKey } from './scope.ts'

/** What is asked of the server about work, behind the edits of its input. `task` empty: an order outside of tasks. */
export type CommandBody =
  | { readonly is: 'submit'; readonly task: string; readonly item: string; readonly to: SubmitTarget }
  | { readonly is: 'unsubmit'; readonly task: string; readonly item: string }
  | { readonly is: 'skip'; readonly task: string; readonly item: string; readonly reason: string }
  | VerdictBody
  | SettleBody

/** What a reviewer decides about the work of somebody else. */
export interface VerdictBody {
  readonly is: 'verdict'
  readonly task: string
  readonly item: string
  readonly verdict: Verdict
  /** whose work it is */
  readonly worker: string
  /** what they are told; may be empty for approvals only */
  readonly reason: string
}

/** What a reviewer makes of the work of several people on one input. */
export interface SettleBody {
  readonly is: 'settle'
  readonly task: string
  /** the first of `items`, by which the command is known */
  readonly item: string
  /** all work on the input that waits for a verdict: it is approved */
  readonly items: readonly string[]
  /** ids of the annotations that are no part of the answer: they are denied, and exported nowhere */
  readonly drop: readonly string[]
  /** clarifai.api.Annotation each: what the reviewer adds, merged from others */
  readonly add: readonly Uint8Array[]
}

export type Verdict = 'approve' | 'changes' | 'deny'

/** Where Submit leads, as it was written on the button; in a task the server decides. */
export type SubmitTarget = 'done' | 'review' | 'consensus'

/** Plain data: it is kept on the device. */
export interface Command {
  readonly id: string
  readonly scope: InputScope
  readonly body: CommandBody
  /** what people call the input, for what is said of it later */
  readonly name?: string | undefined
  /** not before; ms since the epoch */
  readonly notBefore: number
  /** the server has refused it: the person decides */
  readonly refused?: FailureFields | undefined
}

/**
 * `blocked`: an edit of the input was refused or clashes, so what stands behind it waits for the person.
 */
export type Readiness = 'ready' | 'waiting' | 'blocked'

export interface CommandsOptions {
  /** Keeps the list on this device. */
  readonly keep: (value: readonly Command[]) => Promise<void>
  readonly load: () => Promise<unknown>
  /** One writer of the kept list at a time, over all tabs. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>
  /** Tells the other tabs that the kept list is another. */
  readonly announce: () => void
  /** Does it on the server. @throws ApiFailure, ConnectError */
  readonly run: (command: Command) => Promise<void>
  readonly readiness: (scope: InputScope) => Readiness
  /** Acknowledged, or refused, in this tab. */
  readonly ended: (command: Command) => void
  readonly now: () => number
}

const BACKOFF_MS = { first: 500, most: 30_000 } as const

/**
 * Commands in order per input, each after the edits of its input have reached the server (decisions §16). They survive
 * a reload and being offline; one tab sends them. All may be repeated, so one that was on its way is sent again.
 */
export class Commands {
  readonly #use: CommandsOptions
  readonly #listeners = new Set<() => void>()
  readonly #running = new Set<string>()
  #list: readonly Command[] = []
  /** the kept list is behind this one while > 0 */
  #writing = 0
  #active = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #gate = 0
  #misses = 0

  constructor(options: CommandsOptions) {
    this.#use = options
  }

  get list(): readonly Command[] {
    return this.#list
  }

  ofInput(scope: InputScope): readonly Command[] {
    const key = inputKey(scope)
    return this.#list.filter((command) => inputKey(command.scope) === key)
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Loads what an earlier visit, or another tab, left. */
  async reload(): Promise<void> {
    const kept = await this.#use.load().catch(() => undefined)
    if (this.#writing > 0) return
    this.#set(Array.isArray(kept) ? (kept as readonly Command[]) : [])
    this.wake()
  }

  /** This tab sends from now on. */
  activate(): void {
    this.#active = true
    this.wake()
  }

  deactivate(): void {
    this.#active = false
    clearTimeout(this.#timer)
  }

  /** In the list when this returns; the promise resolves when the device has it. */
  add(command: Command): Promise<void> {
    return this.#change((list) => [...list.filter(({ id }) => id !== command.id), command])
  }

  /** Takes back one that has not left yet; false if it has. */
  cancel(id: string): boolean {
    if (this.#running.has(id) || !this.#list.some((command) => command.id === id)) return false
    void this.#change((list) => list.filter((command) => command.id !== id))
    return true
  }

  /** Sends a refused one again. */
  retry(id: string): void {
    this.#gate = 0
    void this.#change((list) =>
      list.map((command) => (command.id === id ? { ...command, refused: undefined } : command)),
    )
  }

  /** Something it may have waited for has changed: try what is due. */
  wake(): void {
    if (!this.#active) return
    const now = this.#use.now()
    const due = firsts(this.#list).filter(
      ({ id, refused, scope }) => !refused && !this.#running.has(id) && this.#use.readiness(scope) === 'ready',
    )
    const later: number[] = []
    for (const command of due) {
      const at = Math.max(command.notBefore, this.#gate)
      if (at > now) later.push(at)
      else void this.#run(command)
    }
    clearTimeout(this.#timer)
    if (later.length > 0) this.#timer = setTimeout(() => this.wake(), Math.min(...later) - now)
  }

  /** Online again, or signed in: no more waiting. */
  hurry(): void {
    this.#gate = 0
    this.#misses = 0
    this.wake()
  }

  async #run(command: Command): Promise<void> {
    this.#running.add(command.id)
    try {
      await this.#use.run(command)
      this.#misses = 0
      // first told, then forgotten: in between nobody sees it as neither asked for nor done
      this.#use.ended(command)
      await this.#change((list) => list.filter(({ id }) => id !== command.id))
    } catch (error) {
      await this.#failed(command, error)
    } finally {
      this.#running.delete(command.id)
      this.wake()
    }
  }

  async #failed(command: Command, error: unknown): Promise<void> {
    const kind = classify(error)
    if (kind === 'retry' || kind === 'signed-out') {
      const pause = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** this.#misses++)
      this.#gate = this.#use.now() + pause
      return
    }
    const refused = fieldsOf(error)
    await this.#change((list) => list.map((other) => (other.id === command.id ? { ...other, refused } : other)))
    this.#use.ended({ ...command, refused })
  }

  /** At once in this tab, then, by itself, in what the device holds, which other tabs write too. */
  async #change(change: (list: readonly Command[]) => readonly Command[]): Promise<void> {
    this.#writing++
    this.#set(change(this.#list))
    this.wake()
    try {
      await this.#use.exclusively(async () => {
        const kept = await this.#use.load()
        await this.#use.keep(change(Array.isArray(kept) ? (kept as readonly Command[]) : []))
      })
      this.#use.announce()
    } catch (error) {
      console.warn('This device cannot keep what was asked for; it is kept in this tab only.', error)
    } finally {
      this.#writing--
    }
  }

  #set(list: readonly Command[]): void {
    this.#list = list
    for (const listener of [...this.#listeners]) listener()
  }
}

/** The first command of each input: those behind it wait for it. */
function firsts(list: readonly Command[]): readonly Command[] {
  const byInput = new Map<string, Command>()
  for (const command of list) {
    const key = inputKey(command.scope)
    if (!byInput.has(key)) byInput.set(key, command)
  }
  return [...byInput.values()]
}

function fieldsOf(error: unknown): FailureFields {
  if (error instanceof ApiFailure) {
    const { code, details, description, requestId, item } = error
    return { code, details, description, requestId, item }
  }
  const description = error instanceof ConnectError ? error.rawMessage : String(error)
  return { code: 0, details: '', description, requestId: '' }
}
