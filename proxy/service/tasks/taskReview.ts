import type { Worker } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  PutTaskAssignmentsRequestAction as Action,
  type PutTaskAssignmentsRequest,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { type Attempt, attempt } from '#proxy/service/attempt.ts'
import { type Decided, followVerdict } from '#proxy/service/team/reviewerLabels.ts'
import { recordWork } from '#proxy/service/team/workRecord.ts'
import { livingInputs } from '#proxy/store/annotations.ts'
import type { Db } from '#proxy/store/open.ts'
import type { WorkAction } from '#proxy/store/schema.ts'
import {
  type AssignmentRow,
  assignmentsById,
  assignmentsInState,
  reviewQueue,
  updateAssignments,
} from '#proxy/store/taskAssignments.ts'
import {
  dismissReviews,
  openReviews,
  putReviews,
  type ReviewRow,
  removeReviews,
  reviewsOf,
} from '#proxy/store/taskReviews.ts'
import { workersOn } from '#proxy/store/work.ts'
import { replaceLeavers } from './taskArrange.ts'
import { batchSize, checkGoing, checkInput, checkReviewer, leaseMicros, type TaskInUse } from './taskInUse.ts'
import { moveWork } from './taskMoves.ts'

const {
  TASK_ASSIGNMENT_SUCCESS,
  TASK_ASSIGNMENT_PENDING,
  TASK_ASSIGNMENT_AWAITING_REVIEW,
  TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW,
  TASK_ASSIGNMENT_REJECTED,
  TASK_ASSIGNMENT_REVIEW_SUCCESS,
  TASK_ASSIGNMENT_REVIEW_PENDING,
  TASK_ASSIGNMENT_REVIEW_DISMISSED,
} = StatusCode

/**
 * REVIEW_START: up to ten assignments for the caller to review, the same ones until they are decided; ten new ones when
 * there are none. Where one reviewer is enough nobody else gets them until the lease, which every start renews, is out.
 * @throws ApiError
 */
export const startReview = async (
  tx: Db,
  work: TaskInUse,
  request: PutTaskAssignmentsRequest,
): Promise<AssignmentRow[]> => {
  checkReviewer(work)
  checkGoing(work)
  const config = request.actionConfig
  const workerIds =
    config.case === 'reviewStartConfig' ? peopleOf(config.value.workers, 'review_start_config', work) : []
  const [app, taskId, reviewerId] = [work.app.no, work.row.id, work.app.callerId]
  let rows = await openReviews(tx, app, taskId, reviewerId, workerIds, batchSize)
  if (rows.length === 0) rows = await reviewQueue(tx, app, taskId, queueOf(work, workerIds))
  const ids = rows.map((row) => row.id)
  const lease = { statusCode: TASK_ASSIGNMENT_REVIEW_PENDING, leaseUntil: work.now + leaseMicros, now: work.now }
  await putReviews(tx, app, taskId, ids, { reviewerId, ...lease })
  if (!work.rules.allReviewers) await dismissReviews(tx, app, taskId, ids, reviewerId, work.now)
  return rows
}

const queueOf = (work: TaskInUse, workerIds: readonly string[]) => ({
  reviewerId: work.app.callerId,
  workerIds,
  ownToo: work.reviewsOwnWork,
  exclusive: !work.rules.allReviewers,
  afterOwnWork: work.row.hides === 1 && work.app.role !== 'owner',
  now: work.now,
  limit: batchSize,
})

