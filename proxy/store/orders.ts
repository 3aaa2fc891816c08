import { type RawBuilder, sql } from 'kysely'
import type { AnnotationRow } from './annotations.ts'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { WorkGroup } from './work.ts'

/** A work order outside of tasks (decisions §8): an annotation of the person it is for that says nothing. */
export interface OrderRow {
  readonly id: string
  readonly input_id: string
  readonly user_id: string
  readonly status_code: number
  readonly round: number
  readonly queued_at: number
  readonly decided_by: string | null
  readonly opened_by: string | null
  /** µs */
  readonly opened_at: number | null
  readonly created_at: number
  readonly modified_at: number
}

const columns = [
  'id',
  'input_id',
  'user_id',
  'status_code',
  'round',
  'queued_at',
  'decided_by',
  'opened_by',
  'opened_at',
  'created_at',
  'modified_at',
] as const

/** As the indexes of migration 0023 have it, or they are not used. */
const isOrderRow = sql<boolean>`is_order = 1 and deleted_at is null`

/** The same of a row that was read. */
export const isOrder = (row: AnnotationRow): boolean => row.is_order === 1 && row.deleted_at === null

/** What these people put on an input outside of tasks, their orders included, oldest first. */
export const labelsOf = (db: Db, app: number, inputId: string, userIds: readonly string[]): Promise<AnnotationRow[]> =>
  db
    .selectFrom('annotation')
    .selectAll()
    .where('app', '=', app)
    .where('input_id', '=', inputId)
    .where('deleted_at', 'is', null)
    .where('task_id', 'is', null)
    .where('is_note', '=', 0)
    .where('input_level', '=', 0)
    .where('user_id', 'in', userIds)
    .orderBy('created_at')
    .execute()

/** An order that somebody else sent back. */
const sentBack = sql<boolean>`(status_code = 24158
  or (status_code = 24151 and round > 0 and coalesce(decided_by, '') <> user_id))`

export const isOrderBack = ({ status_code, round, decided_by, user_id }: OrderRow): boolean =>
  status_code === 24158 || (status_code === 24151 && round > 0 && decided_by !== user_id)

export interface OrderFilter {
  readonly workerIds?: readonly string[]
  readonly statusCodes?: readonly number[]
  readonly back?: boolean
  readonly inputId?: string
  /** Annotations of inputs, by both their ids. */
  readonly keys?: readonly { readonly inputId: string; readonly id: string }[]
  /** Waits for review, not of this person, and not open with another reviewer since (µs). */
  readonly reviewableBy?: { readonly id: string; readonly ownToo: boolean; readonly openSince: number }
}

const filtered = (db: Db, app: number, filter: OrderFilter) => {
  let query = db.selectFrom('annotation').where('app', '=', app).where(isOrderRow)
  if (filter.workerIds) query = query.where('user_id', 'in', filter.workerIds)
  if (filter.statusCodes) query = query.where('status_code', 'in', filter.statusCodes)
  if (filter.back !== undefined) query = query.where(filter.back ? sentBack : sql<boolean>`not ${sentBack}`)
  if (filter.inputId !== undefined) query = query.where('input_id', '=', filter.inputId)
  if (filter.keys)
    query = query.where(
      sql<boolean>`(input_id, id) in (values ${sql.join(filter.keys.map((key) => sql`(${key.inputId}, ${key.id})`))})`,
    )
  if (filter.reviewableBy) query = query.where(reviewable(filter.reviewableBy))
  return query
}

const reviewable = ({ id, ownToo, openSince }: NonNullable<OrderFilter['reviewableBy']>): RawBuilder<boolean> => {
  const own = ownToo ? sql`` : sql`and user_id <> ${id}`
  return sql<boolean>`(status_code = 24157 ${own}
    and (opened_by is null or opened_by = ${id} or coalesce(opened_at, 0) <= ${openSince}))`
}

/** Where a page ends: whether its last line was sent back (0) or not (1), and its place in the queue. */
export type OrderPlace = readonly [fresh: 0 | 1, queuedAt: number, createdAt: number]

export const orderPlaceOf = (row: OrderRow): OrderPlace => [isOrderBack(row) ? 0 : 1, row.queued_at, row.created_at]

const readable = <R extends Pick<OrderRow, 'round' | 'status_code'>>(
  row: R & {
    user_id: string | null
    queued_at: number
    opened_at: number | null
    created_at: number
    modified_at: number
  },
) => ({
  ...row,
  user_id: row.user_id ?? '',
  queued_at: Number(row.queued_at),
  opened_at: row.opened_at === null ? null : Number(row.opened_at),
  created_at: Number(row.created_at),
  modified_at: Number(row.modified_at),
})

