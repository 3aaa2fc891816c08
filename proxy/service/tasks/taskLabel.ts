import type { PutTaskAssignmentsRequest } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { type Attempt, attempt } from '#proxy/service/attempt.ts'
import { recordWork } from '#proxy/service/team/workRecord.ts'
import { livingInputs } from '#proxy/store/annotations.ts'
import type { Db } from '#proxy/store/open.ts'
import {
  type AssignmentRow,
  assignmentsById,
  assignmentsOfInputs,
  assignmentsOfWorker,
  expiredAssignments,
  insertAssignments,
  updateAssignments,
} from '#proxy/store/taskAssignments.ts'
import { changeFree, countFree, freeInputs, taskInputsById } from '#proxy/store/taskInputs.ts'
import { removeReviews } from '#proxy/store/taskReviews.ts'
import { settleInputs } from './taskConsensus.ts'
import { batchSize, checkGoing, checkInput, checkWorker, leaseMicros, type TaskInUse } from './taskInUse.ts'
import { moveWork } from './taskMoves.ts'

const {
  TASK_ASSIGNMENT_SUCCESS,
  TASK_ASSIGNMENT_PENDING,
  TASK_ASSIGNMENT_AWAITING_REVIEW,
  TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW,
  TASK_ASSIGNMENT_REJECTED,
} = StatusCode

/** In a DYNAMIC task a person with so few left gets more, so that they never wait for the next. */
const fewLeft = 2

/**
 * LABEL_START: up to ten of the caller's assignments to work on, the same ones until they are submitted; in a DYNAMIC
 * task new ones, up to ten and to the caller's share of what is free, when hardly any are left, with leases that every
 * start renews. @throws ApiError
 */
export const startLabeling = async (tx: Db, work: TaskInUse): Promise<AssignmentRow[]> => {
  checkWorker(work)
  checkGoing(work)
  const [app, taskId] = [work.app.no, work.row.id]
  const mine = () => assignmentsOfWorker(tx, app, taskId, work.app.callerId, TASK_ASSIGNMENT_PENDING, batchSize)
  let rows = await mine()
  if (rows.length <= fewLeft && work.dynamic) {
    await withdraw(tx, work, await expiredAssignments(tx, app, taskId, work.now))
    await takeMore(tx, work, (await mine()).length)
    rows = await mine()
  }
  const ids = (some: readonly AssignmentRow[]) => some.map((row) => row.id)
  await updateAssignments(tx, app, taskId, ids(rows.filter((row) => row.started === 0)), { started: 1 })
  if (work.dynamic) {
    // what was sent back stays with the person who made it, however long they take
    const leased = rows.filter((row) => row.round === 0)
    await updateAssignments(tx, app, taskId, ids(leased), { lease_until: work.now + leaseMicros })
  }
  return rows
}

/**
 * Gives the caller, who has `left`, the next inputs: no more than their share of what is free, so that the first of three
 * people does not have all of a short queue.
 */
const takeMore = async (tx: Db, work: TaskInUse, left: number): Promise<void> => {
  const [app, taskId] = [work.app.no, work.row.id]
  const people = Math.max(1, work.workers.size)
  const share = Math.ceil((await countFree(tx, app, taskId, batchSize * people)) / people)
  const inputs = await nextInputs(tx, work, Math.min(batchSize - left, Math.max(1, share)), left === 0)
  await insertAssignments(
    tx,
    inputs.map(({ input_id, place }) => ({
      app,
      task_id: taskId,
      id: work.newId(),
      input_id,
      worker_id: work.app.callerId,
      place,
      status_code: TASK_ASSIGNMENT_PENDING,
      round: 0,
      started: 1,
      lease_until: work.now + leaseMicros,
      decided_by: null,
      created_at: work.now,
      modified_at: work.now,
      withdrawn_at: null,
    })),
  )
  await changeFree(
    tx,
    app,
    taskId,
    inputs.map(({ input_id }) => input_id),
    -1,
  )
}

