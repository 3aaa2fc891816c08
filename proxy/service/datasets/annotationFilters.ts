import { clone, create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  type AnnotationFilter,
  AnnotationFilterSchema,
  type Search,
  SearchSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  MultiAnnotationFilterResponseSchema,
  SingleAnnotationFilterResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkName } from '#proxy/service/names.ts'
import { checkBatch, itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { badSearch } from '#proxy/service/searches/searchFields.ts'
import { findSavedSearch, planOf, withoutMe } from '#proxy/service/searches/searchRun.ts'
import { ok } from '#proxy/service/status.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { lockApp, nextRevs } from '#proxy/store/apps.ts'
import type { Db } from '#proxy/store/open.ts'
import {
  type AnnotationFilterRow,
  annotationFiltersById,
  listAnnotationFilters as listRows,
  putAnnotationFilters,
  removeAnnotationFilters,
} from '#proxy/store/savedSearches.ts'

// An annotation filter is a search over annotations under a name of its own (api.md §2.7).

/** A stored one as it goes out. */
const annotationFilter = (row: AnnotationFilterRow): AnnotationFilter =>
  Object.assign(fromBinary(AnnotationFilterSchema, row.message), {
    createdAt: timestampOf(Number(row.created_at)),
    modifiedAt: timestampOf(Number(row.modified_at)),
  })

/**
 * The search of a filter, checked; one that is only named is the saved search of that id.
 * @throws ApiError SEARCH_INVALID_REQUEST, CONN_DOES_NOT_EXIST
 */
const searchOf = async (sent: AnnotationFilter, path: string, app: AppInUse, db: Db): Promise<Search> => {
  if (!sent.search) throw badSearch(`${path}.search`, 'required')
  const search =
    sent.search.id && !sent.search.query
      ? fromBinary(SearchSchema, (await findSavedSearch(db, app.no, sent.search.id, `${path}.search.id`)).message)
      : clone(SearchSchema, sent.search)
  await planOf(db, 'annotation', search, `${path}.search`, {
    app: app.no,
    callerId: app.callerId,
    visible: undefined,
  })
  return withoutMe(search, app.callerId)
}

const messageOf = (id: string, search: Search, app: AppInUse): AnnotationFilter =>
  create(AnnotationFilterSchema, { id, userId: app.user_id, appId: app.id, search })

/** All or none: a filter of the answer has no status of its own. */
const write = async (
  filters: readonly AnnotationFilter[],
  app: AppInUse,
  deps: Deps,
  check: (known: ReadonlyMap<string, AnnotationFilterRow>) => void,
): Promise<AnnotationFilterRow[]> =>
  deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const ids = filters.map(({ id }) => id)
    const known = new Map((await annotationFiltersById(tx, app.no, ids)).map((row) => [row.id, row]))
    check(known)
    const stamps = await nextRevs(tx, app.no, filters.length, deps.now())
    const rows = filters.map((filter, i) => ({
      app: app.no,
      id: filter.id,
      message: toBinary(AnnotationFilterSchema, filter),
      created_at: known.get(filter.id)?.created_at ?? stamps[i]!.at,
      modified_at: stamps[i]!.at,
    }))
    await putAnnotationFilters(tx, rows)
    return rows
  })

const checkIds = (filters: readonly AnnotationFilter[]): void => {
  const seen = new Set<string>()
  for (const [i, { id }] of filters.entries()) {
    if (seen.has(id)) throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `annotation_filters[${i}].id: is there twice`)
    seen.add(id)
  }
}

const postAnnotationFilters: MethodImpl<typeof V2.method.postAnnotationFilters> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addSearches')
  const sent = request.annotationFilters
  checkBatch(sent, 'annotation_filters', deps.limits.batch)
  const filters = await Promise.all(
    sent.map(async (filter, i) => {
      const path = `annotation_filters[${i}]`
      if (filter.id) checkName(`${path}.id`, filter.id)
      return messageOf(filter.id || deps.newId(), await searchOf(filter, path, app, deps.store.read), app)
    }),
  )
  checkIds(filters)
  const rows = await write(filters, app, deps, (known) => {
    const taken = filters.findIndex(({ id }) => known.has(id))
    if (taken >= 0)
      throw new ApiError(
        StatusCode.DATABASE_DUPLICATE_KEY,
        `annotation_filters[${taken}].id: the app has an annotation filter "${filters[taken]!.id}" already`,
      )
  })
  const annotationFilters = rows.map(annotationFilter)
  return create(MultiAnnotationFilterResponseSchema, { status: ok(call), annotationFilters })
}

const missing = (field: string, id: string): ApiError =>
  new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${field}: the app has no annotation filter "${id}"`)

/** Only `overwrite`, as the API says. */
const patchAnnotationFilters: MethodImpl<typeof V2.method.patchAnnotationFilters> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addSearches')
  const sent = request.annotationFilters
  checkBatch(sent, 'annotation_filters', deps.limits.batch)
  if (request.action !== 'overwrite')
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `action: ${JSON.stringify(request.action)}, must be overwrite`)
  checkIds(sent)
  const filters = await Promise.all(
    sent.map(async (filter, i) =>
      messageOf(filter.id, await searchOf(filter, `annotation_filters[${i}]`, app, deps.store.read), app),
    ),
  )
  const rows = await write(filters, app, deps, (known) => {
    const unknown = filters.findIndex(({ id }) => !known.has(id))
    if (unknown >= 0) throw missing(`annotation_filters[${unknown}].id`, filters[unknown]!.id)
  })
  const annotationFilters = rows.map(annotationFilter)
  return create(MultiAnnotationFilterResponseSchema, { status: ok(call), annotationFilters })
}

/** Oldest first. */
const listAnnotationFilters: MethodImpl<typeof V2.method.listAnnotationFilters> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readSearches')
  const page = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const annotationFilters = (await listRows(deps.store.read, app.no, page)).map(annotationFilter)
  return create(MultiAnnotationFilterResponseSchema, { status: ok(call), annotationFilters })
}

/** @throws ApiError CONN_DOES_NOT_EXIST */
const getAnnotationFilter: MethodImpl<typeof V2.method.getAnnotationFilter> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readSearches')
  const [row] = await annotationFiltersById(deps.store.read, app.no, [request.annotationFilterId])
  if (!row) throw missing('annotation_filter_id', request.annotationFilterId)
  return create(SingleAnnotationFilterResponseSchema, { status: ok(call), annotationFilter: annotationFilter(row) })
}

/** All or none. @throws ApiError CONN_DOES_NOT_EXIST */
const deleteAnnotationFilters: MethodImpl<typeof V2.method.deleteAnnotationFilters> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteSearches')
  const ids = request.annotationFilterIds
  checkBatch(ids, 'annotation_filter_ids', deps.limits.batch)
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const known = new Set((await annotationFiltersById(tx, app.no, ids)).map((row) => row.id))
    const unknown = ids.findIndex((id) => !known.has(id))
    if (unknown >= 0) throw missing(`annotation_filter_ids[${unknown}]`, ids[unknown]!)
    await removeAnnotationFilters(tx, app.no, ids)
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

export const annotationFilterMethods = {
  postAnnotationFilters,
  patchAnnotationFilters,
  listAnnotationFilters,
  getAnnotationFilter,
  deleteAnnotationFilters,
} satisfies V2Methods
