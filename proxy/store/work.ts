import { type RawBuilder, sql } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { AssignmentRow } from './taskAssignments.ts'

/** How many pieces of work are alike. */
export interface WorkGroup {
  readonly workerId: string
  readonly statusCode: number
  /** 1 = its person has been given it; of orders 0 */
  readonly begun: number
  /** 1 = somebody else sent it back */
  readonly back: number
  readonly count: number
}

/** Work on inputs that are there. Those that are deleted are few, so that they are looked up and not the others. */
const inputIsThere = (app: number): RawBuilder<boolean> =>
  sql<boolean>`task_assignment.input_id not in (
    select gone.id from input gone where gone.app = ${app} and gone.deleted_at is not null)`

/** Sent back by somebody else; what its own person has taken back is simply to do. */
const sentBack = sql<boolean>`(round > 0 or status_code = 54204) and status_code in (54201, 54204)
  and (status_code = 54204 or coalesce(decided_by, '') <> worker_id)`

const standing = (db: Db, app: number, taskId: string) =>
  db
    .selectFrom('task_assignment')
    .where('app', '=', app)
    .where('task_id', '=', taskId)
    .where('withdrawn_at', 'is', null)
    .where(inputIsThere(app))

/** The work of a task on inputs that are there, of everybody or of one person. */
export const groupWork = (db: Db, app: number, taskId: string, workerId?: string): Promise<WorkGroup[]> =>
  grouped(standing(db, app, taskId), workerId)

/** The same of all tasks of an app that are there. */
export const groupAllWork = (db: Db, app: number, workerId?: string): Promise<WorkGroup[]> => {
  const tasks = db.selectFrom('task').select('id').where('app', '=', app).where('deleted_at', 'is', null)
  const all = db
    .selectFrom('task_assignment')
    .where('app', '=', app)
    .where('task_id', 'in', tasks)
    .where('withdrawn_at', 'is', null)
    .where(inputIsThere(app))
  return grouped(all, workerId)
}

