import { create } from '@bufbuild/protobuf'
import {
  type ListWorkItemsRequest,
  type ListWorkItemsResponse,
  ListWorkItemsResponseSchema,
  ListWorkResponseSchema,
  type Team,
  type Work,
  WorkSchema,
} from '#gen/marquee/v1/team_pb.ts'
import { TaskReview_TaskReviewStrategy as Review } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { type AppSettings, appSettings } from '#proxy/service/appSettings.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { studioApp } from '#proxy/service/studio/studio.ts'
import {
  instructionsOf,
  isPaused,
  leaseMicros,
  loadTask,
  type TaskInUse,
  taskInUse,
} from '#proxy/service/tasks/taskInUse.ts'
import { timestampOf } from '#proxy/service/time.ts'
import type { Db } from '#proxy/store/open.ts'
import {
  countOrderInputs,
  countOrders,
  groupOrders,
  listOrders,
  type OrderFilter,
  orderPlaceOf,
} from '#proxy/store/orders.ts'
import { appMessageOf, type TaskRow, tasksOfPerson } from '#proxy/store/tasks.ts'
import {
  countWork,
  countWorkInputs,
  freeWork,
  groupWork,
  listWork,
  type WorkFilter,
  workPlaceOf,
} from '#proxy/store/work.ts'
import { countSince } from '#proxy/store/workEvents.ts'
import { assignmentItems, orderItems } from './teamItems.ts'
import { askedPeople, badRequest, reviewsOrders, seesEverybody, seesTask } from './teamRights.ts'
import { assignmentFilter, countsOf, orderFilter } from './workStates.ts'

const weekMicros = 7 * 24 * 3600 * 1_000_000

/** One line for each task the caller works in or reviews (the owner: every task), and one for orders when there are any. */
export const listMyWork: MethodImpl<typeof Team.method.listWork> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'readWork')
  const db = deps.store.read
  const settings = appSettings(await appMessageOf(db, app.no))
  const rows = await tasksOfPerson(db, app.no, app.role === 'owner' ? undefined : app.callerId)
  const work: Work[] = []
  for (const row of rows) work.push(await taskWork(db, row, settings, app, deps))
  // the more important first; they come oldest first
  work.sort((a, b) => b.priority - a.priority)
  const orders = await orderWork(db, settings, app, deps)
  const since = deps.now() - weekMicros
  const done = await countSince(db, app.no, [app.callerId], ['approve', 'agree', 'finish'], since)
  return create(ListWorkResponseSchema, {
    work: orders ? [...work, orders] : work,
    approvedThisWeek: done.get(app.callerId) ?? 0,
  })
}

const taskWork = async (db: Db, row: TaskRow, settings: AppSettings, app: AppInUse, deps: Deps): Promise<Work> => {
  const work = taskInUse(app, row, settings.reviewsOwnWork, { now: deps.now(), newId: deps.newId })
  const isWorker = work.workers.has(app.callerId)
  const mine = await groupWork(db, app.no, row.id, app.callerId)
  const reviews = work.isReviewer && work.rules.strategy !== 'none'
  const countWaiting = work.rules.strategy === 'consensus' ? countWorkInputs : countWork
  return create(WorkSchema, {
    taskId: row.id,
    name: work.task.name,
    type: work.task.type,
    priority: work.task.priority,
    instructions: instructionsOf(work.task),
    statusCode: row.status_code,
    isWorker,
    isReviewer: reviews,
    mine: countsOf(mine),
    unclaimed: isWorker && work.dynamic ? (await freeWork(db, app.no, row.id, app.callerId)).inputs : 0,
    toReview: reviews ? await countWaiting(db, app.no, row.id, reviewFilter(work)) : 0,
    reviewStrategy: work.task.review?.strategy ?? Review.TASK_REVIEW_STRATEGY_NOT_SET,
    modifiedAt: timestampOf(Number(row.modified_at)),
    paused: isPaused(work.task),
  })
}

/** What the caller may give a verdict on now. */
const reviewFilter = (work: TaskInUse): WorkFilter => ({
  statusCodes: [StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW],
  back: false,
  reviewableBy: {
    id: work.app.callerId,
    ownToo: work.reviewsOwnWork,
    exclusive: !work.rules.allReviewers,
    now: work.now,
  },
  ...hidden(work),
})

/** Reviewers who label in the same task do not see the others' work on what they still have to do (decisions §10). */
const hidden = ({ row, app }: TaskInUse): WorkFilter =>
  row.hides === 1 && app.role !== 'owner' ? { hiddenFrom: app.callerId } : {}

const orderWork = async (db: Db, settings: AppSettings, app: AppInUse, deps: Deps): Promise<Work | undefined> => {
  const mine = await groupOrders(db, app.no, app.callerId)
  const reviews = reviewsOrders(app, settings)
  const countWaiting = settings.review === 'consensus' ? countOrderInputs : countOrders
  const toReview = reviews ? await countWaiting(db, app.no, ordersToReview(settings, app, deps)) : 0
  if (mine.length === 0 && toReview === 0 && !(reviews && (await listOrders(db, app.no, {}, { limit: 1 })).length > 0))
    return undefined
  return create(WorkSchema, {
    statusCode: StatusCode.TASK_IN_PROGRESS,
    isWorker: mine.length > 0,
    isReviewer: reviews,
    mine: countsOf(mine),
    toReview,
    reviewStrategy: orderStrategies[settings.review],
  })
}

