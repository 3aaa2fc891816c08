import { create, fromBinary } from '@bufbuild/protobuf'
import { HitCountSchema, type Search, SearchSchema, type UserAppIDSet } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  type MultiSearchResponse,
  MultiSearchResponseSchema,
  type Pagination,
  SingleSearchResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkBatch, itemsPerPage, type Page, pageOf } from '#proxy/service/paging.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { missingScopes } from '#proxy/service/people/scopes.ts'
import { visibleIn } from '#proxy/service/people/visibility.ts'
import { ok } from '#proxy/service/status.ts'
import { listSavedSearches, removeSavedSearch } from '#proxy/store/savedSearches.ts'
import type { SearchPlan, Subject } from '#proxy/store/searchPlans.ts'
import { countHits } from '#proxy/store/searchRuns.ts'
import { badSearch } from './searchFields.ts'
import { hitsOf } from './searchHits.ts'
import { findSavedSearch, planOf, type Searcher, subjectOf } from './searchRun.ts'
import { patchSavedSearches, savedSearch, saveSearches } from './searchSaving.ts'

/** Of one search one can turn the pages to here; the official SDK stops where it is told so. */
const mostHits = 100_000

const pageOfHits = (pagination: Pagination | undefined, deps: Deps): Page => {
  const { page = 1, perPage = 0 } = pagination ?? {}
  if (Math.max(page, 1) * (perPage || itemsPerPage) > mostHits)
    throw badSearch('pagination', `page * perPage cannot exceed ${mostHits}`)
  return pageOf(page, perPage, itemsPerPage, deps.limits.pageSize)
}

const searcherIn = async (app: AppInUse, deps: Deps): Promise<Searcher> => ({
  app: app.no,
  callerId: app.callerId,
  visible: await visibleIn(app, deps.store.read),
})

/** What the three kinds of searches have in common. */
interface Asked {
  readonly userAppId: UserAppIDSet | undefined
  readonly searches: readonly Search[]
  readonly pagination: Pagination | undefined
  readonly onlyCount?: boolean
  readonly subject: Subject
}

/**
 * Saves the searches that say so and runs the others: one of them for its hits, or all of them for their counts.
 * @throws ApiError SEARCH_INVALID_REQUEST
 */
const search = async (asked: Asked, call: Call, deps: Deps): Promise<MultiSearchResponse> => {
  const { searches, subject } = asked
  const app = await findApp(deps, call, asked.userAppId, subject === 'input' ? 'searchInputs' : 'searchAnnotations')
  checkBatch(searches, 'searches', deps.limits.batch)
  const page = pageOfHits(asked.pagination, deps)
  const searcher = await searcherIn(app, deps)
  const items = await Promise.all(
    searches.map(async (one, i) => {
      const path = `searches[${i}]`
      return { search: one, path, plan: await planOf(deps.store.read, subject, one, path, searcher) }
    }),
  )
  const running = items.filter(({ search: one }) => !one.save)
  if (running.length > 1 && !asked.onlyCount)
    throw badSearch('searches', `${running.length} to be run, at most one a call, unless only_count is set`)
  const saved = await save(items, subject, app, deps)
  const plans = running.map(({ plan }) => plan)
  return create(MultiSearchResponseSchema, {
    status: ok(call),
    id: deps.newId(),
    searches: searches.map((one, i) => saved.get(i) ?? one),
    ...(searches[0]?.query && { query: searches[0].query }),
    ...(asked.onlyCount ? { hitCounts: await counts(plans, deps) } : { hits: await hits(plans, page, app, deps) }),
  })
}

/** @returns the saved searches by their place in the request */
const save = async (
  items: readonly { search: Search; path: string }[],
  subject: Subject,
  app: AppInUse,
  deps: Deps,
): Promise<Map<number, Search>> => {
  const places = items.flatMap(({ search: one }, i) => (one.save ? [i] : []))
  if (places.length === 0) return new Map()
  const missing = missingScopes(app.scopes, ['SavedSearch_Add'])
  if (missing.length > 0)
    throw new ApiError(StatusCode.CONN_INSUFFICIENT_SCOPES, `missing scopes: ${missing.join(', ')}`)
  const kind = subject === 'input' ? 'inputs' : 'annotations'
  const saved = await saveSearches(
    places.map((i) => ({ ...items[i]!, kind })),
    app,
    deps,
  )
  return new Map(places.map((place, i) => [place, saved[i]!]))
}

