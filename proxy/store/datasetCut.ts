import { sql } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'

/** Keeps a statement's parameters and its answer small. */
const idsPerStatement = 500

/**
 * The annotations of some inputs as they were when the app's last write was number `rev`, oldest first: what was
 * changed or deleted since is taken from the history.
 */
export const annotationsAt = async (
  db: Db,
  app: number,
  inputIds: readonly string[],
  rev: number,
): Promise<Uint8Array[]> => {
  const found: Uint8Array[] = []
  for (const batch of batches(inputIds, idsPerStatement)) {
    const rows = await db
      .selectFrom('annotation')
      .select(['input_id', 'id', 'rev', 'deleted_at', 'message'])
      .where('app', '=', app)
      .where('input_id', 'in', batch)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    const before = await earlier(
      db,
      app,
      rows.filter((row) => Number(row.rev) > rev),
      rev,
    )
    for (const row of rows) {
      if (Number(row.rev) > rev) {
        const message = before.get(key(row.input_id, row.id))
        if (message) found.push(message)
      } else if (row.deleted_at === null) found.push(row.message)
    }
  }
  return found
}

const key = (inputId: string, id: string): string => `${inputId}/${id}`

/** What the history says these were after the app's write number `rev`; what did not exist then is not in it. */
const earlier = async (
  db: Db,
  app: number,
  changed: readonly { input_id: string; id: string }[],
  rev: number,
): Promise<Map<string, Uint8Array>> => {
  const found = new Map<string, Uint8Array>()
  for (const batch of batches(changed, idsPerStatement)) {
    const wanted = sql.join(batch.map((row) => sql`(${row.input_id}, ${row.id})`))
    const rows = await db
      .selectFrom('history')
      .select(['input_id', 'item_id', 'after'])
      .where('app', '=', app)
      .where('kind', '=', 'annotation')
      .where('input_id', 'in', [...new Set(batch.map((row) => row.input_id))])
      .where('input_id', '<>', '') // as the index by input has it, or it is not used
      .where(sql<boolean>`(input_id, item_id) in (values ${wanted})`)
      .where('rev', '<=', rev)
      .orderBy('rev')
      .execute()
    // later lines overwrite earlier ones
    for (const { input_id, item_id, after } of rows) {
      if (after) found.set(key(input_id, item_id), after)
      else found.delete(key(input_id, item_id))
    }
  }
  return found
}

/** An app by its number, deleted or not. */
export const appByNo = (db: Db, no: number) =>
  db.selectFrom('app').selectAll().where('no', '=', no).executeTakeFirstOrThrow()
