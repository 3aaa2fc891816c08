import type { Selectable } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type InvitationRow = Selectable<Tables['invitation']>

export const addInvitation = async (db: Db, row: InvitationRow): Promise<void> => {
  await db.insertInto('invitation').values(row).execute()
}

export const invitationByHash = (db: Db, tokenHash: string): Promise<InvitationRow | undefined> =>
  db.selectFrom('invitation').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst()

/** Those of an app that can still be used, newest first. @param now µs */
export const openInvitations = (db: Db, app: number, now: number): Promise<InvitationRow[]> =>
  db
    .selectFrom('invitation')
    .selectAll()
    .where('app', '=', app)
    .where('revoked_at', 'is', null)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .execute()

export const revokeInvitation = async (db: Db, app: number, id: string, now: number): Promise<void> => {
  await db
    .updateTable('invitation')
    .set({ revoked_at: now })
    .where('app', '=', app)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Marks it as used, if it can be: of several at once, one gets it. */
export const claimInvitation = (
  tx: Db,
  tokenHash: string,
  by: string,
  now: number,
): Promise<InvitationRow | undefined> =>
  tx
    .updateTable('invitation')
    .set({ used_at: now, used_by: by })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst()