/** The orders of these people on these inputs, in no order. */
export const ordersOn = async (
  db: Db,
  app: number,
  pairs: readonly { readonly inputId: string; readonly userId: string }[],
): Promise<OrderRow[]> => {
  const rows = await ordersOfInputs(
    db,
    app,
    pairs.map(({ inputId }) => inputId),
  )
  const wanted = new Set(pairs.map(({ inputId, userId }) => `${inputId}/${userId}`))
  return rows.filter((row) => wanted.has(`${row.input_id}/${row.user_id}`))
}

/** The orders of everybody on these inputs. */
export const ordersOfInputs = async (db: Db, app: number, inputIds: readonly string[]): Promise<OrderRow[]> => {
  const found: OrderRow[] = []
  for (const batch of batches([...new Set(inputIds)], 500))
    found.push(...(await filtered(db, app, {}).select(columns).where('input_id', 'in', batch).execute()).map(readable))
  return found
}

/** A page of orders: those sent back first, then those skipped last, the others as they were made. */
export const listOrders = async (
  db: Db,
  app: number,
  filter: OrderFilter,
  page: { readonly limit: number; readonly after?: OrderPlace | undefined },
): Promise<OrderRow[]> => {
  const fresh = sql<number>`case when ${sentBack} then 0 else 1 end`
  let query = filtered(db, app, filter).select(columns)
  if (page.after) {
    const [from, queued, created] = page.after
    query = query.where(sql<boolean>`(${fresh}, queued_at, created_at) > (${from}, ${queued}, ${created})`)
  }
  if (filter.back === undefined) query = query.orderBy(fresh)
  const rows = await query.orderBy('queued_at').orderBy('created_at').limit(page.limit).execute()
  return rows.map(readable)
}

/** On how many inputs there are such orders. */
export const countOrderInputs = async (db: Db, app: number, filter: OrderFilter): Promise<number> => {
  const { count } = await filtered(db, app, filter)
    .select((eb) => eb.fn.count<number>('input_id').distinct().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

export const countOrders = async (db: Db, app: number, filter: OrderFilter): Promise<number> => {
  const { count } = await filtered(db, app, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Orders of everybody, or of one person, by state. */
export const groupOrders = async (db: Db, app: number, workerId?: string): Promise<WorkGroup[]> => {
  const back = sql<number>`case when ${sentBack} then 1 else 0 end`
  const rows = await filtered(db, app, workerId === undefined ? {} : { workerIds: [workerId] })
    .select(['user_id', 'status_code'])
    .select(back.as('back'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .groupBy(['user_id', 'status_code', 'back'])
    .execute()
  return rows.map((row) => ({
    workerId: row.user_id ?? '',
    statusCode: row.status_code,
    begun: 0,
    back: Number(row.back),
    count: Number(row.count),
  }))
}

/** Sets what is known of orders besides their message. */
export const markOrder = async (
  tx: Db,
  app: number,
  { inputId, id }: { readonly inputId: string; readonly id: string },
  values: {
    readonly round?: number
    readonly queued_at?: number
    readonly decided_by?: string | null
    readonly opened_by?: string | null
    readonly opened_at?: number | null
  },
): Promise<void> => {
  await tx
    .updateTable('annotation')
    .set(values)
    .where('app', '=', app)
    .where('input_id', '=', inputId)
    .where('id', '=', id)
    .execute()
}

/** A note as it is stored, oldest first. */
export interface NoteRow {
  readonly input_id: string
  readonly user_id: string | null
  readonly message: Uint8Array
  readonly created_at: number
}

export const notesOn = async (db: Db, app: number, inputIds: readonly string[]): Promise<NoteRow[]> => {
  const found: NoteRow[] = []
  for (const batch of batches([...new Set(inputIds)], 500))
    found.push(
      ...(await db
        .selectFrom('annotation')
        .select(['input_id', 'user_id', 'message', 'created_at'])
        .where('app', '=', app)
        .where(sql<boolean>`is_note = 1 and deleted_at is null`)
        .where('input_id', 'in', batch)
        .execute()),
    )
  // not by the database, which would walk all annotations in this order
  return found.sort((a, b) => a.created_at - b.created_at)
}

/** By `input/person`: how many regions they drew there, in this task or outside of tasks. */
export const regionsBy = async (
  db: Db,
  app: number,
  taskId: string,
  inputIds: readonly string[],
): Promise<Map<string, number>> => {
  const found = new Map<string, number>()
  for (const batch of batches([...new Set(inputIds)], 500)) {
    const rows = await db
      .selectFrom('annotation')
      .select(['input_id', 'user_id'])
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('app', '=', app)
      .where('deleted_at', 'is', null)
      .where('task_id', taskId === '' ? 'is' : '=', taskId === '' ? null : taskId)
      .where('region_kind', 'is not', null)
      .where('input_id', 'in', batch)
      .groupBy(['input_id', 'user_id'])
      .execute()
    for (const row of rows) found.set(`${row.input_id}/${row.user_id ?? ''}`, Number(row.count))
  }
  return found
}
