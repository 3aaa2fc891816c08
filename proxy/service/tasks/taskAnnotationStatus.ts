import { create } from '@bufbuild/protobuf'
import {
  type PatchAnnotationsStatusRequest,
  PatchAnnotationsStatusResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { findApp } from '#proxy/service/people/access.ts'
import { ok } from '#proxy/service/status.ts'
import { type Decided, followVerdict } from '#proxy/service/team/reviewerLabels.ts'
import { recordWork } from '#proxy/service/team/workRecord.ts'
import type { AnnotationRow } from '#proxy/store/annotations.ts'
import { lockApp } from '#proxy/store/apps.ts'
import type { Db } from '#proxy/store/open.ts'
import type { WorkAction } from '#proxy/store/schema.ts'
import { annotationsOfTask, annotationsOfWork } from '#proxy/store/taskAnnotations.ts'
import { type AssignmentRow, assignmentsInState, updateAssignments } from '#proxy/store/taskAssignments.ts'
import { dismissReviews, removeReviews } from '#proxy/store/taskReviews.ts'
import { replaceLeavers } from './taskArrange.ts'
import { checkReviewer, loadTask, type TaskInUse } from './taskInUse.ts'
import { moveAnnotations } from './taskMoves.ts'

/** Verdicts on annotations, and what they make of an assignment all of whose annotations have it. */
const assignmentStatus: Readonly<Partial<Record<StatusCode, StatusCode>>> = {
  [StatusCode.ANNOTATION_SUCCESS]: StatusCode.TASK_ASSIGNMENT_SUCCESS,
  [StatusCode.ANNOTATION_PENDING]: StatusCode.TASK_ASSIGNMENT_PENDING,
  [StatusCode.ANNOTATION_REVIEW_DENIED]: StatusCode.TASK_ASSIGNMENT_REJECTED,
}

const actions: Readonly<Partial<Record<StatusCode, WorkAction>>> = {
  [StatusCode.ANNOTATION_SUCCESS]: 'approve',
  [StatusCode.ANNOTATION_PENDING]: 'return',
  [StatusCode.ANNOTATION_REVIEW_DENIED]: 'deny',
}

/**
 * PatchAnnotationsStatus, the old way to review in bulk (PutTaskAssignments is the new one): the annotations of a task,
 * by these people and in these states, go to another state where decisions §7 lets a reviewer move them. Assignments of
 * which nothing waits for review any more follow.
 */
export const patchAnnotationsStatus: MethodImpl<typeof V2.method.patchAnnotationsStatus> = async (
  request,
  call,
  deps,
) => {
  const app = await findApp(deps, call, request.userAppId, 'addAnnotations')
  checkRequest(request)
  const moved = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const work = await loadTask(tx, app, request.taskId, deps)
    checkReviewer(work)
    return move(tx, work, request)
  })
  return create(PatchAnnotationsStatusResponseSchema, {
    status: ok(call),
    userIds: [...new Set(moved.map((row) => row.user_id!))],
    updatedCount: moved.length,
  })
}

/** @throws ApiError CONN_INVALID_REQUEST naming the field */
const checkRequest = ({ taskId, action, statusCode }: PatchAnnotationsStatusRequest): void => {
  const bad = (path: string, what: string) => new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}: ${what}`)
  if (taskId === '') throw bad('task_id', 'required')
  if (action !== 'overwrite') throw bad('action', `${JSON.stringify(action)}, must be overwrite`)
  if (assignmentStatus[statusCode] === undefined)
    throw bad('status_code', `${statusCode}, must be 24150, 24151 or 24158`)
}

const move = async (tx: Db, work: TaskInUse, request: PatchAnnotationsStatusRequest): Promise<AnnotationRow[]> => {
  const userIds = request.userIds.map((id) => (id === 'me' ? work.app.callerId : id))
  const rows = await annotationsOfTask(tx, work.app.no, work.row.id, { userIds, statusCodes: request.statusCodes })
  const reviewable = rows.filter((row) => work.reviewsOwnWork || row.user_id !== work.app.callerId)
  const moved = await moveAnnotations(tx, work, reviewable, request.statusCode, ['reviewer'])
  await follow(tx, work, moved, request.statusCode)
  return moved
}

/** Brings the assignments of moved annotations to the same state, once none of theirs waits for review. */
const follow = async (tx: Db, work: TaskInUse, moved: readonly AnnotationRow[], to: StatusCode): Promise<void> => {
  const [app, taskId] = [work.app.no, work.row.id]
  const touched = new Set(moved.map((row) => `${row.input_id}/${row.user_id}`))
  const people = [...new Set(moved.map((row) => row.user_id!))]
  if (people.length === 0) return
  // reopening takes approved work back too
  const from =
    to === StatusCode.ANNOTATION_PENDING
      ? [StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW, StatusCode.TASK_ASSIGNMENT_SUCCESS]
      : [StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW]
  const standing = await assignmentsInState(tx, app, taskId, from, people)
  const rows = standing.filter((row) => touched.has(`${row.input_id}/${row.worker_id}`))
  const left = await stillWaiting(tx, work, rows)
  const done = rows.filter((row) => !left.has(`${row.input_id}/${row.worker_id}`)).map((row) => row.id)
  const values = { status_code: assignmentStatus[to]!, decided_by: work.app.callerId, modified_at: work.now }
  const back = to === StatusCode.ANNOTATION_PENDING
  await updateAssignments(tx, app, taskId, done, values, back)
  const decided = rows.filter((row) => done.includes(row.id))
  for (const [from, some] of Map.groupBy(decided, (row) => row.status_code))
    await recordWork(tx, work, some, from === StatusCode.TASK_ASSIGNMENT_SUCCESS ? 'reopen' : actions[to]!)
  await followVerdict(tx, work, decided, to as Decided)
  if (back) {
    await removeReviews(tx, app, taskId, done)
    await replaceLeavers(
      tx,
      work,
      rows.filter((row) => done.includes(row.id)),
    )
  }
  if (!back) await dismissReviews(tx, app, taskId, done, work.app.callerId, work.now)
}

const stillWaiting = async (tx: Db, work: TaskInUse, rows: readonly AssignmentRow[]): Promise<Set<string>> => {
  const made = await annotationsOfWork(
    tx,
    work.app.no,
    work.row.id,
    rows.map((row) => ({ inputId: row.input_id, userId: row.worker_id })),
  )
  const waiting = made.filter((row) => row.status_code === StatusCode.ANNOTATION_AWAITING_REVIEW)
  return new Set(waiting.map((row) => `${row.input_id}/${row.user_id}`))
}
