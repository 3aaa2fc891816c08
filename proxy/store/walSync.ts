import { close, fdatasync, open } from 'node:fs'
import { promisify } from 'node:util'

/** Resolves when what was written to the file is on the disk. */
export type SyncFile = (fd: number) => Promise<void>

/**
 * Puts what SQLite has written to its write-ahead log on the disk, without the thread waiting for it. With
 * `synchronous = NORMAL` a commit only writes the log; SQLite itself syncs the log before a checkpoint moves anything
 * out of it, the database before the log begins anew, and the log's new head, so that this file is all there is to sync
 * (sqlite.org/pragma.html#pragma_synchronous). Commits that wait at the same moment share one sync.
 *
 * A sync that failed is not tried again: the system may have dropped the pages and call the next one good. From then on
 * nothing is written, until the database is opened anew and its log is read with the checksums.
 */
export class WalSync {
  readonly #log: string
  readonly #syncFile: SyncFile
  #fd: number | undefined
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined
  #failure: Error | undefined

  /**
   * @param file of the database. Only the log beside it is opened, which has no locks: to close another descriptor of a
   * file drops the locks that SQLite holds on it.
   */
  constructor(file: string, syncFile: SyncFile = promisify(fdatasync)) {
    this.#log = `${file}-wal`
    this.#syncFile = syncFile
  }

  /** Resolves when all that was committed before this call is on the disk. @throws Error when that is not known */
  synced(): Promise<void> {
    this.#next ??= this.#after(this.#running)
    return this.#next
  }

  /** @throws Error when a sync has failed */
  check(): void {
    if (this.#failure) throw this.#failure
  }

  /** Once no sync is running any more. */
  async close(): Promise<void> {
    await this.#next?.catch(() => undefined)
    await this.#running?.catch(() => undefined)
    if (this.#fd !== undefined) await promisify(close)(this.#fd)
    this.#fd = undefined
  }

  async #after(running: Promise<void> | undefined): Promise<void> {
    await running?.catch(() => undefined) // those who wait for it are told
    this.#running = this.#next
    this.#next = undefined
    this.check()
    try {
      this.#fd ??= await promisify(open)(this.#log, 'r+')
      await this.#syncFile(this.#fd)
    } catch (cause) {
      const why = 'The disk did not keep what was written. Nothing more is written until the server is started again.'
      this.#failure ??= new Error(why, { cause })
      throw this.#failure
    }
  }
}
