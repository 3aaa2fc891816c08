import { sql } from 'kysely'
import type { Db } from './open.ts'

/** Columns that say who made an annotation. */
export type WorkerColumn = 'user_id' | 'model_version_id' | 'workflow_version_id'

/**
 * Everybody who made an annotation of an app, by one column, in the order of their ids. Jumps from one to the next in
 * the index of the column, so that it costs as much as there are people, not annotations.
 */
export const workersBy = async (db: Db, app: number, column: WorkerColumn): Promise<string[]> => {
  const id = sql.ref(column)
  const least = sql`select min(${id}) from annotation where app = ${app} and deleted_at is null and ${id}`
  const { rows } = await sql<{ id: string }>`with recursive worker (id) as (
    select (${least} is not null)
    union all select (${least} > worker.id) from worker where worker.id is not null
  ) select id from worker where id is not null`.execute(db)
  return rows.map((row) => row.id)
}

/** Some annotation of each of these workers, by their ids. */
export const annotationsByWorkers = async (
  db: Db,
  app: number,
  column: WorkerColumn,
  ids: readonly string[],
): Promise<Map<string, Uint8Array>> => {
  const found = new Map<string, Uint8Array>()
  for (const id of ids) {
    const row = await db
      .selectFrom('annotation')
      .select('message')
      .where('app', '=', app)
      .where(column, '=', id)
      .where('deleted_at', 'is', null)
      .limit(1)
      .executeTakeFirst()
    if (row) found.set(id, row.message)
  }
  return found
}
