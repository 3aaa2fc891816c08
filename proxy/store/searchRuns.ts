import { type RawBuilder, sql } from 'kysely'
import type { AnnotationRow } from './annotations.ts'
import type { InputRow } from './inputs.ts'
import type { Db } from './open.ts'
import { allOf, annotationHolds, isIn, type SearchFilter, type Sql } from './searchConditions.ts'
import { branchesInOrder, branchOfFew, type SearchPlan, type Source, sourcesOf } from './searchPlans.ts'

/** A source of fewer rows than this is read whole and sorted; what leads to more is read in the order of an index. */
const few = 10_000

/** A part of the hits, oldest first. */
export interface Slice {
  readonly limit: number
  readonly offset?: number
  /** Only hits whose `created_at` (µs) is greater. */
  readonly after?: number
}

/** How many rows a source has, up to {@link few}. */
const sizeOf = async (db: Db, { ranges }: Source): Promise<number> => {
  let size = 0
  for (const { from, where } of ranges) {
    const { rows } = await sql<{ count: number }>`select count(*) as count
      from (select 1 as one from ${from} where ${where} limit ${few - size}) as counted`.execute(db)
    size += Number(rows[0]!.count)
    if (size >= few) break
  }
  return size
}

/**
 * How to go about a search. Neither SQLite nor PostgreSQL knows how often a concept is used, so the candidates are
 * asked for their sizes, which costs at most {@link few} index entries each. Whatever is chosen, the hits and their
 * order are the same.
 */
const hitsOf = async (db: Db, plan: SearchPlan, after?: number): Promise<RawBuilder<{ at: number }>> => {
  const sources = sourcesOf(plan)
  const [first] = sources
  if (first?.ordered && sources.length === 1) return union(branchesInOrder(plan, first, after))
  let smallest: { source: Source; size: number } | undefined
  for (const source of sources) {
    const size = await sizeOf(db, source)
    if (size < (smallest?.size ?? few)) smallest = { source, size }
    if (size === 0) break
  }
  if (smallest) return union(branchOfFew(plan, smallest.source, after))
  return union(branchesInOrder(plan, first?.ordered ? first : undefined, after))
}

/** No branch at all = no hit. */
const union = (branches: readonly RawBuilder<{ at: number }>[]): RawBuilder<{ at: number }> =>
  branches.length === 0 ? sql`select 0 as at where 1 = 0` : sql`${sql.join([...branches], sql` union `)}`

/** The `created_at` of hits. */
export const findTimes = async (db: Db, plan: SearchPlan, slice: Slice): Promise<number[]> => {
  const hits = await hitsOf(db, plan, slice.after)
  const { rows } = await sql<{
    at: number
  }>`${hits} order by 1 limit ${slice.limit} offset ${slice.offset ?? 0}`.execute(db)
  return rows.map(({ at }) => Number(at))
}

export const countHits = async (db: Db, plan: SearchPlan): Promise<number> => {
  const term = onlyTerm(plan)
  if (term !== undefined) return countTerm(db, plan, term)
  const hits = await hitsOf(db, plan)
  const { rows } = await sql<{ count: number }>`select count(*) as count from (${hits}) as hits`.execute(db)
  return Number(rows[0]!.count)
}

/** The one term that says all a search asks for. */
const onlyTerm = ({ filters: [first, ...others], visible }: SearchPlan): string | undefined => {
  if (!first || others.length > 0 || visible || first.negate || first.input.length > 0) return undefined
  const [condition, ...more] = first.annotation
  if (more.length > 0 || condition?.is !== 'found' || condition.by.length !== 1) return undefined
  return condition.by[0]!.length === 1 ? condition.by[0]![0] : undefined
}

/** From the counts kept for each input. */
const countTerm = async (db: Db, { app, subject }: SearchPlan, term: string): Promise<number> => {
  const { count } = await db
    .selectFrom('input_term')
    .select((eb) =>
      (subject === 'annotation' ? eb.fn.sum<number | null>('count') : eb.fn.countAll<number>()).as('count'),
    )
    .where('app', '=', app)
    .where('term', '=', term)
    .where('count', '>', 0)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The annotations created at these times, at most a page of them, oldest first. */
export const annotationsAt = async (db: Db, app: number, times: readonly number[]): Promise<AnnotationRow[]> =>
  times.length === 0
    ? []
    : db
        .selectFrom('annotation')
        .selectAll()
        .where('app', '=', app)
        .where('deleted_at', 'is', null)
        .where('created_at', 'in', times)
        .orderBy('created_at')
        .execute()

/** Rows of inputs created at these times. */
const inputsCreated = (db: Db, app: number, times: readonly number[]) =>
  db
    .selectFrom('input')
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .where('created_at', 'in', times)
    .orderBy('created_at')

/** The inputs created at these times, at most a page of them, oldest first. */
export const inputsAt = async (db: Db, app: number, times: readonly number[]): Promise<InputRow[]> =>
  times.length === 0 ? [] : inputsCreated(db, app, times).selectAll().execute()

/** Their ids. */
export const inputIdsAt = async (db: Db, app: number, times: readonly number[]): Promise<string[]> =>
  times.length === 0 ? [] : (await inputsCreated(db, app, times).select('id').execute()).map((row) => row.id)

/** When the inputs of the annotations created at these times were created; each once. */
export const inputTimesOf = async (db: Db, app: number, times: readonly number[]): Promise<number[]> => {
  if (times.length === 0) return []
  const rows = await db
    .selectFrom('annotation')
    .innerJoin('input', (join) =>
      join.onRef('input.app', '=', 'annotation.app').onRef('input.id', '=', 'annotation.input_id'),
    )
    .select('input.created_at')
    .distinct()
    .where('annotation.app', '=', app)
    .where('annotation.created_at', 'in', times)
    .where('annotation.deleted_at', 'is', null)
    .execute()
  return rows.map((row) => Number(row.created_at))
}

/**
 * Of each of these inputs the oldest annotation that meets a filter, by the input's id: what a hit of an input shows.
 * @param visible what the searcher may see
 */
export const matchingAnnotations = async (
  db: Db,
  app: number,
  inputIds: readonly string[],
  filter: SearchFilter,
  visible: Sql | undefined,
): Promise<AnnotationRow[]> => {
  if (inputIds.length === 0) return []
  const { rows } = await sql<{ at: number }>`select min(annotation.created_at) as at from annotation
    where annotation.app = ${app} and ${isIn(sql`annotation.input_id`, inputIds)} and annotation.deleted_at is null
      and ${allOf([...filter.annotation.map(annotationHolds), ...(visible ? [visible] : [])])}
    group by annotation.input_id`.execute(db)
  return annotationsAt(
    db,
    app,
    rows.map(({ at }) => Number(at)),
  )
}
