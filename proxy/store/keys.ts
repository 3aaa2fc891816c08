import type { Insertable, Selectable } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type KeyRow = Selectable<Tables['api_key']>

export const addKey = async (db: Db, row: Insertable<Tables['api_key']>): Promise<void> => {
  await db.insertInto('api_key').values(row).execute()
}

export type KeyInUse = KeyRow & { readonly app_owner: string | null; readonly app_id: string | null }

/** The key with this secret's hash that has not expired at `now` (µs), with the app it is bound to if that still is. */
export const keyBySecret = (db: Db, secretHash: string, now: number): Promise<KeyInUse | undefined> =>
  db
    .selectFrom('api_key')
    .leftJoin('app', (join) => join.onRef('app.no', '=', 'api_key.app').on('app.deleted_at', 'is', null))
    .selectAll('api_key')
    .select(['app.user_id as app_owner', 'app.id as app_id'])
    .where('api_key.secret_hash', '=', secretHash)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .executeTakeFirst()

export interface KeyFilter {
  readonly kind?: KeyRow['kind'] | undefined
  /** Only those that have not expired at this time (µs). */
  readonly livingAt?: number | undefined
}

/** A person's keys, oldest first. */
export const keysOf = (db: Db, userId: string, filter: KeyFilter): Promise<KeyRow[]> => {
  const { kind, livingAt } = filter
  let query = db.selectFrom('api_key').selectAll().where('user_id', '=', userId)
  if (kind) query = query.where('kind', '=', kind)
  if (livingAt !== undefined)
    query = query.where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', livingAt)]))
  return query.orderBy('created_at').orderBy('id').execute()
}

/** One of a person's keys, by its public id or by its secret's hash. */
export const keyOf = (db: Db, userId: string, id: string, secretHash: string): Promise<KeyRow | undefined> =>
  db
    .selectFrom('api_key')
    .selectAll()
    .where('user_id', '=', userId)
    .where((eb) => eb.or([eb('id', '=', id), eb('secret_hash', '=', secretHash)]))
    .executeTakeFirst()

export const removeKey = async (db: Db, id: string): Promise<void> => {
  await db.deleteFrom('api_key').where('id', '=', id).execute()
}
