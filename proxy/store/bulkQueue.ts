import { type Selectable, sql } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type Work = Selectable<Tables['background_work']>

/** Leaves work for whoever is free; in the transaction that makes its subject. */
export const queueWork = async (tx: Db, kind: Work['kind'], subject: number, now: number): Promise<void> => {
  await tx.insertInto('background_work').values({ kind, subject, due_at: now, lease: null, attempts: 0 }).execute()
}

/** Takes what has been due longest; nobody else gets it until `leaseEnd` (µs). One of several servers wins. */
export const takeWork = async (db: Db, lease: string, now: number, leaseEnd: number): Promise<Work | undefined> =>
  db
    .updateTable('background_work')
    .set({ lease, due_at: leaseEnd, attempts: sql`attempts + 1` })
    .where('no', '=', (eb) =>
      eb.selectFrom('background_work').select('no').where('due_at', '<=', now).orderBy('due_at').orderBy('no').limit(1),
    )
    .where('due_at', '<=', now)
    .returningAll()
    .executeTakeFirst()

/** Keeps work for longer. @returns false when it is no longer this one's: somebody else has it, or it was called off */
export const renewLease = async (tx: Db, { no, lease }: Work, leaseEnd: number): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('background_work')
    .set({ due_at: leaseEnd })
    .where('no', '=', no)
    .where('lease', '=', lease)
    .executeTakeFirst()
  return numUpdatedRows > 0
}

/** Puts work back for later. */
export const returnWork = async (tx: Db, { no, lease }: Work, dueAt: number): Promise<void> => {
  await tx
    .updateTable('background_work')
    .set({ due_at: dueAt, lease: null })
    .where('no', '=', no)
    .where('lease', '=', lease)
    .execute()
}

/** Puts work back of which a part was done: its attempts are counted anew. */
export const continueWork = async (tx: Db, { no, lease }: Work, dueAt: number): Promise<void> => {
  await tx
    .updateTable('background_work')
    .set({ due_at: dueAt, lease: null, attempts: 0 })
    .where('no', '=', no)
    .where('lease', '=', lease)
    .execute()
}

export const endWork = async (tx: Db, { no, lease }: Work): Promise<void> => {
  await tx.deleteFrom('background_work').where('no', '=', no).where('lease', '=', lease).execute()
}

/** Nothing further happens to this subject. */
export const callOffWork = async (tx: Db, kind: Work['kind'], subject: number): Promise<void> => {
  await tx.deleteFrom('background_work').where('kind', '=', kind).where('subject', '=', subject).execute()
}

/** What a process that is no more had taken is due again. Only where this process is the one that owns the database. */
export const takeBackWork = async (db: Db, now: number): Promise<void> => {
  await db.updateTable('background_work').set({ due_at: now, lease: null }).where('lease', 'is not', null).execute()
}
