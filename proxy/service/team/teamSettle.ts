import { create, fromBinary } from '@bufbuild/protobuf'
import { type SettleWorkRequest, SettleWorkResponseSchema, type Team } from '#gen/marquee/v1/team_pb.ts'
import { type Annotation, AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  PutTaskAssignmentsRequestAction as Action,
  PutTaskAssignmentsRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { type Draft, draftOf } from '#proxy/service/annotations/annotationDraft.ts'
import { patchOf } from '#proxy/service/annotations/annotationPatch.ts'
import { writePatches } from '#proxy/service/annotations/patchAnnotations.ts'
import { writeDrafts } from '#proxy/service/annotations/postAnnotations.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { personIn } from '#proxy/service/appSettings.ts'
import { type Attempt, attemptAsync } from '#proxy/service/attempt.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { studioApp } from '#proxy/service/studio/studio.ts'
import { checkReviewer, loadTask } from '#proxy/service/tasks/taskInUse.ts'
import { moveAnnotations } from '#proxy/service/tasks/taskMoves.ts'
import { review } from '#proxy/service/tasks/taskReview.ts'
import type { AnnotationRow } from '#proxy/store/annotations.ts'
import { lockApp } from '#proxy/store/apps.ts'
import type { Db } from '#proxy/store/open.ts'
import { labelsOf, listOrders } from '#proxy/store/orders.ts'
import { annotationsOfWork } from '#proxy/store/taskAnnotations.ts'
import { assignmentsById } from '#proxy/store/taskAssignments.ts'
import { badRequest, reviewsOrders } from './teamRights.ts'

const { ANNOTATION_AWAITING_REVIEW, ANNOTATION_REVIEW_DENIED, ANNOTATION_SUCCESS } = StatusCode
const most = 128

/** SettleWork. @throws ApiError TASK_CONFLICT saying whose verdict stands; nothing of it is written then */
export const settleWork: MethodImpl<typeof Team.method.settleWork> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'doWork')
  check(request)
  const person = personIn(app)
  const drafts = await Promise.all(
    request.add.map((bytes, i) => attemptAsync(() => draftOf(addedBy(bytes, i, request), `add[${i}]`, person, deps))),
  )
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    if (request.taskId === '') await settleOrders(tx, app, request, drafts, deps)
    else await settleTask(tx, app, request, drafts, deps)
  })
  return create(SettleWorkResponseSchema)
}

const check = ({ inputId, itemIds, dropIds, add }: SettleWorkRequest): void => {
  if (inputId === '') throw badRequest('input_id', 'required')
  if (itemIds.length < 1 || itemIds.length > most)
    throw badRequest('item_ids', `${itemIds.length} items, must be 1 to ${most}`)
  if (add.length > most) throw badRequest('add', `${add.length} items, must be at most ${most}`)
  if (dropIds.includes('')) throw badRequest(`drop_ids[${dropIds.indexOf('')}]`, 'required')
}

/** It waits with the work, and is approved with it. @throws ApiError of the item */
const addedBy = (bytes: Uint8Array, i: number, { taskId, inputId }: SettleWorkRequest): Annotation => {
  const annotation = readAnnotation(bytes, `add[${i}]`)
  if (annotation.inputId !== inputId) throw badRequest(`add[${i}].input_id`, `must be "${inputId}"`)
  if (annotation.taskId !== taskId) throw badRequest(`add[${i}].task_id`, `must be ${JSON.stringify(taskId)}`)
  return { ...annotation, status: create(StatusSchema, { code: ANNOTATION_AWAITING_REVIEW }) }
}

const readAnnotation = (bytes: Uint8Array, path: string): Annotation => {
  try {
    return fromBinary(AnnotationSchema, bytes)
  } catch {
    throw badRequest(path, 'is no clarifai.api.Annotation')
  }
}

/** The same again, by the one whose answer it is, changes nothing. @throws ApiError TASK_CONFLICT of who was faster */
const checkWaits = (
  pieces: readonly { readonly worker: string; readonly waits: boolean; readonly decidedBy: string | null }[],
): void => {
  const [i, late] = [...pieces.entries()].find(([, piece]) => !piece.waits) ?? []
  if (!late) return
  throw new ApiError(
    StatusCode.TASK_CONFLICT,
    late.decidedBy
      ? `item_ids[${i}]: "${late.decidedBy}" has decided on the work of "${late.worker}" already`
      : `item_ids[${i}]: the work of "${late.worker}" does not wait for a verdict any more`,
  )
}

const noSuch = (i: number, id: string): ApiError =>
  new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `item_ids[${i}]: no work "${id}" on the input`)