/** @throws ApiError CONN_INVALID_REQUEST for workers that are no users */
const peopleOf = (workers: readonly Worker[], path: string, { app }: TaskInUse): string[] =>
  workers.map(({ worker }, i) => {
    if (worker.case === 'user' && worker.value.id) return worker.value.id === 'me' ? app.callerId : worker.value.id
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}.workers[${i}].user.id: required`)
  })

export type VerdictAction =
  | typeof Action.REVIEW_APPROVE
  | typeof Action.REVIEW_REQUEST_CHANGES
  | typeof Action.REVIEW_REJECT

interface Verdict {
  readonly to: typeof TASK_ASSIGNMENT_SUCCESS | typeof TASK_ASSIGNMENT_PENDING | typeof TASK_ASSIGNMENT_REJECTED
  readonly annotations: Decided
  readonly config: string
  readonly action: WorkAction
}

export const verdicts: Readonly<Record<VerdictAction, Verdict>> = {
  [Action.REVIEW_APPROVE]: {
    to: TASK_ASSIGNMENT_SUCCESS,
    annotations: StatusCode.ANNOTATION_SUCCESS,
    config: 'review_approve_config',
    action: 'approve',
  },
  [Action.REVIEW_REQUEST_CHANGES]: {
    to: TASK_ASSIGNMENT_PENDING,
    annotations: StatusCode.ANNOTATION_PENDING,
    config: 'review_request_changes_config',
    action: 'return',
  },
  [Action.REVIEW_REJECT]: {
    to: TASK_ASSIGNMENT_REJECTED,
    annotations: StatusCode.ANNOTATION_REVIEW_DENIED,
    config: 'review_reject_config',
    action: 'deny',
  },
}

/**
 * REVIEW_APPROVE, REVIEW_REQUEST_CHANGES and REVIEW_REJECT, of a list of assignments or of all that wait of some
 * workers. The first verdict stands: the same one again changes nothing, another one is told whose it is. Requesting
 * changes of approved work reopens it (decisions §7). Of people who do not agree one answer is approved, since datasets
 * would hold each object several times; `settles`: what they made becomes one answer with this.
 * @throws ApiError of the whole call
 */
export const review = async (
  tx: Db,
  work: TaskInUse,
  action: VerdictAction,
  request: PutTaskAssignmentsRequest,
  most: number,
  settles = false,
): Promise<Attempt<string>[]> => {
  checkReviewer(work)
  checkGoing(work)
  const verdict = verdicts[action]
  const { ids, workerIds } = asked(request, verdict, work, most)
  const path = `${verdict.config}.task_assignments`
  const rows =
    ids.length > 0
      ? await assignmentsById(tx, work.app.no, work.row.id, ids)
      : (await assignmentsInState(tx, work.app.no, work.row.id, [TASK_ASSIGNMENT_AWAITING_REVIEW], workerIds)).filter(
          (row) => mayReview(row, work),
        )
  const byId = new Map(rows.map((row) => [row.id, row]))
  const opened = openedBy(await reviewsOf(tx, work.app.no, work.row.id, [...byId.keys()]), work.app.callerId)
  const inputIds = rows.map((row) => row.input_id)
  const inputs = await livingInputs(tx, work.app.no, inputIds)
  const answers = verdict.to === TASK_ASSIGNMENT_SUCCESS && !settles ? await answersBeside(tx, work, rows) : new Map()
  const found = (ids.length > 0 ? ids : [...byId.keys()]).map((id, i) =>
    attempt(() => checkVerdict(byId.get(id), id, `${path}[${i}].id`, { verdict, work, opened, inputs, answers })),
  )
  const changing = found.flatMap((item) => (item.ok && item.value.changes ? [item.value.row] : []))
  await decide(tx, work, verdict, [...new Map(changing.map((row) => [row.id, row])).values()])
  return found.map((item) => (item.ok ? { ok: true, value: item.value.row.id } : item))
}

/** @throws ApiError CONN_INVALID_REQUEST unless either assignments or workers are named, in the action's own config */
const asked = (request: PutTaskAssignmentsRequest, verdict: Verdict, work: TaskInUse, most: number) => {
  const config = request.actionConfig
  const empty = { ids: [] as string[], workerIds: [] as string[] }
  const fields =
    config.case === 'reviewApproveConfig' ||
    config.case === 'reviewRequestChangesConfig' ||
    config.case === 'reviewRejectConfig'
      ? { name: configNames[config.case], ...config.value }
      : undefined
  const bad = (what: string) => new ApiError(StatusCode.CONN_INVALID_REQUEST, `${verdict.config}${what}`)
  if (!fields || fields.name !== verdict.config) throw bad(': required with this action')
  const { taskAssignments, workers } = fields
  if (taskAssignments.length > 0 === workers.length > 0) throw bad(': either task_assignments or workers')
  if (workers.length > 0) return { ...empty, workerIds: peopleOf(workers, verdict.config, work) }
  if (taskAssignments.length > most)
    throw bad(`.task_assignments: ${taskAssignments.length} items, must be 1 to ${most}`)
  const nameless = taskAssignments.findIndex(({ id }) => id === '')
  if (nameless >= 0) throw bad(`.task_assignments[${nameless}].id: required`)
  return { ...empty, ids: taskAssignments.map(({ id }) => id) }
}

const configNames = {
  reviewApproveConfig: 'review_approve_config',
  reviewRequestChangesConfig: 'review_request_changes_config',
  reviewRejectConfig: 'review_reject_config',
} as const

/** Assignments the caller had open when somebody else decided them. */
const openedBy = (reviews: readonly ReviewRow[], callerId: string): Set<string> =>
  new Set(
    reviews
      .filter((row) => row.reviewer_id === callerId && row.status_code === TASK_ASSIGNMENT_REVIEW_DISMISSED)
      .map((row) => row.assignment_id),
  )

const mayReview = (row: AssignmentRow, { reviewsOwnWork, app }: TaskInUse): boolean =>
  reviewsOwnWork || row.worker_id !== app.callerId

interface Judging {
  readonly verdict: Verdict
  readonly work: TaskInUse
  readonly opened: ReadonlySet<string>
  /** Those of the inputs concerned that are not deleted. */
  readonly inputs: ReadonlySet<string>
  /** By assignment: why it is no answer of its own to approve. */
  readonly answers: ReadonlyMap<string, string>
}

/** Of work of a consensus that is about to be approved: why it may not be, since another answer counts already. */
const answersBeside = async (
  tx: Db,
  { app, row: task, rules }: TaskInUse,
  rows: readonly AssignmentRow[],
): Promise<Map<string, string>> => {
  const found = new Map<string, string>()
  if (rules.strategy !== 'consensus') return found
  const inputIds = rows.map((row) => row.input_id)
  const approved = Map.groupBy(
    await workersOn(tx, app.no, task.id, inputIds, [TASK_ASSIGNMENT_SUCCESS]),
    (row) => row.input_id,
  )
  const waiting = Map.groupBy(
    rows.filter((row) => row.status_code === TASK_ASSIGNMENT_AWAITING_REVIEW),
    (row) => row.input_id,
  )
  for (const [inputId, some] of waiting) {
    const answer = approved.get(inputId)?.[0]?.worker_id
    if (answer !== undefined)
      for (const row of some) found.set(row.id, `the answer of "${answer}" on input "${inputId}" is approved already`)
    else if (some.length > 1)
      for (const row of some)
        found.set(
          row.id,
          `people do not agree on input "${inputId}": approve one answer, or settle it with Team.SettleWork`,
        )
  }
  return found
}

/** Whether the verdict changes the assignment. @throws ApiError of the item: unknown, one's own, decided otherwise */
const checkVerdict = (row: AssignmentRow | undefined, id: string, path: string, judging: Judging) => {
  const { verdict, work } = judging
  if (!row || row.withdrawn_at !== null)
    throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${path}: the task has no assignment "${id}"`)
  if (!mayReview(row, work))
    throw new ApiError(StatusCode.TASK_PERMISSION_DENIED, `${path}: nobody reviews their own work`)
  checkInput(row, judging.inputs, path)
  const answered = judging.answers.get(row.id)
  if (answered !== undefined) throw new ApiError(StatusCode.TASK_CONFLICT, `${path}: ${answered}`)
  if (row.status_code === TASK_ASSIGNMENT_AWAITING_REVIEW) return { row, changes: true }
  if (row.status_code === verdict.to) return { row, changes: false }
  if (reopens(row, judging)) return { row, changes: true }
  throw new ApiError(StatusCode.TASK_CONFLICT, `${path}: ${stateWords(row)}`)
}

