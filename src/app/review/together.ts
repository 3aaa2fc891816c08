import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'

/**
 * Whether a card is judged as it is. What several people made of one image is compared, also where only one of them is
 * shown: the others are filtered away, or on a later page.
 */
export const isJudged = ([item, ...others]: readonly [WorkItem, ...WorkItem[]]): boolean =>
  others.length === 0 && item.othersWaiting === 0

/**
 * Whether it can be approved with others at one press: not against an answer that is approved, which counts already. It
 * is denied, sent back, or the answer is reopened.
 */
export const isApprovable = (card: readonly [WorkItem, ...WorkItem[]]): boolean =>
  isJudged(card) && card[0].othersApproved.length === 0

/** What keeps it from being approved: whose answer counts already; undefined when nothing does. */
export const answeredWords = ({ othersApproved }: WorkItem, nameOf: (id: string) => string): string | undefined =>
  othersApproved.length === 0
    ? undefined
    : `The answer of ${othersApproved.map(nameOf).join(', ')} is approved here already: deny this one, send it back, or reopen theirs first.`

/** Not approved with all others: somebody has said in it, with a cross or a pin, what is still to be done. */
export const isMarked = ([item]: readonly [WorkItem, ...WorkItem[]]): boolean => item.openNotes > 0

/** How many people made what a card is about. */
export const peopleOf = (card: readonly [WorkItem, ...WorkItem[]]): number =>
  Math.max(card.length, card[0].othersWaiting + 1)

/**
 * What is decided with one look: a piece of work or, in tasks where several people label an input apart and do not agree,
 * what all of them made of it. To approve each of these by itself would put every object into exports several times.
 * The order is that of the first of each.
 */
export function together(
  items: readonly WorkItem[],
  consensusTasks: ReadonlySet<string>,
): readonly (readonly [WorkItem, ...WorkItem[]])[] {
  const cards = new Map<string, [WorkItem, ...WorkItem[]]>()
  for (const item of items) {
    const key = consensusTasks.has(item.taskId)
      ? JSON.stringify([item.taskId, item.input?.inputId])
      : JSON.stringify([item.taskId, item.input?.inputId, item.id])
    const card = cards.get(key)
    if (card) card.push(item)
    else cards.set(key, [item])
  }
  return [...cards.values()]
}
