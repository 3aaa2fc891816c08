import {
  ListInputSummariesRequest_Labelled as Labelled,
  type ListInputSummariesRequest,
  type NumberRange,
  type TimeRange,
  type InputQuery as WireQuery,
  InputQuery_Work as Work,
} from '#gen/marquee/v1/marquee_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { visibleIn } from '#proxy/service/people/visibility.ts'
import { apartOf } from '#proxy/service/team/labelCounts.ts'
import { revOf } from '#proxy/store/apps.ts'
import { type InputQuery, matchingInputs, type Range, type WorkState } from '#proxy/store/inputQuery.ts'
import type { InputFilter } from '#proxy/store/summaries.ts'

/** Filters of a request for a page, or of a view that was saved. */
type Filters = Pick<ListInputSummariesRequest, 'text' | 'labelled'>

export const filterOf = ({ text, labelled }: Filters): InputFilter => ({
  ...(text && { text }),
  ...(labelled !== Labelled.ANY && { labelled: labelled === Labelled.YES }),
})

const works: Record<Work, WorkState | undefined> = {
  [Work.ANY]: undefined,
  [Work.NONE]: 'none',
  [Work.PENDING]: 'pending',
  [Work.RETURNED]: 'returned',
  [Work.AWAITING_REVIEW]: 'awaiting',
  [Work.APPROVED]: 'approved',
}

/** @throws ApiError CONN_INVALID_REQUEST, naming the field: a range that is none, a count without its concept */
export const queryOf = (request: Filters, query: WireQuery): InputQuery => {
  const { conceptId, conceptCount, assigneeId, authorId } = query
  if (conceptCount && conceptId === '') throw invalid('query.concept_id', 'required with concept_count')
  const work = works[query.work]
  if (work === 'none' && assigneeId !== '') throw invalid('query.assignee_id', 'work given to nobody has no assignee')
  const created = timesOf(query.created, 'query.created')
  const labelledAt = timesOf(query.labelled, 'query.labelled')
  return {
    ...filterOf(request),
    ...(work && { work }),
    ...(assigneeId && { assignee: assigneeId }),
    ...(authorId && { author: authorId }),
    ...(conceptId && {
      concept: { id: conceptId, count: conceptCount ? rangeOf(conceptCount, 'query.concept_count') : { min: 1 } },
    }),
    ...(query.regions && { regions: rangeOf(query.regions, 'query.regions') }),
    ...(query.score && { score: rangeOf(query.score, 'query.score') }),
    ...(created && { created }),
    ...(labelledAt && { labelledAt }),
  }
}

const invalid = (field: string, what: string) => new ApiError(StatusCode.CONN_INVALID_REQUEST, `${field}: ${what}`)

const rangeOf = ({ min, max }: NumberRange, field: string): Range => {
  if (min !== undefined && max !== undefined && min > max) throw invalid(field, `min ${min} is more than max ${max}`)
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
}

const timesOf = (range: TimeRange | undefined, field: string): Range | undefined => {
  if (!range) return undefined
  const micros = (at: TimeRange['from']) => at && Number(at.seconds) * 1e6 + Math.floor(at.nanos / 1000)
  const [from, to] = [micros(range.from), micros(range.to)]
  if (from !== undefined && to !== undefined && from >= to) throw invalid(field, 'from is not before to')
  return { ...(from !== undefined && { min: from }), ...(to !== undefined && { max: to - 1 }) }
}

/** Lists that were found, by what they were asked for and the app's state: pages of one list are slices of it. */
const found = new Map<string, { readonly times: Promise<Float64Array>; readonly at: number }>()
const mostFound = 16
/** What makes no new state of the app, a lease that runs out say, is seen this much later. */
const keptMicros = 10_000_000

/** Times of creation of the inputs that match, rising. */
export const inputsFound = async (
  request: ListInputSummariesRequest,
  wire: WireQuery,
  app: AppInUse,
  deps: Deps,
): Promise<Float64Array> => {
  const query = queryOf(request, wire)
  const db = deps.store.read
  const visible = await visibleIn(app, db)
  const who = visible ? app.callerId : ''
  const now = deps.now()
  const key = JSON.stringify([storeNo(deps.store), app.no, await revOf(db, app.no), who, query])
  const known = found.get(key)
  if (known && Math.abs(now - known.at) < keptMicros) return known.times
  found.delete(key)
  const times = matchingInputs(db, app.no, query, { visible, apart: await apartOf(app, db) })
  found.set(key, { times, at: now })
  times.catch(() => found.delete(key))
  if (found.size > mostFound) found.delete(found.keys().next().value!)
  return times
}

/** Several servers in one process, as in tests, each have their own apps of the same number. */
const stores = new WeakMap<object, number>()
let lastStore = 0
const storeNo = (store: object): number => {
  const known = stores.get(store)
  if (known !== undefined) return known
  stores.set(store, ++lastStore)
  return lastStore
}
