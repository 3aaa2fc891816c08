import type { Insertable } from 'kysely'
import type { Stamp } from './apps.ts'
import { insertRows } from './insertRows.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type HistoryRow = Insertable<Tables['history']>

/** What happened to a thing of an app that is on no input: a concept, a task, a dataset … */
export const itemHistory = (
  kind: HistoryRow['kind'],
  { no, callerId }: { readonly no: number; readonly callerId: string },
  id: string,
  { rev, at }: Stamp,
  before: Uint8Array | null,
  after: Uint8Array | null,
): HistoryRow => ({ app: no, rev, kind, input_id: '', item_id: id, user_id: callerId, at, before, after })

/** Appends to the history, which is never changed; in the transaction of the write it tells of. */
export const appendHistory = async (tx: Db, rows: readonly HistoryRow[]): Promise<void> => {
  await insertRows(tx, 'history', rows)
}

/** Who last wrote each of these annotations, by `input/id`, as the history knows. */
export const lastWriters = async (
  db: Db,
  app: number,
  rows: readonly { input_id: string; id: string; rev: number }[],
): Promise<Map<string, string>> => {
  if (rows.length === 0) return new Map()
  const found = await db
    .selectFrom('history')
    .select(['kind', 'input_id', 'item_id', 'user_id'])
    .where('app', '=', app)
    .where(
      'rev',
      'in',
      rows.map((row) => row.rev),
    )
    .where('user_id', 'is not', null)
    .execute()
  const written = found.filter((row) => row.kind === 'annotation')
  return new Map(written.map((row) => [`${row.input_id}/${row.item_id}`, row.user_id!]))
}

/** What a write found and left, by its number; undefined where it is not kept. */
export const writeOf = (db: Db, app: number, rev: number) =>
  db.selectFrom('history').select(['before', 'after']).where('app', '=', app).where('rev', '=', rev).executeTakeFirst()

/** Who made a write, by its number; undefined where nobody did, or it is not kept. */
export const writerOf = async (db: Db, app: number, rev: number): Promise<string | undefined> => {
  const row = await db
    .selectFrom('history')
    .select('user_id')
    .where('app', '=', app)
    .where('rev', '=', rev)
    .executeTakeFirst()
  return row?.user_id ?? undefined
}
