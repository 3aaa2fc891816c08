import type { Work, WorkState } from '#gen/marquee/v1/team_pb.ts'
import type { Group } from './groups.ts'
import { workState } from './workStates.ts'
import { whyClosed } from './workWords.ts'

export const stateOfGroup: Readonly<Record<Group, WorkState>> = {
  returned: workState.returned,
  todo: workState.todo,
  begun: workState.todo,
  waiting: workState.waiting,
  done: workState.done,
}

/** How much of a task, or of the orders, is in a group; for "done" whatever was ever approved. */
export const countIn = (work: Work, group: Group): number => work.mine?.[group] ?? 0

/** Which work "Continue" looks into, and for what, in turn. */
export interface Candidate {
  readonly work: Work
  readonly group: 'returned' | 'begun' | 'todo' | 'unclaimed'
}

/** What was returned first, then what is begun, then what is to do, then what may be taken; each by priority and age. */
export const candidates = (works: readonly Work[]): readonly Candidate[] => {
  const open = works.filter((work) => isMine(work) && whyClosed(work) === undefined)
  const having = (group: Exclude<Candidate['group'], 'unclaimed'>) =>
    open.filter((work) => countIn(work, group) > 0).map((work): Candidate => ({ work, group }))
  const free = open.filter(({ unclaimed }) => unclaimed > 0).map((work): Candidate => ({ work, group: 'unclaimed' }))
  return [...having('returned'), ...having('begun'), ...having('todo'), ...free]
}

/** The caller labels in it, or has: the others are only to be reviewed. */
export const isMine = ({ isWorker, mine, unclaimed }: Work): boolean =>
  isWorker || unclaimed > 0 || Object.values(counts(mine)).some((n) => n > 0)

function counts(mine: Work['mine']) {
  const { todo = 0, begun = 0, returned = 0, waiting = 0, done = 0 } = mine ?? {}
  return { todo, begun, returned, waiting, done }
}

/** Shares of a task for its bar, and what is left: `due` is what the caller has to do. */
export function progressOf(work: Work): {
  total: number
  done: number
  waiting: number
  returned: number
  due: number
} {
  const { todo, begun, returned, waiting, done } = counts(work.mine)
  return {
    total: todo + begun + returned + waiting + done + work.unclaimed,
    done,
    waiting,
    returned,
    due: todo + begun + returned,
  }
}
