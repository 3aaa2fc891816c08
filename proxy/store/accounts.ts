import { fromBinary, toBinary } from '@bufbuild/protobuf'
import type { Insertable, Selectable } from 'kysely'
import { type User, UserSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type AccountRow = Selectable<Tables['account']>

export const userOf = (row: Pick<AccountRow, 'message'>): User => fromBinary(UserSchema, row.message)

/** @returns whether it was added: false when the id is taken */
export const addAccount = async (
  db: Db,
  user: User,
  facts: Pick<Insertable<Tables['account']>, 'password_hash' | 'created_at'>,
): Promise<boolean> => {
  const added = await db
    .insertInto('account')
    .values({ id: user.id, message: toBinary(UserSchema, user), ...facts })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute()
  return added.length === 1
}

export const accountById = (db: Db, id: string): Promise<AccountRow | undefined> =>
  db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst()

export const accountsById = (db: Db, ids: readonly string[]): Promise<AccountRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('account')
        .selectAll()
        .where('id', 'in', [...new Set(ids)])
        .execute()

/** All accounts by id. */
export const listAccounts = (db: Db): Promise<AccountRow[]> =>
  db.selectFrom('account').selectAll().orderBy('id').execute()

export const isEmptyDatabase = async (db: Db): Promise<boolean> =>
  (await db.selectFrom('account').select('id').limit(1).executeTakeFirst()) === undefined

/** @returns whether there is such an account */
export const setPasswordHash = async (db: Db, id: string, hash: string): Promise<boolean> => {
  const rows = await db
    .updateTable('account')
    .set({ password_hash: hash })
    .where('id', '=', id)
    .returning('id')
    .execute()
  return rows.length === 1
}

export const preferences = async (db: Db, userId: string): Promise<Record<string, string>> => {
  const rows = await db.selectFrom('preference').select(['key', 'value']).where('user_id', '=', userId).execute()
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]))
}

/** Sets some preferences and leaves the others; an empty value removes one. */
export const putPreferences = async (db: Db, userId: string, changed: Record<string, string>): Promise<void> => {
  for (const [key, value] of Object.entries(changed))
    if (value === '') await db.deleteFrom('preference').where('user_id', '=', userId).where('key', '=', key).execute()
    else
      await db
        .insertInto('preference')
        .values({ user_id: userId, key, value })
        .onConflict((conflict) => conflict.columns(['user_id', 'key']).doUpdateSet({ value }))
        .execute()
}
