import { createHash } from 'node:crypto'
import { promises as files, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Kysely, PGliteDialect } from 'kysely'
import { migrate } from './migrations/migrations.ts'
import { inTransaction, type Store } from './open.ts'
import type { Tables } from './schema.ts'
import { openInMemory } from './sqlite.ts'
import { sqliteDialect } from './sqliteDialect.ts'
import { committingTogether } from './together.ts'

// Databases that live as long as the process: for tests, which open thousands. Each is a copy of one that has run its
// migrations: SQLite's is kept in the process, PostgreSQL's beside the packages until a migration changes.

let sqliteImage: Buffer | undefined

/** A migrated, empty database in memory; `read` and `write` are one connection. */
export const openMemoryStore = async (kind: 'sqlite' | 'pglite' = 'sqlite'): Promise<Store> => {
  if (kind === 'pglite') return openPglite()
  const connection = openInMemory(sqliteImage)
  const db = new Kysely<Tables>({ dialect: sqliteDialect(connection) })
  if (!sqliteImage) {
    await migrate(db, 'sqlite')
    sqliteImage = connection.serialize()
  }
  const backup = async (to: string) => void (await connection.backup(to))
  return { write: db, read: db, together: committingTogether(db), dialect: 'sqlite', backup, close: () => db.destroy() }
}

/** PostgreSQL compiled to WebAssembly. Loaded only here: it is a development dependency and never fsyncs. */
const openPglite = async (): Promise<Store> => {
  const { PGlite } = await import('@electric-sql/pglite')
  const image = pgliteImage()
  const kept = await files.readFile(image).catch(() => undefined)
  // from nothing it makes a whole cluster first, which takes several times as long
  const pglite = new PGlite(kept ? { loadDataDir: new Blob([kept]) } : {})
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) })
  if (!kept) {
    await migrate(db, 'postgres')
    const dump = await pglite.dumpDataDir('gzip')
    const part = `${image}.${process.pid}`
    await files.mkdir(path.dirname(image), { recursive: true })
    await files.writeFile(part, new Uint8Array(await dump.arrayBuffer()))
    await files.rename(part, image) // whole or not at all: others may be making it too
  }
  const backup = async () => {
    throw new Error('There is no file to back up.')
  }
  return { write: db, read: db, together: inTransaction(db), dialect: 'postgres', backup, close: () => db.destroy() }
}

const here = import.meta.dirname
const packages = path.resolve(here, '../../node_modules')

/** Where the migrated cluster of this PGlite and of these migrations is kept. */
const pgliteImage = (): string => {
  const hash = createHash('sha256').update(readFileSync(path.join(packages, '@electric-sql/pglite/package.json')))
  const scripts = readdirSync(path.join(here, 'migrations')).sort()
  for (const name of ['dialect.ts', ...scripts.map((script) => `migrations/${script}`)])
    hash.update(readFileSync(path.join(here, name)))
  return path.join(packages, '.cache/marquee', `pglite-${hash.digest('hex').slice(0, 16)}.tar.gz`)
}