/** What the caller has skipped comes back to them only when nothing else is left. */
const nextInputs = async (
  tx: Db,
  { app, row }: TaskInUse,
  most: number,
  nothingLeft: boolean,
): Promise<{ input_id: string; place: number }[]> => {
  const fresh = await freeInputs(tx, app.no, row.id, app.callerId, most)
  return fresh.length > 0 || !nothingLeft ? fresh : freeInputs(tx, app.no, row.id, app.callerId, most, true)
}

/** Takes work of a DYNAMIC task from its people; others may have it. */
export const withdraw = async (tx: Db, work: TaskInUse, rows: readonly AssignmentRow[]): Promise<void> => {
  const [app, taskId] = [work.app.no, work.row.id]
  const ids = rows.map((row) => row.id)
  await updateAssignments(tx, app, taskId, ids, { withdrawn_at: work.now, lease_until: null, modified_at: work.now })
  await changeFree(
    tx,
    app,
    taskId,
    rows.map((row) => row.input_id),
    1,
  )
}

/**
 * LABEL_SUBMIT: the caller's work on these inputs is done. Each item for itself; what is submitted already stays as it
 * is, so that it may be repeated. @throws ApiError of the whole call
 */
export const submitLabels = async (
  tx: Db,
  work: TaskInUse,
  request: PutTaskAssignmentsRequest,
  most: number,
): Promise<Attempt<string>[]> => {
  checkWorker(work)
  checkGoing(work)
  const asked = namedWork(request, most)
  const around = await surroundings(tx, work, asked)
  const found = asked.map((item) => attempt(() => findOwn(item, around, work)))
  const rows = found.flatMap((item) => (item.ok ? [item.value] : []))
  await revive(tx, work, rows)
  await submit(tx, work, rows)
  return found.map((item) => (item.ok ? { ok: true, value: item.value.id } : item))
}

/** One assignment as a request names it: by its id, or by its input. */
interface Named {
  readonly path: string
  readonly id: string
  readonly inputId: string
}

/** @throws ApiError CONN_INVALID_REQUEST */
const namedWork = ({ inputId, actionConfig }: PutTaskAssignmentsRequest, most: number): Named[] => {
  const path = 'label_submit_config.task_assignments'
  const items = actionConfig.case === 'labelSubmitConfig' ? actionConfig.value.taskAssignments : []
  if (items.length === 0 && inputId !== '') return [{ path: 'input_id', id: '', inputId }]
  if (items.length < 1 || items.length > most)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}: ${items.length} items, must be 1 to ${most}`)
  return items.map((item, i) => {
    const named = { path: `${path}[${i}]`, id: item.id, inputId: item.input?.id ?? '' }
    if (named.id || named.inputId) return named
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${named.path}.id: required`)
  })
}

interface Surroundings {
  readonly byId: ReadonlyMap<string, AssignmentRow>
  /** The caller's own that stand, by input. */
  readonly own: ReadonlyMap<string, AssignmentRow>
  /** Those that are not deleted. */
  readonly inputs: ReadonlySet<string>
  /** Of DYNAMIC tasks, how many may still take an input. */
  readonly free: ReadonlyMap<string, number>
}

const surroundings = async (tx: Db, work: TaskInUse, asked: readonly Named[]): Promise<Surroundings> => {
  const [app, taskId] = [work.app.no, work.row.id]
  const byId = await assignmentsById(
    tx,
    app,
    taskId,
    asked.flatMap(({ id }) => id || []),
  )
  const inputIds = [...byId.map((row) => row.input_id), ...asked.flatMap(({ inputId }) => inputId || [])]
  const standing = await assignmentsOfInputs(tx, app, taskId, inputIds)
  const own = standing.filter((row) => row.worker_id === work.app.callerId)
  const inputs = await taskInputsById(tx, app, taskId, inputIds)
  return {
    byId: new Map(byId.map((row) => [row.id, row])),
    own: new Map(own.map((row) => [row.input_id, row])),
    inputs: await livingInputs(tx, app, inputIds),
    free: new Map([...inputs].map(([id, { free }]) => [id, free])),
  }
}

/**
 * The caller's assignment that is meant. One whose lease has run out is still theirs while nobody else has taken the
 * input. @throws ApiError of the item
 */
