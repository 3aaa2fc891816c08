import type { QueryClient } from '@tanstack/query-core'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Clients } from './client.ts'
import { sameVersion } from './content.ts'
import { ok } from './errors.ts'
import { queryKeys } from './queryKeys.ts'
import { type InputScope, inputKey, userAppId } from './scope.ts'

/** What the server said last about one input's annotations, oldest first, models' included. */
export const annotationsQuery = (clients: Clients, scope: InputScope) => ({
  queryKey: queryKeys.annotations(scope),
  queryFn: async ({ client, signal }: { client: QueryClient; signal: AbortSignal }): Promise<readonly Annotation[]> => {
    const journal = journalOf(client)
    const start = journal.begin()
    try {
      const listed = await listAnnotations(clients, scope, signal)
      return journal.replay(start, inputKey(scope), listed)
    } finally {
      journal.end(start)
    }
  },
  structuralSharing: (old: unknown, fresh: unknown) =>
    shareAnnotations(old as readonly Annotation[] | undefined, fresh as readonly Annotation[]),
})

/** The API's cap on `per_page`. */
const PER_PAGE = 1000
/** Pages asked for at a time once there is more than one; an answer is decoded while the next are on their way. */
const AHEAD = 2

/** Every annotation of an input. One call when there are fewer than 1,000. */
export async function listAnnotations(
  clients: Clients,
  scope: InputScope,
  signal: AbortSignal,
): Promise<readonly Annotation[]> {
  const page = async (n: number): Promise<readonly Annotation[]> => {
    const request = { userAppId: userAppId(scope), inputIds: [scope.input], listAllAnnotations: true }
    return ok(await clients.api.listAnnotations({ ...request, page: n, perPage: PER_PAGE }, { signal })).annotations
  }
  const first = await page(1)
  if (first.length < PER_PAGE) return first
  const byId = new Map(first.map((annotation) => [annotation.id, annotation]))
  const ahead: Promise<readonly Annotation[]>[] = []
  let next = 2
  const ask = (): void => {
    const asked = page(next++)
    asked.catch(() => undefined) // a failure is seen when its turn comes; those behind it must not be unhandled
    ahead.push(asked)
  }
  while (ahead.length < AHEAD) ask()
  for (;;) {
    const items = await ahead.shift()!
    // by id: a page shifts by one when something is deleted meanwhile
    for (const annotation of items) byId.set(annotation.id, annotation)
    if (items.length < PER_PAGE) return [...byId.values()]
    ask()
  }
}

/** `fresh`, with every message of `old` that has the same id and modified_at kept as the same object. */
export function shareAnnotations(
  old: readonly Annotation[] | undefined,
  fresh: readonly Annotation[],
): readonly Annotation[] {
  if (!old) return fresh
  const byId = new Map(old.map((annotation) => [annotation.id, annotation]))
  const shared = fresh.map((annotation) => {
    const known = byId.get(annotation.id)
    return known && sameVersion(known, annotation) ? known : annotation
  })
  const unchanged = shared.length === old.length && shared.every((annotation, i) => annotation === old[i])
  return unchanged ? old : shared
}

/**
 * Puts what the server acknowledged into the cache, at once: an item replaces the annotation of that id or joins the
 * list at the place of its age, undefined removes it. A list that is being fetched right now and was asked for earlier
 * is corrected when it arrives. Without a cached list there is nothing to correct. However many there are, the list is
 * written, and whoever watches it told, one time.
 */
export function foldAnnotations(
  client: QueryClient,
  scope: InputScope,
  items: ReadonlyMap<string, Annotation | undefined>,
): void {
  const input = inputKey(scope)
  for (const [id, item] of items) journalOf(client).record({ input, id, item })
  client.setQueryData<readonly Annotation[]>(queryKeys.annotations(scope), (list) => list && putAll(list, items))
}

/** One pass however many there are: 5,000 one by one into a list of 10,000 took ten seconds. */
function putAll(
  list: readonly Annotation[],
  items: ReadonlyMap<string, Annotation | undefined>,
): readonly Annotation[] {
  const left = new Map(items)
  let changed = false
  const kept: Annotation[] = []
  for (const annotation of list) {
    const item = left.has(annotation.id) ? left.get(annotation.id) : annotation
    left.delete(annotation.id)
    changed ||= item !== annotation
    if (item) kept.push(item)
  }
  const late = [...left.values()].filter((item) => item !== undefined)
  return changed || kept.length !== list.length || late.length > 0 ? joined(kept, late) : list
}

/**
 * A list with those that join it, each at the place of its age, as the server would list it: what was deleted and comes
 * back goes where it was, what the server has not seen comes last.
 */
export function joined(list: readonly Annotation[], late: readonly Annotation[]): readonly Annotation[] {
  if (late.length === 0) return list
  const left = late.toSorted((a, b) => madeAt(a) - madeAt(b) || 0) // of two that are not dated neither is older
  const all: Annotation[] = []
  let next = 0
  for (const annotation of list) {
    while (next < left.length && madeAt(left[next]!) < madeAt(annotation)) all.push(left[next++]!)
    all.push(annotation)
  }
  return [...all, ...left.slice(next)]
}

/** µs; those that the server has not seen are the youngest. */
const madeAt = ({ createdAt }: Annotation): number =>
  createdAt ? Number(createdAt.seconds) * 1e6 + createdAt.nanos / 1e3 : Number.POSITIVE_INFINITY

interface Acknowledged {
  readonly input: string
  readonly id: string
  readonly item: Annotation | undefined
}

/**
 * What was acknowledged while lists were being fetched. Without it a list asked for before an acknowledgement and
 * answered after it would take the acknowledged work off the screen until the next fetch.
 */
class Journal {
  #entries: { at: number; entry: Acknowledged }[] = []
  readonly #running: number[] = []
  #clock = 0

  /** A fetch starts; the answer is its ticket. */
  begin(): number {
    this.#running.push(++this.#clock)
    return this.#clock
  }

  end(ticket: number): void {
    this.#running.splice(this.#running.indexOf(ticket), 1)
    const oldest = this.#running[0] ?? Number.POSITIVE_INFINITY
    this.#entries = this.#entries.filter(({ at }) => at > oldest)
  }

  record(entry: Acknowledged): void {
    if (this.#running.length > 0) this.#entries.push({ at: ++this.#clock, entry })
  }

  replay(ticket: number, input: string, listed: readonly Annotation[]): readonly Annotation[] {
    const entries = this.#entries.filter(({ at, entry }) => at > ticket && entry.input === input)
    return putAll(listed, new Map(entries.map(({ entry }) => [entry.id, entry.item])))
  }
}

const journals = new WeakMap<QueryClient, Journal>()

function journalOf(client: QueryClient): Journal {
  const known = journals.get(client)
  if (known) return known
  const made = new Journal()
  journals.set(client, made)
  return made
}
