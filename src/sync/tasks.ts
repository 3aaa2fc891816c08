import { create, toBinary } from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'
import type { PersonProgress, TaskProgress } from '#gen/marquee/v1/team_pb.ts'
import { type Task, TaskSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { Clients } from './client.ts'
import { ApiFailure, failureOf, ok } from './errors.ts'
import { queryKeys } from './queryKeys.ts'
import { type AppScope, userAppId } from './scope.ts'

interface Context {
  readonly signal: AbortSignal
}

const PER_PAGE = 128

/** Every task of an app, newest first. */
export const tasksQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: queryKeys.tasks(scope),
  queryFn: async ({ signal }: Context): Promise<readonly Task[]> => {
    const all: Task[] = []
    for (let page = 1; ; page++) {
      const { tasks } = ok(
        await clients.api.listTasks({ userAppId: userAppId(scope), page, perPage: PER_PAGE }, { signal }),
      )
      all.push(...tasks)
      if (tasks.length < PER_PAGE) return all.sort(newestFirst)
    }
  },
})

const newestFirst = (a: Task, b: Task): number => Number(b.createdAt?.seconds ?? 0) - Number(a.createdAt?.seconds ?? 0)

/** How far tasks are, by their id. Empty on a server that does not count it. */
export const taskProgressQuery = (clients: Clients, scope: AppScope, taskIds: readonly string[]) => ({
  queryKey: [...queryKeys.work(scope), 'progress', taskIds] as const,
  queryFn: async ({ signal }: Context): Promise<ReadonlyMap<string, TaskProgress>> => {
    const team = await clients.team()
    const found = new Map<string, TaskProgress>()
    for (let from = 0; from < taskIds.length; from += PER_PAGE) {
      const asked = { userId: scope.owner, appId: scope.app, taskIds: taskIds.slice(from, from + PER_PAGE) }
      const { tasks } = await team.listTaskProgress(asked, { signal }).catch(absent)
      for (const progress of tasks) found.set(progress.taskId, progress)
    }
    return found
  },
  enabled: taskIds.length > 0,
})

const absent = (error: unknown): { tasks: TaskProgress[] } => {
  if (error instanceof ConnectError && error.code === Code.Unimplemented) return { tasks: [] }
  throw error
}

/** Sum of a task's people, by state. */
export const totalOf = (progress: TaskProgress | undefined) => {
  const { todo = 0, begun = 0, returned = 0, waiting = 0, done = 0 } = progress?.counts ?? {}
  const unassigned = progress?.unassigned ?? 0
  return {
    todo: todo + unassigned,
    begun,
    returned,
    waiting,
    done,
    total: todo + begun + returned + waiting + done + unassigned,
  }
}

export type PersonLine = PersonProgress

export interface TaskShare {
  readonly userId: string
  /** would be given to them */
  readonly fresh: number
  /** begun or submitted by them: stays theirs */
  readonly kept: number
}

/**
 * Who would get what of a task that is made (or, with an id, changed) like this; null where the server cannot tell.
 * Nothing is written. @throws ApiFailure, ConnectError for what is wrong about it
 */
export const taskSharesQuery = (clients: Clients, scope: AppScope, task: TaskInit[number] | undefined) => ({
  queryKey: [...queryKeys.tasks(scope), 'preview', task] as const,
  queryFn: async ({ signal }: Context): Promise<{ inputs: number; shares: readonly TaskShare[] } | null> => {
    const bytes = toBinary(TaskSchema, create(TaskSchema, task))
    const team = await clients.team()
    return team
      .previewTask({ userId: scope.owner, appId: scope.app, task: bytes }, { signal })
      .catch((error: unknown) => {
        if (error instanceof ConnectError && error.code === Code.Unimplemented) return null
        throw error
      })
  },
  enabled: task !== undefined,
  retry: false,
  staleTime: 10_000,
})

type TaskInit = NonNullable<Parameters<Clients['api']['postTasks']>[0]['tasks']>

/** @throws ApiFailure with the field the server names */
export const postTask = async (clients: Clients, scope: AppScope, task: TaskInit[number]): Promise<Task> =>
  only((await clients.api.postTasks({ userAppId: userAppId(scope), tasks: [task] })) as TasksAnswer)

/** A task as it is now. @throws ApiFailure, with TASK_MISSING where it has been deleted */
export const readTask = async (clients: Clients, scope: AppScope, taskId: string): Promise<Task> =>
  ok(await clients.api.getTask({ userAppId: userAppId(scope), taskId })).task!

const onlyOverSeen = { headers: { 'x-marquee-compare': 'modified_at' } }

/**
 * Lays what is set over the task. With `modifiedAt` only over that version of it; a server that does not compare lays it
 * over whatever is there. @throws ApiFailure with the field the server names; {@link isChangedMeanwhile}
 */
const patchTask = async (clients: Clients, scope: AppScope, task: TaskInit[number]): Promise<Task> =>
  only(
    (await clients.api.patchTasks(
      { userAppId: userAppId(scope), action: 'overwrite', tasks: [task] },
      task.modifiedAt ? onlyOverSeen : {},
    )) as TasksAnswer,
  )

/** Somebody else was faster. */
const isChangedMeanwhile = (error: unknown): boolean =>
  error instanceof ApiFailure && error.code === StatusCode.TASK_CONFLICT

/** So often somebody else may be faster before it is said. */
const TRIES = 5

/**
 * Changes a task as it is now: `change` is asked again, of the newer one, when somebody else has written in between.
 * Undefined: nothing is to be changed. @throws ApiFailure, and what `change` throws
 */
export const changeTask = async (
  clients: Clients,
  scope: AppScope,
  taskId: string,
  change: (now: Task) => TaskInit[number] | undefined,
): Promise<Task> => {
  for (let left = TRIES; ; left--) {
    const now = await readTask(clients, scope, taskId)
    const patch = change(now)
    if (!patch) return now
    try {
      return await patchTask(clients, scope, now.modifiedAt ? { ...patch, modifiedAt: now.modifiedAt } : patch)
    } catch (error) {
      if (!isChangedMeanwhile(error) || left <= 1) throw error
    }
  }
}

type TasksAnswer = Awaited<ReturnType<Clients['api']['postTasks']>>

/** The answer's one task; its own status says more than that of the whole. */
function only({ status, tasks: [task] }: TasksAnswer): Task {
  if (status?.code === StatusCode.SUCCESS && task) return task
  throw failureOf(task?.status && task.status.code !== StatusCode.SUCCESS ? task.status : status, task?.id)
}

/** @throws ApiFailure */
export const deleteTask = async (clients: Clients, scope: AppScope, id: string): Promise<void> => {
  ok(await clients.api.deleteTasks({ userAppId: userAppId(scope), ids: [id] }))
}

/** Takes a deletion back: the task and its work are as they were. @throws ConnectError */
export const restoreTask = async (clients: Clients, scope: AppScope, id: string): Promise<void> => {
  await (await clients.team()).restoreTasks({ userId: scope.owner, appId: scope.app, taskIds: [id] })
}
