import Database from 'better-sqlite3'
import { type DialectAdapter, SqliteAdapter, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely'

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

const statementLimit = 500

/** A statement that returns nothing and may get rows of parameters, each an array: then it is run once for each. */
class ForEach implements SqliteStatement {
  readonly reader = false
  readonly #statement: SqliteStatement

  constructor(statement: SqliteStatement) {
    this.#statement = statement
  }

  all(parameters: readonly unknown[]): unknown[] {
    return this.#statement.all(parameters)
  }

  iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    return this.#statement.iterate(parameters)
  }

  run(parameters: readonly unknown[]) {
    if (!Array.isArray(parameters[0])) return this.#statement.run(parameters)
    let result = { changes: 0, lastInsertRowid: 0 } as ReturnType<SqliteStatement['run']>
    for (const row of parameters) result = this.#statement.run(row as unknown[])
    return result
  }
}

/**
 * A connection that keeps its prepared statements: Kysely prepares every query anew otherwise. Transactions take the
 * write lock at once, so that none fails half way because another process wrote in between.
 */
class CachingDatabase implements SqliteDatabase {
  readonly #database: Database.Database
  readonly #statements = new Map<string, SqliteStatement>()

  constructor(database: Database.Database) {
    this.#database = database
  }

  prepare(text: string): SqliteStatement {
    const known = this.#statements.get(text)
    if (known) return known
    const prepared = this.#database.prepare(text === 'begin' ? 'begin immediate' : text) as unknown as SqliteStatement
    const statement = prepared.reader ? prepared : new ForEach(prepared)
    if (this.#statements.size >= statementLimit) this.#statements.delete(this.#statements.keys().next().value!)
    this.#statements.set(text, statement)
    return statement
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }
}

export const sqliteDialect = (database: Database.Database): SqliteDialect =>
  new TransactionalDialect({ database: new CachingDatabase(database) })

const busyTimeoutMs = 5000

/** The connection that writes: WAL, and every commit on the disk before it is acknowledged. */
export const openWriting = (file: string): Database.Database => {
  const database = new Database(file, { timeout: busyTimeoutMs })
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma('cache_size = -65536') // KiB
  // 32 MB between checkpoints: pages that many writes touch are then copied once, a fifth less work a write (bench/api)
  database.pragma('wal_autocheckpoint = 8000')
  return database
}

/** A connection that only reads; it sees what is committed and never waits for a writer. */
export const openReading = (file: string): Database.Database => {
  const database = new Database(file, { timeout: busyTimeoutMs, readonly: true })
  database.pragma('cache_size = -65536')
  return database
}

export const openInMemory = (image?: Buffer): Database.Database => {
  const database = new Database(image ?? ':memory:')
  database.pragma('foreign_keys = ON')
  return database
}

/**
 * Holds `file` for this process until the result is closed; the system lets go when the process dies, however it dies.
 * A lock file of its own: locking the database itself would shut out our own reading connections.
 * @throws Error with one line for the operator when another process holds it
 */
export const lockForWriting = (file: string): Database.Database => {
  const lock = new Database(`${file}.lock`, { timeout: 0 })
  try {
    lock.exec('begin exclusive')
    return lock
  } catch (error) {
    lock.close()
    throw new Error(`The database ${file} is in use by another process: stop that one first.`, { cause: error })
  }
}
