import type { QueryClient } from '@tanstack/query-core'
import { newId } from '#model/ids.ts'
import type { Clients } from './client.ts'
import { classify, failureOf, ok } from './errors.ts'
import { whyNot } from './fileKinds.ts'
import { queryKeys } from './queryKeys.ts'
import { type AppScope, appKey, userAppId } from './scope.ts'
import { inputOf, isTaken, outcomeOf, reasonOf, type UploadOutcome } from './uploadOutcome.ts'

export interface UploadItem {
  /** also the id of the input it becomes */
  readonly id: string
  readonly scope: AppScope
  readonly file: File
  /** `refused`: as it is it cannot be added; `failed`: it may work later, by retry */
  readonly state: 'waiting' | 'sending' | 'done' | 'refused' | 'failed'
  /** 0…1; by whole files, since fetch does not tell about parts */
  readonly progress: number
  /** refused, failed: why, in a person's words */
  readonly reason?: string | undefined
}

export interface UploadOptions {
  readonly clients: Clients
  readonly queryClient: QueryClient
  readonly limits?: Partial<UploadLimits>
  /** ms to wait before the given repeat, 1-based */
  readonly pauseMs?: (repeat: number) => number
}

export interface UploadLimits {
  /** bytes of one file; below the server's limit of a request's body */
  readonly fileBytes: number
  /** bytes of one call, as long as it has more than one file */
  readonly batchBytes: number
  readonly batchFiles: number
  /** calls at a time */
  readonly calls: number
  /** how often a call is made before its files count as failed */
  readonly tries: number
}

const LIMITS: UploadLimits = { fileBytes: 120_000_000, batchBytes: 4_000_000, batchFiles: 16, calls: 3, tries: 4 }

/** A call may take a minute, plus the time its bytes take on a slow line (50 kB/s). gRPC wants whole ms. */
const deadlineMs = (bytes: number): number => 60_000 + Math.ceil(bytes / 50)

interface Batch {
  readonly scope: AppScope
  readonly items: readonly UploadItem[]
}

/**
 * Files on their way to becoming inputs. Each has its own input id from the start, so sending one again after a lost
 * answer adds nothing twice.
 */
export class Uploads {
  readonly #clients: Clients
  readonly #queryClient: QueryClient
  readonly #limits: UploadLimits
  readonly #pauseMs: (repeat: number) => number
  readonly #listeners = new Set<() => void>()
  readonly #calls = new Map<Promise<void>, { batch: Batch; abort: AbortController }>()
  /** files that make a whole call fail go alone the next time */
  readonly #alone = new Set<string>()
  #items: readonly UploadItem[] = []
  #stale: ReturnType<typeof setTimeout> | undefined

  constructor({ clients, queryClient, limits, pauseMs }: UploadOptions) {
    this.#clients = clients
    this.#queryClient = queryClient
    this.#limits = { ...LIMITS, ...limits }
    this.#pauseMs = pauseMs ?? ((repeat) => Math.random() * Math.min(30_000, 500 * 2 ** repeat))
  }

