import Database from 'better-sqlite3'

const busyTimeoutMs = 5000

/** The connection that writes: WAL, and every commit on the disk before it returns. */
export const openWriting = (file: string): Database.Database => {
  const database = new Database(file, { timeout: busyTimeoutMs })
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma('cache_size = -65536') // KiB
  database.pragma('wal_autocheckpoint = 8000') // 32 MB
  return database
}

/**
 * From now on commits only write the log; to sync it is {@link WalSync}'s part, and to empty it {@link Checkpoints}'.
 * @returns false when the file system allows no log: then all stays as it was
 */
export const leaveLogToOthers = (database: Database.Database): boolean => {
  if (database.pragma('journal_mode', { simple: true }) !== 'wal') return false
  database.pragma('synchronous = NORMAL')
  database.pragma('wal_autocheckpoint = 0')
  database.pragma('journal_size_limit = 134217728') // after one large write the log is cut to this again
  return true
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