const hits = async ([plan]: readonly SearchPlan[], page: Page, app: AppInUse, deps: Deps) =>
  plan ? hitsOf(plan, page, app, deps) : []

const counts = (plans: readonly SearchPlan[], deps: Deps) =>
  Promise.all(
    plans.map(async (plan) =>
      create(HitCountSchema, { estimatedTotal: BigInt(await countHits(deps.store.read, plan)) }),
    ),
  )

/** Hits are annotations with their inputs; all filters hold of one annotation (api.md §2.2). */
const postAnnotationsSearches: MethodImpl<typeof V2.method.postAnnotationsSearches> = (request, call, deps) =>
  search(
    { ...request, userAppId: request.userAppId, pagination: request.pagination, subject: 'annotation' },
    call,
    deps,
  )

/** Hits are inputs; each filter holds of some annotation of the input, or of the input itself. */
const postInputsSearches: MethodImpl<typeof V2.method.postInputsSearches> = (request, call, deps) =>
  search({ ...request, userAppId: request.userAppId, pagination: request.pagination, subject: 'input' }, call, deps)

/** As postInputsSearches, and as of old with `query` in the place of `searches`. */
const postSearches: MethodImpl<typeof V2.method.postSearches> = (request, call, deps) => {
  const { userAppId, query, searches, pagination } = request
  if (query && searches.length > 0) throw badSearch('query', 'either query or searches')
  const asked = query ? [create(SearchSchema, { query })] : searches
  return search({ userAppId, searches: asked, pagination, subject: 'input' }, call, deps)
}

/** @throws ApiError CONN_DOES_NOT_EXIST */
const postSearchesByID: MethodImpl<typeof V2.method.postSearchesByID> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'runSavedSearches')
  const page = pageOfHits(request.pagination, deps)
  const row = await findSavedSearch(deps.store.read, app.no, request.id)
  const stored = fromBinary(SearchSchema, row.message)
  const plan = await planOf(deps.store.read, subjectOf(row), stored, 'search', await searcherIn(app, deps))
  return create(MultiSearchResponseSchema, {
    status: ok(call),
    id: deps.newId(),
    hits: await hitsOf(plan, page, app, deps),
    searches: [savedSearch(row)],
    ...(stored.query && { query: stored.query }),
  })
}

/** Saved ones, oldest first. */
const listSearches: MethodImpl<typeof V2.method.listSearches> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readSearches')
  const page = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const rows = await listSavedSearches(deps.store.read, app.no, page)
  return create(MultiSearchResponseSchema, { status: ok(call), searches: rows.map(savedSearch) })
}

/** @throws ApiError CONN_DOES_NOT_EXIST */
const getSearch: MethodImpl<typeof V2.method.getSearch> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readSearches')
  const row = await findSavedSearch(deps.store.read, app.no, request.id)
  return create(SingleSearchResponseSchema, { status: ok(call), search: savedSearch(row) })
}

/** Name and query, as far as they are sent; all or none. @throws ApiError SEARCH_INVALID_REQUEST, CONN_DOES_NOT_EXIST */
const patchSearches: MethodImpl<typeof V2.method.patchSearches> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'changeSearches')
  checkBatch(request.searches, 'searches', deps.limits.batch)
  if (request.action !== 'overwrite') throw badSearch('action', `${JSON.stringify(request.action)}, must be overwrite`)
  const db = deps.store.read
  const searcher = await searcherIn(app, deps)
  for (const [i, sent] of request.searches.entries()) {
    const subject = subjectOf(await findSavedSearch(db, app.no, sent.id, `searches[${i}].id`))
    await planOf(db, subject, sent, `searches[${i}]`, searcher)
  }
  const searches = await patchSavedSearches(request.searches, app, deps)
  return create(MultiSearchResponseSchema, { status: ok(call), searches })
}

/** @throws ApiError CONN_DOES_NOT_EXIST */
const deleteSearch: MethodImpl<typeof V2.method.deleteSearch> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteSearches')
  if (!(await removeSavedSearch(deps.store.write, app.no, request.id)))
    throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `id: the app has no saved search "${request.id}"`)
  return create(BaseResponseSchema, { status: ok(call) })
}

/** The search RPCs (api.md §§2.1, 2.2, 2.7). */
export const searchMethods = {
  postAnnotationsSearches,
  postInputsSearches,
  postSearches,
  postSearchesByID,
  listSearches,
  getSearch,
  patchSearches,
  deleteSearch,
} satisfies V2Methods
