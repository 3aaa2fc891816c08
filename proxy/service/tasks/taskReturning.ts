import { clone, create, equals } from '@bufbuild/protobuf'
import {
  TaskWorker_TaskWorkerStrategy as Strategy,
  type Task,
  TaskInputSourceSchema,
  TaskReviewSchema,
  TaskSchema,
  type TaskWorker,
  TaskWorkerPartitionedStrategyInfoSchema,
  TaskWorkerSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { appSettings } from '#proxy/service/appSettings.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { writeOf } from '#proxy/store/history.ts'
import type { Db } from '#proxy/store/open.ts'
import {
  type AssignmentRow,
  assignmentsWithdrawnAt,
  standingAssignments,
  updateAssignments,
} from '#proxy/store/taskAssignments.ts'
import { resetFree } from '#proxy/store/taskInputs.ts'
import { appMessageOf, taskById } from '#proxy/store/tasks.ts'
import { giveOut } from './taskArrange.ts'
import { peopleNeeded, peoplePerInput, reviewerIds, workerIds } from './taskDraft.ts'
import { leaseMicros, storedTask, type TaskInUse, taskInUse } from './taskInUse.ts'
import type { LeftTask } from './taskLeaving.ts'
import { write } from './tasks.ts'

/** Pieces of work that are theirs again, that others have begun meanwhile, and tasks they are in again. */
export interface Returned {
  readonly returned: number
  readonly elsewhere: number
  readonly tasks: number
}

/**
 * The inverse of leaving: they are in the tasks again that going took from them, and have what they had open. What
 * others have begun meanwhile stays with them, and tasks that were deleted or purged since are passed over.
 */
export const returnToTasks = async (
  tx: Db,
  app: AppInUse,
  userId: string,
  left: readonly LeftTask[],
  deps: Deps,
): Promise<Returned> => {
  const all = { returned: 0, elsewhere: 0, tasks: 0 }
  for (const one of left) {
    const found = await returnToTask(tx, app, userId, one, deps)
    if (!found) continue
    all.returned += found.returned
    all.elsewhere += found.elsewhere
    all.tasks++
  }
  return all
}

const returnToTask = async (
  tx: Db,
  app: AppInUse,
  userId: string,
  { task: id, rev, at }: LeftTask,
  deps: Deps,
): Promise<Omit<Returned, 'tasks'> | undefined> => {
  const row = await taskById(tx, app.no, id)
  const left = await writeOf(tx, app.no, rev)
  if (!row || !left?.before || !left.after) return undefined
  const [now, before, after] = [row.message, left.before, left.after].map((message) => storedTask({ message }))
  const next = withPerson(now!, before!, after!, userId)
  if (equals(TaskSchema, next, now!)) return undefined
  const written = await write(tx, app, next, row.status_code as StatusCode, deps, row)
  const { reviewsOwnWork } = appSettings(await appMessageOf(tx, app.no))
  const work = taskInUse(app, written, reviewsOwnWork, { now: deps.now(), newId: deps.newId })
  return takeUp(tx, work, userId, at, sameWork(now!, after!))
}

const sameWorkers = (a: Task, b: Task): boolean => equals(TaskWorkerSchema, a.worker!, b.worker!)

/** Nothing was given out anew since. */
const sameWork = (a: Task, b: Task): boolean =>
  sameWorkers(a, b) && equals(TaskInputSourceSchema, a.inputSource!, b.inputSource!)

/**
 * A task as it is now, with the places in it that somebody lost by going: exactly as it was where nobody has changed
 * them since. @param before, after that
 */
export const withPerson = (now: Task, before: Task, after: Task, userId: string): Task => {
  const next = clone(TaskSchema, now)
  const lost = (ids: (task: Task) => string[]) =>
    ids(before).includes(userId) && !ids(after).includes(userId) && !ids(now).includes(userId)
  const [works, reviews] = [lost(({ worker }) => workerIds(worker)), lost(({ review }) => reviewerIds(review))]
  // thresholds of a consensus are of the review, and sank with the number of workers
  const sameReview = equals(TaskReviewSchema, now.review!, after.review!)
  if (works) next.worker = sameWorkers(now, after) ? before.worker! : withWorker(next.worker!, before.worker!, userId)
  if (sameReview && (reviews || (works && sameWorkers(now, after)))) next.review = before.review!
  else if (reviews) next.review!.users.push(before.review!.users.find(({ id }) => id === userId)!)
  return next
}

/** With the weight they had where it still fits, else with that of the others in the middle. */
const withWorker = (worker: TaskWorker, before: TaskWorker, userId: string): TaskWorker => {
  const place = workerIds(before).indexOf(userId)
  worker.workers.splice(place, 0, before.workers[place]!)
  const info = worker.strategyInfo.value
  if (worker.strategy !== Strategy.PARTITIONED || info?.type !== 2) return worker
  const others = Object.values(info.weights ?? {}).map(Number)
  const total = others.reduce((sum, weight) => sum + weight, 0)
  const had = Number(before.strategyInfo.value?.weights?.[userId] ?? 0)
  const fits = had > 0 && had * peoplePerInput(worker) <= total + had
  const weights = { ...info.weights, [userId]: fits ? had : total / others.length }
  const value = create(TaskWorkerPartitionedStrategyInfoSchema, { ...info, weights })
  return Object.assign(worker, { strategyInfo: { case: 'partitionedStrategyInfo' as const, value } })
}

const isIdle = (row: AssignmentRow): boolean =>
  row.status_code === StatusCode.TASK_ASSIGNMENT_PENDING && row.started === 0 && row.round === 0

/**
 * Gives back what going took, wherever an input still lacks somebody when what nobody has begun is set aside.
 * @param at when they went  @param asWas nothing was given out anew since: everybody has what they had before
 */
const takeUp = async (
  tx: Db,
  work: TaskInUse,
  userId: string,
  at: number,
  asWas: boolean,
): Promise<Omit<Returned, 'tasks'>> => {
  const [app, taskId] = [work.app.no, work.row.id]
  const standing = await standingAssignments(tx, app, taskId)
  const aside = standing.filter((row) => isIdle(row) && (!asWas || Number(row.created_at) === at))
  const taken = new Set(standing.filter((row) => !aside.includes(row)).map(pairOf))
  const people = Map.groupBy(taken, (pair) => pair.slice(0, pair.lastIndexOf('/')))
  const has = new Map([...people].map(([input, pairs]) => [input, pairs.length]))
  const gone = await assignmentsWithdrawnAt(tx, app, taskId, at)
  const wanted = gone.filter((row) => (asWas ? true : row.worker_id === userId && !isIdle(row)))
  const need = peopleNeeded(work.task)
  const back = wanted.filter((row) => {
    const there = has.get(row.input_id) ?? 0
    if (taken.has(pairOf(row)) || there >= need) return false
    has.set(row.input_id, there + 1)
    return true
  })
  if (asWas) await set(tx, work, aside, { withdrawn_at: work.now, lease_until: null, modified_at: work.now })
  await set(tx, work, back, { withdrawn_at: null, modified_at: work.now })
  if (work.dynamic) {
    const leased = back.filter((row) => row.round === 0 && row.status_code === StatusCode.TASK_ASSIGNMENT_PENDING)
    await set(tx, work, leased, { lease_until: work.now + leaseMicros })
    await resetFree(tx, app, taskId, need)
  } else if (!asWas) await giveOut(tx, work)
  const theirs = (rows: readonly AssignmentRow[]) => rows.filter((row) => row.worker_id === userId).length
  return { returned: theirs(back), elsewhere: theirs(wanted) - theirs(back) }
}

const pairOf = (row: AssignmentRow): string => `${row.input_id}/${row.worker_id}`

const set = (
  tx: Db,
  { app, row }: TaskInUse,
  rows: readonly AssignmentRow[],
  values: Parameters<typeof updateAssignments>[4],
): Promise<void> =>
  updateAssignments(
    tx,
    app.no,
    row.id,
    rows.map(({ id }) => id),
    values,
  )
