import { type RawBuilder, sql } from 'kysely'
import { type Apart, countedOnce } from './apart.ts'
import { isLabel } from './labelled.ts'
import type { Db } from './open.ts'
import { conceptTerm, scoreTerm } from './searchTerms.ts'
import { type InputFilter, textMatches } from './summaries.ts'

/** Inclusive at both ends; what is absent is open. */
export interface Range {
  readonly min?: number
  readonly max?: number
}

/** How far the work on an input is that was given to somebody, as an order or in a task. */
export type WorkState = 'none' | 'pending' | 'returned' | 'awaiting' | 'approved'

/** Which inputs; all that is there must hold. Times in µs. */
export interface InputQuery extends InputFilter {
  readonly work?: WorkState
  readonly assignee?: string
  readonly author?: string
  readonly concept?: { readonly id: string; readonly count: Range }
  readonly regions?: Range
  /** of a prediction, in whole percent */
  readonly score?: Range
  readonly created?: Range
  readonly labelledAt?: Range
}

type Condition = RawBuilder<boolean>
/** What of `annotation` may be seen (store/taskVisibility.ts); undefined = all. */
type Visible = Condition | undefined

/** With whose eyes labels are looked at, and of which only one set counts (apart.ts). */
export interface Seen {
  readonly visible: Visible
  readonly apart: Apart | undefined
}

/**
 * The times of creation of all inputs that match, rising: they name the inputs, and a page is a slice of them. One
 * statement; each condition is a set that an index finds, so its cost is that of the set and not of the app's labels.
 */
export const matchingInputs = async (db: Db, app: number, query: InputQuery, seen: Seen): Promise<Float64Array> => {
  const rows = await db
    .selectFrom('input')
    .select('created_at')
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .where(inputFits(app, query, seen))
    .orderBy('created_at')
    .execute()
  return Float64Array.from(rows, (row) => Number(row.created_at))
}

/** On rows of `input` of this app. */
export const inputFits = (app: number, query: InputQuery, seen: Seen): Condition =>
  sql<boolean>`(${sql.join([sql<boolean>`1 = 1`, ...conditionsOf(app, query, seen)], sql` and `)})`

function conditionsOf(app: number, query: InputQuery, { visible, apart }: Seen): Condition[] {
  const { concept, regions, author, labelledAt } = query
  const seen = visible ? sql<boolean>`and ${visible}` : sql<boolean>``
  const conditions: Condition[] = []
  if (query.labelled !== undefined) conditions.push(sql`input.labelled = ${Number(query.labelled)}`)
  if (query.text) conditions.push(textMatches(query.text))
  if (query.created) conditions.push(within(sql`input.created_at`, query.created))
  if (author !== undefined)
    conditions.push(sql`input.id in (select annotation.input_id from annotation where annotation.app = ${app}
      and annotation.user_id = ${author} and ${isLabel} ${seen})`)
  if (labelledAt)
    conditions.push(sql`input.id in (select annotation.input_id from annotation where annotation.app = ${app}
      and ${within(sql`annotation.modified_at`, labelledAt)} and ${isLabel} ${seen})`)
  if (regions) {
    const from = sql`from annotation where annotation.app = ${app} and ${isLabel}
      and annotation.region_kind is not null ${seen}`
    conditions.push(counted(sql`input.id`, regions, sql`annotation.input_id`, from, apart))
  }
  if (concept) conditions.push(hasConcept(app, concept, { visible, apart }))
  if (query.score) conditions.push(scored(app, query.score))
  if (query.work !== undefined || query.assignee !== undefined) conditions.push(workCondition(app, query))
  return conditions
}

/** Counts are integers of 32 bits in PostgreSQL; none gets near. */
const countLimit = 2 ** 31 - 1

