import { create } from '@bufbuild/protobuf'
import {
  type Task,
  type TaskMetrics,
  TaskMetricsSchema,
  type User,
  UserSchema,
  type Worker,
  WorkerSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { itemStatus } from '#proxy/service/status.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { conceptNames, type PersonName, personNames } from '#proxy/store/names.ts'
import type { Db } from '#proxy/store/open.ts'
import { reviewProgress, type TaskProgress, taskProgress } from '#proxy/store/taskCounts.ts'
import type { TaskRow } from '#proxy/store/tasks.ts'
import { reviewerIds, reviewRules, workerIds } from './taskDraft.ts'
import { storedTask } from './taskInUse.ts'

/** What a caller asked for besides: see GetTaskRequest.additional_fields. Unknown names ask for nothing. */
interface Wanted {
  readonly workers: boolean
  readonly reviewers: boolean
  readonly metrics: boolean
}

const wantedOf = (fields: readonly string[]): Wanted => {
  const all = fields.includes('all')
  return {
    workers: all || fields.includes('worker.users'),
    reviewers: all || fields.includes('review.users'),
    metrics: all || fields.some((field) => field.startsWith('metrics.')),
  }
}

/** Stored tasks as they go out: people and concepts in their old fields and their new ones (api.md §9-14). */
export const readableTasks = async (
  rows: readonly TaskRow[],
  app: AppInUse,
  db: Db,
  additionalFields: readonly string[] = [],
): Promise<Task[]> => {
  const wanted = wantedOf(additionalFields)
  const tasks = rows.map(storedTask)
  const people = tasks.flatMap(({ worker, review }) => [
    ...(wanted.workers ? workerIds(worker) : []),
    ...(wanted.reviewers ? reviewerIds(review) : []),
  ])
  const names = await personNames(db, [...new Set(people)])
  const concepts = tasks.flatMap((task) => task.concepts.flatMap(({ concept }) => concept ?? []))
  const words = await conceptNames(db, app.no, [...new Set(concepts.map(({ id }) => id))])
  for (const concept of concepts) concept.name = words.get(concept.id) ?? concept.id
  for (const [i, task] of tasks.entries()) {
    fillTask(task, rows[i]!, app)
    fillPeople(task, wanted, names)
    if (wanted.metrics) task.metrics = await metricsOf(db, app.no, task)
  }
  return tasks
}

const fillTask = (task: Task, row: TaskRow, app: AppInUse): void => {
  task.appId = app.id
  task.userId = app.user_id
  task.createdAt = timestampOf(Number(row.created_at))
  task.modifiedAt = timestampOf(Number(row.modified_at))
  task.status = itemStatus(row.status_code as StatusCode)
  task.conceptIds = task.concepts.flatMap(({ concept }) => concept?.id ?? [])
  const { strategyInfo } = task.review ?? {}
  if (strategyInfo?.case === 'consensusStrategyInfo') {
    const { approvalThresholdLabelers, approvalThreshold } = strategyInfo.value
    strategyInfo.value.approvalThresholdLabelers = approvalThresholdLabelers || approvalThreshold
    strategyInfo.value.approvalThreshold = strategyInfo.value.approvalThresholdLabelers
  }
}

const fillPeople = (task: Task, wanted: Wanted, names: ReadonlyMap<string, PersonName>): void => {
  const user = (id: string, named: boolean): User => create(UserSchema, { id, ...(named && names.get(id)) })
  if (task.worker) {
    const ids = workerIds(task.worker)
    task.worker.userIds = ids
    task.worker.users = ids.map((id) => user(id, wanted.workers))
    task.worker.workers = ids.map((id) => asWorker(user(id, wanted.workers)))
  }
  if (task.review) {
    const ids = reviewerIds(task.review)
    task.review.userIds = ids
    task.review.users = ids.map((id) => user(id, wanted.reviewers))
  }
}

export const asWorker = (user: User): Worker => create(WorkerSchema, { worker: { case: 'user', value: user } })

/** Whole per cents, 100 only when all is done. */
const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.floor((100 * part) / whole))

/** How far a task is; the numbers are exact, though the API calls them estimated. */
const metricsOf = async (db: Db, app: number, task: Task): Promise<TaskMetrics> => {
  const progress = await taskProgress(db, app, task.id)
  const { inputs, worked, settled } = progress
  const reviewers = await reviewerMetrics(db, app, task, progress)
  return create(TaskMetricsSchema, {
    inputSource: { inputsCountEstimated: BigInt(inputs) },
    work: { inputsCountEstimated: BigInt(worked), inputsPercentEstimated: percent(worked, inputs) },
    review: {
      inputsCountEstimated: BigInt(settled),
      inputsPercentEstimated: percent(settled, inputs),
      inputsCountEstimatedPerReviewer: reviewers.map(({ done }) => BigInt(done)),
      inputsReviewableCountEstimatedPerReviewer: reviewers.map(({ reviewable }) => BigInt(reviewable)),
      inputsPercentEstimatedPerReviewer: reviewers.map(({ done, reviewable }) => percent(done, reviewable)),
    },
  })
}

/**
 * For each reviewer in the order of the task, on how many inputs they gave their verdict, and how many there are for
 * them: where one reviewer is enough, those they took and an equal part of those nobody has.
 */
const reviewerMetrics = async (db: Db, app: number, task: Task, { waiting }: TaskProgress) => {
  const rows = await reviewProgress(db, app, task.id)
  const count = (reviewer: string, statusCode: StatusCode): number =>
    rows.find((row) => row.reviewer === reviewer && row.statusCode === statusCode)?.inputs ?? 0
  const ids = reviewerIds(task.review)
  const { allReviewers } = reviewRules(task)
  const taken = ids.map((id) => count(id, StatusCode.TASK_ASSIGNMENT_REVIEW_PENDING))
  const untaken = Math.max(0, waiting - taken.reduce((sum, part) => sum + part, 0))
  return ids.map((id, i) => {
    const done = count(id, StatusCode.TASK_ASSIGNMENT_REVIEW_SUCCESS)
    if (allReviewers) return { done, reviewable: Math.max(done, waiting) }
    const part = Math.floor(untaken / ids.length) + Number(i < untaken % ids.length)
    return { done, reviewable: done + taken[i]! + part }
  })
}
