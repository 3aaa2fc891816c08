import type { Insertable, Selectable } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type UpstreamSessionRow = Selectable<Tables['upstream_session']>

export const addUpstreamSession = async (db: Db, row: Insertable<Tables['upstream_session']>): Promise<void> => {
  await db.insertInto('upstream_session').values(row).execute()
}

/** The session of a token's hash with this upstream that has not ended at `now` (µs). */
export const upstreamSessionByToken = (
  db: Db,
  tokenHash: string,
  upstream: string,
  now: number,
): Promise<UpstreamSessionRow | undefined> =>
  db
    .selectFrom('upstream_session')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('upstream', '=', upstream)
    .where('expires_at', '>', now)
    .executeTakeFirst()

export const endUpstreamSession = async (db: Db, tokenHash: string): Promise<void> => {
  await db.deleteFrom('upstream_session').where('token_hash', '=', tokenHash).execute()
}

export const forgetExpiredUpstreamSessions = async (db: Db, now: number): Promise<void> => {
  await db.deleteFrom('upstream_session').where('expires_at', '<=', now).execute()
}
