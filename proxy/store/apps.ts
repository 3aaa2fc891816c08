import { sql } from 'kysely'
import type { Db } from './open.ts'

/** What a write in an app is stamped with: `rev` and `at` (µs since 1970) rise strictly within the app. */
export interface Stamp {
  readonly rev: number
  readonly at: number
}

/**
 * The stamps of `count` writes in an app, taken within the transaction that makes them: each `rev` is the last one
 * plus 1, each `at` the clock (µs) or, if that has not moved on, the last one plus 1 µs. Locks the app's row.
 * @throws Error when there is no such app
 */
export const nextRevs = async (tx: Db, appNo: number, count: number, now: number): Promise<Stamp[]> => {
  if (count === 0) return []
  const last = await tx
    .updateTable('app')
    .set((eb) => ({
      rev: eb('rev', '+', count),
      last_at: sql<number>`case when last_at >= ${now} then last_at + ${count} else ${now + count - 1} end`,
    }))
    .where('no', '=', appNo)
    .returning(['rev', 'last_at'])
    .executeTakeFirstOrThrow()
  const rev = Number(last.rev) - count + 1
  const at = Number(last.last_at) - count + 1
  return Array.from({ length: count }, (_, i) => ({ rev: rev + i, at: at + i }))
}

/** {@link nextRevs} for one write. */
export const nextRev = async (tx: Db, appNo: number, now: number): Promise<Stamp> =>
  (await nextRevs(tx, appNo, 1, now))[0]!

/**
 * Makes other writers of this app wait until the transaction ends, so that what it reads stays true. On SQLite a
 * transaction has the whole database anyway; on PostgreSQL this is the row's lock.
 */
export const lockApp = async (tx: Db, appNo: number): Promise<void> => {
  await tx
    .updateTable('app')
    .set((eb) => ({ rev: eb.ref('rev') }))
    .where('no', '=', appNo)
    .execute()
}

/** The last rev given out in an app. */
export const revOf = async (db: Db, appNo: number): Promise<number> =>
  Number((await db.selectFrom('app').select('rev').where('no', '=', appNo).executeTakeFirst())?.rev ?? 0)

/** What is stored of an app, clarifai.api.App. @throws Error when there is none */
export const appMessage = async (db: Db, appNo: number): Promise<Uint8Array> =>
  (await db.selectFrom('app').select('message').where('no', '=', appNo).executeTakeFirstOrThrow()).message