/** Told by the counts of people's terms, unless not all of them may be seen or are to be counted. */
function hasConcept(
  app: number,
  { id, count }: NonNullable<InputQuery['concept']>,
  { visible, apart }: Seen,
): Condition {
  const found = sql`term.app = ${app} and term.term = ${conceptTerm(id, true)}`
  if (visible || apart) {
    const from = sql`from annotation_term term join annotation on annotation.app = term.app
      and annotation.created_at = term.created_at where ${found} and annotation.trusted = 1
      and annotation.deleted_at is null ${visible ? sql`and ${visible}` : sql``}`
    return counted(sql`input.created_at`, count, sql`term.input_at`, from, apart)
  }
  const min = Math.min(count.min ?? 0, countLimit)
  const max = Math.min(count.max ?? countLimit, countLimit)
  return min > 0
    ? sql`input.created_at in (select term.input_at from input_term term
        where ${found} and term.trusted >= ${min} and term.trusted <= ${max})`
    : sql`input.created_at not in (select term.input_at from input_term term
        where ${found} and term.trusted > ${max})`
}

/** Every whole percent is a term of its own: at most 101 of them. */
function scored(app: number, { min = 0, max = 100 }: Range): Condition {
  const percents = Array.from({ length: 101 }, (_, percent) => percent).filter((one) => one >= min && one <= max)
  if (percents.length === 0) return sql`1 = 0`
  return sql`input.created_at in (select term.input_at from annotation_term term where term.app = ${app}
    and term.term in (${sql.join(percents.map(scoreTerm))}))`
}

const within = (value: RawBuilder<unknown>, { min, max }: Range): Condition =>
  sql`(${value} >= ${min ?? 0} and ${value} <= ${max ?? Number.MAX_SAFE_INTEGER})`

/** `key` has between min and max rows with the same `of` in `from`; those without rows are in no group. */
const counted = (
  key: RawBuilder<unknown>,
  { min = 0, max }: Range,
  of: RawBuilder<unknown>,
  from: RawBuilder<unknown>,
  apart: Apart | undefined,
): Condition => {
  const grouped = (having: (count: RawBuilder<unknown>) => RawBuilder<unknown>) =>
    apart
      ? sql`select of_key from (${countedOnce(of, from, apart)}) counted where ${having(sql`n`)}`
      : sql`select ${of} ${from} group by ${of} having ${having(sql`count(*)`)}`
  if (min > 0) {
    const atMost = (count: RawBuilder<unknown>) => (max === undefined ? sql`` : sql`and ${count} <= ${max}`)
    return sql`${key} in (${grouped((count) => sql`${count} >= ${min} ${atMost(count)}`)})`
  }
  return max === undefined ? sql`1 = 1` : sql`${key} not in (${grouped((count) => sql`${count} > ${max}`)})`
}

/** Of orders and of assignments in tasks that are still there. */
function workCondition(app: number, { work, assignee }: InputQuery): Condition {
  const states = work === undefined || work === 'none' ? undefined : ofState[work]
  const ofOrder = sql`annotation.app = ${app} and annotation.is_order = 1 and annotation.deleted_at is null
    ${assignee === undefined ? sql`` : sql`and annotation.user_id = ${assignee}`} ${states ? sql`and ${states.order}` : sql``}`
  const ofTask = sql`task.app = ${app} and task.deleted_at is null and work.withdrawn_at is null
    ${assignee === undefined ? sql`` : sql`and work.worker_id = ${assignee}`} ${states ? sql`and ${states.task}` : sql``}`
  const given = sql`(select annotation.input_id from annotation where ${ofOrder}
    union all select work.input_id from task join task_assignment work
      on work.app = task.app and work.task_id = task.id where ${ofTask})`
  return work === 'none' ? sql`input.id not in ${given}` : sql`input.id in ${given}`
}

const ofState: Record<Exclude<WorkState, 'none'>, { order: Condition; task: Condition }> = {
  pending: {
    order: sql`annotation.status_code = 24151 and annotation.round = 0`,
    task: sql`work.status_code = 54201 and work.round = 0`,
  },
  returned: {
    order: sql`(annotation.status_code = 24158 or (annotation.status_code = 24151 and annotation.round > 0))`,
    task: sql`(work.status_code = 54204 or (work.status_code = 54201 and work.round > 0))`,
  },
  awaiting: {
    order: sql`annotation.status_code in (24157, 24159)`,
    task: sql`work.status_code in (54202, 54203)`,
  },
  approved: {
    order: sql`annotation.status_code = 24150`,
    task: sql`work.status_code = 54200`,
  },
}
