import { create } from '@bufbuild/protobuf'
import {
  FindUnlabelledResponseSchema,
  type InputQuery,
  type InputSummary,
  InputSummarySchema,
  type ListInputSummariesRequest,
  ListInputSummariesResponseSchema,
  type Studio,
} from '#gen/marquee/v1/marquee_pb.ts'
import { UserAppIDSetSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { mediaUrls } from '#proxy/service/inputs/media.ts'
import type { MethodImpl, StudioMethods } from '#proxy/service/method.ts'
import { pageOf } from '#proxy/service/paging.ts'
import { type AppAction, type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { labelsOn } from '#proxy/service/team/labelCounts.ts'
import { workOn } from '#proxy/service/team/workOnInputs.ts'
import { timestampOf } from '#proxy/service/time.ts'
import type { LabelCounts } from '#proxy/store/labelCounts.ts'
import {
  countInputs,
  findUnlabelled as find,
  type InputFacts,
  inputFactsAt,
  inputFactsById,
  listInputFacts,
  placeOfInput,
} from '#proxy/store/summaries.ts'
import { listOutlines } from './studioOutlines.ts'
import { filterOf, inputsFound } from './studioQuery.ts'
import { restoreAnnotations, restoreInputs } from './studioRestore.ts'

/** The app that a request of our own services names. */
export const studioApp = (
  deps: Deps,
  call: Call,
  { userId, appId }: { userId: string; appId: string },
  action: AppAction,
): Promise<AppInUse> => findApp(deps, call, create(UserAppIDSetSchema, { userId, appId }), action)

const summariesPerPage = 100

/** One row an input, in the order of creation, with what people put on it. The cost is the page's, not the app's. */
const listInputSummaries: MethodImpl<typeof Studio.method.listInputSummaries> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'readInputs')
  const { inputs, offset, limit, total } = await (request.query
    ? queriedPage(request, request.query, app, deps)
    : plainPage(request, app, deps))
  const labels = await labelsOn(
    app,
    deps.store.read,
    inputs.map((input) => input.id),
  )
  const work = await workOn(
    app,
    deps.store.read,
    inputs.map((input) => input.id),
  )
  const summary = (input: InputFacts, i: number) =>
    Object.assign(summaryOf(input, labels.get(input.id), offset + i + 1, app, deps), work.get(input.id))
  return create(ListInputSummariesResponseSchema, {
    inputs: inputs.map(summary),
    total,
    page: offset / limit + 1,
  })
}

/** Which part of a list an answer holds. */
interface FoundPage {
  readonly inputs: readonly InputFacts[]
  readonly offset: number
  readonly limit: number
  readonly total: number
}

const plainPage = async (request: ListInputSummariesRequest, app: AppInUse, deps: Deps): Promise<FoundPage> => {
  const db = deps.store.read
  const filter = filterOf(request)
  const { limit, offset: asked } = pageOf(request.page, request.perPage, summariesPerPage, deps.limits.pageSize)
  const around = request.aroundInputId ? await placeOfInput(db, app.no, filter, request.aroundInputId) : undefined
  const offset = around === undefined ? asked : around - (around % limit)
  const inputs = await listInputFacts(db, app.no, filter, { limit, offset })
  return { inputs, offset, limit, total: await countInputs(db, app.no, filter) }
}

/** @throws ApiError CONN_INVALID_REQUEST a query that says nothing sensible */
const queriedPage = async (
  request: ListInputSummariesRequest,
  query: InputQuery,
  app: AppInUse,
  deps: Deps,
): Promise<FoundPage> => {
  const db = deps.store.read
  const { limit, offset: asked } = pageOf(request.page, request.perPage, summariesPerPage, deps.limits.pageSize)
  const times = await inputsFound(request, query, app, deps)
  const one = request.aroundInputId
    ? (await inputFactsById(db, app.no, [request.aroundInputId])).get(request.aroundInputId)
    : undefined
  const around = one ? times.indexOf(Number(one.created_at)) : -1
  const offset = around < 0 ? asked : around - (around % limit)
  const inputs = await inputFactsAt(db, app.no, [...times.subarray(offset, offset + limit)])
  return { inputs, offset, limit, total: times.length }
}

/** One line of the grid. `place` is 1-based. */
export const summaryOf = (
  input: InputFacts,
  labels: LabelCounts | undefined,
  place: number,
  app: AppInUse,
  deps: Deps,
): InputSummary => {
  const urls = mediaUrls(deps, app.user_id, app.id, input.id)
  const isImage = input.kind === 'image'
  return create(InputSummarySchema, {
    inputId: input.id,
    filename: input.filename,
    width: input.width,
    height: input.height,
    kind: input.kind,
    thumbnailUrl: isImage ? urls.thumbnail : '',
    imageUrl: isImage ? urls.image : '',
    mediaUrl: isImage ? '' : urls.image,
    regions: labels?.regions ?? 0,
    imageConcepts: labels?.concepts ?? 0,
    markedEmpty: labels?.markedEmpty ?? false,
    statusCode: input.status_code,
    createdAt: timestampOf(Number(input.created_at)),
    place,
  })
}

const findUnlabelled: MethodImpl<typeof Studio.method.findUnlabelled> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'readInputs')
  const inputId = await find(deps.store.read, app.no, request.fromInputId, request.backwards)
  return create(FindUnlabelledResponseSchema, { inputId: inputId ?? '' })
}

/** Our own service for the grid, the filmstrip and undoing deletions (proto/marquee/v1). */
export const studioMethods = {
  listInputSummaries,
  listOutlines,
  findUnlabelled,
  restoreAnnotations,
  restoreInputs,
} satisfies StudioMethods
