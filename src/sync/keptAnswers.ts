import { hashKey, type Query, type QueryClient, type QueryKey } from '@tanstack/query-core'
import type { GetSessionResponse } from '#gen/marquee/v1/marquee_pb.ts'
import type { AnswerStore, KeptAnswer } from './answerStore.ts'
import { isUnreachable } from './errors.ts'
import { queryKeys } from './queryKeys.ts'

/** An answer is written down this long after it came, ms: what changes many times in a row is written once. */
const SOON_MS = 1000
/** Long lists take long to copy (1,000 annotations 10 ms), so they are written seldom while one works on them. */
const LONG = 1000
const SELDOM_MS = 30_000
/** Longer ones are not kept: copying them would be felt. */
const TOO_LONG = 5000
const MOST = 600
const KEPT_FOR_MS = 14 * 24 * 3600_000
/** How often a server that was away is asked whether it is back, ms. */
const ASK_EVERY_MS = 4000

export interface KeptAnswersOptions {
  readonly store: AnswerStore
  /** Name of this build: answers kept by another are not used. */
  readonly build: string
  /** Resolves when the server answers. */
  readonly ask: () => Promise<unknown>
  readonly now?: () => number
}

/** As a query's `meta.instead`: another answer, kept below the key `of`, in which this one's is found too. */
export interface Instead {
  readonly of: QueryKey
  readonly holds: (data: unknown) => boolean
}

type Persister = (queryFn: (context: never) => unknown, context: { signal: AbortSignal }, query: Query) => unknown

/**
 * What the server said last, kept on the device, so that pages open without it. Only reading is answered so, only by the
 * query cache, only while the server cannot be reached and this page has heard nothing yet; what is sent, and what is
 * compared before sending, never sees it. When the server is back everything is asked again.
 */
export class KeptAnswers {
  readonly #options: KeptAnswersOptions
  readonly #listeners = new Set<() => void>()
  readonly #dirty = new Map<string, Query>()
  readonly #written = new Map<string, number>()
  #client: QueryClient | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #asking: ReturnType<typeof setTimeout> | undefined
  #away = false

  constructor(options: KeptAnswersOptions) {
    this.#options = options
  }

  /** Something on this page is shown as it was when the server was last there. */
  get away(): boolean {
    return this.#away
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** For the query client's default options. */
  readonly persister: Persister = async (queryFn, context, query) => {
    try {
      return await queryFn(context as never)
    } catch (error) {
      if (context.signal.aborted || query.state.data !== undefined || !isUnreachable(error)) throw error
      const kept = await this.#find(query).catch(() => undefined)
      if (!kept) throw error
      this.#begin()
      return kept.data
    }
  }

  /** Writes down what arrives from now on. */
  attach(client: QueryClient): void {
    this.#client = client
    client.getQueryCache().subscribe((event) => {
      if (event.type === 'updated' && event.action.type === 'success') this.#keep(event.query)
    })
    if (typeof window === 'undefined') return
    window.addEventListener('pagehide', () => void this.flush())
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') void this.flush()
    })
    window.addEventListener('online', () => void this.#askAgain())
  }

  /** Whoever signs out leaves nothing to look at. Unsent work is not here but in the outbox. */
  async forget(): Promise<void> {
    this.#dirty.clear()
    await this.#options.store.clear().catch(() => undefined)
  }

  /** Writes down what is not written yet. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const due = [...this.#dirty.values()]
    this.#dirty.clear()
    await this.#write(due)
  }

  async #find(query: Query): Promise<KeptAnswer | undefined> {
    const { store, build } = this.#options
    const kept = await store.load(this.#keyOf(query))
    if (kept?.build === build) return kept
    const instead = query.meta?.instead as Instead | undefined
    if (!instead) return undefined
    const prefix = this.#prefix() + hashKey(instead.of).slice(0, -1)
    return store.find(prefix, (answer) => answer.build === build && instead.holds(answer.data))
  }

  #keep(query: Query): void {
    if (query.queryKey[0] === queryKeys.keys('')[0]) return // tokens
    if (isSession(query.queryKey)) this.#prune(query.state.data as GetSessionResponse)
    this.#dirty.set(query.queryHash, query)
    this.#timer ??= setTimeout(() => this.#writeDue(), SOON_MS)
  }

  #writeDue(): void {
    this.#timer = undefined
    const now = this.#now()
    const due = [...this.#dirty.values()].filter(
      (query) => lengthOf(query) <= LONG || now - (this.#written.get(query.queryHash) ?? 0) > SELDOM_MS,
    )
    for (const { queryHash } of due) this.#dirty.delete(queryHash)
    if (this.#dirty.size > 0) this.#timer = setTimeout(() => this.#writeDue(), SELDOM_MS)
    // one at a time: all together would be felt by whoever turns from image to image
    for (const query of due) whenIdle(() => void this.#write([query]))
  }

  async #write(due: readonly Query[]): Promise<void> {
    if (due.length === 0) return
    const at = this.#now()
    const { store, build } = this.#options
    for (const { queryHash } of due) this.#written.set(queryHash, at)
    const answers = due.map((query): [string, KeptAnswer | undefined] => {
      const { data } = query.state
      const isKept = data !== undefined && lengthOf(query) <= TOO_LONG
      return [this.#keyOf(query), isKept ? { data, at, build } : undefined]
    })
    // a full disk, or data that cannot be stored: the page works on, it will only not open without the server
    await store.save(new Map(answers)).catch(() => undefined)
  }

  /** Another person's answers, those of other builds and old ones go. */
  #prune({ serverId, person }: GetSessionResponse): void {
    if (!person) return
    const mine = ownerOf(serverId, person.id)
    const { build, store } = this.#options
    const since = this.#now() - KEPT_FOR_MS
    const stays = (key: string, answer: KeptAnswer): boolean =>
      (key === SESSION || key.startsWith(mine)) && answer.build === build && answer.at > since
    void store.prune(stays, MOST).catch(() => undefined)
  }

  #keyOf({ queryKey, queryHash }: Query): string {
    if (isSession(queryKey)) return SESSION
    return this.#prefix() + queryHash
  }

  #prefix(): string {
    const session = this.#client?.getQueryData<GetSessionResponse>(queryKeys.session)
    return ownerOf(session?.serverId ?? '', session?.person?.id ?? '')
  }

  #begin(): void {
    if (this.#away) return
    this.#away = true
    this.#notify()
    this.#asking = setTimeout(() => void this.#askAgain(), ASK_EVERY_MS)
  }

  async #askAgain(): Promise<void> {
    if (!this.#away) return
    clearTimeout(this.#asking)
    try {
      await this.#options.ask()
    } catch {
      this.#asking = setTimeout(() => void this.#askAgain(), ASK_EVERY_MS)
      return
    }
    if (!this.#away) return
    this.#away = false
    this.#notify()
    await this.#client?.invalidateQueries()
  }

  #now(): number {
    return (this.#options.now ?? Date.now)()
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

const SESSION = 'session'

const isSession = (key: QueryKey): boolean => key[0] === queryKeys.session[0]

/** Ids hold no line breaks. */
const ownerOf = (serverId: string, userId: string): string => `${serverId}\n${userId}\n`

/** Of a list, or of a page of one. */
function lengthOf({ state: { data } }: Query): number {
  const items = (data as { items?: unknown } | undefined)?.items ?? data
  return Array.isArray(items) ? items.length : 0
}

function whenIdle(act: () => void): void {
  if (typeof requestIdleCallback === 'undefined') act()
  else requestIdleCallback(act, { timeout: 2000 })
}
