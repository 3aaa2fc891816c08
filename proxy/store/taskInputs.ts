import { type Insertable, sql } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type NewTaskInputRow = Insertable<Tables['task_input']>

/** Ids of all inputs of an app, oldest first. */
export const allInputIds = async (db: Db, app: number): Promise<string[]> => {
  const rows = await db
    .selectFrom('input')
    .select('id')
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .orderBy('created_at')
    .execute()
  return rows.map((row) => row.id)
}

export const insertTaskInputs = async (tx: Db, rows: readonly NewTaskInputRow[]): Promise<void> => {
  for (const batch of batches(rows, 2000)) await tx.insertInto('task_input').values(batch).execute()
}

export const removeTaskInputs = async (tx: Db, app: number, taskId: string): Promise<void> => {
  await tx.deleteFrom('task_input').where('app', '=', app).where('task_id', '=', taskId).execute()
}

/** The inputs of a task in its order, deleted ones too: they may be restored. */
export const taskInputs = (db: Db, app: number, taskId: string): Promise<{ input_id: string; place: number }[]> =>
  db
    .selectFrom('task_input')
    .select(['input_id', 'place'])
    .where('app', '=', app)
    .where('task_id', '=', taskId)
    .orderBy('place')
    .execute()

/** What is known of some inputs of a task. */
export const taskInputsById = async (
  db: Db,
  app: number,
  taskId: string,
  ids: readonly string[],
): Promise<Map<string, { place: number; sampled: boolean; free: number }>> => {
  const found = new Map<string, { place: number; sampled: boolean; free: number }>()
  for (const batch of batches([...new Set(ids)], 1000)) {
    const rows = await db
      .selectFrom('task_input')
      .select(['input_id', 'place', 'sampled', 'free'])
      .where('app', '=', app)
      .where('task_id', '=', taskId)
      .where('input_id', 'in', batch)
      .execute()
    for (const { input_id, place, sampled, free } of rows) found.set(input_id, { place, sampled: sampled === 1, free })
  }
  return found
}

/** How many inputs of a DYNAMIC task somebody may still take, counted up to `most`. */
export const countFree = async (db: Db, app: number, taskId: string, most: number): Promise<number> => {
  const { rows } = await sql<{ count: number }>`select count(*) as count from (
    select 1 from task_input where app = ${app} and task_id = ${taskId} and free > 0 limit ${most}) free`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

/**
 * The first inputs of a DYNAMIC task that somebody may still take and this person does not have, in its order; those
 * that they have skipped only if asked for.
 */
export const freeInputs = (
  db: Db,
  app: number,
  taskId: string,
  userId: string,
  limit: number,
  skippedToo = false,
): Promise<{ input_id: string; place: number }[]> =>
  db
    .selectFrom('task_input')
    .select(['input_id', 'place'])
    .where('app', '=', app)
    .where('task_id', '=', taskId)
    // as the index has it, or it is not used
    .where(sql<boolean>`free > 0`)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('input')
          .select('id')
          .where('input.app', '=', app)
          .whereRef('input.id', '=', 'task_input.input_id')
          .where('input.deleted_at', 'is', null),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('task_assignment as mine')
            .select('mine.id')
            .where('mine.app', '=', app)
            .where('mine.task_id', '=', taskId)
            .whereRef('mine.input_id', '=', 'task_input.input_id')
            .where('mine.worker_id', '=', userId)
            .where('mine.withdrawn_at', 'is', null),
        ),
      ),
    )
    .$if(!skippedToo, (query) =>
      query.where(sql<boolean>`not exists (select 1 from work_event skip where skip.app = task_input.app
        and skip.task_id = task_input.task_id and skip.actor_id = ${userId} and skip.input_id = task_input.input_id
        and skip.action = 'skip')`),
    )
    .orderBy('place')
    .limit(limit)
    .execute()

/** Changes by `step` how many may still take an input, once for each time it is in the list. */
export const changeFree = async (
  tx: Db,
  app: number,
  taskId: string,
  inputIds: readonly string[],
  step: 1 | -1,
): Promise<void> => {
  const times = Map.groupBy(inputIds, (id) => id)
  const byCount = Map.groupBy(times.values(), (same) => same.length)
  for (const [count, same] of byCount)
    for (const batch of batches([...new Set(same.flat())], 1000))
      await tx
        .updateTable('task_input')
        .set((eb) => ({ free: eb('free', '+', step * count) }))
        .where('app', '=', app)
        .where('task_id', '=', taskId)
        .where('input_id', 'in', batch)
        .execute()
}

/** Sets for every input of a task how many may still take it: `people` less those who have it. */
export const resetFree = async (tx: Db, app: number, taskId: string, people: number): Promise<void> => {
  const taken = sql<number>`(select count(*) from task_assignment a where a.app = task_input.app
    and a.task_id = task_input.task_id and a.input_id = task_input.input_id and a.withdrawn_at is null)`
  await tx
    .updateTable('task_input')
    .set({ free: sql`case when ${taken} < ${sql.lit(people)} then ${sql.lit(people)} - ${taken} else 0 end` })
    .where('app', '=', app)
    .where('task_id', '=', taskId)
    .execute()
}
