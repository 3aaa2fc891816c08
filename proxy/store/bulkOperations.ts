import type { Insertable, Selectable } from 'kysely'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type BulkOperationRow = Selectable<Tables['bulk_operation']>

/** @returns its number */
export const insertBulkOperation = async (tx: Db, row: Insertable<Tables['bulk_operation']>): Promise<number> => {
  const { no } = await tx.insertInto('bulk_operation').values(row).returning('no').executeTakeFirstOrThrow()
  return Number(no)
}

export const bulkOperationByNo = (db: Db, no: number): Promise<BulkOperationRow | undefined> =>
  db.selectFrom('bulk_operation').selectAll().where('no', '=', no).executeTakeFirst()

/** Those with these ids, in no order. */
export const bulkOperationsById = async (db: Db, app: number, ids: readonly string[]): Promise<BulkOperationRow[]> => {
  const found: BulkOperationRow[] = []
  for (const batch of batches([...new Set(ids)], 1000))
    found.push(
      ...(await db.selectFrom('bulk_operation').selectAll().where('app', '=', app).where('id', 'in', batch).execute()),
    )
  return found
}

/** A page of them, newest first: a person looks for the one they have just begun. */
export const listBulkOperations = (
  db: Db,
  app: number,
  page: { readonly limit: number; readonly offset: number },
): Promise<BulkOperationRow[]> =>
  db
    .selectFrom('bulk_operation')
    .selectAll()
    .where('app', '=', app)
    .orderBy('created_at', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()

type BulkOperationChange = Partial<
  Omit<BulkOperationRow, 'no' | 'app' | 'id' | 'created_by' | 'message' | 'created_at'>
>

export const updateBulkOperation = async (tx: Db, no: number, change: BulkOperationChange): Promise<void> => {
  await tx.updateTable('bulk_operation').set(change).where('no', '=', no).execute()
}

const open: readonly number[] = [StatusCode.BULK_OPERATION_PENDING, StatusCode.BULK_OPERATION_IN_PROGRESS]

/** Whether there may be more to do. */
export const isOpen = ({ status_code }: Pick<BulkOperationRow, 'status_code'>): boolean => open.includes(status_code)

/** The same for one that is open; another is left as it is, however it has ended meanwhile. */
export const updateOpenBulkOperation = async (db: Db, no: number, change: BulkOperationChange): Promise<void> => {
  await db.updateTable('bulk_operation').set(change).where('no', '=', no).where('status_code', 'in', open).execute()
}

export const removeBulkOperations = async (tx: Db, nos: readonly number[]): Promise<void> => {
  for (const batch of batches(nos, 1000)) await tx.deleteFrom('bulk_operation').where('no', 'in', batch).execute()
}
