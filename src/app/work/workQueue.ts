import type { FetchQueryOptions, QueryClient, QueryKey } from '@tanstack/react-query'
import type { Work, WorkItem } from '#gen/marquee/v1/team_pb.ts'
import type { Clients } from '#sync/client.ts'
import { isUnreachable } from '#sync/errors.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { startLabeling, workItems, workQuery } from '#sync/work.ts'
import { progressOf } from './continueWith.ts'
import {
  begun,
  holds,
  inputOf,
  isOpen,
  putLast,
  type Queue,
  startQueue,
  withItems,
  withoutLost,
  withReturned,
  withSubmitted,
} from './queue.ts'
import { workState } from './workStates.ts'

const PER_PAGE = 200
/** The server gives out more when so few are left (proxy/service/tasks/taskLabel.ts). */
const FEW = 2
/** Looked up at once. */
const AT_ONCE = 30

export interface QueueState {
  /** the task's line of "My work"; undefined until known, or when there is none */
  readonly work: Work | undefined
  readonly queue: Queue | undefined
  /** why nothing is known; a reload may help */
  readonly error: unknown
  /** inputs that are not this person's work, as the server has said */
  readonly foreign: ReadonlySet<string>
}

interface Reach {
  readonly clients: Clients
  readonly queryClient: QueryClient
  readonly scope: AppScope
  readonly me: string
  /** empty: the orders outside of tasks */
  readonly task: string
}

const queueKey = (scope: AppScope, task: string) => [...queryKeys.work(scope), 'queue', task] as const

/** The queue as this page or this device knew it last. @throws TypeError where neither has ever seen it. */
export const keptQueue = (queryClient: QueryClient, scope: AppScope, task: string): Promise<Queue> =>
  queryClient.fetchQuery({
    queryKey: queueKey(scope, task),
    // as the network fails, so that the answer that was kept takes its place (keptAnswers.ts)
    queryFn: () => Promise.reject<Queue>(new TypeError('Failed to fetch')),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
    structuralSharing: false,
  })

/**
 * What the server says; while it cannot be reached what this page knew last. The device gives its own only to a page that
 * knows nothing (keptAnswers.ts).
 */
async function askedOrKnown<T, K extends QueryKey>(
  queryClient: QueryClient,
  query: FetchQueryOptions<T, Error, T, K>,
): Promise<T> {
  const known = queryClient.getQueryData<T>(query.queryKey)
  try {
    return await queryClient.fetchQuery(query)
  } catch (error) {
    if (known !== undefined && isUnreachable(error)) return known
    throw error
  }
}

/**
 * One person's queue in one task while the workspace is open: loaded by pages, kept up to date around what is open. It
 * lies in the query cache as it was known last, and so on the device, for a page that is opened without the server.
 */
export class WorkQueue {
  readonly #reach: Reach
  readonly #listeners = new Set<() => void>()
  #state: QueueState = { work: undefined, queue: undefined, error: undefined, foreign: new Set() }
  #opened = ''
  #busy: Promise<void> | undefined
  /** what was submitted before has been asked for */
  #looked = false
  #topping = false
  /** the server has not been heard since this page was opened: what is here is what the device kept */
  #fromDevice = false

  constructor(reach: Reach) {
    this.#reach = reach
  }

