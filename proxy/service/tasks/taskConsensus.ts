import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { stored } from '#proxy/service/annotations/annotationReading.ts'
import { knownSpeaker, speakerOf, type Work } from '#proxy/service/team/consensusCopies.ts'
import { recordWork } from '#proxy/service/team/workRecord.ts'
import type { Db } from '#proxy/store/open.ts'
import { annotationsOfWork } from '#proxy/store/taskAnnotations.ts'
import { type AssignmentRow, assignmentsOfInputs, updateAssignments } from '#proxy/store/taskAssignments.ts'
import { taskInputsById } from '#proxy/store/taskInputs.ts'
import { agree, groupOf } from './taskAgreement.ts'
import type { TaskInUse } from './taskInUse.ts'
import { moveWork } from './taskMoves.ts'

const {
  TASK_ASSIGNMENT_SUCCESS,
  TASK_ASSIGNMENT_PENDING,
  TASK_ASSIGNMENT_AWAITING_REVIEW,
  TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW,
} = StatusCode

/** What becomes of the work on an input that waits for the other labelers. */
interface Outcome {
  readonly approved: readonly AssignmentRow[]
  readonly toReview: readonly AssignmentRow[]
  /** whose work speaks for the approved, where they agree */
  readonly speaker?: string
}

/**
 * Decides, for inputs of which somebody's work waits for the other labelers, what can be decided: enough of them agree,
 * and their work is approved while the others' goes to the reviewers; or all have submitted and too few agree, and all
 * goes to the reviewers (api.md §5.3, §9-17). What came after an agreement is held against it.
 */
export const settleInputs = async (tx: Db, work: TaskInUse, inputIds: readonly string[]): Promise<void> => {
  const rows = await assignmentsOfInputs(tx, work.app.no, work.row.id, inputIds)
  const waiting = rows.filter((row) => row.status_code === TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW)
  if (waiting.length === 0) return
  const inputs = await taskInputsById(
    tx,
    work.app.no,
    work.row.id,
    waiting.map((row) => row.input_id),
  )
  const opinions = await opinionsOf(tx, work, rows)
  const agrees = (a: AssignmentRow, b: AssignmentRow): boolean =>
    agree(opinions.get(opinionKey(a)) ?? [], opinions.get(opinionKey(b)) ?? [], work.rules.overlap)
  const outcomes = [...Map.groupBy(rows, (row) => row.input_id)].map(([inputId, some]) =>
    outcomeOf(work, some, inputs.get(inputId)?.free ?? 0, agrees, (row) => ({
      worker: row.worker_id,
      annotations: opinions.get(opinionKey(row)) ?? [],
    })),
  )
  const speakers = new Map(
    outcomes.flatMap(({ approved, speaker }) => (speaker ? approved.map((row) => [row.input_id, speaker]) : [])),
  )
  await put(
    tx,
    work,
    outcomes.flatMap(({ approved }) => approved),
    'approved',
    speakers,
  )
  await put(
    tx,
    work,
    outcomes.flatMap(({ toReview }) => toReview),
    'toReview',
  )
}

const opinionKey = (row: AssignmentRow): string => `${row.input_id}/${row.worker_id}`

const opinionsOf = async (tx: Db, work: TaskInUse, rows: readonly AssignmentRow[]) => {
  const works = rows.map((row) => ({ inputId: row.input_id, userId: row.worker_id }))
  const annotations = await annotationsOfWork(tx, work.app.no, work.row.id, works)
  return Map.groupBy(annotations.map(stored), ({ inputId, userId }) => `${inputId}/${userId}`)
}

const outcomeOf = (
  { rules }: TaskInUse,
  rows: readonly AssignmentRow[],
  free: number,
  agrees: (a: AssignmentRow, b: AssignmentRow) => boolean,
  workOf: (row: AssignmentRow) => Work,
): Outcome => {
  const waiting = rows.filter((row) => row.status_code === TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW)
  if (rules.strategy === 'none') return { approved: waiting, toReview: [] }
  if (rules.strategy === 'manual' || rules.labelers === 0) return { approved: [], toReview: waiting }
  const approved = rows.filter((row) => row.status_code === TASK_ASSIGNMENT_SUCCESS)
  if (approved.length > 0) {
    const agreeing = waiting.filter((row) => approved.every((other) => agrees(row, other)))
    return {
      approved: agreeing,
      toReview: waiting.filter((row) => !agreeing.includes(row)),
      speaker: knownSpeaker(approved.map(workOf)),
    }
  }
  const group = groupOf(waiting.length, rules.labelers, (i, j) => agrees(waiting[i]!, waiting[j]!))
  if (group)
    return {
      approved: group.map((i) => waiting[i]!),
      toReview: waiting.filter((_, i) => !group.includes(i)),
      speaker: speakerOf(group.map((i) => workOf(waiting[i]!))),
    }
  const missing = free > 0 || rows.some((row) => row.status_code === TASK_ASSIGNMENT_PENDING)
  return { approved: [], toReview: missing ? [] : waiting }
}

const put = async (
  tx: Db,
  work: TaskInUse,
  rows: readonly AssignmentRow[],
  how: 'approved' | 'toReview',
  speakers?: ReadonlyMap<string, string>,
): Promise<void> => {
  const approved = how === 'approved'
  const to = approved ? StatusCode.ANNOTATION_SUCCESS : StatusCode.ANNOTATION_AWAITING_REVIEW
  await moveWork(tx, work, rows, to, ['server'], (row) => speakers?.get(row.input_id))
  await recordWork(tx, work, rows, approved ? 'agree' : 'disagree', { by: '' })
  await updateAssignments(
    tx,
    work.app.no,
    work.row.id,
    rows.map((row) => row.id),
    {
      status_code: approved ? TASK_ASSIGNMENT_SUCCESS : TASK_ASSIGNMENT_AWAITING_REVIEW,
      modified_at: work.now,
    },
  )
}
