import { count } from '#app/messages.ts'
import { refusalWords } from '#app/work/refusalWords.ts'
import { isDenied } from '#app/work/workBadges.ts'
import { workState } from '#app/work/workStates.ts'
import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { TaskReview_TaskReviewStrategy as Strategy, type Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Command } from '#sync/commands.ts'
import type { ReviewMode } from './useReviewMode.ts'

const given = { approve: 'You approved it', changes: 'You sent it back', deny: 'You denied it' } as const

/** Why nothing can be decided here now; undefined while it can. */
export function closedWords(
  { closed, item, error }: Pick<ReviewMode, 'closed' | 'item' | 'error'>,
  pending: Command | undefined,
  nameOf: (userId: string) => string,
): { readonly text: string; readonly bad: boolean } | undefined {
  if (pending?.refused) {
    return { text: `Your verdict was not taken. ${refusalWords(pending, nameOf)}`, bad: true }
  }
  if (pending?.body.is === 'verdict') return { text: `${given[pending.body.verdict]}.`, bad: false }
  switch (closed) {
    case 'gone':
      return { text: 'It is no longer there to review: the task, the image or the work was taken away.', bad: true }
    case 'own':
      return { text: 'It is your own work: somebody else reviews it.', bad: true }
    case 'opened':
      return { text: `${nameOf(item?.openedBy ?? '')} has it open to review now.`, bad: true }
    case 'decided':
      return { text: item?.decidedBy ? `Approved by ${nameOf(item.decidedBy)}.` : 'It is approved.', bad: false }
    case 'returned': {
      const what = item && isDenied(item) ? 'Denied' : 'Sent back'
      return { text: `${what} by ${nameOf(item?.decidedBy ?? '')}: it waits for its author.`, bad: false }
    }
    case 'taken back':
      return { text: `${nameOf(item?.workerId ?? '')} has not submitted it, or has taken it back.`, bad: true }
    case undefined:
      if (!item && error) return { text: 'It could not be loaded; it is tried again.', bad: true }
      return item ? undefined : { text: 'Looking it up…', bad: false }
  }
}

/** Who may send approved work back: the owner, who approved it, and any reviewer where no person did; never its author. */
export const mayReopen = (item: WorkItem, me: string, owner: string): boolean =>
  item.state === workState.done &&
  item.workerId !== me &&
  (me === owner || item.decidedBy === me || item.decidedBy === '')

/** How much of a task is reviewed, in whole percent; undefined: all, or it is not by chance. */
export function sampleOf(task: Task | undefined): number | undefined {
  if (task?.review?.strategy !== Strategy.MANUAL) return undefined
  const info = task.review.strategyInfo
  const share = (info.case === 'manualStrategyInfo' && info.value.samplePercentage) || 1
  const percent = Math.round(share * 100)
  return percent > 0 && percent < 100 ? percent : undefined
}

/** Several people labelled it apart, and are compared. */
export const isConsensus = ({ work }: Pick<ReviewMode, 'work'>): boolean => work?.reviewStrategy === Strategy.CONSENSUS

/** What waits, and not for this person: who has it open, and what is their own. Empty: nothing waits. */
export function elsewhereWords(waiting: readonly WorkItem[], me: string, nameOf: (userId: string) => string): string {
  const own = waiting.filter(({ workerId }) => workerId === me).length
  const open = waiting.filter(({ workerId, openedBy }) => workerId !== me && openedBy !== '')
  const people = [...new Set(open.map(({ openedBy }) => nameOf(openedBy)))].join(', ')
  const theirs = open.length > 0 ? [`${count(open.length, 'image')} ${are(open.length)} open with ${people} now.`] : []
  const mine = own > 0 ? [`${count(own, 'image')} of your own ${own === 1 ? 'waits' : 'wait'} for somebody else.`] : []
  return [...theirs, ...mine].join(' ')
}

const are = (n: number): string => (n === 1 ? 'is' : 'are')
