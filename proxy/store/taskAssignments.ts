import { type Insertable, type Selectable, sql } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type AssignmentRow = Selectable<Tables['task_assignment']>
export type NewAssignmentRow = Insertable<Tables['task_assignment']>

/** Those of a task, withdrawn ones too. */
const ofTask = (db: Db, app: number, taskId: string) =>
  db.selectFrom('task_assignment').selectAll('task_assignment').where('app', '=', app).where('task_id', '=', taskId)

/** Those of a task that stand. */
const standing = (db: Db, app: number, taskId: string) => ofTask(db, app, taskId).where('withdrawn_at', 'is', null)

/** `input_id` names an input that is not deleted. */
const inputLives = sql<boolean>`exists (select 1 from input where input.app = task_assignment.app
  and input.id = task_assignment.input_id and input.deleted_at is null)`

export const insertAssignments = async (tx: Db, rows: readonly NewAssignmentRow[]): Promise<void> => {
  for (const batch of batches(rows, 1000)) await tx.insertInto('task_assignment').values(batch).execute()
}

/** Those with these ids, withdrawn ones too, in no order. */
export const assignmentsById = async (
  db: Db,
  app: number,
  taskId: string,
  ids: readonly string[],
): Promise<AssignmentRow[]> => {
  const found: AssignmentRow[] = []
  for (const batch of batches([...new Set(ids)], 1000))
    found.push(...(await ofTask(db, app, taskId).where('id', 'in', batch).execute()))
  return found
}

/** Those on these inputs that stand, in no order. */
export const assignmentsOfInputs = async (
  db: Db,
  app: number,
  taskId: string,
  inputIds: readonly string[],
): Promise<AssignmentRow[]> => {
  const found: AssignmentRow[] = []
  for (const batch of batches([...new Set(inputIds)], 1000))
    found.push(...(await standing(db, app, taskId).where('input_id', 'in', batch).execute()))
  return found
}

export const standingAssignments = (db: Db, app: number, taskId: string): Promise<AssignmentRow[]> =>
  standing(db, app, taskId).execute()

/** Those that were withdrawn at this moment (µs). */
export const assignmentsWithdrawnAt = (db: Db, app: number, taskId: string, at: number): Promise<AssignmentRow[]> =>
  ofTask(db, app, taskId).where('withdrawn_at', '=', at).orderBy('place').execute()

/** Of a person, in one state, on inputs that are there: what was sent back first, then in the task's order. */
export const assignmentsOfWorker = (
  db: Db,
  app: number,
  taskId: string,
  workerId: string,
  statusCode: number,
  limit: number,
): Promise<AssignmentRow[]> =>
  standing(db, app, taskId)
    .where('worker_id', '=', workerId)
    .where('status_code', '=', statusCode)
    .where(inputLives)
    .orderBy('round', 'desc')
    .orderBy('place')
    .limit(limit)
    .execute()

/** All that stand in one state, of these people. */
export const assignmentsInState = (
  db: Db,
  app: number,
  taskId: string,
  statusCodes: readonly number[],
  workerIds?: readonly string[],
): Promise<AssignmentRow[]> => {
  let query = standing(db, app, taskId).where('status_code', 'in', statusCodes)
  if (workerIds) query = query.where('worker_id', 'in', workerIds)
  return query.orderBy('place').execute()
}

/** Those whose lease ended before `now` (µs). */
export const expiredAssignments = (db: Db, app: number, taskId: string, now: number): Promise<AssignmentRow[]> =>
  standing(db, app, taskId).where('lease_until', '<=', now).execute()

/** Sets the same values on all of these; `nextRound`: they begin anew. */
export const updateAssignments = async (
  tx: Db,
  app: number,
  taskId: string,
  ids: readonly string[],
  values: Partial<Omit<NewAssignmentRow, 'app' | 'task_id' | 'id' | 'round'>>,
  nextRound = false,
): Promise<void> => {
  for (const batch of batches(ids, 1000))
    await tx
      .updateTable('task_assignment')
      .set((eb) => ({ ...values, ...(nextRound && { round: eb('round', '+', 1) }) }))
      .where('app', '=', app)
      .where('task_id', '=', taskId)
      .where('id', 'in', batch)
      .execute()
}

/** All work on these inputs in these tasks, withdrawn work included; for rules about annotations. */
export const worksOn = async (
  db: Db,
  app: number,
  works: readonly { readonly taskId: string; readonly inputId: string }[],
): Promise<(AssignmentRow & { opened: boolean })[]> => {
  const found: (AssignmentRow & { opened: boolean })[] = []
  for (const batch of batches(works, 500)) {
    const wanted = new Set(batch.map((work) => `${work.taskId}/${work.inputId}`))
    const rows = await db
      .selectFrom('task_assignment')
      .selectAll()
      .select(
        sql<number>`case when exists (select 1 from task_review r where r.app = task_assignment.app
          and r.task_id = task_assignment.task_id and r.assignment_id = task_assignment.id) then 1 else 0 end`.as(
          'reviews',
        ),
      )
      .where('app', '=', app)
      .where('task_id', 'in', [...new Set(batch.map((work) => work.taskId))])
      .where('input_id', 'in', [...new Set(batch.map((work) => work.inputId))])
      .execute()
    const asked = rows.filter((row) => wanted.has(`${row.task_id}/${row.input_id}`))
    found.push(...asked.map(({ reviews, ...row }) => ({ ...row, opened: Number(reviews) > 0 })))
  }
  return found
}

/** What is to be reviewed. */
export interface ReviewQueue {
  readonly reviewerId: string
  /** Only the work of these people. */
  readonly workerIds: readonly string[]
  readonly ownToo: boolean
  /** Not what another reviewer has open. */
  readonly exclusive: boolean
  /** Not on inputs this person is still to label: the others' work is hidden from them (decisions §10). */
  readonly afterOwnWork: boolean
  readonly now: number
  readonly limit: number
}

/** The first assignments that wait for review and this reviewer has not seen yet, in the task's order. */
export const reviewQueue = (db: Db, app: number, taskId: string, queue: ReviewQueue): Promise<AssignmentRow[]> => {
  const { reviewerId } = queue
  let query = standing(db, app, taskId)
    .where('status_code', '=', 54202)
    .where(inputLives)
    .where(sql<boolean>`not exists (select 1 from task_review r where r.app = task_assignment.app
      and r.task_id = task_assignment.task_id and r.assignment_id = task_assignment.id
      and r.reviewer_id = ${reviewerId} and r.status_code <> 54302)`)
  if (queue.workerIds.length > 0) query = query.where('worker_id', 'in', queue.workerIds)
  if (!queue.ownToo) query = query.where('worker_id', '<>', reviewerId)
  if (queue.exclusive)
    query = query.where(sql<boolean>`not exists (select 1 from task_review r where r.app = task_assignment.app
      and r.task_id = task_assignment.task_id and r.assignment_id = task_assignment.id
      and r.reviewer_id <> ${reviewerId} and r.status_code = 54301 and r.lease_until > ${queue.now})`)
  if (queue.afterOwnWork)
    query = query.where(sql<boolean>`not exists (select 1 from task_assignment own where own.app = task_assignment.app
      and own.task_id = task_assignment.task_id and own.input_id = task_assignment.input_id
      and own.worker_id = ${reviewerId} and own.status_code = 54201 and own.withdrawn_at is null)`)
  return query.orderBy('place').orderBy('worker_id').limit(queue.limit).execute()
}
