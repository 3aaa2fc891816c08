import { sql } from 'kysely'
// biome-ignore lint/style/noRestrictedImports: used by tests only, which is where vitest is at home
import { beforeAll, beforeEach, describe } from 'vitest'
import { openMemoryStore } from './memory.ts'
import type { Store } from './open.ts'

/** One block for all: to truncate every table takes PGlite fifty times as long as to delete the few rows of a test. */
const emptying = async (store: Store): Promise<() => Promise<unknown>> => {
  const tables = await store.write.introspection.getTables()
  const sequences = await sql<{ name: string }>`select relname as name from pg_class where relkind = 'S'`.execute(
    store.write,
  )
  const block = sql.raw(`do $$ begin
    set local session_replication_role = replica;
    ${tables.map(({ name }) => `delete from "${name}";`).join(' ')}
    ${sequences.rows.map(({ name }) => `perform setval('"${name}"', 1, false);`).join(' ')}
  end $$`)
  return () => block.execute(store.write)
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
    let store: Store
    let empty: () => Promise<unknown>
    // one instance for the suite, emptied between tests: starting PGlite takes more than a second
    beforeAll(async () => {
      store = await openMemoryStore('pglite')
      empty = await emptying(store)
      return () => store.close()
    }, 180_000)
    beforeEach(() => empty())
    fn(() => store)
  })
}
