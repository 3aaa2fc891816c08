import { type Insertable, type RawBuilder, type Selectable, sql } from 'kysely'
import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import { batches } from './batches.ts'
import { insertRows, replaceRows, updateRows } from './insertRows.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'
import { indexAnnotations, reindexAnnotations } from './searchIndex.ts'

export type AnnotationRow = Selectable<Tables['annotation']>
export type NewAnnotationRow = Insertable<Tables['annotation']>

/** What names an annotation within its app. */
export interface AnnotationKey {
  readonly input_id: string
  readonly id: string
}

const keysPerStatement = 1000

/** `(input_id, id) in (…)` as both databases read it, by the primary key. */
const keyIn = (keys: readonly AnnotationKey[]) =>
  sql<boolean>`(annotation.input_id, annotation.id) in (values ${sql.join(
    keys.map((key) => sql`(${key.input_id}, ${key.id})`),
  )})`

/** @param annotations the same decoded, by place, where the caller has them */
export const insertAnnotations = async (
  tx: Db,
  rows: readonly NewAnnotationRow[],
  annotations?: readonly Annotation[],
): Promise<void> => {
  await insertRows(tx, 'annotation', rows)
  await indexAnnotations(tx, rows, annotations)
}

/**
 * Puts whole rows in the place of those with the same keys, each key once.
 * @param before the rows that are there, by place, where the caller has them all: then only what differs is written
 */
export const replaceAnnotations = async (
  tx: Db,
  rows: readonly NewAnnotationRow[],
  before?: readonly NewAnnotationRow[],
): Promise<void> => {
  if (before === undefined) await replaceRows(tx, 'annotation', ['app', 'input_id', 'id'], rows)
  else await updateRows(tx, 'annotation', ['app', 'input_id', 'id'], rows, before)
  await reindexAnnotations(tx, rows, before)
}

/** The rows with these keys, deleted ones too, in no order. */
export const annotationsByKey = async (
  db: Db,
  app: number,
  keys: readonly AnnotationKey[],
): Promise<AnnotationRow[]> => {
  const found: AnnotationRow[] = []
  for (const batch of batches(keys, keysPerStatement))
    found.push(...(await db.selectFrom('annotation').selectAll().where('app', '=', app).where(keyIn(batch)).execute()))
  return found
}

/** One annotation that is not deleted, if `visible` holds of it. */
export const annotationByKey = (
  db: Db,
  app: number,
  key: AnnotationKey,
  visible?: RawBuilder<boolean>,
): Promise<AnnotationRow | undefined> =>
  db
    .selectFrom('annotation')
    .selectAll()
    .where('app', '=', app)
    .where('input_id', '=', key.input_id)
    .where('id', '=', key.id)
    .where('deleted_at', 'is', null)
    .$if(visible !== undefined, (query) => query.where(visible!))
    .executeTakeFirst()

/** Which annotations to list; what is absent or empty does not restrict. */
export interface AnnotationFilter {
  readonly keys?: readonly AnnotationKey[]
  readonly inputIds?: readonly string[]
  readonly statuses?: readonly number[]
  /** Any of these workers, of whichever kind. */
  readonly userIds?: readonly string[]
  readonly modelVersionIds?: readonly string[]
  readonly workflowVersionIds?: readonly string[]
  readonly taskId?: string
  readonly trustedOnly?: boolean
  /** What else must hold (taskVisibility.ts). */
  readonly visible?: RawBuilder<boolean> | undefined
}

/**
 * A page of annotations that are not deleted, oldest first, their messages alone: the other columns of 1,000 rows took
 * as long to read as these. A `+` keeps a column from choosing the index, which SQLite
 * would do by rank instead of by size: an input's annotations are to be found by the input.
 */
export const listAnnotations = async (
  db: Db,
  app: number,
  filter: AnnotationFilter,
  page: { limit: number; offset: number },
): Promise<Pick<AnnotationRow, 'message'>[]> => {
  const byInput = (filter.keys?.length || filter.inputIds?.length) ?? 0
  const workers = workersOf(filter)
  let query = db.selectFrom('annotation').select('message').where('app', '=', app).where('deleted_at', 'is', null)
  if (filter.keys?.length) query = query.where(keyIn(filter.keys))
  else if (filter.inputIds?.length === 1) query = query.where('input_id', '=', filter.inputIds[0]!)
  else if (filter.inputIds?.length) query = query.where('input_id', 'in', filter.inputIds)
  if (filter.statuses?.length) query = query.where(hidden('status_code', byInput > 0), 'in', filter.statuses)
  if (filter.taskId) query = query.where('task_id', '=', filter.taskId)
  if (filter.trustedOnly) query = query.where(hidden('trusted', byInput > 0), '=', 1)
  if (workers.length > 0) query = query.where((eb) => eb.or(workers.map(([column, ids]) => eb(column, 'in', ids))))
  if (filter.visible) query = query.where(filter.visible)
  const sorted = query.orderBy(hidden('created_at', byInput > 1))
  return sorted.limit(page.limit).offset(page.offset).execute()
}

const hidden = (column: 'status_code' | 'trusted' | 'created_at', fromIndexes: boolean) =>
  fromIndexes ? sql<number>`+${sql.ref(column)}` : sql<number>`${sql.ref(column)}`

type WorkerColumn = 'user_id' | 'model_version_id' | 'workflow_version_id'

const workersOf = (filter: AnnotationFilter): [WorkerColumn, readonly string[]][] => {
  const all: [WorkerColumn, readonly string[]][] = [
    ['user_id', filter.userIds ?? []],
    ['model_version_id', filter.modelVersionIds ?? []],
    ['workflow_version_id', filter.workflowVersionIds ?? []],
  ]
  return all.filter(([, ids]) => ids.length > 0)
}

/** Of each (input, region id) the oldest annotation that carries that region: region ids may repeat (api.md §9-20). */
export const annotationsWithRegions = async (
  db: Db,
  app: number,
  regions: readonly { input_id: string; region_id: string }[],
): Promise<Pick<AnnotationRow, 'input_id' | 'region_id' | 'message'>[]> => {
  if (regions.length === 0) return []
  const wanted = sql.join(regions.map((region) => sql`(${region.input_id}, ${region.region_id})`))
  const rows = await db
    .selectFrom('annotation')
    .select(['input_id', 'region_id', 'message'])
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .where('region_id', 'is not', null)
    .where(sql<boolean>`(input_id, region_id) in (values ${wanted})`)
    .orderBy(hidden('created_at', true))
    .execute()
  return [...Map.groupBy(rows, (row) => `${row.input_id}/${row.region_id}`).values()].map((same) => same[0]!)
}

/** The inputs of these that are there. */
export const livingInputs = async (db: Db, app: number, ids: readonly string[]): Promise<Set<string>> => {
  const found = new Set<string>()
  for (const batch of batches([...new Set(ids)], keysPerStatement)) {
    const rows = await db
      .selectFrom('input')
      .select('id')
      .where('app', '=', app)
      .where('id', 'in', batch)
      .where('deleted_at', 'is', null)
      .execute()
    for (const { id } of rows) found.add(id)
  }
  return found
}
