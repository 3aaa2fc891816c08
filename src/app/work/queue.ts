import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { workState } from './workStates.ts'

/** What is known here of a person's queue in one task, in the order it is walked. */
export interface Queue {
  readonly items: readonly WorkItem[]
  /** how many submitted ones come before those, unseen */
  readonly before: number
  /** of all, submitted ones included; in a shared queue what may still be taken, too */
  readonly total: number
  /** where the next page of open items begins; undefined: all are here */
  readonly more: string | undefined
}

export const isOpen = ({ state }: Pick<WorkItem, 'state'>): boolean =>
  state === workState.todo || state === workState.returned

export const inputOf = (item: WorkItem): string => item.input?.inputId ?? ''

/**
 * The queue as it is when work begins: what is open, in the server's order. An item that is opened although it is
 * submitted stands before those.
 * @param openTotal of the server's list of open items
 */
export function startQueue(
  opened: WorkItem | undefined,
  open: readonly WorkItem[],
  more: string | undefined,
  { total, openTotal }: { total: number; openTotal: number },
): Queue {
  const extra = opened && !open.some(({ id }) => id === opened.id) ? [opened] : []
  const submitted = extra.filter((item) => !isOpen(item)).length
  return { items: [...extra, ...open], before: Math.max(0, total - openTotal - submitted), total, more }
}

/** Those that the server has told of: known ones are replaced where they stand; new ones come last. */
export function withItems(queue: Queue, fresh: readonly WorkItem[], more = queue.more): Queue {
  const byId = new Map(fresh.map((item) => [item.id, item]))
  const known = new Set(queue.items.map(({ id }) => id))
  const added = fresh.filter(({ id }) => !known.has(id))
  const items = [...queue.items.map((item) => byId.get(item.id) ?? item), ...added]
  return { ...queue, items, more, total: Math.max(queue.total, queue.before + items.length) }
}

/** What was sent back meanwhile comes right after what is open. */
export function withReturned(queue: Queue, returned: readonly WorkItem[], afterInput: string): Queue {
  const known = new Set(queue.items.map(({ id }) => id))
  const fresh = returned.filter(({ id }) => !known.has(id))
  const next = withItems(
    queue,
    returned.filter(({ id }) => known.has(id)),
  )
  if (fresh.length === 0) return next
  const at = next.items.findIndex((item) => inputOf(item) === afterInput) + 1
  const items = next.items.toSpliced(at, 0, ...fresh)
  // they were submitted before, and so counted already
  return { ...next, items, before: Math.max(0, next.before - fresh.length) }
}

/**
 * What is open, after the server has told all of it: what is not in there any more, such as work that was given to
 * somebody else, goes; the one on the screen stays until it is left.
 */
export function withoutLost(queue: Queue, open: readonly WorkItem[], shownInput: string, total: number): Queue {
  const theirs = new Set(open.map(({ id }) => id))
  const items = queue.items.filter((item) => !isOpen(item) || theirs.has(item.id) || inputOf(item) === shownInput)
  return items.length === queue.items.length ? queue : { ...queue, items, total: Math.max(total, items.length) }
}

/** What was submitted before this visit comes before what is here. */
export function withSubmitted(queue: Queue, submitted: readonly WorkItem[]): Queue {
  const known = new Set(queue.items.map(({ id }) => id))
  const fresh = submitted.filter(({ id }) => !known.has(id)).slice(-queue.before || submitted.length)
  if (queue.before === 0 || fresh.length === 0) return queue
  return { ...queue, items: [...fresh, ...queue.items], before: Math.max(0, queue.before - fresh.length) }
}

export const holds = ({ items }: Queue, input: string): boolean => items.some((item) => inputOf(item) === input)

/** The same with what is to be done on these inputs begun; the queue itself when all of it is known to be. */
export function begun(queue: Queue, inputs: ReadonlySet<string>): Queue {
  const news = new Set(queue.items.filter((item) => !item.begun && isOpen(item) && inputs.has(inputOf(item))))
  if (news.size === 0) return queue
  return { ...queue, items: queue.items.map((item) => (news.has(item) ? { ...item, begun: true } : item)) }
}

/** Skipped: last of what is here. */
export function putLast(queue: Queue, id: string): Queue {
  const item = queue.items.find((other) => other.id === id)
  return item ? { ...queue, items: [...queue.items.filter((other) => other !== item), item] } : queue
}

/** 1-based; undefined for what is not in the queue. */
export function placeOf(queue: Queue, input: string): number | undefined {
  const at = queue.items.findIndex((item) => inputOf(item) === input)
  return at < 0 ? undefined : queue.before + at + 1
}

export const atPlace = (queue: Queue, place: number): WorkItem | undefined => queue.items[place - 1 - queue.before]

/**
 * What comes after an input: what was sent back first, then what is open further on, then what was passed over.
 * `gone`: ids of what is submitted here already, or no longer the person's.
 */
export function nextAfter(queue: Queue, input: string, gone: ReadonlySet<string>): WorkItem | undefined {
  const at = queue.items.findIndex((item) => inputOf(item) === input)
  const turned = [...queue.items.slice(at + 1), ...queue.items.slice(0, Math.max(0, at))]
  const open = turned.filter((item) => isOpen(item) && !gone.has(item.id) && item.input !== undefined)
  return open.find(({ state }) => state === workState.returned) ?? open[0]
}