const orderStrategies = { none: Review.NONE, manual: Review.MANUAL, consensus: Review.CONSENSUS } as const

const ordersToReview = (settings: AppSettings, app: AppInUse, deps: Deps): OrderFilter => ({
  statusCodes: [StatusCode.ANNOTATION_AWAITING_REVIEW],
  back: false,
  reviewableBy: { id: app.callerId, ownToo: settings.reviewsOwnWork, openSince: deps.now() - leaseMicros },
})

/** Workers see their own work, reviewers and those who make tasks everybody's. */
export const listWorkItems: MethodImpl<typeof Team.method.listWorkItems> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'readWork')
  if (assignmentFilter(request.state) === undefined) throw badRequest('state', `${request.state} is none`)
  return request.taskId === '' ? listSomeOrders(request, app, deps) : listAssignments(request, app, deps)
}

const usualItems = 60

const limitOf = ({ perPage }: ListWorkItemsRequest, { limits }: Deps): number =>
  Math.min(perPage || usualItems, limits.pageSize)

const listAssignments = async (
  request: ListWorkItemsRequest,
  app: AppInUse,
  deps: Deps,
): Promise<ListWorkItemsResponse> => {
  const db = deps.store.read
  const work = await loadTask(db, app, request.taskId, deps)
  const filter = { ...assignmentFilterOf(request, work), ...(request.inputId && { inputId: request.inputId }) }
  const limit = limitOf(request, deps)
  const after = pageAfter(request.after, 'string')
  const rows = await listWork(db, app.no, work.row.id, filter, { limit: limit + 1, after: after?.place })
  const shown = rows.slice(0, limit)
  const before = after?.before ?? 0
  return create(ListWorkItemsResponseSchema, {
    items: await assignmentItems(db, shown, work, before, deps),
    nextPage: rows.length > limit ? nextPage(workPlaceOf(shown.at(-1)!), before + limit) : '',
    total: await countWork(db, app.no, work.row.id, filter),
  })
}

const assignmentFilterOf = (request: ListWorkItemsRequest, work: TaskInUse): WorkFilter => {
  const everybody = seesTask(work)
  const workerIds = askedPeople(request.workerIds, everybody, work.app.callerId)
  const people = workerIds ? { workerIds } : {}
  if (!request.reviewable) return { ...assignmentFilter(request.state), ...people, ...hidden(work) }
  if (!work.isReviewer)
    throw new ApiError(
      StatusCode.TASK_PERMISSION_DENIED,
      'reviewable: only the reviewers of the task and the owner of the app may review it',
    )
  return { ...reviewFilter(work), ...people }
}

const listSomeOrders = async (
  request: ListWorkItemsRequest,
  app: AppInUse,
  deps: Deps,
): Promise<ListWorkItemsResponse> => {
  const db = deps.store.read
  const settings = appSettings(await appMessageOf(db, app.no))
  const filter = {
    ...orderFilterOf(request, settings, app, deps),
    ...(request.inputId && { inputId: request.inputId }),
  }
  const limit = limitOf(request, deps)
  const after = pageAfter(request.after, 'number')
  const rows = await listOrders(db, app.no, filter, { limit: limit + 1, after: after?.place })
  const shown = rows.slice(0, limit)
  const before = after?.before ?? 0
  return create(ListWorkItemsResponseSchema, {
    items: await orderItems(db, shown, before, settings.review === 'consensus', app, deps),
    nextPage: rows.length > limit ? nextPage(orderPlaceOf(shown.at(-1)!), before + limit) : '',
    total: await countOrders(db, app.no, filter),
  })
}

const orderFilterOf = (
  request: ListWorkItemsRequest,
  settings: AppSettings,
  app: AppInUse,
  deps: Deps,
): OrderFilter => {
  const reviews = reviewsOrders(app, settings)
  const workerIds = askedPeople(request.workerIds, reviews || seesEverybody(app), app.callerId)
  const people = workerIds ? { workerIds } : {}
  if (!request.reviewable) return { ...orderFilter(request.state), ...people }
  if (!reviews)
    throw new ApiError(
      StatusCode.TASK_PERMISSION_DENIED,
      "reviewable: only the reviewers named in the app's settings and its owner review orders",
    )
  return { ...ordersToReview(settings, app, deps), ...people }
}

/** Where the next page begins, as a text that callers hand back as it is. */
const nextPage = (place: readonly unknown[], before: number): string =>
  Buffer.from(JSON.stringify([...place, before])).toString('base64url')

interface After<Last> {
  readonly place: readonly [fresh: 0 | 1, place: number, last: Last]
  /** How many lines stand before the page. */
  readonly before: number
}

/** @throws ApiError CONN_INVALID_REQUEST for what no answer gave */
function pageAfter(text: string, last: 'string'): After<string> | undefined
function pageAfter(text: string, last: 'number'): After<number> | undefined
function pageAfter(text: string, kind: 'string' | 'number'): After<string | number> | undefined {
  if (text === '') return undefined
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (Array.isArray(parts) && parts.length === 4) {
      const [fresh, place, last, before] = parts as unknown[]
      if ((fresh === 0 || fresh === 1) && typeof place === 'number' && typeof last === kind && Number.isInteger(before))
        return { place: [fresh, place, last as string | number], before: before as number }
    }
  } catch {
    // told below
  }
  throw badRequest('after', 'not the next_page of an answer to the same question')
}
