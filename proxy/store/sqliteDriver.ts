import { type DatabaseConnection, type SqliteDialectConfig, SqliteDriver } from 'kysely'

/** Whether anything was written since somebody last asked. */
export interface Written {
  take(): boolean
}

/** Keeps what was committed. */
export interface Durability {
  /** @throws Error when nothing more is to be written */
  check(): void
  /** Resolves when all that was committed before this call is on the disk. @throws Error when that is not known */
  synced(): Promise<void>
}

/**
 * Kysely's driver of one connection, which one user has at a time, and which is free again as soon as a commit is
 * written: whoever wrote waits for the disk, those who come after do not.
 */
export class DurableDriver extends SqliteDriver {
  readonly #written: Written
  readonly #durability: Durability
  /** Until whoever came last gives the connection back. */
  #busy: Promise<void> = Promise.resolve()
  #free: () => void = () => undefined

  constructor(config: SqliteDialectConfig, written: Written, durability: Durability) {
    super(config)
    this.#written = written
    this.#durability = durability
  }

  /** @throws Error when the disk has failed */
  override async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#busy
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#busy = promise
    await before
    this.#free = resolve
    try {
      this.#durability.check()
      return await super.acquireConnection()
    } catch (error) {
      resolve()
      throw error
    }
  }

  override async releaseConnection(): Promise<void> {
    const wrote = this.#written.take()
    this.#free()
    if (wrote) await this.#durability.synced()
  }
}
