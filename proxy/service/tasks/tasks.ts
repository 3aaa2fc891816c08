import { create, equals, toBinary } from '@bufbuild/protobuf'
import {
  type Task,
  TaskInputSourceSchema,
  TaskReviewSchema,
  TaskSchema,
  TaskWorkerSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  type ListTasksRequest,
  MultiTaskResponseSchema,
  SingleTaskResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { appSettings } from '#proxy/service/appSettings.ts'
import { type Attempt, attemptAsync } from '#proxy/service/attempt.ts'
import type { Call } from '#proxy/service/call.ts'
import { compares, passedWords } from '#proxy/service/compare.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkBatch, itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { failedItem, ok, overall } from '#proxy/service/status.ts'
import { microsOf } from '#proxy/service/time.ts'
import { unknownStrings } from '#proxy/service/unknownFields.ts'
import { whyNoId } from '#proxy/service/validate.ts'
import { lockApp, nextRev } from '#proxy/store/apps.ts'
import { appendHistory, itemHistory, writerOf } from '#proxy/store/history.ts'
import type { Db } from '#proxy/store/open.ts'
import { assignmentsInState } from '#proxy/store/taskAssignments.ts'
import {
  appMessageOf,
  listTasks,
  type NewTaskRow,
  peopleOfApp,
  putTasks,
  setMembers,
  type TaskFilter,
  type TaskRow,
  taskById,
  tasksById,
} from '#proxy/store/tasks.ts'
import { patchAnnotationsStatus } from './taskAnnotationStatus.ts'
import { readableTasks } from './taskAnswer.ts'
import { giveOut, setInputs } from './taskArrange.ts'
import { listNextTaskAssignments, putTaskAssignments } from './taskAssignments.ts'
import { settleInputs } from './taskConsensus.ts'
import { getTaskAnnotationCount, getTaskInputCount } from './taskCounts.ts'
import { completeTask, normalTask, overwrittenTask, reviewerIds, reviewRules, workerIds } from './taskDraft.ts'
import { storedTask, taskInUse } from './taskInUse.ts'
import { settleReviews } from './taskReview.ts'
import { inputsOf } from './taskSource.ts'

const bad = (path: string, what: string): ApiError => new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}: ${what}`)

/** Each task is made, with all its assignments, or refused by itself. */
const postTasks: MethodImpl<typeof V2.method.postTasks> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addTasks')
  checkBatch(request.tasks, 'tasks', deps.limits.batch)
  const done: Attempt<TaskRow>[] = []
  for (const [i, asked] of request.tasks.entries())
    done.push(
      await attemptAsync(() =>
        deps.store.write.transaction().execute(async (tx) => {
          await lockApp(tx, app.no)
          return post(tx, app, asked, `tasks[${i}]`, deps)
        }),
      ),
    )
  return answer(request.tasks, done, app, call, deps)
}

const post = async (tx: Db, app: AppInUse, asked: Task, path: string, deps: Deps): Promise<TaskRow> => {
  const task = completeTask(normalTask(asked, path, app.callerId), path)
  const reason = task.id && whyNoId(task.id, 128)
  if (reason) throw bad(`${path}.id`, reason)
  task.id ||= deps.newId()
  if ((await tasksById(tx, app.no, [task.id])).length > 0)
    throw new ApiError(StatusCode.DATABASE_DUPLICATE_KEY, `${path}.id: "${task.id}" is taken`)
  await checkPeople(tx, app, task, path)
  const inputs = await inputsOf(tx, app.no, task.inputSource!, `${path}.input_source`)
  const row = await write(tx, app, task, statusOf(asked, `${path}.status`) ?? StatusCode.TASK_IN_PROGRESS, deps)
  const work = taskInUse(app, row, false, { now: deps.now(), newId: deps.newId })
  await setInputs(tx, work, inputs)
  await giveOut(tx, work)
  return row
}

/** States people give to tasks; the others are the server's. */
const statusOf = ({ status }: Task, path: string): StatusCode | undefined => {
  const code = status?.code
  if (!code) return undefined
  if (code === StatusCode.TASK_IN_PROGRESS || code === StatusCode.TASK_DONE || code === StatusCode.TASK_WONT_DO)
    return code
  throw bad(`${path}.code`, `${code}, must be 54001, 54002 or 54003`)
}

/**
 * Everybody named can work in the app, and everybody's work can be reviewed by somebody else, unless the app lets
 * people review their own (decisions §9). @throws ApiError CONN_INVALID_REQUEST
 */
const checkPeople = async (tx: Db, app: AppInUse, task: Task, path: string): Promise<void> => {
  const people = await peopleOfApp(tx, app.no)
  const [workers, reviewers] = [workerIds(task.worker), reviewerIds(task.review)]
  const check = (ids: readonly string[], field: (i: number) => string) => {
    const i = ids.findIndex((id) => !people.has(id))
    if (i >= 0) throw bad(field(i), `"${ids[i]}" is neither the app's owner nor one of its collaborators`)
  }
  check(workers, (i) => `${path}.worker.workers[${i}].user.id`)
  check(reviewers, (i) => `${path}.review.users[${i}].id`)
  if (reviewRules(task).strategy === 'none' || appSettings(await appMessageOf(tx, app.no)).reviewsOwnWork) return
  const others = reviewers.filter((id) => id !== app.user_id)
  if (workers.includes(app.user_id) && others.length === 0)
    throw bad(
      `${path}.review.users`,
      `nobody could review the work of "${app.user_id}": name another reviewer, or let people review their own work in the app's settings`,
    )
}