const grouped = async (work: ReturnType<typeof standing>, workerId: string | undefined): Promise<WorkGroup[]> => {
  const back = sql<number>`case when ${sentBack} then 1 else 0 end`
  let query = work
    .select(['worker_id', 'status_code', 'started'])
    .select(back.as('back'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
  if (workerId !== undefined) query = query.where('worker_id', '=', workerId)
  const rows = await query.groupBy(['worker_id', 'status_code', 'started', 'back']).execute()
  return rows.map((row) => ({
    workerId: row.worker_id,
    statusCode: row.status_code,
    begun: row.started,
    back: Number(row.back),
    count: Number(row.count),
  }))
}

/** Of a DYNAMIC task: inputs that this person could still take, and places that nobody has taken. */
export const freeWork = async (
  db: Db,
  app: number,
  taskId: string,
  workerId: string,
): Promise<{ inputs: number; places: number }> => {
  const free = sql`ti.app = ${app} and ti.task_id = ${taskId} and ti.free > 0
    and ti.input_id not in (select gone.id from input gone where gone.app = ${app} and gone.deleted_at is not null)`
  const all = await sql<{ inputs: number; places: number }>`
    select count(*) as inputs, coalesce(sum(ti.free), 0) as places from task_input ti where ${free}`.execute(db)
  // a cross join is read in its order by SQLite: what a person has is little, what is free is much
  const mine = await sql<{ inputs: number }>`
    select count(*) as inputs from task_assignment mine cross join task_input ti
    where ti.app = mine.app and ti.task_id = mine.task_id and ti.input_id = mine.input_id and mine.app = ${app} and mine.task_id = ${taskId} and mine.worker_id = ${workerId}
      and mine.withdrawn_at is null and ${free}`.execute(db)
  return {
    inputs: Number(all.rows[0]?.inputs ?? 0) - Number(mine.rows[0]?.inputs ?? 0),
    places: Number(all.rows[0]?.places ?? 0),
  }
}

/** Inputs of a task that are there. */
export const countTaskInputs = async (db: Db, app: number, taskId: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from task_input ti where ti.app = ${app} and ti.task_id = ${taskId}
      and ti.input_id not in (select gone.id from input gone where gone.app = ${app} and gone.deleted_at is not null)`.execute(
    db,
  )
  return Number(rows[0]?.count ?? 0)
}

/** Which work to list; what is absent does not restrict. */
export interface WorkFilter {
  readonly workerIds?: readonly string[]
  readonly statusCodes?: readonly number[]
  /** true: only what was sent back; false: only what was not */
  readonly back?: boolean
  readonly inputId?: string
  readonly ids?: readonly string[]
  /** What this person may give a verdict on. */
  readonly reviewableBy?: {
    readonly id: string
    readonly ownToo: boolean
    readonly exclusive: boolean
    readonly now: number
  }
  /** Not on inputs this person still labels in the task, but for their own work (decisions §10). */
  readonly hiddenFrom?: string
}

const filtered = (db: Db, app: number, taskId: string, filter: WorkFilter) => {
  let query = standing(db, app, taskId)
  if (filter.workerIds) query = query.where('worker_id', 'in', filter.workerIds)
  if (filter.statusCodes) query = query.where('status_code', 'in', filter.statusCodes)
  if (filter.back !== undefined) query = query.where(filter.back ? sentBack : sql<boolean>`not (${sentBack})`)
  if (filter.inputId !== undefined) query = query.where('input_id', '=', filter.inputId)
  if (filter.ids) query = query.where('id', 'in', filter.ids)
  if (filter.reviewableBy) query = query.where(reviewable(filter.reviewableBy))
  if (filter.hiddenFrom !== undefined)
    query = query.where(sql<boolean>`(worker_id = ${filter.hiddenFrom} or not exists (
      select 1 from task_assignment own where own.app = task_assignment.app and own.task_id = task_assignment.task_id
      and own.input_id = task_assignment.input_id and own.worker_id = ${filter.hiddenFrom}
      and own.status_code = 54201 and own.withdrawn_at is null))`)
  return query
}

/** Waits for review, is another's, and neither decided by this reviewer nor open with another one. */
const reviewable = ({ id, ownToo, exclusive, now }: NonNullable<WorkFilter['reviewableBy']>): RawBuilder<boolean> => {
  const review = sql`select 1 from task_review r where r.app = task_assignment.app
    and r.task_id = task_assignment.task_id and r.assignment_id = task_assignment.id`
  const own = ownToo ? sql`` : sql`and worker_id <> ${id}`
  const others = exclusive
    ? sql`and not exists (${review} and r.reviewer_id <> ${id} and r.status_code = 54301 and r.lease_until > ${now})`
    : sql``
  return sql<boolean>`(status_code = 54202 ${own} ${others}
    and not exists (${review} and r.reviewer_id = ${id} and r.status_code not in (54301, 54302)))`
}

/** Where a page ends: whether its last line was sent back (0) or not (1), its place and id. */
export type WorkPlace = readonly [fresh: 0 | 1, place: number, id: string]

/**
 * A page: what was sent back first, then by place. Two questions, each in the order of an index, so that the last page
 * costs what the first does.
 */
export const listWork = async (
  db: Db,
  app: number,
  taskId: string,
  filter: WorkFilter,
  page: { readonly limit: number; readonly after?: WorkPlace | undefined },
): Promise<AssignmentRow[]> => {
  const [from, ...at] = page.after ?? [0, -1, '']
  const part = (back: boolean, limit: number, [place, id]: readonly [number, string]) => {
    let query = filtered(db, app, taskId, { ...filter, back }).selectAll('task_assignment')
    // said once more as the index has it, or it is not used
    if (back) query = query.where(sql<boolean>`(round > 0 or status_code = 54204)`)
    // of some people: by these, and sorted; else the index of the order would be walked for their few
    const order = filter.workerIds ? sql<number>`+place` : sql<number>`place`
    return query
      .where(sql<boolean>`(${order}, id) > (${place}, ${id})`)
      .orderBy(order)
      .orderBy('id')
      .limit(limit)
      .execute()
  }
  const first = from === 0 && filter.back !== false ? await part(true, page.limit, at as [number, string]) : []
  if (first.length === page.limit || filter.back === true) return first
  const rest = await part(false, page.limit - first.length, from === 0 ? [-1, ''] : (at as [number, string]))
  return [...first, ...rest]
}

/** The place of a line of {@link listWork}, to go on after it. */
export const workPlaceOf = (row: AssignmentRow): WorkPlace => [isSentBack(row) ? 0 : 1, row.place, row.id]

/** As `sentBack` above. */
export const isSentBack = ({ status_code, round, decided_by, worker_id }: AssignmentRow): boolean =>
  status_code === 54204 || (status_code === 54201 && round > 0 && decided_by !== worker_id)

/** On how many inputs there is such work. */
export const countWorkInputs = async (db: Db, app: number, taskId: string, filter: WorkFilter): Promise<number> => {
  const { count } = await filtered(db, app, taskId, filter)
    .select((eb) => eb.fn.count<number>('input_id').distinct().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Whose work on these inputs is in one of these states. */
export const workersOn = async (
  db: Db,
  app: number,
  taskId: string,
  inputIds: readonly string[],
  statusCodes: readonly number[],
): Promise<Pick<AssignmentRow, 'input_id' | 'worker_id' | 'status_code'>[]> => {
  const rows: Pick<AssignmentRow, 'input_id' | 'worker_id' | 'status_code'>[] = []
  for (const batch of batches([...new Set(inputIds)], 1000))
    rows.push(
      ...(await filtered(db, app, taskId, { statusCodes })
        .select(['input_id', 'worker_id', 'status_code'])
        .where('input_id', 'in', batch)
        .execute()),
    )
  return rows
}

/** All work on these inputs in tasks that are there. */
export const standingOn = async (db: Db, app: number, inputIds: readonly string[]): Promise<AssignmentRow[]> => {
  const rows: AssignmentRow[] = []
  for (const batch of batches([...new Set(inputIds)], 1000))
    rows.push(
      ...(await db
        .selectFrom('task_assignment')
        .selectAll()
        .where('app', '=', app)
        .where('input_id', 'in', batch)
        .where('withdrawn_at', 'is', null)
        .where('task_id', 'not in', (eb) =>
          eb.selectFrom('task').select('id').where('app', '=', app).where('deleted_at', 'is not', null),
        )
        .execute()),
    )
  return rows
}

export const countWork = async (db: Db, app: number, taskId: string, filter: WorkFilter): Promise<number> => {
  const { count } = await filtered(db, app, taskId, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Puts work behind everything else of its task. */
export const putLast = async (tx: Db, app: number, taskId: string, id: string): Promise<void> => {
  const last = await tx
    .selectFrom('task_assignment')
    .select((eb) => eb.fn.max('place').as('place'))
    .where('app', '=', app)
    .where('task_id', '=', taskId)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirstOrThrow()
  await tx
    .updateTable('task_assignment')
    .set({ place: Number(last.place ?? 0) + 1, started: 0 })
    .where('app', '=', app)
    .where('task_id', '=', taskId)
    .where('id', '=', id)
    .execute()
}
