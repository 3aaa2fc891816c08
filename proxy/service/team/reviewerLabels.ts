import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { TaskInUse } from '#proxy/service/tasks/taskInUse.ts'
import { moveAnnotations } from '#proxy/service/tasks/taskMoves.ts'
import type { AnnotationRow } from '#proxy/store/annotations.ts'
import type { Db } from '#proxy/store/open.ts'
import { annotationsOnInputs } from '#proxy/store/taskAnnotations.ts'
import { type AssignmentRow, worksOn } from '#proxy/store/taskAssignments.ts'
import { reviewsOf } from '#proxy/store/taskReviews.ts'

// What reviewers add to the work of others, to fix it or to make one answer of several, belongs to no assignment. It
// follows the verdict on the work that is on the same input (docs/team.md).

const { ANNOTATION_SUCCESS, ANNOTATION_PENDING, ANNOTATION_AWAITING_REVIEW, ANNOTATION_REVIEW_DENIED } = StatusCode

/** What a verdict makes of annotations. */
export type Decided = typeof ANNOTATION_SUCCESS | typeof ANNOTATION_PENDING | typeof ANNOTATION_REVIEW_DENIED

/**
 * Moves the reviewers' labels with work that was decided on: approved by those who made them, they are approved; sent
 * back or denied with it, once nothing else on the input waits; what somebody else's approval leaves behind is denied.
 * Reopened work takes back what those who had approved it added. Before the reviews of these are forgotten.
 * @param rows assignments, as they were before the verdict
 */
export const followVerdict = async (
  tx: Db,
  work: TaskInUse,
  rows: readonly AssignmentRow[],
  to: Decided,
): Promise<void> => {
  if (rows.length === 0) return
  const [app, taskId] = [work.app.no, work.row.id]
  const inputIds = [...new Set(rows.map((row) => row.input_id))]
  const all = await worksOn(
    tx,
    app,
    inputIds.map((inputId) => ({ taskId, inputId })),
  )
  const workers = new Set(all.map((row) => `${row.input_id}/${row.worker_id}`))
  const made = await annotationsOnInputs(tx, app, taskId, inputIds)
  const added = made.filter((row) => row.user_id !== null && !workers.has(`${row.input_id}/${row.user_id}`))
  if (added.length === 0) return
  const ids = new Set(rows.map((row) => row.id))
  const others = all.filter((row) => row.withdrawn_at === null && !ids.has(row.id))
  const on = (code: StatusCode) => new Set(others.filter((row) => row.status_code === code).map((row) => row.input_id))
  const waiting = on(StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW)
  const approved = on(StatusCode.TASK_ASSIGNMENT_SUCCESS)
  const approvers = await approversOf(tx, work, rows, to)
  const byApprover = (row: AnnotationRow) => approvers.has(`${row.input_id}/${row.user_id}`)
  const move = (some: readonly AnnotationRow[], where: Decided) =>
    moveAnnotations(tx, work, some, where, ['author', 'reviewer'])
  if (to === ANNOTATION_SUCCESS)
    await move(
      added.filter((row) => row.status_code !== ANNOTATION_REVIEW_DENIED && byApprover(row)),
      ANNOTATION_SUCCESS,
    )
  const left = added.filter((row) => !waiting.has(row.input_id) && !(to === ANNOTATION_SUCCESS && byApprover(row)))
  const undecided = left.filter((row) => row.status_code === ANNOTATION_AWAITING_REVIEW)
  await move(undecided, to === ANNOTATION_PENDING ? to : ANNOTATION_REVIEW_DENIED)
  if (to !== ANNOTATION_PENDING) return
  const reopened = new Set(
    rows.filter((row) => row.status_code === StatusCode.TASK_ASSIGNMENT_SUCCESS).map((row) => row.input_id),
  )
  const counted = added.filter((row) => row.status_code === ANNOTATION_SUCCESS && byApprover(row))
  await move(
    counted.filter((row) => reopened.has(row.input_id) && !approved.has(row.input_id)),
    ANNOTATION_PENDING,
  )
}

/** Who has approved these, the caller too where they do so now: `input/user`. */
const approversOf = async (
  tx: Db,
  { app, row: task }: TaskInUse,
  rows: readonly AssignmentRow[],
  to: Decided,
): Promise<Set<string>> => {
  const inputs = new Map(rows.map((row) => [row.id, row.input_id]))
  const reviews = await reviewsOf(tx, app.no, task.id, [...inputs.keys()])
  const said = reviews.filter((one) => one.status_code === StatusCode.TASK_ASSIGNMENT_REVIEW_SUCCESS)
  return new Set([
    ...said.map((one) => `${inputs.get(one.assignment_id)}/${one.reviewer_id}`),
    ...rows.flatMap((row) => (row.decided_by === null ? [] : [`${row.input_id}/${row.decided_by}`])),
    ...(to === ANNOTATION_SUCCESS ? rows.map((row) => `${row.input_id}/${app.callerId}`) : []),
  ])
}
