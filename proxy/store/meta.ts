import { randomBytes } from 'node:crypto'
import type { Db, Store } from './open.ts'

export const metaValue = async (db: Db, key: string): Promise<string | undefined> =>
  (await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst())?.value

export const setMeta = async (db: Db, key: string, value: string): Promise<void> => {
  await db
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}

export const removeMeta = async (db: Db, key: string): Promise<void> => {
  await db.deleteFrom('meta').where('key', '=', key).execute()
}

/** Random values that belong to a database: made the first time they are asked for, the same ever after. */
const madeOnce = async (store: Store, key: string, bytes: number): Promise<string> => {
  await store.write
    .insertInto('meta')
    .values({ key, value: randomBytes(bytes).toString('hex') })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  return (await metaValue(store.write, key))!
}

/** Names this server's data: browsers keep an outbox for each. */
export const serverId = (store: Store): Promise<string> => madeOnce(store, 'server_id', 16)

/** {@link serverId}, and the key that signs addresses of media, so that they outlive a restart. */
export const serverIdentity = async (store: Store): Promise<{ serverId: string; mediaKey: Buffer }> => ({
  serverId: await serverId(store),
  mediaKey: Buffer.from(await madeOnce(store, 'media_key', 32), 'hex'),
})

/** Half of what encrypts tokens of an upstream; the other half is known to the browser only. */
export const tokenKey = async (store: Store): Promise<Buffer> =>
  Buffer.from(await madeOnce(store, 'token_key', 32), 'hex')