/** @throws ApiError of the first that failed, so that the transaction leaves nothing */
const allOf = <T>(done: readonly Attempt<T>[]): T[] =>
  done.map((item) => {
    if (!item.ok) throw item.error
    return item.value
  })

const settleTask = async (
  tx: Db,
  app: AppInUse,
  { taskId, inputId, itemIds, dropIds }: SettleWorkRequest,
  drafts: readonly Attempt<Draft>[],
  deps: Deps,
): Promise<void> => {
  const work = await loadTask(tx, app, taskId, deps)
  checkReviewer(work)
  const found = new Map((await assignmentsById(tx, app.no, taskId, itemIds)).map((row) => [row.id, row]))
  const rows = itemIds.map((id, i) => {
    const row = found.get(id)
    if (!row || row.withdrawn_at !== null || row.input_id !== inputId) throw noSuch(i, id)
    return row
  })
  const mine = (row: (typeof rows)[number]) =>
    row.status_code === StatusCode.TASK_ASSIGNMENT_SUCCESS && row.decided_by === app.callerId
  if (rows.every(mine)) return
  checkWaits(
    rows.map((row) => ({
      worker: row.worker_id,
      waits: row.status_code === StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW,
      decidedBy: row.decided_by,
    })),
  )
  allOf(await writeDrafts(tx, app, drafts, deps.now()))
  const works = rows.map((row) => ({ inputId, userId: row.worker_id }))
  const dropped = dropsOf(await annotationsOfWork(tx, app.no, taskId, works), dropIds)
  await moveAnnotations(tx, work, dropped, ANNOTATION_REVIEW_DENIED, ['reviewer'])
  const value = { taskAssignments: itemIds.map((id) => ({ id })) }
  const actionConfig = { case: 'reviewApproveConfig', value } as const
  const request = create(PutTaskAssignmentsRequestSchema, { taskId, action: Action.REVIEW_APPROVE, actionConfig })
  allOf(await review(tx, work, Action.REVIEW_APPROVE, request, most, true))
}

const dropsOf = (rows: readonly AnnotationRow[], dropIds: readonly string[]): AnnotationRow[] =>
  rows.filter((row) => row.status_code === ANNOTATION_AWAITING_REVIEW && dropIds.includes(row.id))

/** Orders and what belongs to them move by the rules of PatchAnnotations, which note the verdict. */
const settleOrders = async (
  tx: Db,
  app: AppInUse,
  { inputId, itemIds, dropIds }: SettleWorkRequest,
  drafts: readonly Attempt<Draft>[],
  deps: Deps,
): Promise<void> => {
  if (!reviewsOrders(app))
    throw new ApiError(
      StatusCode.TASK_PERMISSION_DENIED,
      'task_id: only the reviewers of the app settle what it ordered',
    )
  const keys = itemIds.map((id) => ({ inputId, id }))
  const found = new Map((await listOrders(tx, app.no, { inputId, keys }, { limit: most })).map((row) => [row.id, row]))
  const rows = itemIds.map((id, i) => {
    const row = found.get(id)
    if (!row) throw noSuch(i, id)
    return row
  })
  if (rows.every((row) => row.status_code === ANNOTATION_SUCCESS && row.decided_by === app.callerId)) return
  checkWaits(
    rows.map((row) => ({
      worker: row.user_id,
      waits: row.status_code === ANNOTATION_AWAITING_REVIEW,
      decidedBy: row.decided_by,
    })),
  )
  allOf(await writeDrafts(tx, app, drafts, deps.now()))
  // what the reviewer drew is approved with it, who has no order of their own there
  const people = [...new Set([...rows.map((row) => row.user_id), app.callerId])]
  const labels = await labelsOf(tx, app.no, inputId, people)
  const waiting = labels.filter((row) => row.status_code === ANNOTATION_AWAITING_REVIEW)
  const dropped = new Set(dropsOf(waiting, dropIds).map((row) => row.id))
  const moves = waiting.map(({ id }) => ({
    id,
    inputId,
    status: { code: dropped.has(id) ? ANNOTATION_REVIEW_DENIED : ANNOTATION_SUCCESS },
  }))
  const patches = await Promise.all(
    moves.map((move, i) =>
      attemptAsync(() => patchOf(create(AnnotationSchema, move), `item_ids[${i}]`, 'merge', app.callerId, deps)),
    ),
  )
  const how = { action: 'merge', deleteIfEmptyData: false, names: new Map() }
  allOf(await writePatches(tx, app, how, patches, false, deps))
}
