import { WorkState } from '#gen/marquee/v1/team_pb.ts'
import {
  TaskReview_TaskReviewStrategy as Review,
  TaskInputSource_TaskInputSourceType as Source,
  TaskWorker_TaskWorkerStrategy as Strategy,
  Task_TaskType as Type,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { Order } from '#model/orders.ts'
import { inBatches } from './batches.ts'
import type { Clients } from './client.ts'
import { addToDataset, makeDataset } from './datasets.ts'
import { ok } from './errors.ts'
import { type AppScope, userAppId } from './scope.ts'
import { workItems } from './work.ts'

/** Who has an order that is not done on which input. */
export async function openOrders(
  clients: Clients,
  scope: AppScope,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>()
  for (let after = ''; ; ) {
    const filter = { task: '', workers: [], state: WorkState.OPEN, perPage: 1000, after }
    const { items, nextPage } = await workItems(clients, scope, filter, signal)
    for (const { input, workerId } of items) {
      const inputId = input?.inputId ?? ''
      found.set(inputId, [...(found.get(inputId) ?? []), workerId])
    }
    if (nextPage === '') return found
    after = nextPage
  }
}

/** Who last drew a region on each input or set a concept of it; inputs that nobody has labelled are absent. */
export async function lastAuthors(
  clients: Clients,
  scope: AppScope,
  inputIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const some of inBatches(inputIds))
    for (let page = 1; ; page++) {
      const asked = { userAppId: userAppId(scope), inputIds: some, page, perPage: 1000 }
      const { annotations } = ok(await clients.api.listAnnotations(asked, { signal }))
      // oldest first, so that the last one stays
      for (const { inputId, userId, inputLevel, data } of annotations)
        if (!inputLevel && userId !== '' && data && data.regions.length + data.concepts.length > 0)
          found.set(inputId, userId)
      if (annotations.length < 1000) break
    }
  return found
}

/** Makes orders, and says after each call how many are made. What is made stays when a call fails. @throws its failure */
export async function postOrders(
  clients: Clients,
  scope: AppScope,
  orders: readonly Order[],
  batch: string,
  made: (orders: readonly Order[]) => void,
): Promise<void> {
  for (const some of inBatches(orders)) {
    ok(
      await clients.api.postAnnotations({
        userAppId: userAppId(scope),
        annotations: some.map(({ inputId, userId, id }) => ({
          inputId,
          id,
          userId,
          status: { code: StatusCode.ANNOTATION_PENDING },
          annotationInfo: { marquee: { assignment: batch } },
        })),
      }),
    )
    made(some)
  }
}

/** Orders that are taken back, or what somebody who has gone left. @throws ApiFailure */
export async function deleteAll(
  clients: Clients,
  scope: AppScope,
  annotations: readonly Pick<Order, 'inputId' | 'id'>[],
): Promise<void> {
  for (const some of inBatches(annotations))
    ok(
      await clients.api.deleteAnnotations({
        userAppId: userAppId(scope),
        inputIds: some.map(({ inputId }) => inputId),
        ids: some.map(({ id }) => id),
      }),
    )
}

/** A task whose people fetch their work from one queue. The API knows lists of inputs as datasets. */
export async function postQueue(
  clients: Clients,
  scope: AppScope,
  queue: {
    readonly id: string
    readonly name: string
    readonly inputIds: readonly string[]
    readonly people: readonly string[]
    readonly reviewers: readonly string[]
  },
): Promise<void> {
  const app = userAppId(scope)
  await makeDataset(clients, scope, queue.id, queue.name)
  await addToDataset(clients, scope, queue.id, queue.inputIds)
  const users = (ids: readonly string[]) => ids.map((id) => ({ id }))
  ok(
    await clients.api.postTasks({
      userAppId: app,
      tasks: [
        {
          id: queue.id,
          name: queue.name,
          type: Type.BOUNDING_BOX_DETECTION,
          inputSource: { type: Source.DATASET, id: queue.id },
          worker: {
            strategy: Strategy.DYNAMIC,
            workers: users(queue.people).map((value) => ({ worker: { case: 'user' as const, value } })),
          },
          review:
            queue.reviewers.length > 0
              ? { strategy: Review.MANUAL, users: users(queue.reviewers) }
              : { strategy: Review.NONE },
        },
      ],
    }),
  )
}
