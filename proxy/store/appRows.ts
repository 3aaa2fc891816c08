import type { Insertable } from 'kysely'
import type { AppForPerson, AppRow } from './access.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

/** @returns false when its owner has an app of this id already */
export const addApp = async (
  db: Db,
  row: Omit<Insertable<Tables['app']>, 'no' | 'rev' | 'last_at'>,
): Promise<boolean> => {
  const taken = await db
    .selectFrom('app')
    .select('no')
    .where('user_id', '=', row.user_id)
    .where('id', '=', row.id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (taken) return false
  await db
    .insertInto('app')
    .values({ ...row, rev: 0, last_at: 0 })
    .execute()
  return true
}

/** An owner's apps, in the order they were made. */
export const appsOf = (db: Db, owner: string): Promise<AppRow[]> =>
  db
    .selectFrom('app')
    .selectAll()
    .where('user_id', '=', owner)
    .where('deleted_at', 'is', null)
    .orderBy('created_at')
    .orderBy('no')
    .execute()

export type SharedApp = AppForPerson & { readonly invitation: string; readonly invited_at: number }

/** Other people's apps that a person collaborates in, in the order of the invitations; of one owner only, if given. */
export const appsSharedWith = (db: Db, userId: string, owner?: string): Promise<SharedApp[]> => {
  let query = db
    .selectFrom('collaborator')
    .innerJoin('app', 'app.no', 'collaborator.app')
    .selectAll('app')
    .select(['collaborator.scopes as invitation', 'collaborator.created_at as invited_at'])
    .where('collaborator.user_id', '=', userId)
    .where('collaborator.deleted_at', 'is', null)
    .where('app.deleted_at', 'is', null)
  if (owner !== undefined) query = query.where('app.user_id', '=', owner)
  return query.orderBy('collaborator.created_at').orderBy('app.no').execute()
}

export const setAppMessage = async (db: Db, no: number, message: Uint8Array, now: number): Promise<void> => {
  await db.updateTable('app').set({ message, modified_at: now }).where('no', '=', no).execute()
}

/** Softly: the id is free again, its rows stay. */
export const removeApp = async (db: Db, no: number, now: number): Promise<void> => {
  await db.updateTable('app').set({ deleted_at: now }).where('no', '=', no).execute()
}

/** An owner's apps that were deleted since (µs), the last first, with how many inputs they have. */
export const appsDeletedSince = (db: Db, owner: string, since: number) =>
  db
    .selectFrom('app')
    .select(['no', 'id', 'message', 'deleted_at'])
    .select((eb) =>
      eb
        .selectFrom('input')
        .whereRef('input.app', '=', 'app.no')
        .where('input.deleted_at', 'is', null)
        .select((count) => count.fn.countAll<number>().as('count'))
        .as('inputs'),
    )
    .where('user_id', '=', owner)
    .where('deleted_at', '>=', since)
    .orderBy('deleted_at', 'desc')
    .execute()

/** The app is there again. @returns false while another of its owner has its id */
export const returnApp = (db: Db, no: number): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('app')
      .set({ deleted_at: null })
      .where('no', '=', no)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('app as other')
              .select('other.no')
              .whereRef('other.user_id', '=', 'app.user_id')
              .whereRef('other.id', '=', 'app.id')
              .where('other.deleted_at', 'is', null),
          ),
        ),
      )
      .executeTakeFirstOrThrow()
    return numUpdatedRows > 0n
  })