/** Writes a task with its members and its line of history. */
export const write = async (
  tx: Db,
  app: AppInUse,
  task: Task,
  statusCode: StatusCode,
  deps: Deps,
  before?: TaskRow,
): Promise<TaskRow> => {
  const { rev, at } = await nextRev(tx, app.no, deps.now())
  const row: NewTaskRow & TaskRow = {
    app: app.no,
    id: task.id,
    status_code: statusCode,
    source_type: task.inputSource!.type,
    source_id: task.inputSource!.id,
    label_order_id: task.labelOrderId || null,
    hides: Number(reviewRules(task).strategy === 'consensus'),
    message: toBinary(TaskSchema, task),
    rev,
    created_at: before ? Number(before.created_at) : at,
    modified_at: at,
    deleted_at: null,
    deleted_by: null,
  }
  await putTasks(tx, [row])
  await setMembers(tx, app.no, task.id, 'worker', workerIds(task.worker))
  await setMembers(tx, app.no, task.id, 'reviewer', reviewerIds(task.review))
  await appendHistory(tx, [itemHistory('task', app, row.id, { rev, at }, before?.message ?? null, row.message)])
  return row
}

const answer = async (
  asked: readonly Task[],
  done: readonly Attempt<TaskRow>[],
  app: AppInUse,
  call: Call,
  deps: Deps,
) => {
  const rows = done.flatMap((item) => (item.ok ? [item.value] : []))
  const written = await readableTasks(rows, app, deps.store.read)
  const tasks = done.map((item, i) =>
    item.ok
      ? written.shift()!
      : create(TaskSchema, { id: asked[i]!.id, name: asked[i]!.name, status: failedItem(item.error) }),
  )
  const failures = done.flatMap((item) => (item.ok ? [] : [failedItem(item.error)]))
  return create(MultiTaskResponseSchema, { status: overall(call, done.length, failures), tasks })
}

const getTask: MethodImpl<typeof V2.method.getTask> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readTasks')
  const row = await taskById(deps.store.read, app.no, request.taskId)
  if (!row) throw missing('task_id', request.taskId)
  const [task] = await readableTasks([row], app, deps.store.read, request.additionalFields)
  return create(SingleTaskResponseSchema, { status: ok(call), task: task! })
}

const missing = (path: string, id: string): ApiError =>
  new ApiError(StatusCode.TASK_MISSING, `${path}: the app has no task "${id}"`)

/** Oldest first; every filter that is given must hold, within one any of its values. */
const listSomeTasks: MethodImpl<typeof V2.method.listTasks> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readTasks')
  const page = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const rows = await listTasks(deps.store.read, app.no, filterOf(request, app.callerId), page)
  const tasks = await readableTasks(rows, app, deps.store.read, request.additionalFields)
  return create(MultiTaskResponseSchema, { status: ok(call), tasks })
}

/** ListTasksRequest.worker_ids of newer .proto files. */
const workerIdsField = 12

const filterOf = (request: ListTasksRequest, callerId: string): TaskFilter => {
  const people = (ids: readonly string[]) => ids.map((id) => (id === 'me' ? callerId : id))
  return {
    ids: request.ids,
    workerIds: people([...request.workerUserIds, ...unknownStrings(request, workerIdsField)]),
    reviewerIds: people(request.reviewUserIds),
    labelOrderIds: request.labelOrderIds,
    ofLabelOrdersToo: request.includingLabelOrderTasks,
    sourceType: request.inputSourceType,
    sourceIds: request.inputSourceIds,
  }
}

/**
 * `overwrite` changes what is sent, `merge` the status only. Each task for itself. With the header
 * `x-marquee-compare: modified_at` a change of another version than the sender has seen is refused (decisions §4).
 */
const patchTasks: MethodImpl<typeof V2.method.patchTasks> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addTasks')
  checkBatch(request.tasks, 'tasks', deps.limits.batch)
  const { action } = request
  if (action !== 'overwrite' && action !== 'merge')
    throw bad('action', `${JSON.stringify(action)}, must be overwrite, or merge for the status`)
  const compared = compares(call)
  const done: Attempt<TaskRow>[] = []
  for (const [i, sent] of request.tasks.entries())
    done.push(
      await attemptAsync(() =>
        deps.store.write.transaction().execute(async (tx) => {
          await lockApp(tx, app.no)
          return patch(tx, app, sent, { action, compared, path: `tasks[${i}]` }, deps)
        }),
      ),
    )
  return answer(request.tasks, done, app, call, deps)
}

