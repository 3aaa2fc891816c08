import { sql } from 'kysely'
import type { Db } from './open.ts'
import type { Sql } from './searchConditions.ts'
import { conceptTerm, trackTerm } from './searchTerms.ts'

/** What to stream of an input; what is absent does not restrict. */
export interface TrackFilter {
  readonly track?: string | undefined
  /** Frames by their numbers and by their times (ms); the first is in, the end is not. */
  readonly numbers: Span
  readonly times: Span
  /** Kinds of regions as {@link Tables.annotation.region_kind} has them; null = labels without a region. */
  readonly kind?: string | null | undefined
  readonly userId?: string | undefined
  readonly modelVersionId?: string | undefined
  readonly workflowVersionId?: string | undefined
  readonly visible: Sql | undefined
}

interface Span {
  readonly from: number
  readonly until: number | undefined
}

/** Whether frames are asked for: then what is in none is left out. */
const isFrames = ({ numbers, times }: TrackFilter): boolean =>
  [numbers, times].some(({ from, until }) => from > 0 || until !== undefined)

const within = (column: 'number' | 'time', { from, until }: Span): Sql => {
  const at = sql.ref(`frame.${column}`)
  return until === undefined ? sql<boolean>`${at} >= ${from}` : sql<boolean>`${at} >= ${from} and ${at} < ${until}`
}

/**
 * The annotations of an input by their `created_at`: what is of the whole input first, then frame by frame as the video
 * plays, in each the oldest first.
 */
export const trackTimes = async (db: Db, app: number, inputId: string, filter: TrackFilter): Promise<number[]> => {
  const { track, kind, userId, modelVersionId, workflowVersionId, visible } = filter
  const conditions = [
    sql<boolean>`annotation.app = ${app} and annotation.input_id = ${inputId} and annotation.deleted_at is null`,
    ...(isFrames(filter) ? [within('number', filter.numbers), within('time', filter.times)] : []),
    ...(track ? [hasTerm([trackTerm(track)])] : []),
    ...(kind === undefined ? [] : [kind === null ? isTag : sql<boolean>`annotation.region_kind = ${kind}`]),
    ...(userId ? [sql<boolean>`annotation.user_id = ${userId}`] : []),
    ...(modelVersionId ? [sql<boolean>`annotation.model_version_id = ${modelVersionId}`] : []),
    ...(workflowVersionId ? [sql<boolean>`annotation.workflow_version_id = ${workflowVersionId}`] : []),
    ...(visible ? [visible] : []),
  ]
  const { rows } = await sql<{ created_at: number }>`
    select annotation.created_at as created_at from annotation
      left join annotation_frame frame on frame.app = annotation.app and frame.created_at = annotation.created_at
    where ${sql.join(conditions, sql` and `)}
    order by coalesce(frame.time, -1), coalesce(frame.number, -1), annotation.created_at`.execute(db)
  return rows.map(({ created_at }) => Number(created_at))
}

const hasTerm = (terms: readonly string[]): Sql => sql<boolean>`exists (select 1 from annotation_term term
  where term.app = annotation.app and term.created_at = annotation.created_at and term.term in (${sql.join(terms)}))`

/** Says something, and of no region. */
const isTag = sql<boolean>`(annotation.region_kind is null and exists (select 1 from annotation_term term
  where term.app = annotation.app and term.created_at = annotation.created_at
    and substr(term.term, 1, 1) in (${conceptTerm('', true)}, ${conceptTerm('', false)})))`