  /** In the order they were added; a new array whenever something changed. */
  get items(): readonly UploadItem[] {
    return this.#items
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  add(scope: AppScope, files: readonly File[]): void {
    const added = files.map((file): UploadItem => ({ id: newId(), scope, file, state: 'waiting', progress: 0 }))
    this.#replace([...this.#items, ...added])
    this.#next()
  }

  /** Sends a failed or refused file again. */
  retry(id: string): void {
    const item = this.#items.find((one) => one.id === id)
    if (item?.state !== 'failed' && item?.state !== 'refused') return
    this.#set([id], { state: 'waiting', reason: undefined })
    this.#next()
  }

  /** Takes a file off the list; one under way is called back, and removed again should it arrive all the same. */
  remove(id: string): void {
    this.#alone.delete(id)
    this.#replace(this.#items.filter((item) => item.id !== id))
    for (const { batch, abort } of this.#calls.values()) if (!batch.items.some(({ id }) => this.#has(id))) abort.abort()
  }

  /** Resolves when nothing is waiting or under way. */
  async settled(): Promise<void> {
    while (this.#calls.size > 0) await Promise.all(this.#calls.keys())
  }

  #has(id: string): boolean {
    return this.#items.some((item) => item.id === id)
  }

  #next(): void {
    while (this.#calls.size < this.#limits.calls) {
      const batch = this.#batch()
      if (!batch) return
      const abort = new AbortController()
      this.#set(
        batch.items.map(({ id }) => id),
        { state: 'sending' },
      )
      const call = this.#upload(batch, abort.signal).finally(() => {
        this.#calls.delete(call)
        this.#next()
      })
      this.#calls.set(call, { batch, abort })
    }
  }

  /** The first files that wait, of one app, small enough together. */
  #batch(): Batch | undefined {
    const waiting = this.#items.filter(({ state }) => state === 'waiting')
    const first = waiting[0]
    if (!first) return undefined
    if (this.#alone.has(first.id)) return { scope: first.scope, items: [first] }
    const items: UploadItem[] = []
    let bytes = 0
    for (const item of waiting) {
      if (appKey(item.scope) !== appKey(first.scope) || this.#alone.has(item.id)) continue
      bytes += item.file.size
      const full = items.length >= this.#limits.batchFiles || bytes > this.#limits.batchBytes
      if (items.length > 0 && full) break
      items.push(item)
    }
    return { scope: first.scope, items }
  }

  async #upload(batch: Batch, signal: AbortSignal): Promise<void> {
    const checked = await Promise.all(
      batch.items.map(async (item) => ({ item, reason: await whyNot(item.file, this.#limits.fileBytes) })),
    )
    for (const { item, reason } of checked) if (reason) this.#set([item.id], { state: 'refused', reason })
    const items = checked.flatMap(({ item, reason }) => (reason || !this.#has(item.id) ? [] : [item]))
    if (items.length === 0) return
    const outcomes = await this.#sendPatiently({ ...batch, items }, signal)
    for (const item of items) this.#finish(item, outcomes.get(item.id))
    if ([...outcomes.values()].some(({ state }) => state === 'done')) this.#refresh(batch.scope)
  }

  /** Without an outcome the file waits for another call. */
  #finish({ id, scope }: UploadItem, outcome: UploadOutcome | undefined): void {
    const change = outcome ?? ({ state: 'waiting' } as const)
    if (this.#has(id)) this.#set([id], { ...change, progress: change.state === 'done' ? 1 : 0 })
    else if (change.state === 'done') void this.#takeBack(scope, id)
  }

  /** Repeats what may work later. What fails as a whole for good is sent file by file: those without an outcome. */
  async #sendPatiently(batch: Batch, signal: AbortSignal): Promise<ReadonlyMap<string, UploadOutcome>> {
    for (let repeat = 1; ; repeat++) {
      try {
        return await this.#send(batch, signal)
      } catch (error) {
        const kind = classify(error)
        const again = kind === 'retry' && repeat < this.#limits.tries && !signal.aborted
        if (again) await new Promise((resolve) => setTimeout(resolve, this.#pauseMs(repeat)))
        else return this.#failed(batch, error)
      }
    }
  }

  #failed({ items }: Batch, error: unknown): ReadonlyMap<string, UploadOutcome> {
    const kind = classify(error)
    const later = kind === 'retry' || kind === 'signed-out'
    if (!later && items.length > 1) {
      for (const { id } of items) this.#alone.add(id)
      return new Map()
    }
    const outcome: UploadOutcome = { state: later ? 'failed' : 'refused', reason: reasonOf(error) }
    return new Map(items.map(({ id }) => [id, outcome]))
  }

  async #send({ scope, items }: Batch, signal: AbortSignal): Promise<ReadonlyMap<string, UploadOutcome>> {
    const bytes = items.reduce((sum, { file }) => sum + file.size, 0)
    const inputs = await Promise.all(items.map(({ id, file }) => inputOf(id, file)))
    const request = { userAppId: userAppId(scope), inputs }
    const answer = await this.#clients.api.postInputs(request, { signal, timeoutMs: deadlineMs(bytes) })
    if (answer.inputs.length !== items.length) throw failureOf(answer.status)
    const outcomes = answer.inputs.map((input) => outcomeOf(input))
    const taken = items.filter((_, i) => isTaken(answer.inputs[i]))
    const ours = await this.#present(scope, taken, signal)
    return new Map(items.map(({ id }, i) => [id, ours.has(id) ? { state: 'done' } : outcomes[i]!]))
  }

  /** Which of these are inputs already: an earlier call got through whose answer was lost. */
  async #present(scope: AppScope, items: readonly UploadItem[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    if (items.length === 0) return new Set()
    const ids = items.map(({ id }) => id)
    const request = { userAppId: userAppId(scope), ids, page: 1, perPage: ids.length }
    const { inputs } = ok(await this.#clients.api.listInputs(request, { signal }))
    return new Set(inputs.map(({ id }) => id).filter((id) => ids.includes(id)))
  }

  async #takeBack(scope: AppScope, id: string): Promise<void> {
    try {
      ok(await this.#clients.api.deleteInputs({ userAppId: userAppId(scope), ids: [id] }))
    } catch (error) {
      console.warn('A cancelled upload could not be removed again.', id, error)
    }
    this.#refresh(scope)
  }

  /** The grid shows new inputs at most every 300 ms while many arrive. */
  #refresh(scope: AppScope): void {
    clearTimeout(this.#stale)
    this.#stale = setTimeout(() => {
      void this.#queryClient.invalidateQueries({ queryKey: queryKeys.summaries(scope) })
    }, 300)
  }

  #set(ids: readonly string[], change: Partial<UploadItem>): void {
    this.#replace(this.#items.map((item) => (ids.includes(item.id) ? { ...item, ...change } : item)))
  }

  #replace(items: readonly UploadItem[]): void {
    this.#items = items
    for (const listener of this.#listeners) listener()
  }
}
