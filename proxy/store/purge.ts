import { sql } from 'kysely'
import type { Db } from './open.ts'

// What was deleted long ago leaves for good, some rows at a time. The history of an app stays as long as the app does:
// it is what happened.

/** How much of it at a time; a writer waits for one of these at most. */
export interface Purging {
  /** µs: what was deleted before. */
  readonly before: number
  readonly rows: number
}

const oldApps = (before: number) => sql`select no from app where deleted_at < ${before}`

/** What searches find the annotations of deleted apps by; that of deleted annotations went when they were deleted. */
const indexKeys = {
  annotation_term: sql`app, created_at, term`,
  input_term: sql`app, term, input_at`,
  annotation_geo: sql`app, created_at`,
  annotation_frame: sql`app, created_at`,
} as const

/** @returns how many annotations went; less than `rows` = there are no more */
export const purgeAnnotations = async (tx: Db, { before, rows }: Purging): Promise<number> => {
  const deleted = await sql`delete from annotation where (app, input_id, id) in
    (select app, input_id, id from annotation where deleted_at < ${before} limit ${rows})`.execute(tx)
  const count = Number(deleted.numAffectedRows ?? 0)
  return count > 0 ? count : purgeOfApps(tx, { before, rows })
}

const purgeOfApps = async (tx: Db, { before, rows }: Purging): Promise<number> => {
  for (const [table, key] of Object.entries(indexKeys)) {
    const gone = await sql`delete from ${sql.table(table)} where (${key}) in
      (select ${key} from ${sql.table(table)} where app in (${oldApps(before)}) limit ${rows})`.execute(tx)
    if (Number(gone.numAffectedRows ?? 0) > 0) return Number(gone.numAffectedRows)
  }
  const gone = await sql`delete from annotation where (app, input_id, id) in
    (select app, input_id, id from annotation where app in (${oldApps(before)}) limit ${rows})`.execute(tx)
  return Number(gone.numAffectedRows ?? 0)
}

/**
 * Inputs that nothing is left of go; those that tasks still count stay as names without bytes. To be called when no
 * annotation is left to purge.
 * @returns how many went or lost their bytes; 0 = there are no more
 */
export const purgeInputs = async (tx: Db, { before, rows }: Purging): Promise<number> => {
  const counted = sql`exists (select 1 from task_input t where t.app = input.app and t.input_id = input.id)
    or exists (select 1 from task_assignment a where a.app = input.app and a.input_id = input.id)
    or exists (select 1 from annotation n where n.app = input.app and n.input_id = input.id)
    or exists (select 1 from dataset_version_input v join dataset_version on dataset_version.no = v.version
      where dataset_version.app = input.app and dataset_version.snapshot is null and v.input_id = input.id)`
  // one after the other, not with `or`: each of them has an index
  for (const old of [sql`deleted_at is not null and deleted_at < ${before}`, sql`app in (${oldApps(before)})`]) {
    const found = await sql<{ app: number; id: string; counted: number }>`
      select app, id, case when ${counted} then 1 else 0 end as counted from input
      where ${old} and (original is not null or not (${counted})) limit ${rows}`.execute(tx)
    await removeInputs(tx, found.rows)
    if (found.rows.length > 0) return found.rows.length
  }
  return 0
}

const removeInputs = async (tx: Db, found: readonly { app: number; id: string; counted: number }[]): Promise<void> => {
  for (const row of found) {
    const [app, id] = [Number(row.app), row.id]
    if (Number(row.counted) === 1) {
      await tx
        .updateTable('input')
        .set({ original: null, display: null })
        .where('app', '=', app)
        .where('id', '=', id)
        .execute()
      continue
    }
    await tx.deleteFrom('dataset_input').where('app', '=', app).where('input_id', '=', id).execute()
    await tx.deleteFrom('job').where('app', '=', app).where('input_id', '=', id).execute()
    await tx.deleteFrom('input').where('app', '=', app).where('id', '=', id).execute()
  }
}
