import { type Kysely, sql } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

/** Runs a piece of work in a transaction; what it returns is told once the transaction is on the disk. */
export type Together = <T>(work: (tx: Db) => Promise<T>) => Promise<T>

interface Waiting {
  readonly work: (tx: Db) => Promise<unknown>
  readonly tell: (outcome: Outcome) => void
}
type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown }

const mostAtOnce = 16

/**
 * Commits the writes that are waiting at the same moment as one: the disk takes as long for one as for many, and a
 * thread that waits for it does nothing else (bench/api). Each piece has a savepoint of its own, so that one that fails
 * takes nothing of the others with it. For short pieces of work: each waits for all of its group.
 * @param write a single connection
 */
export const committingTogether = (write: Kysely<Tables>): Together => {
  const queue: Waiting[] = []
  let isRunning = false
  const run = async () => {
    while (queue.length > 0) {
      await new Promise(setImmediate) // whose requests have arrived by now are read first
      const group: Waiting[] = []
      const done = Promise.withResolvers<void>()
      const fill = () => void group.push(...queue.splice(0, mostAtOnce))
      void commit(write, group, fill, done.resolve).then((outcomes) => {
        for (const [i, { tell }] of group.entries()) tell(outcomes[i]!)
      })
      await done.promise // what comes next need not wait for the disk
    }
    isRunning = false
  }
  return <T>(work: (tx: Db) => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      queue.push({
        work,
        tell: (outcome) => (outcome.ok ? resolve(outcome.value as T) : reject(outcome.error as Error)),
      })
      if (isRunning) return
      isRunning = true
      void run()
    })
}

/**
 * @param fill puts those into the group who wait when the connection is free
 * @param done called when the work is, and only the commit and the disk are waited for
 * @returns how each fared; nobody's work is kept when the commit itself fails
 */
const commit = async (
  write: Kysely<Tables>,
  group: readonly Waiting[],
  fill: () => void,
  done: () => void,
): Promise<readonly Outcome[]> => {
  try {
    return await write.transaction().execute(async (tx) => {
      fill()
      const outcomes: Outcome[] = []
      for (const { work } of group) outcomes.push(await within(tx, work))
      done()
      return outcomes
    })
  } catch (error) {
    if (group.length === 0) fill() // the transaction did not begin: these are told why
    return group.map(() => ({ ok: false, error }))
  } finally {
    done()
  }
}

const within = async (tx: Db, work: Waiting['work']): Promise<Outcome> => {
  await sql`savepoint piece`.execute(tx)
  try {
    const value = await work(tx)
    await sql`release piece`.execute(tx)
    return { ok: true, value }
  } catch (error) {
    await sql`rollback to piece`.execute(tx)
    await sql`release piece`.execute(tx)
    return { ok: false, error }
  }
}
