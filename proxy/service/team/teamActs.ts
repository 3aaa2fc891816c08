import { create } from '@bufbuild/protobuf'
import {
  OpenWorkResponseSchema,
  RecordTimeResponseSchema,
  SkipWorkResponseSchema,
  type Team,
  type WorkItem,
} from '#gen/marquee/v1/team_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { type AppSettings, appSettings } from '#proxy/service/appSettings.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { studioApp } from '#proxy/service/studio/studio.ts'
import { checkGoing, leaseMicros, loadTask, type TaskInUse } from '#proxy/service/tasks/taskInUse.ts'
import { withdraw } from '#proxy/service/tasks/taskLabel.ts'
import { lockApp } from '#proxy/store/apps.ts'
import type { Db } from '#proxy/store/open.ts'
import { listOrders, markOrder, type OrderRow } from '#proxy/store/orders.ts'
import { type AssignmentRow, assignmentsById, updateAssignments } from '#proxy/store/taskAssignments.ts'
import { dismissReviews, putReviews, reviewsOf } from '#proxy/store/taskReviews.ts'
import { appMessageOf } from '#proxy/store/tasks.ts'
import { putLast } from '#proxy/store/work.ts'
import { addEvents, putTime } from '#proxy/store/workEvents.ts'
import { assignmentItems, orderItems } from './teamItems.ts'
import { badRequest, reviewsOrders } from './teamRights.ts'
import { orderEvent, orderKey, recordWork } from './workRecord.ts'

/** A request that names one piece of work. */
export interface Named {
  readonly taskId: string
  readonly itemId: string
  readonly inputId: string
}

const reasonLength = 500

/** SkipWork: in a DYNAMIC task others may have it, elsewhere it is last in the caller's queue. */
export const skipWork: MethodImpl<typeof Team.method.skipWork> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'doWork')
  checkNamed(request)
  const reason = request.reason.trim()
  if (reason.length < 1 || reason.length > reasonLength)
    throw badRequest('reason', `${reason.length} characters, must be 1 to ${reasonLength}`)
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    if (request.taskId === '') return skipOrder(tx, await foundOrder(tx, app, request), reason, app, deps)
    const work = await loadTask(tx, app, request.taskId, deps)
    checkGoing(work)
    return skipAssignment(tx, work, await foundAssignment(tx, work, request.itemId), reason)
  })
  return create(SkipWorkResponseSchema)
}

const skipAssignment = async (tx: Db, work: TaskInUse, row: AssignmentRow, reason: string): Promise<void> => {
  checkOwn(row.worker_id, work.app)
  checkOpen(row.status_code, row.withdrawn_at !== null, row.input_id)
  await recordWork(tx, work, [row], 'skip', { reason })
  // what was sent back stays with the person who made it
  const fresh = row.round === 0 && row.status_code === StatusCode.TASK_ASSIGNMENT_PENDING
  if (work.dynamic && fresh) await withdraw(tx, work, [row])
  else await putLast(tx, work.app.no, work.row.id, row.id)
}

const skipOrder = async (tx: Db, row: OrderRow, reason: string, app: AppInUse, deps: Deps): Promise<void> => {
  checkOwn(row.user_id, app)
  checkOpen(row.status_code, false, row.input_id)
  const at = deps.now()
  await addEvents(tx, [orderEvent(app, row, 'skip', at, reason)])
  await markOrder(tx, app.no, { inputId: row.input_id, id: row.id }, { queued_at: at })
}

export const checkNamed = ({ taskId, itemId, inputId }: Named): void => {
  if (itemId === '') throw badRequest('item_id', 'required')
  if (taskId === '' && inputId === '') throw badRequest('input_id', 'required for an order')
}

export const foundAssignment = async (tx: Db, work: TaskInUse, id: string): Promise<AssignmentRow> => {
  const [row] = await assignmentsById(tx, work.app.no, work.row.id, [id])
  if (!row) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `item_id: the task has no assignment "${id}"`)
  return row
}

export const foundOrder = async (tx: Db, app: AppInUse, { itemId, inputId }: Named): Promise<OrderRow> => {
  const [row] = await listOrders(tx, app.no, { inputId, keys: [{ inputId, id: itemId }] }, { limit: 1 })
  if (!row) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `item_id: input "${inputId}" has no order "${itemId}"`)
  return row
}

const checkOwn = (workerId: string, app: AppInUse): void => {
  if (workerId !== app.callerId)
    throw new ApiError(StatusCode.TASK_PERMISSION_DENIED, `item_id: it is the work of "${workerId}"`)
}

const openCodes: readonly number[] = [
  StatusCode.TASK_ASSIGNMENT_PENDING,
  StatusCode.TASK_ASSIGNMENT_REJECTED,
  StatusCode.ANNOTATION_PENDING,
  StatusCode.ANNOTATION_REVIEW_DENIED,
]

const checkOpen = (statusCode: number, withdrawn: boolean, inputId: string): void => {
  if (withdrawn) throw new ApiError(StatusCode.TASK_CONFLICT, `item_id: you no longer have input "${inputId}"`)
  if (!openCodes.includes(statusCode))
    throw new ApiError(StatusCode.TASK_CONFLICT, 'item_id: it is submitted already, so that it cannot be skipped')
}

