import { fromBinary } from '@bufbuild/protobuf'
import {
  TaskWorker_TaskWorkerStrategy as Strategy,
  type Task,
  TaskSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { appSettings } from '#proxy/service/appSettings.ts'
import { isJsonObject } from '#proxy/service/jsonObject.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import type { Db } from '#proxy/store/open.ts'
import { appMessageOf, type TaskRow, tasksById } from '#proxy/store/tasks.ts'
import { type ReviewRules, reviewerIds, reviewRules, workerIds } from './taskDraft.ts'

/** Leases of labelers and reviewers, µs: who is gone this long loses what they had open (issue 3). */
export const leaseMicros = 120 * 1_000_000

/** What is given out at a time (TaskWorkerStrategy.DYNAMIC, REVIEW_START). */
export const batchSize = 10

/** A task as one person acts in it, within the transaction that does so. */
export interface TaskInUse {
  readonly app: AppInUse
  readonly row: TaskRow
  readonly task: Task
  readonly rules: ReviewRules
  readonly dynamic: boolean
  readonly workers: ReadonlySet<string>
  /** Those the task names; the app's owner where it names none. */
  readonly reviewers: readonly string[]
  readonly isReviewer: boolean
  /** The app's setting that people may review their own work. */
  readonly reviewsOwnWork: boolean
  /** µs */
  readonly now: number
  readonly newId: () => string
}

export const storedTask = (row: Pick<TaskRow, 'message'>): Task => fromBinary(TaskSchema, row.message)

/** @throws ApiError TASK_MISSING */
export const loadTask = async (
  tx: Db,
  app: AppInUse,
  id: string,
  { now, newId }: { now(): number; newId(): string },
): Promise<TaskInUse> => {
  const [row] = await tasksById(tx, app.no, [id])
  if (!row) throw new ApiError(StatusCode.TASK_MISSING, `task_id: the app has no task "${id}"`)
  if (row.deleted_at !== null)
    throw new ApiError(
      StatusCode.TASK_MISSING,
      `task_id: "${row.deleted_by ?? app.user_id}" has deleted task "${id}"; what was labelled in it is kept`,
    )
  const { reviewsOwnWork } = appSettings(await appMessageOf(tx, app.no))
  return taskInUse(app, row, reviewsOwnWork, { now: now(), newId })
}

export const taskInUse = (
  app: AppInUse,
  row: TaskRow,
  reviewsOwnWork: boolean,
  { now, newId }: { readonly now: number; readonly newId: () => string },
): TaskInUse => {
  const task = storedTask(row)
  const named = reviewerIds(task.review)
  return {
    app,
    row,
    task,
    rules: reviewRules(task),
    dynamic: task.worker?.strategy === Strategy.DYNAMIC,
    workers: new Set(workerIds(task.worker)),
    reviewers: named.length > 0 ? named : [app.user_id],
    isReviewer: named.includes(app.callerId) || app.role === 'owner',
    reviewsOwnWork,
    now,
    newId,
  }
}

/** The owner has stopped it for a while (`metadata.marquee.paused`; the API has no state for that). */
export const isPaused = ({ metadata }: Task): boolean =>
  isJsonObject(metadata?.marquee) && metadata.marquee.paused === true

/** What its people are to know, as Markdown. */
export const instructionsOf = ({ metadata, description }: Task): string => {
  const said = isJsonObject(metadata?.marquee) ? metadata.marquee.instructions : undefined
  return typeof said === 'string' ? said : description
}

/** @throws ApiError TASK_CONFLICT when the task is paused, done or given up */
export const checkGoing = ({ row, task }: TaskInUse): void => {
  if (isPaused(task))
    throw new ApiError(
      StatusCode.TASK_CONFLICT,
      'task_id: the owner has paused the task: nothing is labelled or reviewed in it until it goes on',
    )
  if (row.status_code === StatusCode.TASK_DONE || row.status_code === StatusCode.TASK_WONT_DO)
    throw new ApiError(
      StatusCode.TASK_CONFLICT,
      `task_id: the task is ${row.status_code === StatusCode.TASK_DONE ? 'done' : 'abandoned'}: nothing more is labelled or reviewed in it`,
    )
}

/** @throws ApiError INPUT_DOES_NOT_EXIST for work on an input that was deleted; it is there again with the input */
export const checkInput = (
  { input_id: id }: { readonly input_id: string },
  inputs: ReadonlySet<string>,
  path: string,
): void => {
  if (!inputs.has(id))
    throw new ApiError(
      StatusCode.INPUT_DOES_NOT_EXIST,
      `${path}: input "${id}" was deleted; it can be restored for 30 days`,
    )
}

/** @throws ApiError TASK_PERMISSION_DENIED */
export const checkWorker = ({ workers, app }: TaskInUse): void => {
  if (!workers.has(app.callerId))
    throw new ApiError(StatusCode.TASK_PERMISSION_DENIED, 'action: only the workers of the task may label in it')
}

/** @throws ApiError TASK_PERMISSION_DENIED */
export const checkReviewer = ({ isReviewer }: TaskInUse): void => {
  if (!isReviewer)
    throw new ApiError(
      StatusCode.TASK_PERMISSION_DENIED,
      'action: only the reviewers of the task and the owner of the app may review it',
    )
}