/**
 * Approved work is sent back by the owner, by the one who approved it, or by any reviewer where no person did; but not
 * by somebody who had it open meanwhile and does not know of the approval.
 */
const reopens = (row: AssignmentRow, { verdict, work, opened }: Judging): boolean => {
  if (verdict.to !== TASK_ASSIGNMENT_PENDING || row.status_code !== TASK_ASSIGNMENT_SUCCESS) return false
  if (opened.has(row.id)) return false
  return work.app.role === 'owner' || row.decided_by === null || row.decided_by === work.app.callerId
}

const stateWords = (row: AssignmentRow): string => {
  const by = row.decided_by ? ` by "${row.decided_by}"` : ''
  const work = `the work of "${row.worker_id}" on input "${row.input_id}"`
  switch (row.status_code) {
    case TASK_ASSIGNMENT_SUCCESS:
      return `${work} is approved${by} already`
    case TASK_ASSIGNMENT_REJECTED:
      return `${work} is denied${by} already`
    case TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW:
      return `${work} waits for the other labelers`
    default:
      return by ? `${work} was sent back${by}` : `"${row.worker_id}" has not submitted input "${row.input_id}"`
  }
}

const decide = async (tx: Db, work: TaskInUse, verdict: Verdict, rows: readonly AssignmentRow[]): Promise<void> => {
  const [app, taskId] = [work.app.no, work.row.id]
  const ids = rows.map((row) => row.id)
  const said = { statusCode: TASK_ASSIGNMENT_REVIEW_SUCCESS, leaseUntil: work.now, now: work.now }
  await putReviews(tx, app, taskId, ids, { reviewerId: work.app.callerId, ...said })
  const decided = verdict.to === TASK_ASSIGNMENT_SUCCESS ? await approvedByAll(tx, work, rows) : rows
  await finish(tx, work, verdict, decided)
}

