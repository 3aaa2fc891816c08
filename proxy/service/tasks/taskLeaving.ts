import { clone, create } from '@bufbuild/protobuf'
import {
  TaskWorker_TaskWorkerStrategy as Strategy,
  type Task,
  TaskSchema,
  type TaskWorker,
  TaskWorkerPartitionedStrategyInfoSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import type { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import type { Db } from '#proxy/store/open.ts'
import { tasksOfPerson } from '#proxy/store/tasks.ts'
import { peopleNeeded, peoplePerInput, reviewerIds, weightsOf, workerIds } from './taskDraft.ts'
import { storedTask } from './taskInUse.ts'
import { rearrange, write } from './tasks.ts'

/** What going has changed of one task: the write that took them out, and its time (µs), which the work it moved carries. */
export interface LeftTask {
  readonly task: string
  readonly rev: number
  readonly at: number
}

/**
 * Somebody leaves an app: what they have submitted stays theirs, what they have not goes to the others of the task. The
 * last worker of a task stays named in it, so that their work is found when its owner names somebody else.
 * @returns what taskReturning.ts needs to bring them back
 */
export const leaveTasks = async (tx: Db, app: AppInUse, userId: string, deps: Deps): Promise<LeftTask[]> => {
  const left: LeftTask[] = []
  for (const before of await tasksOfPerson(tx, app.no, userId)) {
    const task = storedTask(before)
    const after = withoutPerson(task, userId)
    const row = await write(tx, app, after, before.status_code as StatusCode, deps, before)
    const at = Number(row.modified_at)
    await rearrange(tx, app, task, row, 'task', { ...deps, now: () => at })
    left.push({ task: row.id, rev: Number(row.rev), at })
  }
  return left
}

/**
 * The same task without them; what asked for more people than are left asks for as many as there are, and for reviewers
 * where one alone is left.
 */
export const withoutPerson = (task: Task, userId: string): Task => {
  const after = clone(TaskSchema, task)
  if (after.review && reviewerIds(after.review).includes(userId))
    after.review.users = after.review.users.filter(({ id }) => id !== userId)
  const left = workerIds(after.worker).filter((id) => id !== userId)
  if (!after.worker || left.length === 0 || left.length === after.worker.workers.length) return after
  after.worker.workers = after.worker.workers.filter(
    ({ worker }) => worker.case !== 'user' || worker.value.id !== userId,
  )
  if (after.worker.strategy === Strategy.PARTITIONED) partAnew(after.worker, userId)
  const info = after.review?.strategyInfo
  if (info?.case === 'consensusStrategyInfo') {
    const needed = after.worker.strategy === Strategy.DYNAMIC ? left.length : peopleNeeded(after)
    info.value.approvalThresholdLabelers = lowered(info.value.approvalThresholdLabelers, needed)
    info.value.approvalThreshold = lowered(info.value.approvalThreshold, needed)
  }
  return after
}

/** One alone agrees with nobody: where so few are left the reviewers decide (0). */
const lowered = (threshold: number, people: number): number => {
  if (threshold <= people) return threshold
  return people < 2 ? 0 : people
}

/** Weights that no longer fit are dropped: all get the same share. */
const partAnew = (worker: TaskWorker, userId: string): void => {
  const info = create(TaskWorkerPartitionedStrategyInfoSchema, worker.strategyInfo.value)
  info.workersPerInput = Math.min(peoplePerInput(worker), worker.workers.length)
  const { [userId]: _, ...weights } = info.weights ?? {}
  if (info.weights) info.weights = weights
  worker.strategyInfo = { case: 'partitionedStrategyInfo', value: info }
  const shares = weightsOf(worker)
  const total = shares.reduce((sum, { weight }) => sum + weight, 0)
  if (shares.every(({ weight }) => weight * info.workersPerInput <= total * (1 + 1e-9))) return
  info.type = 1
  delete info.weights
}
