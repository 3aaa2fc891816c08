import { existsSync, promises as files } from 'node:fs'
import type Database from 'better-sqlite3'
import { Kysely, sql, type Transaction } from 'kysely'
import { type CheckpointRules, Checkpoints } from './checkpoints.ts'
import type { Dialect } from './dialect.ts'
import {
  appliedMigrations,
  migrate,
  pendingMigrations,
  type Scripts,
  unknownMigrations,
} from './migrations/migrations.ts'
import { postgresDialect } from './postgres.ts'
import type { Tables } from './schema.ts'
import { leaveLogToOthers, lockForWriting, openReading, openWriting } from './sqlite.ts'
import { durableSqliteDialect, sqliteDialect } from './sqliteDialect.ts'
import { committingTogether, type Together } from './together.ts'
import { type SyncFile, WalSync } from './walSync.ts'

/** A database handle of any kind: store functions take it as their first argument. */
export type Db = Kysely<Tables> | Transaction<Tables>

export interface Store {
  /** The one writing connection (PostgreSQL: the pool). Inside its transactions await nothing but their own queries. */
  readonly write: Kysely<Tables>
  /** Sees what is committed; never waits for a writer. Not to be used inside a transaction of `write`. */
  readonly read: Kysely<Tables>
  /** A short transaction of `write` that shares its commit with others; PostgreSQL does so by itself. */
  readonly together: Together
  readonly dialect: Dialect
  /** A consistent copy of a SQLite database while it is in use. @throws Error for PostgreSQL, which has pg_dump */
  backup(file: string): Promise<void>
  /** @throws Error when nothing more is written, since the disk did not keep what was */
  check?(): void
  close(): Promise<void>
}

export interface OpenOptions {
  /** A file, or postgres://… */
  readonly databaseUrl: string
  /**
   * SQLite: false = work beside a running server (short administrative writes, backups) instead of being the one
   * process that owns the database. Such a store never migrates.
   */
  readonly exclusive?: boolean
  /** The migrations this code knows; tests look into the future. */
  readonly migrations?: Scripts
  /** Told about backups and migrations, and what goes wrong behind everybody's back. */
  readonly log?: (line: string) => void
  /** SQLite: how the disk is made to keep what was written; tests bring one that fails. */
  readonly syncFile?: SyncFile
  /** SQLite: when the log is emptied, if not as usual. */
  readonly checkpoints?: CheckpointRules
}

export const isPostgres = (databaseUrl: string): boolean => /^postgres(ql)?:\/\//.test(databaseUrl)

const refuseNewer = (applied: readonly string[], where: string, migrations?: Scripts): void => {
  const unknown = unknownMigrations(applied, migrations)
  if (unknown.length > 0)
    throw new Error(`${where} was written by a newer version of Marquee (${unknown.join(', ')}): run that version.`)
}

/**
 * Opens the database, makes or migrates its tables (SQLite: after a backup beside it) and takes it for this process.
 * @throws Error with one line for the operator: newer database, in use, cannot be opened
 */
export const openStore = async (options: OpenOptions): Promise<Store> =>
  isPostgres(options.databaseUrl) ? openPostgres(options) : openSqlite(options)

const openPostgres = async ({ databaseUrl, migrations }: OpenOptions): Promise<Store> => {
  const db = new Kysely<Tables>({ dialect: postgresDialect(databaseUrl) })
  try {
    await reach(db)
    refuseNewer(await appliedMigrations(db), 'The database', migrations)
    await migrate(db, 'postgres', migrations)
  } catch (error) {
    await db.destroy()
    throw error
  }
  const backup = async () => {
    throw new Error('The database is PostgreSQL: back it up with pg_dump.')
  }
  return { write: db, read: db, together: inTransaction(db), dialect: 'postgres', backup, close: () => db.destroy() }
}

/** PostgreSQL shares commits by itself. */
export const inTransaction =
  (db: Kysely<Tables>): Together =>
  (work) =>
    db.transaction().execute(work)

/** @throws Error with the reason in one line: errors of the network often have none */
const reach = async (db: Kysely<Tables>): Promise<void> => {
  try {
    await sql`select 1`.execute(db)
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string }
    throw new Error(`The database cannot be reached: ${message || code || error}`, { cause: error })
  }
}

const openSqlite = async (options: OpenOptions): Promise<Store> => {
  const { databaseUrl: file, exclusive = true } = options
  await refuseForeignFile(file)
  const lock = exclusive ? lockForWriting(file) : undefined
  const connection = openWriting(file)
  const before = new Kysely<Tables>({ dialect: sqliteDialect(connection) })
  try {
    await prepareSqlite(before, connection, options)
  } catch (error) {
    await before.destroy()
    lock?.close()
    throw error
  }
  const waiting = { write: before, settle: async () => {}, check: () => {} }
  const alone = exclusive && leaveLogToOthers(connection) // else commits wait for the disk themselves
  const { write, settle, check } = alone ? notWaiting(connection, options) : waiting
  const reading = openReading(file)
  const read = new Kysely<Tables>({ dialect: sqliteDialect(reading) })
  const close = async () => {
    await settle()
    await read.destroy()
    reading.close() // Kysely leaves alone what it has not used
    await write.destroy()
    connection.close()
    lock?.close()
  }
  const together = committingTogether(write)
  return { write, read, together, dialect: 'sqlite', backup: (to) => backUp(connection, to), check, close }
}

/** The connection of a server: who wrote waits for the disk, its thread does not (walSync.ts, checkpoints.ts). */
const notWaiting = (
  connection: Database.Database,
  { databaseUrl: file, log, syncFile, checkpoints: rules }: OpenOptions,
) => {
  const sync = new WalSync(file, syncFile)
  const checkpoints = new Checkpoints(
    file,
    (work) => write.connection().execute(work),
    (error) => log?.(`The log of the database was not emptied: ${error}`),
    rules,
  )
  const durability = {
    check: () => sync.check(),
    synced: () => {
      checkpoints.written()
      return sync.synced()
    },
  }
  const write = new Kysely<Tables>({ dialect: durableSqliteDialect(connection, durability) })
  const settle = async () => {
    await checkpoints.close()
    await sync.close()
  }
  return { write, settle, check: durability.check }
}

const prepareSqlite = async (
  write: Kysely<Tables>,
  connection: Database.Database,
  { databaseUrl: file, exclusive = true, migrations, log }: OpenOptions,
): Promise<void> => {
  const applied = await appliedMigrations(write)
  refuseNewer(applied, file, migrations)
  const pending = pendingMigrations(applied, migrations)
  if (pending.length === 0) return
  if (!exclusive && applied.length > 0) throw new Error(`${file} needs an update: start the server once.`)
  if (applied.length > 0) {
    const copy = `${file}.before-${pending[0]}.backup`
    await backUp(connection, copy)
    log?.(`Backed the database up to ${copy}`)
  }
  await migrate(write, 'sqlite', migrations)
  log?.(`Database at ${pending.at(-1)}`)
}

const backUp = async (connection: Database.Database, to: string): Promise<void> => {
  await connection.backup(to)
}

const sqliteMagic = 'SQLite format 3\0'

/** @throws Error when `file` is there, not empty and no SQLite database */
const refuseForeignFile = async (file: string): Promise<void> => {
  if (!existsSync(file)) return
  await using handle = await files.open(file)
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(sqliteMagic.length), 0, sqliteMagic.length, 0)
  if (bytesRead > 0 && buffer.toString('latin1') !== sqliteMagic) throw new Error(`${file} is no SQLite database.`)
}