/**
 * Of these those that need no further approval. The owner's is enough, unless the task names them among its reviewers;
 * people are not waited for in the review of their own work.
 */
const approvedByAll = async (
  tx: Db,
  work: TaskInUse,
  rows: readonly AssignmentRow[],
): Promise<readonly AssignmentRow[]> => {
  if (!work.rules.allReviewers || !work.reviewers.includes(work.app.callerId)) return rows
  const reviews = await reviewsOf(
    tx,
    work.app.no,
    work.row.id,
    rows.map((row) => row.id),
  )
  return rows.filter((row) => allApproved(work, row, reviews))
}

const allApproved = (work: TaskInUse, row: AssignmentRow, reviews: readonly ReviewRow[]): boolean => {
  const approved = new Set(
    reviews
      .filter((one) => one.assignment_id === row.id && one.status_code === TASK_ASSIGNMENT_REVIEW_SUCCESS)
      .map((one) => one.reviewer_id),
  )
  if (approved.size === 0) return false
  return work.reviewers.every((id) => approved.has(id) || (id === row.worker_id && !work.reviewsOwnWork))
}

const finish = async (tx: Db, work: TaskInUse, verdict: Verdict, rows: readonly AssignmentRow[]): Promise<void> => {
  const [app, taskId] = [work.app.no, work.row.id]
  const ids = rows.map((row) => row.id)
  await moveWork(tx, work, rows, verdict.annotations, ['reviewer'])
  await followVerdict(tx, work, rows, verdict.annotations)
  const approved = rows.filter((row) => row.status_code === TASK_ASSIGNMENT_SUCCESS)
  await recordWork(tx, work, approved, 'reopen')
  await recordWork(
    tx,
    work,
    rows.filter((row) => !approved.includes(row)),
    verdict.action,
  )
  const values = { status_code: verdict.to, decided_by: work.app.callerId, modified_at: work.now }
  if (verdict.to === TASK_ASSIGNMENT_PENDING) {
    await updateAssignments(tx, app, taskId, ids, values, true)
    await removeReviews(tx, app, taskId, ids)
    await replaceLeavers(tx, work, rows)
    return
  }
  await updateAssignments(tx, app, taskId, ids, values)
  await dismissReviews(tx, app, taskId, ids, work.app.callerId, work.now)
}

/** After the reviewers of a task changed: approves what only those who have left were still missing from. */
export const settleReviews = async (tx: Db, work: TaskInUse): Promise<void> => {
  const [app, taskId] = [work.app.no, work.row.id]
  const waiting = await assignmentsInState(tx, app, taskId, [TASK_ASSIGNMENT_AWAITING_REVIEW])
  const reviews = await reviewsOf(
    tx,
    app,
    taskId,
    waiting.map((row) => row.id),
  )
  const byAssignment = Map.groupBy(reviews, (one) => one.assignment_id)
  const done = waiting.filter((row) => {
    const mine = byAssignment.get(row.id) ?? []
    if (work.rules.allReviewers) return allApproved(work, row, mine)
    return mine.some((one) => one.status_code === TASK_ASSIGNMENT_REVIEW_SUCCESS)
  })
  await finish(tx, work, verdicts[Action.REVIEW_APPROVE], done)
}
