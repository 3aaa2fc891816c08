import { create } from '@bufbuild/protobuf'
import { timestampMs } from '@bufbuild/protobuf/wkt'
import {
  type ListWorkItemsRequest,
  ListWorkItemsResponseSchema,
  ListWorkResponseSchema,
  OpenWorkResponseSchema,
  RecordTimeResponseSchema,
  Team,
  WorkItemSchema,
  WorkSchema,
  WorkState,
} from '#gen/marquee/v1/team_pb.ts'
import { type Annotation, TaskReview_TaskReviewStrategy as Review } from '#gen/proto/clarifai/api/resources_pb.ts'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { bareStatus } from '#proxy/service/annotations/annotationForm.ts'
import { isEmptyData, isNote, isOrder } from '#proxy/service/annotations/annotationParts.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { settingsOf } from '#proxy/service/appSettings.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, TeamMethods } from '#proxy/service/method.ts'
import { badRequest } from '#proxy/service/team/teamRights.ts'
import { countsOf, orderFilter, workState } from '#proxy/service/team/workStates.ts'
import { batches } from '#proxy/store/batches.ts'
import { type Upstream, type UpstreamApi, upstreamApi } from './upstream.ts'
import { annotationPages, inputFacts, noLabels, type UpstreamApp, type UpstreamInput } from './upstreamInputs.ts'
import { theirsOr } from './upstreamPictures.ts'
import { labelsInBatches, summaryOf } from './upstreamSummaries.ts'

const { ANNOTATION_PENDING, ANNOTATION_SUCCESS, ANNOTATION_AWAITING_REVIEW } = StatusCode

const usualItems = 60
const mostItems = 1000

/** What one person has to do, or has done, on one input: their annotations of it in one state. */
interface Piece {
  readonly inputId: string
  readonly workerId: string
  readonly annotations: readonly Annotation[]
  readonly status: StatusCode
}

/**
 * marquee.v1.Team where the server behind is any that speaks the API: work is what people have on an input outside of
 * tasks, in the state of its annotations (`user_id` and status, api.md §5.4). Tasks have no list of their assignments
 * there, and time, leases and skips have no place. One of our kind is asked for its own.
 */
export const upstreamTeamMethods = (upstream: Upstream) => {
  const listWork: MethodImpl<typeof Team.method.listWork> = async (request, call) => {
    const api = upstreamApi(upstream, call)
    const app = { userId: request.userId, appId: request.appId }
    const { review, reviews } = await rulesOf(api, app, call)
    const me = call.caller?.userId ?? ''
    const mine = await piecesOf(api, app, { userIds: [me] })
    const toReview = reviews ? (await piecesOf(api, app, toReviewBy(me))).length : 0
    if (mine.length === 0 && toReview === 0) return create(ListWorkResponseSchema, {})
    const groups = mine.map(({ workerId, status, annotations }) => ({
      workerId,
      statusCode: status,
      back: 0,
      begun: annotations.some(({ data }) => !isEmptyData(data)) ? 1 : 0,
      count: 1,
    }))
    const orders = create(WorkSchema, {
      statusCode: StatusCode.TASK_IN_PROGRESS,
      isWorker: mine.length > 0,
      isReviewer: reviews,
      mine: countsOf(groups),
      toReview,
      reviewStrategy: { none: Review.NONE, manual: Review.MANUAL, consensus: Review.CONSENSUS }[review],
    })
    return create(ListWorkResponseSchema, { work: [orders] })
  }

  const listWorkItems: MethodImpl<typeof Team.method.listWorkItems> = async (request, call, deps) => {
    if (request.taskId !== '') throw badRequest('task_id', 'the upstream does not list the work of a task')
    const filter = orderFilter(request.state)
    if (filter === undefined) throw badRequest('state', `${request.state} is none`)
    const offset = request.after === '' ? 0 : Number(request.after)
    if (!Number.isSafeInteger(offset) || offset < 0) throw badRequest('after', 'is no next_page of an answer')
    const api = upstreamApi(upstream, call)
    const app = { userId: request.userId, appId: request.appId }
    const pieces = await askedPieces(api, app, request, call)
    const limit = Math.min(request.perPage || usualItems, mostItems)
    return create(ListWorkItemsResponseSchema, {
      items: await itemsOf(pieces.slice(offset, offset + limit), offset, app, call, deps),
      nextPage: offset + limit < pieces.length ? String(offset + limit) : '',
      total: pieces.length,
    })
  }

  /** Nobody holds work there: it is as it is. @throws ApiError CONN_DOES_NOT_EXIST when it was taken back */
  const openWork: MethodImpl<typeof Team.method.openWork> = async (request, call, deps) => {
    const app = { userId: request.userId, appId: request.appId }
    const pieces = await piecesOf(upstreamApi(upstream, call), app, { inputIds: [request.inputId] })
    const piece = pieces.find(({ annotations }) => annotations.some(({ id }) => id === request.itemId))
    if (!piece) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `item_id: no work "${request.itemId}"`)
    const [item] = await itemsOf([piece], 0, app, call, deps)
    return create(OpenWorkResponseSchema, { item: item! })
  }

  /** There is no place for it in the API. */
  const recordTime: MethodImpl<typeof Team.method.recordTime> = async () => create(RecordTimeResponseSchema)

  const itemsOf = async (pieces: readonly Piece[], before: number, app: UpstreamApp, call: Call, deps: Deps) => {
    const api = upstreamApi(upstream, call)
    const ids = [...new Set(pieces.map(({ inputId }) => inputId))]
    const inputs = await inputsById(api, app, ids)
    const labels = await labelsInBatches(api, app, ids)
    return pieces.map(({ inputId, workerId, annotations, status }, i) => {
      const input = inputs.get(inputId)
      const regions = annotations.reduce((sum, { data }) => sum + (data?.regions.length ?? 0), 0)
      const [first] = annotations
      const asked = { upstream, call, deps }
      return create(WorkItemSchema, {
        id: first!.id,
        workerId,
        ...(input && { input: summaryOf(input, labels.get(inputId) ?? noLabels, before + i + 1, asked) }),
        statusCode: status,
        state: workState(status, false),
        begun: regions > 0,
        ...(first!.modifiedAt && { modifiedAt: first!.modifiedAt }),
        regions,
      })
    })
  }

  return {
    listWork: theirsOr(Team.method.listWork, upstream, listWork),
    listWorkItems: theirsOr(Team.method.listWorkItems, upstream, listWorkItems),
    openWork: theirsOr(Team.method.openWork, upstream, openWork),
    recordTime: theirsOr(Team.method.recordTime, upstream, recordTime),
  } satisfies TeamMethods
}