/** OpenWork. @throws ApiError CONN_DOES_NOT_EXIST, TASK_MISSING, TASK_CONFLICT when it was taken from the caller */
export const openWork: MethodImpl<typeof Team.method.openWork> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'doWork')
  checkNamed(request)
  const item = await deps.store.write.transaction().execute(async (tx): Promise<WorkItem | undefined> => {
    await lockApp(tx, app.no)
    if (request.taskId === '') {
      const settings = appSettings(await appMessageOf(tx, app.no))
      await openOrder(tx, await foundOrder(tx, app, request), settings, app, deps)
      const apart = settings.review === 'consensus'
      return (await orderItems(tx, [await foundOrder(tx, app, request)], 0, apart, app, deps))[0]
    }
    const work = await loadTask(tx, app, request.taskId, deps)
    await openAssignment(tx, work, await foundAssignment(tx, work, request.itemId))
    return (await assignmentItems(tx, [await foundAssignment(tx, work, request.itemId)], work, 0, deps))[0]
  })
  return create(OpenWorkResponseSchema, { ...(item && { item }) })
}

const openAssignment = async (tx: Db, work: TaskInUse, row: AssignmentRow): Promise<void> => {
  if (row.worker_id === work.app.callerId && openCodes.includes(row.status_code)) return keepOwn(tx, work, row)
  if (row.worker_id !== work.app.callerId && !work.isReviewer)
    throw new ApiError(StatusCode.TASK_PERMISSION_DENIED, `item_id: it is the work of "${row.worker_id}"`)
  const own = row.worker_id === work.app.callerId && !work.reviewsOwnWork
  if (row.status_code !== StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW || own || !work.isReviewer) return
  await takeReview(tx, work, row)
}

/** A lease is renewed; what another one has taken meanwhile is told. */
const keepOwn = async (tx: Db, work: TaskInUse, row: AssignmentRow): Promise<void> => {
  checkOpen(row.status_code, row.withdrawn_at !== null, row.input_id)
  const lease = work.dynamic && row.round === 0 ? { lease_until: work.now + leaseMicros } : {}
  await updateAssignments(tx, work.app.no, work.row.id, [row.id], { started: 1, ...lease })
}

/** Where one reviewer is enough the first one has it until the lease is out; who said something already is let alone. */
const takeReview = async (tx: Db, work: TaskInUse, row: AssignmentRow): Promise<void> => {
  const { app, now } = work
  const reviews = await reviewsOf(tx, app.no, work.row.id, [row.id])
  const said = reviews.some(
    (one) => one.reviewer_id === app.callerId && one.status_code === StatusCode.TASK_ASSIGNMENT_REVIEW_SUCCESS,
  )
  const held = reviews.some(
    (one) =>
      one.reviewer_id !== app.callerId &&
      one.status_code === StatusCode.TASK_ASSIGNMENT_REVIEW_PENDING &&
      Number(one.lease_until) > now,
  )
  if (said || (held && !work.rules.allReviewers)) return
  const review = { statusCode: StatusCode.TASK_ASSIGNMENT_REVIEW_PENDING, leaseUntil: now + leaseMicros, now }
  await putReviews(tx, app.no, work.row.id, [row.id], { reviewerId: app.callerId, ...review })
  if (!work.rules.allReviewers) await dismissReviews(tx, app.no, work.row.id, [row.id], app.callerId, now)
}

const openOrder = async (tx: Db, row: OrderRow, settings: AppSettings, app: AppInUse, deps: Deps): Promise<void> => {
  const own = row.user_id === app.callerId
  const reviews = reviewsOrders(app, settings)
  if (!own && !reviews)
    throw new ApiError(StatusCode.TASK_PERMISSION_DENIED, `item_id: it is the work of "${row.user_id}"`)
  if (row.status_code !== StatusCode.ANNOTATION_AWAITING_REVIEW || (own && !settings.reviewsOwnWork) || !reviews) return
  const now = deps.now()
  const held = row.opened_by !== null && row.opened_by !== app.callerId && (row.opened_at ?? 0) + leaseMicros > now
  if (!held)
    await markOrder(tx, app.no, { inputId: row.input_id, id: row.id }, { opened_by: app.callerId, opened_at: now })
}

const mostSeconds = 24 * 3600
const visitBytes = 64

/** RecordTime: people may tell of their own work and of what they review. */
export const recordTime: MethodImpl<typeof Team.method.recordTime> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'doWork')
  checkNamed(request)
  const { visitId, seconds } = request
  if (visitId === '' || visitId.length > visitBytes)
    throw badRequest('visit_id', `${visitId.length} characters, must be 1 to ${visitBytes}`)
  if (seconds > mostSeconds) throw badRequest('seconds', `${seconds}, must be at most ${mostSeconds}`)
  await deps.store.write.transaction().execute(async (tx) => {
    const item_id = await keyOfWork(tx, app, request, deps)
    const row = { app: app.no, task_id: request.taskId, item_id, user_id: app.callerId }
    await putTime(tx, { ...row, visit_id: visitId, seconds, at: deps.now() })
  })
  return create(RecordTimeResponseSchema)
}

/** @throws ApiError when there is no such work, or it is neither the caller's nor for them to review */
const keyOfWork = async (tx: Db, app: AppInUse, request: Named, deps: Deps): Promise<string> => {
  if (request.taskId === '') {
    const row = await foundOrder(tx, app, request)
    if (!reviewsOrders(app)) checkOwn(row.user_id, app)
    return orderKey(row)
  }
  const work = await loadTask(tx, app, request.taskId, deps)
  const row = await foundAssignment(tx, work, request.itemId)
  if (!work.isReviewer) checkOwn(row.worker_id, app)
  return row.id
}
