import { type Insertable, type Selectable, sql } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export const addSession = async (db: Db, row: Insertable<Tables['session']>): Promise<void> => {
  await db.insertInto('session').values(row).execute()
}

/** The session of a token's hash that has not ended at `now` (µs). */
export const sessionByToken = (
  db: Db,
  tokenHash: string,
  now: number,
): Promise<Selectable<Tables['session']> | undefined> =>
  db
    .selectFrom('session')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .executeTakeFirst()

export const endSession = async (db: Db, tokenHash: string): Promise<void> => {
  await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute()
}

/** Ends a person's sessions; `except` (a token's hash) goes on. */
export const endSessionsOf = async (db: Db, userId: string, except = ''): Promise<void> => {
  await db.deleteFrom('session').where('user_id', '=', userId).where('token_hash', '!=', except).execute()
}

export const forgetExpiredSessions = async (db: Db, now: number): Promise<void> => {
  await db.deleteFrom('session').where('expires_at', '<=', now).execute()
}

export type Failures = Selectable<Tables['sign_in_failure']>

export const failuresOf = (db: Db, subjects: readonly string[]): Promise<Failures[]> =>
  db.selectFrom('sign_in_failure').selectAll().where('subject', 'in', subjects).execute()

/** Counts one more failure for each subject; a count whose last failure is not after `since` (µs) begins anew. */
export const countFailure = async (db: Db, subjects: readonly string[], now: number, since: number): Promise<void> => {
  await db
    .insertInto('sign_in_failure')
    .values(subjects.map((subject) => ({ subject, count: 1, last_at: now })))
    .onConflict((conflict) =>
      conflict.column('subject').doUpdateSet({
        count: sql<number>`case when sign_in_failure.last_at <= ${since} then 1 else sign_in_failure.count + 1 end`,
        last_at: now,
      }),
    )
    .execute()
}

/** One try less: it was none. */
export const takeBackFailure = async (db: Db, subject: string): Promise<void> => {
  await db
    .updateTable('sign_in_failure')
    .set({ count: sql<number>`count - 1` })
    .where('subject', '=', subject)
    .where('count', '>', 0)
    .execute()
}

export const forgetFailures = async (db: Db, subject: string): Promise<void> => {
  await db.deleteFrom('sign_in_failure').where('subject', '=', subject).execute()
}

export const forgetOldFailures = async (db: Db, before: number): Promise<void> => {
  await db.deleteFrom('sign_in_failure').where('last_at', '<', before).execute()
}
