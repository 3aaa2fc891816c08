import type { ListWorkItemsResponse, ListWorkResponse, WorkItem, WorkState } from '#gen/marquee/v1/team_pb.ts'
import type { Task, TaskAssignment } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { PutTaskAssignmentsRequestAction as Action } from '#gen/web/proto/clarifai/api/service_pb.ts'
import type { Clients } from './client.ts'
import { ok } from './errors.ts'
import { queryKeys } from './queryKeys.ts'
import { type AppScope, userAppId } from './scope.ts'

interface Context {
  readonly signal: AbortSignal
}

/** What the caller has to label and to review in an app. */
export const workQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: [...queryKeys.work(scope), 'list'] as const,
  queryFn: async ({ signal }: Context): Promise<ListWorkResponse> =>
    (await clients.team()).listWork({ userId: scope.owner, appId: scope.app }, { signal }),
})

export interface WorkFilter {
  /** empty: the orders outside of tasks */
  readonly task: string
  /** whose; empty: everybody the caller may see */
  readonly workers: readonly string[]
  readonly state?: WorkState
  readonly input?: string
  /** `next_page` of the page before */
  readonly after?: string
  /** 1–1000 */
  readonly perPage?: number
}

/** One page of the work of a task, in the order of the queue. */
export const workItems = async (
  clients: Clients,
  scope: AppScope,
  filter: WorkFilter,
  signal?: AbortSignal,
): Promise<ListWorkItemsResponse> =>
  (await clients.team()).listWorkItems(
    {
      userId: scope.owner,
      appId: scope.app,
      taskId: filter.task,
      workerIds: [...filter.workers],
      state: filter.state ?? 0,
      inputId: filter.input ?? '',
      after: filter.after ?? '',
      perPage: filter.perPage ?? 60,
    },
    signal ? { signal } : {},
  )

/** The pages of such a list, for useInfiniteQuery. */
export const workPagesQuery = (clients: Clients, scope: AppScope, filter: Omit<WorkFilter, 'after'>) => ({
  queryKey: [...queryKeys.work(scope), 'items', filter] as const,
  queryFn: ({ signal, pageParam }: Context & { pageParam: string }): Promise<ListWorkItemsResponse> =>
    workItems(clients, scope, { ...filter, after: pageParam }, signal),
  initialPageParam: '',
  getNextPageParam: ({ nextPage }: ListWorkItemsResponse): string | undefined => nextPage || undefined,
})

export const taskQuery = (clients: Clients, scope: AppScope, task: string) => ({
  queryKey: queryKeys.task(scope, task),
  queryFn: async ({ signal }: Context): Promise<Task> =>
    ok(await clients.api.getTask({ userAppId: userAppId(scope), taskId: task }, { signal })).task!,
})

/**
 * LABEL_START: the caller's next assignments, up to ten, the same ones until they are submitted; where work is first
 * come, it takes them and renews the leases. @throws ApiFailure
 */
export const startLabeling = async (
  clients: Clients,
  scope: AppScope,
  task: string,
): Promise<readonly TaskAssignment[]> =>
  ok(await clients.api.putTaskAssignments({ userAppId: userAppId(scope), taskId: task, action: Action.LABEL_START }))
    .taskAssignments

/**
 * Says that the caller has this work open, again every 30 s: a shared queue keeps it for them. Returns it as it is now.
 * @throws ConnectError when it is not theirs any more, was deleted, or its task does not go on
 */
export const openWork = async (
  clients: Clients,
  scope: AppScope,
  { task, item, input }: Pick<Visit, 'task' | 'item' | 'input'>,
): Promise<WorkItem | undefined> => {
  const team = await clients.team()
  return (await team.openWork({ userId: scope.owner, appId: scope.app, taskId: task, itemId: item, inputId: input }))
    .item
}

export interface Visit {
  /** empty: an order */
  readonly task: string
  readonly item: string
  readonly input: string
  /** another each time the work is opened */
  readonly visit: string
  /** active until now */
  readonly seconds: number
}

/** Adds to the time that the caller was active on work; a report that comes twice counts once. */
export const recordTime = async (clients: Clients, scope: AppScope, visit: Visit): Promise<void> => {
  await (await clients.team()).recordTime({
    userId: scope.owner,
    appId: scope.app,
    taskId: visit.task,
    itemId: visit.item,
    inputId: visit.input,
    visitId: visit.visit,
    seconds: visit.seconds,
  })
}
