import { clone, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  type Annotation,
  AnnotationSchema,
  type Query,
  type Rank,
  type Search,
  SearchSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { apartOf } from '#proxy/service/team/labelCounts.ts'
import { appMessage } from '#proxy/store/apps.ts'
import { conceptsNamed } from '#proxy/store/concepts.ts'
import type { Db } from '#proxy/store/open.ts'
import { type SavedSearchRow, savedSearchById } from '#proxy/store/savedSearches.ts'
import type { Sql } from '#proxy/store/searchConditions.ts'
import type { SearchPlan, Subject } from '#proxy/store/searchPlans.ts'
import { findTimes, inputIdsAt, inputTimesOf } from '#proxy/store/searchRuns.ts'
import { badSearch } from './searchFields.ts'
import { filtersOf, namesIn } from './searchFilters.ts'
import { viewIn, viewPath } from './searchViews.ts'

/** Whose eyes a search is run with. */
export interface Searcher {
  readonly app: number
  /** Who "me" is; empty = nobody. */
  readonly callerId: string
  /** What they may see, on rows of `annotation`; undefined = everything. */
  readonly visible: Sql | undefined
}

/**
 * What to look for, checked. @throws ApiError SEARCH_INVALID_REQUEST with the path of the field: what is no filter, and
 * whatever needs vectors
 */
export const planOf = async (
  db: Db,
  subject: Subject,
  search: Pick<Search, 'query' | 'minValue' | 'asOf'>,
  path: string,
  { app, callerId, visible }: Searcher,
): Promise<SearchPlan> => {
  if (search.asOf) throw badSearch(`${path}.as_of`, 'searches of the past are not supported')
  if (!(search.minValue >= 0 && search.minValue <= 1)) throw badSearch(`${path}.min_value`, 'must be from 0 to 1')
  const { query } = search
  if (!query) return { app, subject, filters: [], visible }
  checkRanks(query, `${path}.query`)
  const view = query.filters.findIndex(({ input }) => input && viewIn(input) !== undefined)
  if (view >= 0 && subject === 'annotation')
    throw badSearch(`${path}.query.filters[${view}].input.data.${viewPath}`, 'finds inputs: search for these')
  const apart = view >= 0 ? await apartOf({ no: app, message: await appMessage(db, app) }, db) : undefined
  const asking = {
    app,
    callerId,
    seen: { visible, apart },
    conceptsNamed: await conceptsNamed(db, app, namesIn(query, `${path}.query`)),
  }
  return { app, subject, filters: filtersOf(query, `${path}.query`, asking), visible }
}

/** The official SDK sends an empty rank with every search that has none. */
const saysSomething = ({ annotation }: Rank): boolean =>
  annotation !== undefined && toBinary(AnnotationSchema, annotation).length > 0

const checkRanks = ({ ranks }: Query, path: string): void => {
  const asked = ranks.findIndex(saysSomething)
  if (asked >= 0) throw badSearch(`${path}.ranks[${asked}]`, 'ranking by similarity is not supported')
}

/** The search as it is kept: "me" is whoever saved it. */
export const withoutMe = (search: Search, callerId: string): Search => {
  const kept = clone(SearchSchema, search)
  const annotations = [...(kept.query?.filters ?? []), ...(kept.query?.ands ?? [])].map(({ annotation }) => annotation)
  for (const annotation of annotations) if (annotation) nameMe(annotation, callerId)
  return kept
}

const nameMe = (annotation: Annotation, callerId: string): void => {
  if (annotation.userId === 'me') annotation.userId = callerId
  const worker = annotation.worker?.worker
  if (worker?.case === 'user' && worker.value.id === 'me') worker.value.id = callerId
}

export const subjectOf = ({ kind }: Pick<SavedSearchRow, 'kind'>): Subject =>
  kind === 'annotations' ? 'annotation' : 'input'

/** A saved search of the app. @throws ApiError CONN_DOES_NOT_EXIST */
export const findSavedSearch = async (db: Db, app: number, id: string, field = 'id'): Promise<SavedSearchRow> => {
  const row = await savedSearchById(db, app, id)
  if (!row) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${field}: the app has no saved search "${id}"`)
  return row
}

const idsAtOnce = 1000

/**
 * The ids of the inputs that a saved search finds now, oldest first, up to 1000 at a time; of one that finds
 * annotations the inputs these are on. Nothing is hidden: it is the app that asks, not a person.
 * @throws ApiError CONN_DOES_NOT_EXIST when there is no such search
 */
export async function* inputsOfSavedSearch(db: Db, app: number, searchId: string): AsyncGenerator<string[]> {
  const row = await findSavedSearch(db, app, searchId)
  yield* inputsOfSearch(db, app, fromBinary(SearchSchema, row.message), subjectOf(row))
}

/** The same for a search that is not saved, with somebody's eyes if they are given. @throws ApiError SEARCH_INVALID_REQUEST */
export async function* inputsOfSearch(
  db: Db,
  app: number,
  search: Search,
  subject: Subject = 'input',
  { callerId = '', visible }: Partial<Pick<Searcher, 'callerId' | 'visible'>> = {},
): AsyncGenerator<string[]> {
  const plan = await planOf(db, subject, search, 'search', { app, callerId, visible })
  if (subject === 'input') yield* inputIds(db, plan)
  else yield* inputIdsOfAnnotations(db, plan)
}

async function* inputIds(db: Db, plan: SearchPlan): AsyncGenerator<string[]> {
  for await (const times of allTimes(db, plan)) yield await inputIdsAt(db, plan.app, times)
}

/** Hits come in the order of the annotations; what is asked for is the order of the inputs. */
async function* inputIdsOfAnnotations(db: Db, plan: SearchPlan): AsyncGenerator<string[]> {
  const inputs = new Set<number>()
  for await (const times of allTimes(db, plan)) for (const at of await inputTimesOf(db, plan.app, times)) inputs.add(at)
  const sorted = [...inputs].sort((a, b) => a - b)
  for (let first = 0; first < sorted.length; first += idsAtOnce)
    yield await inputIdsAt(db, plan.app, sorted.slice(first, first + idsAtOnce))
}

async function* allTimes(db: Db, plan: SearchPlan): AsyncGenerator<number[]> {
  let after = -1
  for (;;) {
    const times = await findTimes(db, plan, { limit: idsAtOnce, after })
    if (times.length > 0) yield times
    if (times.length < idsAtOnce) return
    after = times.at(-1)!
  }
}
