import type { Insertable, Selectable } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type TaskRow = Selectable<Tables['task']>
export type NewTaskRow = Insertable<Tables['task']>
export type MemberRole = Tables['task_member']['role']

/** Writes new tasks or puts them in the place of those with their ids. */
export const putTasks = async (tx: Db, rows: readonly NewTaskRow[]): Promise<void> => {
  for (const row of rows)
    await tx
      .insertInto('task')
      .values(row)
      .onConflict((conflict) => conflict.columns(['app', 'id']).doUpdateSet(row))
      .execute()
}

/** Says anew who works in a task, or who reviews it. */
export const setMembers = async (
  tx: Db,
  app: number,
  taskId: string,
  role: MemberRole,
  ids: readonly string[],
): Promise<void> => {
  await tx
    .deleteFrom('task_member')
    .where('app', '=', app)
    .where('task_id', '=', taskId)
    .where('role', '=', role)
    .execute()
  const rows = ids.map((member_id, place) => ({ app, task_id: taskId, role, member_id, place }))
  for (const batch of batches(rows, 500)) await tx.insertInto('task_member').values(batch).execute()
}

/** The tasks with these ids, deleted ones too, in no order. */
export const tasksById = async (db: Db, app: number, ids: readonly string[]): Promise<TaskRow[]> => {
  const found: TaskRow[] = []
  for (const batch of batches([...new Set(ids)], 1000))
    found.push(...(await db.selectFrom('task').selectAll().where('app', '=', app).where('id', 'in', batch).execute()))
  return found
}

export const taskById = async (db: Db, app: number, id: string): Promise<TaskRow | undefined> => {
  const [row] = await tasksById(db, app, [id])
  return row?.deleted_at === null ? row : undefined
}

/** Which tasks to list; what is absent or empty does not restrict. */
export interface TaskFilter {
  readonly ids?: readonly string[]
  /** Tasks that have any of these among their workers. */
  readonly workerIds?: readonly string[]
  readonly reviewerIds?: readonly string[]
  readonly labelOrderIds?: readonly string[]
  /** Those of label orders too. */
  readonly ofLabelOrdersToo: boolean
  readonly sourceType?: number
  readonly sourceIds?: readonly string[]
}

/** A page of the tasks that are not deleted, oldest first. */
export const listTasks = (
  db: Db,
  app: number,
  filter: TaskFilter,
  page: { limit: number; offset: number },
): Promise<TaskRow[]> => {
  let query = db.selectFrom('task').selectAll().where('app', '=', app).where('deleted_at', 'is', null)
  if (filter.ids?.length) query = query.where('id', 'in', filter.ids)
  if (filter.workerIds?.length) query = query.where('id', 'in', tasksWith(db, app, 'worker', filter.workerIds))
  if (filter.reviewerIds?.length) query = query.where('id', 'in', tasksWith(db, app, 'reviewer', filter.reviewerIds))
  if (filter.labelOrderIds?.length) query = query.where('label_order_id', 'in', filter.labelOrderIds)
  else if (!filter.ofLabelOrdersToo) query = query.where('label_order_id', 'is', null)
  if (filter.sourceType) query = query.where('source_type', '=', filter.sourceType)
  if (filter.sourceIds?.length) query = query.where('source_id', 'in', filter.sourceIds)
  return query.orderBy('created_at').limit(page.limit).offset(page.offset).execute()
}

const tasksWith = (db: Db, app: number, role: MemberRole, ids: readonly string[]) =>
  db
    .selectFrom('task_member')
    .select('task_id')
    .where('app', '=', app)
    .where('role', '=', role)
    .where('member_id', 'in', ids)

/** The tasks in which somebody works or reviews, ended ones too, oldest first; all of them when nobody is named. */
export const tasksOfPerson = (db: Db, app: number, personId: string | undefined): Promise<TaskRow[]> => {
  let query = db.selectFrom('task').selectAll().where('app', '=', app).where('deleted_at', 'is', null)
  if (personId !== undefined)
    query = query.where((eb) =>
      eb(
        'id',
        'in',
        eb.selectFrom('task_member').select('task_id').where('app', '=', app).where('member_id', '=', personId),
      ),
    )
  return query.orderBy('created_at').execute()
}

/** The app's owner and its collaborators: those who can work in it. */
export const peopleOfApp = async (db: Db, app: number): Promise<Set<string>> => {
  const rows = await db
    .selectFrom('app')
    .select('user_id')
    .where('no', '=', app)
    .union(db.selectFrom('collaborator').select('user_id').where('app', '=', app).where('deleted_at', 'is', null))
    .execute()
  return new Set(rows.map((row) => row.user_id))
}

/** The app's settings, read anew within a transaction. */
export const appMessageOf = async (db: Db, app: number): Promise<Uint8Array> =>
  (await db.selectFrom('app').select('message').where('no', '=', app).executeTakeFirstOrThrow()).message