/** What Submit leads to in the app, and whether the caller may give verdicts there. */
const rulesOf = async (api: UpstreamApi, userAppId: UpstreamApp, { caller }: Call) => {
  const { app } = await api.ok(V2.method.getApp, { userAppId })
  const { review, reviewers } = settingsOf(app)
  const me = caller?.userId ?? ''
  return { review, reviews: me === userAppId.userId || reviewers.includes(me) }
}

interface Asked {
  readonly userIds?: readonly string[]
  readonly statusCodes?: readonly StatusCode[]
  readonly inputIds?: readonly string[]
  readonly notBy?: string
}

const toReviewBy = (me: string): Asked => ({ statusCodes: [ANNOTATION_AWAITING_REVIEW], notBy: me })

const askedPieces = (api: UpstreamApi, app: UpstreamApp, request: ListWorkItemsRequest, call: Call) =>
  piecesOf(api, app, {
    userIds: request.workerIds,
    ...(request.inputId && { inputIds: [request.inputId] }),
    ...orderFilter(request.state),
    ...(request.reviewable && toReviewBy(call.caller?.userId ?? '')),
  })

/** What was sent back first, then the oldest. */
const piecesOf = async (api: UpstreamApi, app: UpstreamApp, asked: Asked): Promise<Piece[]> => {
  const found: Annotation[] = []
  const request = {
    userIds: [...(asked.userIds ?? [])],
    inputIds: [...(asked.inputIds ?? [])],
    statuses: (asked.statusCodes ?? []).map(bareStatus),
  }
  for await (const annotations of annotationPages(api, app, request))
    found.push(...annotations.filter((annotation) => isWork(annotation) && annotation.userId !== asked.notBy))
  const groups = Map.groupBy(found, ({ inputId, userId }) => JSON.stringify([inputId, userId]))
  const pieces = [...groups.values()].map((annotations): Piece => {
    const [first] = annotations
    // the order itself first: it is what the others belong to
    const inOrder = [...annotations.filter(isOrder), ...annotations.filter((annotation) => !isOrder(annotation))]
    const status = annotations.map(codeOf).toSorted((a, b) => weightOf(a) - weightOf(b))[0]!
    return { inputId: first!.inputId, workerId: first!.userId, annotations: inOrder, status }
  })
  const back = ({ status }: Piece) => (workState(status, false) === WorkState.RETURNED ? 0 : 1)
  return pieces.toSorted((a, b) => back(a) - back(b) || madeAt(a) - madeAt(b))
}

/** Labels that nobody asked for are no work, once they are done. */
const isWork = (annotation: Annotation): boolean =>
  annotation.taskId === '' &&
  !annotation.inputLevel &&
  annotation.worker?.worker.case !== 'model' &&
  !isNote(annotation) &&
  (codeOf(annotation) !== ANNOTATION_SUCCESS || isOrder(annotation))

const codeOf = ({ status }: Annotation): StatusCode => status?.code ?? ANNOTATION_SUCCESS

/** Of several states on one input the one that asks for most counts. */
const order: readonly StatusCode[] = [
  StatusCode.ANNOTATION_REVIEW_DENIED,
  ANNOTATION_PENDING,
  ANNOTATION_AWAITING_REVIEW,
  StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW,
]
const weightOf = (code: StatusCode): number => {
  const at = order.indexOf(code)
  return at < 0 ? order.length : at
}

const madeAt = ({ annotations: [first] }: Piece): number => (first?.createdAt ? timestampMs(first.createdAt) : 0)

const inputsById = async (
  api: UpstreamApi,
  app: UpstreamApp,
  ids: readonly string[],
): Promise<Map<string, UpstreamInput>> => {
  const found = new Map<string, UpstreamInput>()
  for (const batch of batches(ids, 100)) {
    const { inputs } = await api.ok(V2.method.listInputs, {
      userAppId: app,
      ids: batch,
      page: 1,
      perPage: batch.length,
    })
    for (const input of inputs) found.set(input.id, inputFacts(input))
  }
  return found
}
