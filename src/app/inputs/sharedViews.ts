import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { daysIn, type InputQuery, queryOnWire, type WorkState } from '#sync/inputQuery.ts'
import { type GridSearch, gridSearchOf, queryOf } from './gridFilter.ts'
import type { SavedView } from './savedViews.ts'

/*
 * A view that a team shares is a saved search of the app: its filter is marquee.v1.InputView as JSON
 * (proto/marquee/v1/marquee.proto), which the server understands in any search of inputs.
 */

/** What is read of a saved search. */
interface FoundSearch {
  readonly id: string
  readonly name: string
  readonly query?: {
    readonly filters: readonly { readonly negate: boolean; readonly input?: FoundInput }[]
    readonly ands?: readonly unknown[]
  }
}
interface FoundInput {
  readonly data?: { readonly metadata?: JsonObject }
}

/** The query of a saved search that finds what the grid shows. */
export const queryOfView = (search: GridSearch) => ({
  filters: [{ input: { data: { metadata: { marquee: { view: jsonOf(search) } } } } }],
})

/** Those of the app's saved searches that the grid can show; the others were made elsewhere, of other filters. */
export const sharedViewsOf = (searches: readonly FoundSearch[]): SavedView[] =>
  searches.flatMap(({ id, name, query }) => {
    const [filter, ...more] = query?.filters ?? []
    const marquee = filter?.input?.data?.metadata?.marquee
    const view = isObject(marquee) ? marquee.view : undefined
    if (!isObject(view) || filter?.negate || more.length > 0 || (query?.ands?.length ?? 0) > 0) return []
    return [{ id, name: name || id, search: searchOf(view) }]
  })

const works: Readonly<Record<WorkState, string>> = {
  none: 'WORK_NONE',
  pending: 'WORK_PENDING',
  returned: 'WORK_RETURNED',
  awaiting: 'WORK_AWAITING_REVIEW',
  approved: 'WORK_APPROVED',
}

function jsonOf(search: GridSearch): JsonObject {
  const query = queryOf(search)
  return {
    ...(search.q && { text: search.q }),
    ...(search.show && { labelled: search.show === 'labelled' ? 'LABELLED_YES' : 'LABELLED_NO' }),
    ...(query && { query: jsonOfQuery(query) }),
  }
}

function jsonOfQuery(query: InputQuery): JsonObject {
  const { created, labelled } = queryOnWire(query)
  const range = (of: InputQuery['regions']) => of && ({ ...of } as JsonObject)
  return defined({
    work: query.work && works[query.work],
    assigneeId: query.assignee,
    authorId: query.author,
    conceptId: query.concept,
    conceptCount: range(query.conceptCount),
    regions: range(query.regions),
    score: range(query.score),
    created: created && timesOf(created),
    labelled: labelled && timesOf(labelled),
  })
}

const defined = (fields: Record<string, JsonValue | undefined>): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter((field): field is [string, JsonValue] => field[1] !== undefined))

interface Times {
  readonly from?: { readonly seconds?: bigint } | undefined
  readonly to?: { readonly seconds?: bigint } | undefined
}

const timesOf = ({ from, to }: Times): JsonObject => {
  const iso = (at: Times['from']) => at && new Date(Number(at.seconds ?? 0n) * 1000).toISOString()
  return defined({ from: iso(from), to: iso(to) })
}

/** What of it the grid knows; a time in the middle of a day is that day. */
function searchOf(view: JsonObject): GridSearch {
  const query = isObject(view.query) ? view.query : {}
  const work = Object.entries(works).find(([, name]) => name === query.work)?.[0]
  return gridSearchOf(
    defined({
      q: view.text,
      show: view.labelled === 'LABELLED_NO' ? 'unlabelled' : view.labelled === 'LABELLED_YES' ? 'labelled' : undefined,
      work,
      assignee: either(query, 'assigneeId', 'assignee_id'),
      author: either(query, 'authorId', 'author_id'),
      concept: either(query, 'conceptId', 'concept_id'),
      n: rangeOf(either(query, 'conceptCount', 'concept_count')),
      regions: rangeOf(query.regions),
      score: rangeOf(query.score),
      created: daysText(query.created),
      changed: daysText(query.labelled),
    }),
  )
}

/** JSON of a message may have either form of a name. */
const either = (fields: JsonObject, camel: string, snake: string): JsonValue | undefined =>
  fields[camel] ?? fields[snake]

function rangeOf(range: JsonValue | undefined): string | undefined {
  if (!isObject(range)) return undefined
  const end = (key: 'min' | 'max') => (typeof range[key] === 'number' ? String(range[key]) : '')
  return `${end('min')}..${end('max')}`
}

function daysText(range: JsonValue | undefined): string | undefined {
  if (!isObject(range)) return undefined
  const at = (key: 'from' | 'to') => {
    const date = typeof range[key] === 'string' ? new Date(range[key]) : undefined
    return date && Number.isFinite(date.getTime()) ? date : undefined
  }
  const { from = '', to = '' } = daysIn({ from: at('from'), to: at('to') })
  return `${from}..${to}`
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
