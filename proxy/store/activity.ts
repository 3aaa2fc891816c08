import { sql } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type HistoryKind = Tables['history']['kind']

export interface ActivityFilter {
  readonly kind?: HistoryKind
  readonly personId?: string
  readonly inputId?: string
  /** µs; included */
  readonly since?: number
  /** µs; not included */
  readonly until?: number
}

/**
 * Lines of the history, newest first, older than the write `before`. By rev, which grows with the time, so that the
 * last page costs what the first does. Conditions as the indexes of migration 0030 have them, or they are not used.
 */
export const activityOf = (db: Db, app: number, filter: ActivityFilter, before: number | undefined, limit: number) => {
  const { kind, personId, inputId, since, until } = filter
  return db
    .selectFrom('history')
    .select(['rev', 'kind', 'input_id', 'item_id', 'user_id', 'at', 'before', 'after'])
    .where('app', '=', app)
    .$if(before !== undefined, (query) => query.where('rev', '<', before!))
    .$if(personId !== undefined, (query) => query.where('user_id', '=', personId!))
    .$if(inputId !== undefined, (query) => query.where('input_id', '=', inputId!).where(sql<boolean>`input_id <> ''`))
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind!))
    .$if(kind !== undefined && kind !== 'annotation', (query) => query.where(sql<boolean>`kind <> 'annotation'`))
    .$if(since !== undefined, (query) => query.where('at', '>=', since!))
    .$if(until !== undefined, (query) => query.where('at', '<', until!))
    .orderBy('rev', 'desc')
    .limit(limit)
    .execute()
}

export type ActivityRow = Awaited<ReturnType<typeof activityOf>>[number]

/** Which of these annotations are deleted now, by `input/id`. */
export const deletedAnnotations = async (
  db: Db,
  app: number,
  keys: readonly { input_id: string; item_id: string }[],
): Promise<ReadonlySet<string>> => {
  if (keys.length === 0) return new Set()
  const wanted = sql.join(keys.map((key) => sql`(${key.input_id}, ${key.item_id})`))
  const rows = await db
    .selectFrom('annotation')
    .select(['input_id', 'id'])
    .where('app', '=', app)
    .where(sql<boolean>`(input_id, id) in (values ${wanted})`)
    .where('deleted_at', 'is not', null)
    .execute()
  return new Set(rows.map((row) => `${row.input_id}/${row.id}`))
}
