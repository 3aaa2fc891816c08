import { WorkState } from '#gen/marquee/v1/team_pb.ts'
import {
  type Annotation,
  TaskWorker_TaskWorkerStrategy as Strategy,
  type Task,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { isMarkedEmpty } from '#model/imageConcepts.ts'
import { deleteAll, openOrders } from './assign.ts'
import { inBatches } from './batches.ts'
import type { Clients } from './client.ts'
import { ok } from './errors.ts'
import { noteOf } from './notes.ts'
import { tasksQuery } from './people.ts'
import { queryKeys } from './queryKeys.ts'
import { type AppScope, userAppId } from './scope.ts'
import { workItems } from './work.ts'

/** An annotation by its place. */
export interface Left {
  readonly inputId: string
  readonly id: string
}

/** What somebody who has gone had not submitted. */
export interface LeftBehind {
  /** images that were assigned to them outside of tasks, and are still theirs to do */
  readonly orders: readonly Left[]
  /** their labels on these, or of no task */
  readonly ordered: readonly Left[]
  /** labels in tasks, whose image one other person has to do now */
  readonly inherited: readonly (Left & { readonly heir: string })[]
  /** labels in tasks on images that nobody else has to do for them: finished by others, or labelled apart */
  readonly loose: readonly Left[]
}

export const isNothing = ({ orders, ordered, inherited, loose }: LeftBehind): boolean =>
  orders.length + ordered.length + inherited.length + loose.length === 0

const PAGE = 1000

/** For the owner. @throws ApiFailure, ConnectError */
export const leftBehindQuery = (clients: Clients, scope: AppScope, personId: string) => ({
  queryKey: [...queryKeys.work(scope), 'left behind', personId] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<LeftBehind> => {
    const open = (await unfinished(clients, scope, personId, signal)).filter((one) => !noteOf(one) && !one.inputLevel)
    const orders = open.filter(isOrder)
    const labels = open.filter((one) => !isOrder(one))
    const taskIds = [...new Set(labels.map(({ taskId }) => taskId).filter((id) => id !== ''))]
    const heirs = new Map<string, string>()
    if (taskIds.length > 0)
      for (const task of (await tasksQuery(clients, scope).queryFn({ signal })).filter(({ id }) =>
        taskIds.includes(id),
      ))
        if (labelsOnce(task)) await addHeirs(clients, scope, task.id, heirs, signal)
    const inTasks = labels.filter(({ taskId }) => taskId !== '')
    const heirOf = ({ taskId, inputId }: Annotation) => heirs.get(`${taskId}/${inputId}`)
    return {
      orders: orders.map(placeOf),
      ordered: labels.filter(({ taskId }) => taskId === '').map(placeOf),
      inherited: inTasks.flatMap((one) => {
        const heir = heirOf(one)
        return heir === undefined ? [] : [{ ...placeOf(one), heir }]
      }),
      loose: inTasks.filter((one) => heirOf(one) === undefined).map(placeOf),
    }
  },
})

async function unfinished(
  clients: Clients,
  scope: AppScope,
  personId: string,
  signal: AbortSignal,
): Promise<readonly Annotation[]> {
  const all: Annotation[] = []
  for (let page = 1; ; page++) {
    const { annotations } = ok(
      await clients.api.listAnnotations(
        {
          userAppId: userAppId(scope),
          userIds: [personId],
          statuses: [{ code: StatusCode.ANNOTATION_PENDING }, { code: StatusCode.ANNOTATION_REVIEW_DENIED }],
          page,
          perPage: PAGE,
        },
        { signal },
      ),
    )
    all.push(...annotations)
    if (annotations.length < PAGE) return all
  }
}

const isOrder = (one: Annotation): boolean =>
  one.taskId === '' &&
  (!one.data || (one.data.regions.length === 0 && one.data.concepts.length === 0)) &&
  !isMarkedEmpty(one)

const placeOf = ({ inputId, id }: Left): Left => ({ inputId, id })

/** One person labels each input: whoever has it now goes on where the other stopped. */
const labelsOnce = ({ worker, review }: Task): boolean => {
  const info = worker?.strategyInfo.value
  if (worker?.strategy === Strategy.PARTITIONED) return (info?.workersPerInput || 1) === 1
  if (worker?.strategy === Strategy.FULL) return worker.workers.length === 1
  return review?.strategyInfo.case !== 'consensusStrategyInfo'
}

async function addHeirs(
  clients: Clients,
  scope: AppScope,
  task: string,
  heirs: Map<string, string>,
  signal: AbortSignal,
): Promise<void> {
  for (let after = ''; ; ) {
    const filter = { task, workers: [], state: WorkState.OPEN, perPage: PAGE, after }
    const { items, nextPage } = await workItems(clients, scope, filter, signal)
    for (const { input, workerId, workerLeft } of items)
      if (input && !workerLeft) heirs.set(`${task}/${input.inputId}`, workerId)
    if (nextPage === '') return
    after = nextPage
  }
}

/** An annotation and whose it is to be. */
export interface Given extends Left {
  readonly to: string
}

/** Gives annotations to other people, whose they are from now on: the owner's right. @throws ApiFailure */
export async function giveTo(clients: Clients, scope: AppScope, given: readonly Given[]): Promise<void> {
  for (const some of inBatches(given))
    ok(
      await clients.api.patchAnnotations({
        userAppId: userAppId(scope),
        action: 'merge',
        annotations: some.map(({ inputId, id, to }) => ({ inputId, id, userId: to })),
      }),
    )
}

/** @throws ConnectError */
export async function restoreLeft(clients: Clients, scope: AppScope, left: readonly Left[]): Promise<void> {
  for (const some of inBatches(left)) {
    const annotations = some.map(({ inputId, id }) => ({ inputId, annotationId: id }))
    await clients.studio.restoreAnnotations({ userId: scope.owner, appId: scope.app, annotations })
  }
}

/**
 * What becomes of assigned images when somebody gets them: the order and the labels are theirs; where they have an order
 * on the same image already, the other one goes.
 */
export async function handOver(
  clients: Clients,
  scope: AppScope,
  { orders, ordered }: LeftBehind,
  to: string,
): Promise<{ readonly given: readonly Left[]; readonly deleted: readonly Left[] }> {
  const has = await openOrders(clients, scope, new AbortController().signal)
  const doubled = (one: Left) => has.get(one.inputId)?.includes(to) ?? false
  const deleted = orders.filter(doubled)
  const given = [...orders.filter((one) => !doubled(one)), ...ordered]
  await giveTo(
    clients,
    scope,
    given.map((one) => ({ ...one, to })),
  )
  await deleteAll(clients, scope, deleted)
  return { given, deleted }
}
