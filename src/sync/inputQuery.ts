import type { MessageInitShape } from '@bufbuild/protobuf'
import { type InputQuerySchema, InputQuery_Work as Work } from '#gen/marquee/v1/marquee_pb.ts'

/** Both ends inclusive; what is absent is open. */
export interface CountRange {
  readonly min?: number
  readonly max?: number
}

/** Whole days where the person is, `YYYY-MM-DD`, both inclusive; what is absent is open. */
export interface DayRange {
  readonly from?: string
  readonly to?: string
}

export const workStates = ['none', 'pending', 'returned', 'awaiting', 'approved'] as const
export type WorkState = (typeof workStates)[number]

/** What must hold of the labels and the work on an input; what is absent does not restrict. */
export interface InputQuery {
  readonly work?: WorkState
  /** ids of people and of a concept */
  readonly assignee?: string
  readonly author?: string
  readonly concept?: string
  /** How many of `concept`; absent = one or more. */
  readonly conceptCount?: CountRange
  readonly regions?: CountRange
  /** of a model's prediction, in whole percent */
  readonly score?: CountRange
  readonly created?: DayRange
  readonly labelled?: DayRange
}

const onWire = {
  none: Work.NONE,
  pending: Work.PENDING,
  returned: Work.RETURNED,
  awaiting: Work.AWAITING_REVIEW,
  approved: Work.APPROVED,
} as const

export const queryOnWire = (
  query: InputQuery,
): Exclude<MessageInitShape<typeof InputQuerySchema>, { $typeName: string }> => ({
  work: query.work ? onWire[query.work] : Work.ANY,
  assigneeId: query.assignee ?? '',
  authorId: query.author ?? '',
  conceptId: query.concept ?? '',
  ...(query.concept && query.conceptCount && { conceptCount: query.conceptCount }),
  ...(query.regions && { regions: query.regions }),
  ...(query.score && { score: query.score }),
  ...(query.created && { created: times(query.created) }),
  ...(query.labelled && { labelled: times(query.labelled) }),
})

const times = ({ from, to }: DayRange) => ({
  ...(from && { from: { seconds: secondsAt(from, 0) } }),
  ...(to && { to: { seconds: secondsAt(to, 1) } }),
})

/** The days in which a time range lies where the person is. */
export const daysIn = ({ from, to }: { from?: Date | undefined; to?: Date | undefined }): DayRange => ({
  ...(from && { from: dayOf(from) }),
  // the end is the first moment that is out
  ...(to && { to: dayOf(new Date(to.getTime() - 1)) }),
})

function dayOf(at: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** When the day `later` days after this one begins where the person is. */
function secondsAt(day: string, later: number): bigint {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  return BigInt(Math.floor(new Date(year, month - 1, date + later).getTime() / 1000))
}
