import { create } from '@bufbuild/protobuf'
import {
  type TaskStatusCountPerUser,
  TaskStatusCountPerUserSchema,
  UserSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  type GetTaskCountRequest,
  type SingleTaskCountResponse,
  SingleTaskCountResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { machineWorker } from '#proxy/service/annotations/annotationWorker.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { findApp } from '#proxy/service/people/access.ts'
import { ok } from '#proxy/service/status.ts'
import type { Db } from '#proxy/store/open.ts'
import { countAssignments, countTaskAnnotations, type StateCount } from '#proxy/store/taskCounts.ts'
import { taskById } from '#proxy/store/tasks.ts'
import { asWorker } from './taskAnswer.ts'
import { workerIds } from './taskDraft.ts'
import { storedTask } from './taskInUse.ts'

type CountName = 'pending' | 'awaitingReview' | 'success' | 'reviewDenied' | 'awaitingConsensusReview'

const assignmentStates: Readonly<Record<number, CountName>> = {
  [StatusCode.TASK_ASSIGNMENT_PENDING]: 'pending',
  [StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW]: 'awaitingReview',
  [StatusCode.TASK_ASSIGNMENT_SUCCESS]: 'success',
  [StatusCode.TASK_ASSIGNMENT_REJECTED]: 'reviewDenied',
  [StatusCode.TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW]: 'awaitingConsensusReview',
}

const annotationStates: Readonly<Record<number, CountName>> = {
  [StatusCode.ANNOTATION_PENDING]: 'pending',
  [StatusCode.ANNOTATION_AWAITING_REVIEW]: 'awaitingReview',
  [StatusCode.ANNOTATION_SUCCESS]: 'success',
  [StatusCode.ANNOTATION_REVIEW_DENIED]: 'reviewDenied',
  [StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW]: 'awaitingConsensusReview',
}

/** How many assignments each worker has in each state. */
export const getTaskInputCount: MethodImpl<typeof V2.method.getTaskInputCount> = (request, call, deps) =>
  counted(request, call, deps, countAssignments, assignmentStates)

/** How many annotations each worker made, by state. */
export const getTaskAnnotationCount: MethodImpl<typeof V2.method.getTaskAnnotationCount> = (request, call, deps) =>
  counted(request, call, deps, countTaskAnnotations, annotationStates)

const counted = async (
  request: GetTaskCountRequest,
  call: Call,
  deps: Deps,
  count: (db: Db, app: number, taskId: string) => Promise<StateCount[]>,
  states: Readonly<Record<number, CountName>>,
): Promise<SingleTaskCountResponse> => {
  const app = await findApp(deps, call, request.userAppId, 'readTasks')
  const row = await taskById(deps.store.read, app.no, request.taskId)
  if (!row) throw new ApiError(StatusCode.TASK_MISSING, `task_id: the app has no task "${request.taskId}"`)
  const counts = await count(deps.store.read, app.no, row.id)
  // everybody who works in the task is in the answer, with zeros if need be
  const people = workerIds(storedTask(row).worker).map((worker): Counted => ({ kind: 'user', worker }))
  const everybody = new Map([...people, ...counts].map((one) => [keyOf(one), one]))
  const byWorker = Map.groupBy(counts, keyOf)
  const asked = [...everybody].filter(([, one]) => isAsked(one, request, app.callerId))
  return create(SingleTaskCountResponseSchema, {
    status: ok(call),
    appId: app.id,
    taskId: row.id,
    counts: asked.map(([key, one]) => message(one, byWorker.get(key) ?? [], states)),
  })
}

type Counted = Pick<StateCount, 'kind' | 'worker'>

const keyOf = ({ kind, worker }: Counted): string => `${kind}/${worker}`

/** The three lists are one: whoever is in any of them; everybody when all are empty. */
const isAsked = (
  { kind, worker }: Counted,
  { userIds, modelVersionIds, workflowVersionIds }: GetTaskCountRequest,
  callerId: string,
): boolean => {
  if (userIds.length + modelVersionIds.length + workflowVersionIds.length === 0) return true
  if (kind === 'user') return userIds.some((id) => (id === 'me' ? callerId : id) === worker)
  return (kind === 'model' ? modelVersionIds : workflowVersionIds).includes(worker)
}

const message = (
  { kind, worker }: Counted,
  counts: readonly StateCount[],
  states: Readonly<Record<number, CountName>>,
): TaskStatusCountPerUser => {
  const numbers: Partial<Record<CountName, number>> = {}
  for (const { statusCode, count } of counts) {
    const name = states[statusCode]
    if (name) numbers[name] = (numbers[name] ?? 0) + count
  }
  const who =
    kind === 'user'
      ? { userId: worker, worker: asWorker(create(UserSchema, { id: worker })) }
      : { worker: machineWorker({ kind, id: '', version: worker }, undefined) }
  return create(TaskStatusCountPerUserSchema, { ...numbers, ...who })
}
