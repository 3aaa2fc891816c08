import { sql } from 'kysely'
// biome-ignore lint/style/noRestrictedImports: used by tests only, which is where vitest is at home
import { afterAll, beforeEach, describe } from 'vitest'
import { openMemoryStore, type Store } from './open.ts'

const emptied = async (store: Store): Promise<Store> => {
  const tables = (await store.write.introspection.getTables()).map((table) => `"${table.name}"`)
  await sql.raw(`truncate ${tables.join(', ')} restart identity cascade`).execute(store.write)
  return store
}

/**
 * Runs a suite on SQLite and on PostgreSQL (PGlite). `fn` gets a function that answers the store of the running test,
 * which is empty at its start.
 */
export const eachDialect = (name: string, fn: (store: () => Store) => void): void => {
  describe(`${name} on SQLite`, () => {
    let store: Store
    beforeEach(async () => {
      store = await openMemoryStore('sqlite')
      return () => store.close()
    })
    fn(() => store)
  })
  describe(`${name} on PostgreSQL`, () => {
    let store: Store | undefined
    // one instance for the suite, emptied between tests: starting PGlite takes more than a second
    beforeEach(async () => {
      store = store ? await emptied(store) : await openMemoryStore('pglite')
    }, 60_000)
    afterAll(async () => store?.close())
    fn(() => store!)
  })
}
