import { type Insertable, sql } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { Tables, WorkAction } from './schema.ts'

export type WorkEvent = Insertable<Tables['work_event']>

export const addEvents = async (tx: Db, rows: readonly WorkEvent[]): Promise<void> => {
  for (const batch of batches(rows, 1000)) await tx.insertInto('work_event').values(batch).execute()
}

/** What has happened to a piece of work before. */
export interface WorkPast {
  skips: number
  /** Of the last skip. */
  skipReason: string
  /** By others than its person, reopened after an approval among them. */
  sentBack: number
}

/** By item; those that were neither skipped nor sent back are left out. */
export const workPasts = async (
  db: Db,
  app: number,
  taskId: string,
  itemIds: readonly string[],
): Promise<Map<string, WorkPast>> => {
  const found = new Map<string, WorkPast>()
  for (const batch of batches(itemIds, 500)) {
    const rows = await db
      .selectFrom('work_event')
      .select(['item_id', 'action', 'reason', 'worker_id', 'actor_id'])
      .where('app', '=', app)
      .where('task_id', '=', taskId)
      .where('item_id', 'in', batch)
      .where('action', 'in', ['skip', 'return', 'deny', 'reopen'])
      .orderBy('at')
      .orderBy('no')
      .execute()
    for (const { item_id, action, reason, worker_id, actor_id } of rows) {
      const past = found.get(item_id) ?? { skips: 0, skipReason: '', sentBack: 0 }
      found.set(item_id, past)
      if (action === 'skip') Object.assign(past, { skips: past.skips + 1, skipReason: reason })
      else if (actor_id !== worker_id) past.sentBack += 1
    }
  }
  return found
}

/** As the index of verdicts has it. */
const isVerdict = sql<boolean>`action in ('approve', 'return', 'deny', 'reopen')`

interface Verdicts {
  verdicts: number
  /** How many of these sent the work back. */
  sentBack: number
}

/** By person, of one task or of all: verdicts on their work, and those they gave on the work of others. */
export const countVerdicts = async (
  db: Db,
  app: number,
  taskId?: string,
): Promise<{ on: Map<string, Verdicts>; by: Map<string, Verdicts> }> => {
  let query = db
    .selectFrom('work_event')
    .select(['worker_id', 'actor_id', 'action'])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('app', '=', app)
    .where(isVerdict)
  if (taskId !== undefined) query = query.where('task_id', '=', taskId)
  const on = new Map<string, Verdicts>()
  const by = new Map<string, Verdicts>()
  for (const { worker_id, actor_id, action, count } of await query
    .groupBy(['worker_id', 'actor_id', 'action'])
    .execute()) {
    const back = action === 'approve' ? 0 : Number(count)
    add(on, worker_id, Number(count), back)
    if (worker_id !== actor_id) add(by, actor_id, Number(count), back)
  }
  return { on, by }
}

const add = (to: Map<string, Verdicts>, person: string, verdicts: number, sentBack: number): void => {
  const before = to.get(person) ?? { verdicts: 0, sentBack: 0 }
  to.set(person, { verdicts: before.verdicts + verdicts, sentBack: before.sentBack + sentBack })
}

/** By person: how many pieces of their work had one of these happen to them since (µs). */
export const countSince = async (
  db: Db,
  app: number,
  workerIds: readonly string[],
  actions: readonly WorkAction[],
  since: number,
): Promise<Map<string, number>> => {
  if (workerIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('work_event')
    .select('worker_id')
    .select(sql<number>`count(distinct task_id || '/' || item_id)`.as('count'))
    .where('app', '=', app)
    .where('worker_id', 'in', workerIds)
    .where('action', 'in', actions)
    .where('at', '>=', since)
    .groupBy('worker_id')
    .execute()
  return new Map(rows.map((row) => [row.worker_id, Number(row.count)]))
}

/** When somebody last did something with work, or was active on it (µs). */
export const lastActive = async (db: Db, app: number, userId: string): Promise<number | undefined> => {
  const act = await db
    .selectFrom('work_event')
    .select('at')
    .where('app', '=', app)
    .where('actor_id', '=', userId)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const time = await db
    .selectFrom('work_time')
    .select('at')
    .where('app', '=', app)
    .where('user_id', '=', userId)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const last = Math.max(Number(act?.at ?? 0), Number(time?.at ?? 0))
  return last > 0 ? last : undefined
}

/** The longer of two reports about the same visit counts. */
export const putTime = async (tx: Db, row: Tables['work_time']): Promise<void> => {
  await tx
    .insertInto('work_time')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['app', 'task_id', 'item_id', 'user_id', 'visit_id']).doUpdateSet((eb) => ({
        at: eb.ref('excluded.at'),
        seconds: sql<number>`case when excluded.seconds > work_time.seconds then excluded.seconds else work_time.seconds end`,
      })),
    )
    .execute()
}

/** By item: seconds that its person was active on it. `workers` by item. */
export const secondsOf = async (
  db: Db,
  app: number,
  taskId: string,
  workers: ReadonlyMap<string, string>,
): Promise<Map<string, number>> => {
  const found = new Map<string, number>()
  for (const batch of batches([...workers.keys()], 500)) {
    const rows = await db
      .selectFrom('work_time')
      .select(['item_id', 'user_id'])
      .select((eb) => eb.fn.sum<number>('seconds').as('seconds'))
      .where('app', '=', app)
      .where('task_id', '=', taskId)
      .where('item_id', 'in', batch)
      .groupBy(['item_id', 'user_id'])
      .execute()
    for (const row of rows) if (workers.get(row.item_id) === row.user_id) found.set(row.item_id, Number(row.seconds))
  }
  return found
}

/**
 * Seconds that somebody was active on each of the pieces of work they submitted last, newest visit first. `most` visits
 * are looked at, whatever there are.
 */
export const recentSeconds = async (
  db: Db,
  app: number,
  userId: string,
  most: number,
  taskId?: string,
): Promise<number[]> => {
  let query = db
    .selectFrom('work_time')
    .select(['task_id', 'item_id'])
    .where('app', '=', app)
    .where('user_id', '=', userId)
  if (taskId !== undefined) query = query.where('task_id', '=', taskId)
  const visits = query.orderBy('at', 'desc').limit(most)
  const rows = await db
    .selectFrom(visits.as('visit'))
    .innerJoin('work_time as time', (join) =>
      join
        .on('time.app', '=', app)
        .onRef('time.task_id', '=', 'visit.task_id')
        .onRef('time.item_id', '=', 'visit.item_id')
        .on('time.user_id', '=', userId),
    )
    .select(['time.task_id', 'time.item_id', 'time.visit_id', 'time.seconds'])
    .distinct()
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('work_event as event')
          .select('event.no')
          .where('event.app', '=', app)
          .whereRef('event.task_id', '=', 'visit.task_id')
          .whereRef('event.item_id', '=', 'visit.item_id')
          .where('event.action', 'in', ['submit', 'finish'])
          .where('event.actor_id', '=', userId),
      ),
    )
    .execute()
  const items = Map.groupBy(rows, (row) => `${row.task_id}/${row.item_id}`)
  return [...items.values()].map((some) => some.reduce((sum, row) => sum + row.seconds, 0))
}