  get state(): QueueState {
    return this.#state
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** This input is on the screen now: it is found in the queue, or asked for. */
  async open(input: string): Promise<void> {
    this.#opened = input
    await this.#alone(async () => {
      const { queue } = this.#state
      if (!queue) return this.#load(input)
      if (!holds(queue, input)) await this.#find(input)
    })
  }

  /** After an error, and from time to time: what has changed, and what was sent back meanwhile. */
  async refresh(): Promise<void> {
    const input = this.#opened
    await this.#alone(async () => {
      const { queue } = this.#state
      if (!queue) return this.#load(input)
      const [work, open] = await Promise.all([this.#work(true), this.#open('')])
      const known = new Set(queue.items.map(({ id }) => id))
      const returned = open.items.filter(({ state }) => state === workState.returned)
      // what was given to this person meanwhile comes last; where only a part is loaded, in its turn
      const takesNew = this.#fromDevice || queue.more === undefined
      const fresh = open.items.filter(({ id, state }) => state !== workState.returned && (takesNew || known.has(id)))
      this.#fromDevice = false
      const next = withItems(withReturned(this.#state.queue ?? queue, returned, input), fresh)
      const whole = open.nextPage === '' && next.more === undefined
      const total = work ? progressOf(work).total : open.total
      this.#become({ work, queue: whole ? withoutLost(next, open.items, input, total) : next, error: undefined })
      await this.#decided()
    })
  }

  /** What the server now says of one input. */
  async look(input: string): Promise<void> {
    if (!this.#state.queue) return
    await this.#alone(async () => {
      const [work] = await Promise.all([this.#work(false), this.#find(input)])
      this.#become({ work })
    })
  }

  /** What was submitted before this visit, as far as one page of each state goes. */
  async loadBefore(): Promise<void> {
    if (this.#looked) return
    this.#looked = true
    await this.#alone(async () => {
      const lists = await Promise.all([this.#list(workState.done, ''), this.#list(workState.waiting, '')])
      const { queue } = this.#state
      if (queue)
        this.#become({
          queue: withSubmitted(
            queue,
            lists.flatMap(({ items }) => items),
          ),
        })
    })
  }

  async loadMore(): Promise<void> {
    await this.#alone(async () => {
      const { queue } = this.#state
      if (queue?.more === undefined) return
      const page = await this.#open(queue.more)
      this.#become({ queue: withItems(this.#state.queue ?? queue, page.items, page.nextPage || undefined) })
    })
  }

  /** Takes the next of a shared queue. True if there is something new to do. */
  async takeMore(): Promise<boolean> {
    const { clients, scope, task } = this.#reach
    if (task === '' || !this.#state.work?.unclaimed) return false
    await startLabeling(clients, scope, task)
    const before = this.#state.queue
    const [work, page] = await Promise.all([this.#work(true), this.#open('')])
    if (!before) return false
    this.#become({ work, queue: withItems(this.#state.queue ?? before, page.items) })
    const known = new Set(before.items.filter(isOpen).map(({ id }) => id))
    return page.items.some(({ id }) => !known.has(id))
  }

  /**
   * Takes the next of a shared queue before what is here has run out, so that Submit need not wait for them.
   * @param gone ids of what is submitted here already
   */
  async topUp(gone: ReadonlySet<string>): Promise<void> {
    const left = this.#state.queue?.items.filter((item) => isOpen(item) && !gone.has(item.id)) ?? []
    if (left.length > FEW || this.#topping) return
    this.#topping = true
    // what fails now is asked for, and told, when there is nothing left
    await this.takeMore().catch(() => false)
    this.#topping = false
  }

  /** One item as it is now, from wherever. */
  update(item: WorkItem): void {
    const { queue } = this.#state
    if (queue) this.#become({ queue: withItems(queue, [item]) })
  }

  /** There are edits of these inputs that the server does not have yet. */
  begin(inputs: ReadonlySet<string>): void {
    const { queue } = this.#state
    const next = queue && begun(queue, inputs)
    if (next && next !== queue) this.#become({ queue: next })
  }

  putLast(id: string): void {
    const { queue } = this.#state
    if (queue) this.#become({ queue: putLast(queue, id) })
  }

  async #load(input: string): Promise<void> {
    const { queryClient } = this.#reach
    let asked = false
    const query = {
      queryKey: this.#key,
      queryFn: async (): Promise<Queue> => {
        const queue = await this.#ask(input)
        asked = true
        return queue
      },
      staleTime: 0,
      gcTime: Number.POSITIVE_INFINITY,
      retry: false,
      // every change of it is a new one: comparing long ones would be felt
      structuralSharing: false,
    }
    const [work, queue] = await Promise.all([this.#work(false), askedOrKnown(queryClient, query)])
    this.#fromDevice = !asked
    const foreign = asked && !holds(queue, input) ? new Set([...this.#state.foreign, input]) : this.#state.foreign
    this.#become({ work, queue, foreign, error: undefined })
    if (!asked && !holds(queue, input)) await this.#find(input)
  }

  async #ask(input: string): Promise<Queue> {
    const [work, found, open] = await Promise.all([this.#work(false), this.#items(input), this.#open('')])
    const total = work ? progressOf(work).total - work.unclaimed : open.total
    const queue = startQueue(found.items[0], open.items, open.nextPage || undefined, { total, openTotal: open.total })
    return { ...queue, total: total + (work?.unclaimed ?? 0) }
  }

  get #key() {
    return queueKey(this.#reach.scope, this.#reach.task)
  }

  async #find(input: string): Promise<void> {
    const { items } = await this.#items(input)
    const { queue, foreign } = this.#state
    const [item] = items
    if (item && queue) this.#become({ queue: withItems(queue, [item]), foreign: without(foreign, input) })
    else this.#become({ foreign: new Set([...foreign, input]) })
  }

  /** How it went with what waited here and does not any more. */
  async #decided(): Promise<void> {
    const waited = this.#state.queue?.items.filter(({ state }) => state === workState.waiting) ?? []
    if (waited.length === 0) return
    const { items: waiting } = await this.#list(workState.waiting, '')
    const still = new Set(waiting.map(({ id }) => id))
    const gone = waited.filter(({ id }) => !still.has(id)).slice(-AT_ONCE)
    const looked = await Promise.all(gone.map((item) => this.#items(inputOf(item))))
    const { queue } = this.#state
    const known = new Set(gone.map(({ id }) => id))
    const fresh = [...waiting, ...looked.flatMap(({ items }) => items.filter(({ id }) => known.has(id)))]
    if (queue)
      this.#become({
        queue: withItems(
          queue,
          fresh.filter(({ id }) => queue.items.some((item) => item.id === id)),
        ),
      })
  }

  #items(input: string) {
    const { clients, scope, me, task } = this.#reach
    return workItems(clients, scope, { task, workers: [me], input, perPage: 2 })
  }

  #open(after: string) {
    return this.#list(workState.open, after)
  }

  #list(state: WorkItem['state'], after: string) {
    const { clients, scope, me, task } = this.#reach
    return workItems(clients, scope, { task, workers: [me], state, after, perPage: PER_PAGE })
  }

  async #work(fresh: boolean): Promise<Work | undefined> {
    const { clients, queryClient, scope, task } = this.#reach
    const query = { ...workQuery(clients, scope), staleTime: fresh ? 0 : 5000 }
    const answer = await (fresh ? queryClient.fetchQuery(query) : askedOrKnown(queryClient, query))
    return answer.work.find(({ taskId }) => taskId === task)
  }

  /** One after the other, so that no answer overtakes a later one. */
  async #alone(work: () => Promise<void>): Promise<void> {
    const before = this.#busy
    const run = (async () => {
      await before
      try {
        await work()
      } catch (error) {
        this.#become({ error })
      }
    })()
    this.#busy = run
    await run
  }

  #become(change: Partial<QueueState>): void {
    this.#state = { ...this.#state, ...change }
    if (change.queue) this.#reach.queryClient.setQueryData(this.#key, change.queue)
    for (const listener of [...this.#listeners]) listener()
  }
}

const without = (set: ReadonlySet<string>, key: string): ReadonlySet<string> =>
  set.has(key) ? new Set([...set].filter((other) => other !== key)) : set
