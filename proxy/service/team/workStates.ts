import { create } from '@bufbuild/protobuf'
import { type WorkCounts, WorkCountsSchema, WorkState } from '#gen/marquee/v1/team_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { WorkGroup } from '#proxy/store/work.ts'

/** What a piece of work counts as, by its status; orders have the statuses of annotations. */
const states: Readonly<Record<number, WorkState>> = {
  [StatusCode.TASK_ASSIGNMENT_PENDING]: WorkState.TODO,
  [StatusCode.TASK_ASSIGNMENT_REJECTED]: WorkState.RETURNED,
  [StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW]: WorkState.WAITING,
  [StatusCode.TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW]: WorkState.WAITING,
  [StatusCode.TASK_ASSIGNMENT_SUCCESS]: WorkState.DONE,
  [StatusCode.ANNOTATION_PENDING]: WorkState.TODO,
  [StatusCode.ANNOTATION_REVIEW_DENIED]: WorkState.RETURNED,
  [StatusCode.ANNOTATION_AWAITING_REVIEW]: WorkState.WAITING,
  [StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW]: WorkState.WAITING,
  [StatusCode.ANNOTATION_SUCCESS]: WorkState.DONE,
}

/** `back`: somebody else sent it back. */
export const workState = (statusCode: number, back: boolean): WorkState => {
  const state = states[statusCode] ?? WorkState.ANY
  return state === WorkState.TODO && back ? WorkState.RETURNED : state
}

const names: Readonly<Partial<Record<WorkState, 'todo' | 'returned' | 'waiting' | 'done'>>> = {
  [WorkState.TODO]: 'todo',
  [WorkState.RETURNED]: 'returned',
  [WorkState.WAITING]: 'waiting',
  [WorkState.DONE]: 'done',
}

export const countsOf = (groups: readonly WorkGroup[]): WorkCounts => {
  const counts = create(WorkCountsSchema)
  for (const { statusCode, back, begun, count } of groups) {
    const name = names[workState(statusCode, back > 0)]
    if (name) counts[name === 'todo' && begun > 0 ? 'begun' : name] += count
  }
  return counts
}

/** How a state is found in the database. */
interface StateFilter {
  readonly statusCodes?: readonly StatusCode[]
  readonly back?: boolean
}

const T = StatusCode

const assignments: Readonly<Record<WorkState, StateFilter>> = {
  [WorkState.ANY]: {},
  [WorkState.TODO]: { statusCodes: [T.TASK_ASSIGNMENT_PENDING], back: false },
  [WorkState.RETURNED]: { statusCodes: [T.TASK_ASSIGNMENT_PENDING, T.TASK_ASSIGNMENT_REJECTED], back: true },
  [WorkState.OPEN]: { statusCodes: [T.TASK_ASSIGNMENT_PENDING, T.TASK_ASSIGNMENT_REJECTED] },
  [WorkState.WAITING]: {
    statusCodes: [T.TASK_ASSIGNMENT_AWAITING_REVIEW, T.TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW],
    back: false,
  },
  [WorkState.DONE]: { statusCodes: [T.TASK_ASSIGNMENT_SUCCESS], back: false },
}

const orders: Readonly<Record<WorkState, StateFilter>> = {
  [WorkState.ANY]: {},
  [WorkState.TODO]: { statusCodes: [T.ANNOTATION_PENDING], back: false },
  [WorkState.RETURNED]: { statusCodes: [T.ANNOTATION_PENDING, T.ANNOTATION_REVIEW_DENIED], back: true },
  [WorkState.OPEN]: { statusCodes: [T.ANNOTATION_PENDING, T.ANNOTATION_REVIEW_DENIED] },
  [WorkState.WAITING]: {
    statusCodes: [T.ANNOTATION_AWAITING_REVIEW, T.ANNOTATION_AWAITING_CONSENSUS_REVIEW],
    back: false,
  },
  [WorkState.DONE]: { statusCodes: [T.ANNOTATION_SUCCESS], back: false },
}

/** Undefined for a number that is no state. */
export const assignmentFilter = (state: WorkState): StateFilter | undefined => assignments[state]
export const orderFilter = (state: WorkState): StateFilter | undefined => orders[state]
