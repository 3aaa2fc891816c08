import { create, fromBinary } from '@bufbuild/protobuf'
import { type WorkItem, WorkItemSchema, WorkState } from '#gen/marquee/v1/team_pb.ts'
import { AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { summaryOf } from '#proxy/service/studio/studio.ts'
import { leaseMicros, type TaskInUse } from '#proxy/service/tasks/taskInUse.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { modelAnnotationsOn } from '#proxy/store/notes.ts'
import type { Db } from '#proxy/store/open.ts'
import { isOrderBack, notesOn, type OrderRow, ordersOfInputs, regionsBy } from '#proxy/store/orders.ts'
import { inputFactsById } from '#proxy/store/summaries.ts'
import type { AssignmentRow } from '#proxy/store/taskAssignments.ts'
import { reviewsOf } from '#proxy/store/taskReviews.ts'
import { peopleOfApp } from '#proxy/store/tasks.ts'
import { isSentBack, workersOn } from '#proxy/store/work.ts'
import { secondsOf, workPasts } from '#proxy/store/workEvents.ts'
import { labelsOn } from './labelCounts.ts'
import { noNotes, notesOf } from './teamNotes.ts'
import { orderKey } from './workRecord.ts'
import { workState } from './workStates.ts'

/** What assignments and orders have in common. */
interface Piece {
  readonly id: string
  /** What its events and times are kept under. */
  readonly key: string
  readonly inputId: string
  readonly workerId: string
  readonly statusCode: number
  readonly state: WorkState
  readonly begun: boolean
  readonly round: number
  readonly decidedBy: string
  /** µs */
  readonly modifiedAt: number
  readonly leaseUntil: number | null
  /** By another reviewer, now. */
  readonly openedBy: string
}

/** Lines for assignments of a task. `before`: how many lines stand before these in the list. */
export const assignmentItems = async (
  db: Db,
  rows: readonly AssignmentRow[],
  { app, row: { id: taskId }, rules }: TaskInUse,
  before: number,
  deps: Deps,
): Promise<WorkItem[]> => {
  const ids = rows.map((row) => row.id)
  const now = deps.now()
  const reviews = await reviewsOf(db, app.no, taskId, ids)
  const open = reviews.filter(
    (one) =>
      one.status_code === StatusCode.TASK_ASSIGNMENT_REVIEW_PENDING &&
      one.reviewer_id !== app.callerId &&
      Number(one.lease_until) > now,
  )
  const openedBy = new Map(open.map((one) => [one.assignment_id, one.reviewer_id]))
  const pieces = rows.map((row): Piece => {
    const state = workState(row.status_code, isSentBack(row))
    return {
      id: row.id,
      key: row.id,
      inputId: row.input_id,
      workerId: row.worker_id,
      statusCode: row.status_code,
      state,
      begun: row.started === 1 && (state === WorkState.TODO || state === WorkState.RETURNED),
      round: row.round,
      decidedBy: row.decided_by ?? '',
      modifiedAt: Number(row.modified_at),
      leaseUntil: row.lease_until === null ? null : Number(row.lease_until),
      openedBy: openedBy.get(row.id) ?? '',
    }
  })
  const items = await itemsOf(db, pieces, taskId, before, app, deps)
  if (rules.strategy === 'consensus') {
    const states = [StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW, StatusCode.TASK_ASSIGNMENT_SUCCESS] as const
    const others = await workersOn(db, app.no, taskId, inputsOf(items), states)
    tellOthers(items, others, ...states)
  }
  return items
}

const inputsOf = (items: readonly WorkItem[]): string[] => items.map(({ input }) => input?.inputId ?? '')

/** @param work of everybody on the inputs of the items, with the code of what waits and of what is approved */
const tellOthers = (
  items: readonly WorkItem[],
  work: readonly { input_id: string; worker_id: string; status_code: number }[],
  waiting: StatusCode,
  approved: StatusCode,
): void => {
  const byInput = Map.groupBy(work, (row) => row.input_id)
  for (const item of items) {
    if (item.state !== WorkState.WAITING) continue
    const others = (byInput.get(item.input?.inputId ?? '') ?? []).filter((row) => row.worker_id !== item.workerId)
    item.othersWaiting = others.filter((row) => row.status_code === waiting).length
    item.othersApproved = others.filter((row) => row.status_code === approved).map((row) => row.worker_id)
  }
}

/** Lines for orders. @param apart several people label an input apart and are compared */
export const orderItems = async (
  db: Db,
  rows: readonly OrderRow[],
  before: number,
  apart: boolean,
  app: AppInUse,
  deps: Deps,
): Promise<WorkItem[]> => {
  const now = deps.now()
  const pieces = rows.map((row): Piece => {
    const held = row.opened_at !== null && row.opened_at + leaseMicros > now && row.opened_by !== app.callerId
    return {
      id: row.id,
      key: orderKey(row),
      inputId: row.input_id,
      workerId: row.user_id,
      statusCode: row.status_code,
      state: workState(row.status_code, isOrderBack(row)),
      begun: false,
      round: row.round,
      decidedBy: row.decided_by ?? '',
      modifiedAt: row.modified_at,
      leaseUntil: null,
      openedBy: held ? (row.opened_by ?? '') : '',
    }
  })
  const items = await itemsOf(db, pieces, '', before, app, deps)
  if (apart) {
    const orders = await ordersOfInputs(db, app.no, inputsOf(items))
    const work = orders.map((row) => ({ ...row, worker_id: row.user_id }))
    tellOthers(items, work, StatusCode.ANNOTATION_AWAITING_REVIEW, StatusCode.ANNOTATION_SUCCESS)
  }
  return items
}

const itemsOf = async (
  db: Db,
  pieces: readonly Piece[],
  taskId: string,
  before: number,
  app: AppInUse,
  deps: Deps,
): Promise<WorkItem[]> => {
  const inputIds = pieces.map(({ inputId }) => inputId)
  const keys = pieces.map(({ key }) => key)
  const inputs = await inputFactsById(db, app.no, inputIds)
  const labels = await labelsOn(app, db, inputIds)
  const pasts = await workPasts(db, app.no, taskId, keys)
  const seconds = await secondsOf(db, app.no, taskId, new Map(pieces.map(({ key, workerId }) => [key, workerId])))
  const regions = await regionsBy(db, app.no, taskId, inputIds)
  const members = await peopleOfApp(db, app.no)
  const scores = lowestScores(await modelAnnotationsOn(db, app.no, inputIds))
  const notes = Map.groupBy(await notesOn(db, app.no, inputIds), (row) => row.input_id)
  return pieces.map((piece, i) => {
    const { inputId, workerId, key } = piece
    const input = inputs.get(inputId)
    const threads = notes.has(inputId) ? notesOf(notes.get(inputId)!) : noNotes
    return create(WorkItemSchema, {
      taskId,
      id: piece.id,
      workerId,
      ...(input && { input: summaryOf(input, labels.get(inputId), before + i + 1, app, deps) }),
      statusCode: piece.statusCode,
      state: piece.state,
      begun: piece.begun || (taskId === '' && (regions.get(`${inputId}/${workerId}`) ?? 0) > 0),
      round: piece.round,
      decidedBy: piece.decidedBy,
      modifiedAt: timestampOf(piece.modifiedAt),
      ...(piece.leaseUntil !== null && { leaseUntil: timestampOf(piece.leaseUntil) }),
      ...pasts.get(key),
      seconds: seconds.get(key) ?? 0,
      openNotes: threads.open(taskId, workerId),
      lastNote: threads.lastVerdict(taskId, workerId) ?? '',
      regions: regions.get(`${inputId}/${workerId}`) ?? 0,
      openedBy: piece.openedBy,
      workerLeft: !members.has(workerId),
      ...(scores.has(inputId) && { score: scores.get(inputId)! }),
    })
  })
}

/** By input: the least sure of what models found on it, a region or a concept of the whole. */
const lowestScores = (rows: readonly { input_id: string; message: Uint8Array }[]): Map<string, number> => {
  const found = new Map<string, number>()
  for (const { input_id, message } of rows) {
    const { data } = fromBinary(AnnotationSchema, message)
    const regions = (data?.regions ?? []).map(
      (region) => region.value || Math.max(0, ...(region.data?.concepts ?? []).map(({ value }) => value)),
    )
    for (const score of [...regions, ...(data?.concepts ?? []).map(({ value }) => value)])
      if (score > 0 && score < (found.get(input_id) ?? Number.POSITIVE_INFINITY)) found.set(input_id, score)
  }
  return found
}
