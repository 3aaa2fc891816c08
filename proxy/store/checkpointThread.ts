import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

/** What a checkpoint left: pages in the log, and how many of them the database has. */
export interface Checkpointed {
  readonly log: number
  readonly checkpointed: number
}

// A thread with a connection of its own, told `PASSIVE`, `RESTART` or `TRUNCATE`; anything else ends it. What it copies
// it syncs: the log before, the database after.
const database = new Database(workerData as string, { timeout: 1000 })
database.pragma('synchronous = NORMAL')
database.pragma('wal_autocheckpoint = 0')

parentPort?.on('message', (mode: string) => {
  if (!/^(PASSIVE|RESTART|TRUNCATE)$/.test(mode)) {
    database.close()
    parentPort?.close()
    return
  }
  try {
    const [row] = database.pragma(`wal_checkpoint(${mode})`) as Checkpointed[]
    parentPort?.postMessage(row)
  } catch (error) {
    parentPort?.postMessage(error)
  }
})