interface HowToPatch {
  readonly action: 'overwrite' | 'merge'
  /** only over the version the sender has seen */
  readonly compared: boolean
  readonly path: string
}

const patch = async (tx: Db, app: AppInUse, sent: Task, how: HowToPatch, deps: Deps): Promise<TaskRow> => {
  const { action, compared, path } = how
  const before = await taskById(tx, app.no, sent.id)
  if (!before) throw missing(`${path}.id`, sent.id)
  if (compared) await checkVersion(tx, sent, before, path)
  const stored = storedTask(before)
  const status = statusOf(sent, `${path}.status`)
  if (action === 'merge') {
    checkStatusOnly(sent, status, path)
    return write(tx, app, stored, status!, deps, before)
  }
  const task = completeTask(overwrittenTask(stored, normalTask(sent, path, app.callerId)), path)
  await checkChange(tx, app, stored, task, path)
  const row = await write(tx, app, task, status ?? (before.status_code as StatusCode), deps, before)
  await rearrange(tx, app, stored, row, path, deps)
  return row
}

/** @throws ApiError TASK_CONFLICT, with who changed it when */
const checkVersion = async (tx: Db, { modifiedAt }: Task, row: TaskRow, path: string): Promise<void> => {
  const [seen, now] = [modifiedAt && microsOf(modifiedAt), Number(row.modified_at)]
  if (seen === now) return
  const who = (await writerOf(tx, row.app, Number(row.rev))) ?? 'the server'
  throw new ApiError(StatusCode.TASK_CONFLICT, `${path}.modified_at: ${passedWords(seen, now, who)}`)
}

const checkStatusOnly = (sent: Task, status: StatusCode | undefined, path: string): void => {
  if (status === undefined) throw bad(`${path}.status.code`, 'required with action "merge"')
  for (const field of ['worker', 'review', 'inputSource', 'name', 'description', 'metadata'] as const)
    if (sent[field]) throw bad(path, 'action "merge" changes the status only: use "overwrite" for the rest')
}

const sameWorkers = (a: Task, b: Task): boolean => equals(TaskWorkerSchema, a.worker!, b.worker!)
const sameReview = (a: Task, b: Task): boolean => equals(TaskReviewSchema, a.review!, b.review!)
const sameSource = (a: Task, b: Task): boolean => equals(TaskInputSourceSchema, a.inputSource!, b.inputSource!)

/** Only the owner decides who works and who reviews (decisions §9). @throws ApiError */
const checkChange = async (tx: Db, app: AppInUse, before: Task, after: Task, path: string): Promise<void> => {
  const people = !sameWorkers(before, after) || !sameReview(before, after)
  if (people && app.role !== 'owner')
    throw new ApiError(
      StatusCode.TASK_PERMISSION_DENIED,
      `${path}.${sameWorkers(before, after) ? 'review' : 'worker'}: only the owner of the app may change who works and who reviews`,
    )
  if (people) await checkPeople(tx, app, after, path)
}

/** Brings the work of a task in line with what was changed about it. */
export const rearrange = async (tx: Db, app: AppInUse, before: Task, row: TaskRow, path: string, deps: Deps) => {
  const { reviewsOwnWork } = appSettings(await appMessageOf(tx, app.no))
  const work = taskInUse(app, row, reviewsOwnWork, { now: deps.now(), newId: deps.newId })
  const after = work.task
  const source = !sameSource(before, after)
  if (source) await setInputs(tx, work, await inputsOf(tx, app.no, after.inputSource!, `${path}.input_source`))
  const review = !sameReview(before, after)
  if (source || review || !sameWorkers(before, after)) await giveOut(tx, work)
  else return
  const waiting = await assignmentsInState(tx, app.no, row.id, [StatusCode.TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW])
  await settleInputs(
    tx,
    work,
    waiting.map((one) => one.input_id),
  )
  if (review) await settleReviews(tx, work)
}

/** Those that are not there are passed over, so that it may be repeated. What people made in them stays. */
const deleteTasks: MethodImpl<typeof V2.method.deleteTasks> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteTasks')
  checkBatch(request.ids, 'ids', deps.limits.batch)
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const rows = (await tasksById(tx, app.no, request.ids)).filter((row) => row.deleted_at === null)
    for (const row of rows) {
      const { rev, at } = await nextRev(tx, app.no, deps.now())
      await putTasks(tx, [{ ...row, rev, deleted_at: at, deleted_by: app.callerId }])
      await appendHistory(tx, [itemHistory('task', app, row.id, { rev, at }, row.message, null)])
    }
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

/** The task RPCs of clarifai.api.V2 (api.md §2.6). */
export const taskMethods = {
  postTasks,
  getTask,
  listTasks: listSomeTasks,
  patchTasks,
  deleteTasks,
  putTaskAssignments,
  listNextTaskAssignments,
  getTaskAnnotationCount,
  getTaskInputCount,
  patchAnnotationsStatus,
} satisfies V2Methods
