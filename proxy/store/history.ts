import type { Insertable } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type HistoryRow = Insertable<Tables['history']>

const rowsPerStatement = 500

/** Appends to the history, which is never changed; in the transaction of the write it tells of. */
export const appendHistory = async (tx: Db, rows: readonly HistoryRow[]): Promise<void> => {
  for (const batch of batches(rows, rowsPerStatement)) await tx.insertInto('history').values(batch).execute()
}
