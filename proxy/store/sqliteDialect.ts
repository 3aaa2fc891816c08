import type Database from 'better-sqlite3'
import {
  type DialectAdapter,
  type Driver,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteStatement,
} from 'kysely'
import { type Durability, DurableDriver, type Written } from './sqliteDriver.ts'

/** Table definitions roll back in SQLite, so a migration that fails leaves nothing behind. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** Whether statements of a database take {@link ForEach rows of parameters}. */
export const runsForEach = (adapter: DialectAdapter): boolean => adapter instanceof TransactionalAdapter

class TransactionalDialect extends SqliteDialect {
  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter()
  }
}

/** {@link TransactionalDialect} whose commits are told once they are on the disk. */
class DurableDialect extends TransactionalDialect {
  readonly #database: CachingDatabase
  readonly #durability: Durability

  constructor(database: CachingDatabase, durability: Durability) {
    super({ database })
    this.#database = database
    this.#durability = durability
  }

  override createAdapter(): DialectAdapter {
    return new SharingAdapter()
  }

  override createDriver(): Driver {
    return new DurableDriver({ database: this.#database }, this.#database, this.#durability)
  }
}

/** Kysely's own lock would be held until the disk has answered; {@link DurableDriver} has one of its own. */
class SharingAdapter extends TransactionalAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

const statementLimit = 500

/**
 * A statement that writes; what changes no row has written nothing. It may get rows of parameters, each an array: then
 * it is run once for each.
 */
class Writing implements SqliteStatement {
  readonly reader: boolean
  readonly #statement: SqliteStatement
  readonly #wrote: () => void
  /** Of tables and the like the database tells no changes. */
  readonly #isRows: boolean

  constructor(statement: SqliteStatement, wrote: () => void, isRows: boolean) {
    this.reader = statement.reader
    this.#statement = statement
    this.#wrote = wrote
    this.#isRows = isRows
  }

  /** With `returning`: each changed row comes back. */
  all(parameters: readonly unknown[]): unknown[] {
    const rows = this.#statement.all(parameters)
    if (rows.length > 0) this.#wrote()
    return rows
  }

  iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    this.#wrote()
    return this.#statement.iterate(parameters)
  }

  run(parameters: readonly unknown[]) {
    if (!Array.isArray(parameters[0])) return this.#run(parameters)
    let result = { changes: 0, lastInsertRowid: 0 } as ReturnType<SqliteStatement['run']>
    for (const row of parameters) result = this.#run(row as unknown[])
    return result
  }

  #run(parameters: readonly unknown[]) {
    const result = this.#statement.run(parameters)
    if (!this.#isRows || Number(result.changes) > 0) this.#wrote()
    return result
  }
}

/**
 * A connection that keeps its prepared statements: Kysely prepares every query anew otherwise. Transactions take the
 * write lock at once, so that none fails half way because another process wrote in between.
 */
class CachingDatabase implements SqliteDatabase, Written {
  readonly #database: Database.Database
  readonly #statements = new Map<string, SqliteStatement>()
  #written = false

  constructor(database: Database.Database) {
    this.#database = database
  }

  prepare(text: string): SqliteStatement {
    const known = this.#statements.get(text)
    if (known) return known
    const isBegin = text === 'begin'
    const prepared = this.#database.prepare(isBegin ? 'begin immediate' : text)
    const statement = prepared as unknown as SqliteStatement
    const isRows = /^\s*(insert|update|delete|replace|with)\b/i.test(text)
    const wrote = () => {
      this.#written = true
    }
    const writing = prepared.readonly || isBegin ? statement : new Writing(statement, wrote, isRows)
    if (this.#statements.size >= statementLimit) this.#statements.delete(this.#statements.keys().next().value!)
    this.#statements.set(text, writing)
    return writing
  }

  take(): boolean {
    const written = this.#written
    this.#written = false
    return written
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }
}

/** Commits are as durable as the connection makes them. */
export const sqliteDialect = (database: Database.Database): SqliteDialect =>
  new TransactionalDialect({ database: new CachingDatabase(database) })

/** Commits are told once `durability` has put them on the disk. */
export const durableSqliteDialect = (database: Database.Database, durability: Durability): SqliteDialect =>
  new DurableDialect(new CachingDatabase(database), durability)