const findOwn = ({ path, id, inputId }: Named, around: Surroundings, work: TaskInUse): AssignmentRow => {
  const row = id ? around.byId.get(id) : around.own.get(inputId)
  if (!row)
    throw new ApiError(
      StatusCode.CONN_DOES_NOT_EXIST,
      id ? `${path}.id: the task has no assignment "${id}"` : `${path}: you have no assignment on input "${inputId}"`,
    )
  if (row.worker_id !== work.app.callerId)
    throw new ApiError(StatusCode.TASK_PERMISSION_DENIED, `${path}.id: it is the work of "${row.worker_id}"`)
  checkInput(row, around.inputs, path)
  if (row.withdrawn_at === null) return row
  const standing = around.own.get(row.input_id)
  if (standing) return standing
  if (work.dynamic && (around.free.get(row.input_id) ?? 0) > 0) return row
  throw new ApiError(
    StatusCode.TASK_CONFLICT,
    `${path}.id: you no longer have input "${row.input_id}": it was given to somebody else meanwhile`,
  )
}

const revive = async (tx: Db, work: TaskInUse, rows: readonly AssignmentRow[]): Promise<void> => {
  const late = new Map(rows.filter((row) => row.withdrawn_at !== null).map((row) => [row.input_id, row]))
  const ids = [...late.values()].map((row) => row.id)
  await updateAssignments(tx, work.app.no, work.row.id, ids, { withdrawn_at: null })
  await changeFree(tx, work.app.no, work.row.id, [...late.keys()], -1)
}

/** Moves what is not submitted yet, with its annotations, then looks whether labelers agree. */
const submit = async (tx: Db, work: TaskInUse, rows: readonly AssignmentRow[]): Promise<void> => {
  const [app, taskId] = [work.app.no, work.row.id]
  const open = [...new Map(rows.map((row) => [row.id, row])).values()].filter(
    (row) => row.status_code === TASK_ASSIGNMENT_PENDING || row.status_code === TASK_ASSIGNMENT_REJECTED,
  )
  const inputs = await taskInputsById(
    tx,
    app,
    taskId,
    open.map((row) => row.input_id),
  )
  const targets = Map.groupBy(open, (row) => submitTarget(work, row, inputs.get(row.input_id)?.sampled ?? true))
  for (const [to, some] of targets) {
    await moveWork(tx, work, some, annotationStatusOf[to], ['author'])
    const ids = some.map((row) => row.id)
    await updateAssignments(tx, app, taskId, ids, {
      status_code: to,
      lease_until: null,
      started: 1,
      decided_by: null,
      modified_at: work.now,
    })
    await removeReviews(tx, app, taskId, ids)
    await recordWork(tx, work, some, to === TASK_ASSIGNMENT_SUCCESS ? 'finish' : 'submit')
  }
  // whatever was submitted may have been all that others waited for
  await settleInputs(
    tx,
    work,
    open.map((row) => row.input_id),
  )
}

type Submitted =
  | typeof TASK_ASSIGNMENT_SUCCESS
  | typeof TASK_ASSIGNMENT_AWAITING_REVIEW
  | typeof TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW

const annotationStatusOf = {
  [TASK_ASSIGNMENT_SUCCESS]: StatusCode.ANNOTATION_SUCCESS,
  [TASK_ASSIGNMENT_AWAITING_REVIEW]: StatusCode.ANNOTATION_AWAITING_REVIEW,
  [TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW]: StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW,
} as const

/** Where Submit leads, as the review strategy says; what a reviewer has sent back goes to the reviewers again. */
const submitTarget = ({ rules }: TaskInUse, row: AssignmentRow, sampled: boolean): Submitted => {
  if (row.status_code === TASK_ASSIGNMENT_REJECTED) return TASK_ASSIGNMENT_AWAITING_REVIEW
  if (rules.strategy === 'none') return TASK_ASSIGNMENT_SUCCESS
  if (row.round > 0) return TASK_ASSIGNMENT_AWAITING_REVIEW
  if (rules.strategy === 'manual') return sampled ? TASK_ASSIGNMENT_AWAITING_REVIEW : TASK_ASSIGNMENT_SUCCESS
  if (rules.labelers === 0) return TASK_ASSIGNMENT_AWAITING_REVIEW
  return rules.labelers === 1 ? TASK_ASSIGNMENT_SUCCESS : TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW
}
