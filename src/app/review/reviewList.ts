import { type BadgeKind, badgeOf } from '#app/work/workBadges.ts'
import { workState } from '#app/work/workStates.ts'
import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'
import type { Command, Verdict } from '#sync/commands.ts'
import { together } from './together.ts'

/** A piece of work by task and id: orders' ids repeat across inputs. */
export const itemKey = ({ taskId, id, input }: Pick<WorkItem, 'taskId' | 'id' | 'input'>): string =>
  `${taskId}/${input?.inputId ?? ''}/${id}`

/**
 * What a reviewer walks while they review: those known stay where they stood, decided or not, so that one can go back;
 * new ones come last.
 */
export function grown(known: readonly WorkItem[], fresh: readonly WorkItem[]): readonly WorkItem[] {
  const byKey = new Map(fresh.map((item) => [itemKey(item), item]))
  const stood = new Set(known.map(itemKey))
  const next = [
    ...known.map((item) => byKey.get(itemKey(item)) ?? item),
    ...fresh.filter((i) => !stood.has(itemKey(i))),
  ]
  return next.length === known.length && next.every((item, i) => item === known[i]) ? known : next
}

/** Of those known to wait, what a list read since does not have any more: decided, taken back, or given to somebody else. */
export function leftOf(known: readonly WorkItem[], fresh: readonly WorkItem[]): readonly WorkItem[] {
  const there = new Set(fresh.map(itemKey))
  return known.filter((item) => item.state === workState.waiting && !there.has(itemKey(item)))
}

/** What comes after one: the next that waits, then what was passed over. */
export function nextWaiting(
  items: readonly WorkItem[],
  open: string,
  waits: (item: WorkItem) => boolean,
): WorkItem | undefined {
  const at = items.findIndex((item) => itemKey(item) === open)
  const turned = [...items.slice(at + 1), ...items.slice(0, Math.max(0, at))]
  return turned.find((item) => item.input !== undefined && waits(item))
}

/** What a reviewer walks: an image that several people labelled apart once, by what is open or else still waits. */
export function walked(
  items: readonly WorkItem[],
  consensusTasks: ReadonlySet<string>,
  open: string,
  waits: (item: WorkItem) => boolean,
): readonly Walked[] {
  return together(items, consensusTasks).map((card) => {
    const item = card.find((one) => itemKey(one) === open) ?? card.find(waits) ?? card[0]
    return { item, compared: card.length > 1 || item.othersWaiting > 0 }
  })
}

export interface Walked {
  readonly item: WorkItem
  /** it is opened to compare what several people made, not to judge one of them */
  readonly compared: boolean
}

const badges: Readonly<Record<Verdict, BadgeKind>> = { approve: 'approved', changes: 'returned', deny: 'denied' }

/** How far a piece of work is for its reviewer; a verdict of theirs counts, on its way or arrived. */
export function reviewBadge(item: WorkItem, pending: Command | undefined, given: Verdict | undefined): BadgeKind {
  const body = pending?.body
  if (body?.is === 'verdict' && !pending?.refused) return badges[body.verdict]
  if (given && !pending?.refused && item.state === workState.waiting) return badges[given]
  return item.openedBy ? 'leased' : badgeOf(item, undefined)
}
