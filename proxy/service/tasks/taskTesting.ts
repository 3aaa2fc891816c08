import { create, type MessageInitShape } from '@bufbuild/protobuf'
import {
  type Task,
  type TaskReview,
  type TaskReviewConsensusStrategyInfoSchema,
  type TaskReviewManualStrategyInfoSchema,
  TaskReviewSchema,
  type TaskSchema,
  type TaskWorker,
  type TaskWorkerPartitionedStrategyInfoSchema,
  TaskWorkerSchema,
  UserAppIDSetSchema,
  WorkerSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  PutTaskAssignmentsRequestAction as Action,
  PatchTasksRequestSchema,
  PostTasksRequestSchema,
  PutTaskAssignmentsRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { Client } from '#proxy/service/annotations/annotationTesting.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { addApp, addCollaborator, addInput, addUser, callBy, testDeps, testNow } from '#proxy/service/testing.ts'
import type { Store } from '#proxy/store/open.ts'
import { taskMethods } from './tasks.ts'

type Init<S extends Parameters<typeof create>[0]> = Omit<MessageInitShape<S>, '$typeName'>
export type SentTask = Init<typeof TaskSchema>

export const userAppId = create(UserAppIDSetSchema, { userId: 'owner', appId: 'demo' })

const labeling = [
  ...['Apps', 'Inputs', 'Concepts', 'Annotations'].flatMap((what) => [`${what}_Get`, `${what}_Add`]),
  'Annotations_Delete',
]

/** A clock that tests move. */
export class Clock {
  now = testNow
  wait(seconds: number): void {
    this.now += seconds * 1_000_000
  }
}

/** An assignment as tests look at it. */
export interface Seen {
  readonly id: string
  readonly input: string
  readonly worker: string
  readonly code: number
  readonly details: string
}

/** What one person does with tasks and their annotations, in the app `demo` of `owner`. */
export class TaskClient extends Client {
  readonly #deps: Deps

  constructor(deps: Deps, userId: string) {
    super(deps, userId)
    this.#deps = deps
  }

  async postTasks(...tasks: SentTask[]) {
    const request = create(PostTasksRequestSchema, { userAppId, tasks })
    return taskMethods.postTasks(request, callBy(this.userId), this.#deps)
  }

  /** The one task that was made. @throws Error when it was refused */
  async task(task: SentTask): Promise<Task> {
    const { status, tasks } = await this.postTasks(task)
    if (status?.code !== 10000) throw new Error(`refused: ${status?.details}`)
    return tasks[0]!
  }

  async patchTasks(action: string, ...tasks: SentTask[]) {
    const request = create(PatchTasksRequestSchema, { userAppId, action, tasks })
    return taskMethods.patchTasks(request, callBy(this.userId), this.#deps)
  }

  /** One action; the whole answer. */
  async put(taskId: string, request: Init<typeof PutTaskAssignmentsRequestSchema>) {
    const full = create(PutTaskAssignmentsRequestSchema, { ...request, userAppId, taskId })
    const answer = await taskMethods.putTaskAssignments(full, callBy(this.userId), this.#deps)
    const seen = answer.taskAssignments.map((item): Seen => {
      const worker = item.worker?.worker
      return {
        id: item.id,
        input: item.input?.id ?? '',
        worker: worker?.case === 'user' ? worker.value.id : '',
        code: item.status?.code ?? 0,
        details: item.status?.details ?? '',
      }
    })
    return { code: answer.status?.code ?? 0, details: answer.status?.details ?? '', seen }
  }

  async start(taskId: string): Promise<Seen[]> {
    return (await this.put(taskId, { action: Action.LABEL_START })).seen
  }

  async submit(taskId: string, ...ids: string[]): Promise<Seen[]> {
    const taskAssignments = ids.map((id) => ({ id }))
    const value = { taskAssignments }
    return (
      await this.put(taskId, {
        action: Action.LABEL_SUBMIT,
        actionConfig: { case: 'labelSubmitConfig', value },
      })
    ).seen
  }

  async startReview(taskId: string, ...workers: string[]): Promise<Seen[]> {
    const value = { workers: workers.map(user) }
    const actionConfig = { case: 'reviewStartConfig' as const, value }
    return (await this.put(taskId, { action: Action.REVIEW_START, actionConfig })).seen
  }

  async approve(taskId: string, ...ids: string[]): Promise<Seen[]> {
    const value = { taskAssignments: ids.map((id) => ({ id })) }
    const actionConfig = { case: 'reviewApproveConfig' as const, value }
    return (await this.put(taskId, { action: Action.REVIEW_APPROVE, actionConfig })).seen
  }

  async requestChanges(taskId: string, ...ids: string[]): Promise<Seen[]> {
    const value = { taskAssignments: ids.map((id) => ({ id })) }
    const actionConfig = { case: 'reviewRequestChangesConfig' as const, value }
    return (await this.put(taskId, { action: Action.REVIEW_REQUEST_CHANGES, actionConfig })).seen
  }

  async reject(taskId: string, ...ids: string[]): Promise<Seen[]> {
    const value = { taskAssignments: ids.map((id) => ({ id })) }
    const actionConfig = { case: 'reviewRejectConfig' as const, value }
    return (await this.put(taskId, { action: Action.REVIEW_REJECT, actionConfig })).seen
  }
}

export interface TaskWorld {
  readonly app: number
  readonly deps: Deps
  readonly clock: Clock
  /** `owner`, `w0` … `w6` who label, `r0`, `r1` who review, `lead` who may make tasks. */
  who(id: string): TaskClient
}

/** App `demo` of `owner` with ten collaborators and `count` inputs `i0`, `i1` …; `settings` are the app's. */
export const aTaskWorld = async (store: Store, count: number, settings = {}): Promise<TaskWorld> => {
  const clock = new Clock()
  const deps = testDeps(store, { now: () => clock.now })
  const labelers = Array.from({ length: 7 }, (_, i) => `w${i}`)
  for (const id of ['owner', 'lead', 'stranger', 'r0', 'r1', ...labelers]) await addUser(store, id, id.toUpperCase())
  const app = await addApp(store, 'owner', 'demo', settings)
  for (const id of ['r0', 'r1', ...labelers]) await addCollaborator(store, app, id, [...labeling, 'Tasks_Get'])
  await addCollaborator(store, app, 'lead', [...labeling, 'Tasks_Add', 'Tasks_Delete'])
  for (let i = 0; i < count; i++) await addInput(store, app, `i${i}`, i)
  const clients = new Map<string, TaskClient>()
  const who = (id: string): TaskClient => {
    if (!clients.has(id)) clients.set(id, new TaskClient(deps, id))
    return clients.get(id)!
  }
  return { app, deps, clock, who }
}

export const user = (id: string) => create(WorkerSchema, { worker: { case: 'user', value: { id } } })

const strategies = { partitioned: 2, full: 3, dynamic: 4 } as const
const reviews = { unset: 0, none: 1, manual: 2, consensus: 3 } as const

export const workedBy = (
  strategy: keyof typeof strategies,
  ids: readonly string[],
  partition?: Init<typeof TaskWorkerPartitionedStrategyInfoSchema>,
): TaskWorker =>
  create(TaskWorkerSchema, {
    strategy: strategies[strategy],
    workers: ids.map(user),
    ...(partition && { strategyInfo: { case: 'partitionedStrategyInfo', value: partition } }),
  })

export const reviewedBy = (
  strategy: keyof typeof reviews,
  ids: readonly string[],
  info: {
    manual?: Init<typeof TaskReviewManualStrategyInfoSchema>
    consensus?: Init<typeof TaskReviewConsensusStrategyInfoSchema>
  } = {},
): TaskReview =>
  create(TaskReviewSchema, {
    strategy: reviews[strategy],
    users: ids.map((id) => ({ id })),
    ...(info.manual && { strategyInfo: { case: 'manualStrategyInfo', value: info.manual } }),
    ...(info.consensus && { strategyInfo: { case: 'consensusStrategyInfo', value: info.consensus } }),
  })

/** A task of these workers over all inputs, without review unless `more` says so. */
export const aTask = (
  strategy: keyof typeof strategies,
  workers: readonly string[],
  more: SentTask = {},
): SentTask => ({
  name: 'cars',
  type: 2,
  inputSource: { type: 1 },
  worker: workedBy(strategy, workers),
  review: reviewedBy('none', []),
  ...more,
})
