import { count } from '#app/messages.ts'
import type { Work } from '#gen/marquee/v1/team_pb.ts'

/** Something that waits for the signed-in person. */
export interface Need {
  readonly kind: 'returned' | 'assigned' | 'review'
  readonly task: string
  readonly text: string
  readonly n: number
}

/** What needs them, most urgent first: what was sent back, what is to be reviewed, what is to be labelled. */
export function needsOf(works: readonly Work[]): readonly Need[] {
  const open = works.filter(({ paused }) => !paused)
  const named = ({ taskId, name }: Work) => (taskId === '' ? 'work assigned to you' : name || taskId)
  const of = (kind: Need['kind'], n: (work: Work) => number, text: (n: number, name: string) => string) =>
    open
      .filter((work) => n(work) > 0)
      .map((work) => ({ kind, task: work.taskId, n: n(work), text: text(n(work), named(work)) }))
  return [
    ...of(
      'returned',
      ({ mine }) => mine?.returned ?? 0,
      (n, name) => `${count(n, 'image')} returned to you in ${name}`,
    ),
    ...of(
      'review',
      ({ toReview }) => toReview,
      (n, name) => `${count(n, 'image')} to review in ${name}`,
    ),
    ...of(
      'assigned',
      ({ mine }) => (mine?.todo ?? 0) + (mine?.begun ?? 0),
      (n, name) => `${count(n, 'image')} to label in ${name}`,
    ),
  ]
}

/** How much came since they looked. @param seen by {@link needKey} */
export const unseen = (needs: readonly Need[], seen: Readonly<Record<string, number>>): number =>
  needs.reduce((sum, need) => sum + Math.max(0, need.n - (seen[needKey(need)] ?? 0)), 0)

export const needKey = ({ kind, task }: Need): string => `${kind}/${task}`
