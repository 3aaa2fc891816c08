import { fromBinary } from '@bufbuild/protobuf'
import { type Insertable, type RawBuilder, sql } from 'kysely'
import { type Annotation, AnnotationSchema, type GeoPoint } from '#gen/proto/clarifai/api/resources_pb.ts'
import { datasOf } from './annotationData.ts'
import { batches } from './batches.ts'
import { insertRows } from './insertRows.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'
import { spherePoint } from './searchGeo.ts'
import { termsOf } from './searchTerms.ts'

/** What the index is made from. Rows of one app. */
interface IndexedRow {
  readonly app: number
  readonly input_id: string
  readonly created_at: number
  readonly deleted_at?: number | null | undefined
  readonly message: Uint8Array
}

const idsPerStatement = 1000
const rowsPerStatement = 1000
const indexTables = ['annotation_term', 'annotation_geo', 'annotation_frame'] as const

/**
 * Puts annotations into the index of searches, within the transaction that writes them; deleted ones are left out.
 * @param annotations the rows decoded, by place, where the caller has them
 */
export const indexAnnotations = async (
  tx: Db,
  rows: readonly IndexedRow[],
  annotations?: readonly Annotation[],
): Promise<void> => {
  const found = await indexRows(tx, rows, annotations)
  await insertRows(tx, 'annotation_term', found.terms)
  await countTerms(tx, found.terms)
  await insertRows(tx, 'annotation_geo', found.places)
  await insertRows(tx, 'annotation_frame', found.frames)
}

/** What the index holds of these annotations. */
export const indexRows = async (tx: Db, rows: readonly IndexedRow[], annotations?: readonly Annotation[]) => {
  const terms: Insertable<Tables['annotation_term']>[] = []
  const places: Insertable<Tables['annotation_geo']>[] = []
  const frames: Insertable<Tables['annotation_frame']>[] = []
  const inputTimes = await timesOfInputs(tx, rows)
  for (const [i, { app, input_id, created_at, deleted_at, message }] of rows.entries()) {
    if ((deleted_at ?? null) !== null) continue
    const annotation = annotations?.[i] ?? fromBinary(AnnotationSchema, message)
    const input_at = inputTimes.get(input_id)!
    const trusted = Number(annotation.worker?.worker.case === 'user')
    for (const term of termsOf(annotation)) terms.push({ app, term, created_at, input_at, trusted })
    for (const place of placesOf(annotation)) places.push({ app, created_at, input_at, ...place })
    for (const frame of framesOf(annotation)) frames.push({ app, created_at, input_at, ...frame })
  }
  return { terms, places, frames }
}

/** Adds new terms to the counts of their inputs. */
const countTerms = async (tx: Db, terms: readonly Insertable<Tables['annotation_term']>[]): Promise<void> => {
  const counts = new Map<string, Insertable<Tables['input_term']>>()
  for (const { app, term, input_at, trusted } of terms) {
    const key = `${input_at} ${term}`
    const count = counts.get(key)
    if (count) {
      count.count++
      count.trusted += trusted
    } else counts.set(key, { app, term, input_at, count: 1, trusted })
  }
  for (const rows of batches([...counts.values()], rowsPerStatement))
    await tx
      .insertInto('input_term')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['app', 'term', 'input_at']).doUpdateSet(added))
      .execute()
}

const added = {
  count: sql<number>`input_term.count + excluded.count`,
  trusted: sql<number>`input_term.trusted + excluded.trusted`,
}

/** Takes what was created at these times out of the index. */
const unindex = async (tx: Db, app: number, times: RawBuilder<unknown>): Promise<void> => {
  await sql`insert into input_term (app, term, input_at, count, trusted)
    select app, term, input_at, -count(*), -sum(trusted) from annotation_term
    where app = ${app} and created_at in (${times}) group by app, term, input_at
    on conflict (app, term, input_at) do update set count = ${added.count}, trusted = ${added.trusted}`.execute(tx)
  for (const table of indexTables)
    await sql`delete from ${sql.table(table)} where app = ${app} and created_at in (${times})`.execute(tx)
}

/**
 * {@link indexAnnotations} for those that are in the index already.
 * @param before the rows as they were, by place: those that are found by the same as then are left alone
 */
export const reindexAnnotations = async (
  tx: Db,
  rows: readonly IndexedRow[],
  before?: readonly IndexedRow[],
): Promise<void> => {
  const changed = before ? rows.filter((row, i) => whatFinds(row) !== whatFinds(before[i]!)) : rows
  for (const batch of batches(changed, idsPerStatement))
    await unindex(tx, batch[0]!.app, sql.join(batch.map((row) => row.created_at)))
  await indexAnnotations(tx, changed)
}

const whatFinds = ({ message, deleted_at }: IndexedRow): string => {
  if ((deleted_at ?? null) !== null) return ''
  const annotation = fromBinary(AnnotationSchema, message)
  const who = annotation.worker?.worker.case
  return JSON.stringify([who, [...termsOf(annotation)], placesOf(annotation), framesOf(annotation)])
}

/** Some writes of an app by their numbers, one after the other. */
export interface Revs {
  readonly app: number
  readonly first: number
  readonly count: number
}

const writtenBy = (tx: Db, { app, first, count }: Revs) =>
  tx
    .selectFrom('annotation')
    .where('app', '=', app)
    .where('rev', '>=', first)
    .where('rev', '<', first + count)

/** Takes annotations that were just deleted out of the index; four statements however many. */
export const unindexDeleted = (tx: Db, revs: Revs): Promise<void> =>
  unindex(tx, revs.app, sql`${writtenBy(tx, revs).select('created_at')}`)

/** Puts annotations that were just brought back into the index. */
export const indexRestored = async (tx: Db, revs: Revs): Promise<void> => {
  for (let first = revs.first; first < revs.first + revs.count; first += idsPerStatement) {
    const count = Math.min(idsPerStatement, revs.first + revs.count - first)
    const rows = await writtenBy(tx, { app: revs.app, first, count })
      .select(['app', 'input_id', 'created_at', 'deleted_at', 'message'])
      .execute()
    await indexAnnotations(tx, rows)
  }
}

const timesOfInputs = async (tx: Db, rows: readonly IndexedRow[]): Promise<Map<string, number>> => {
  const times = new Map<string, number>()
  for (const batch of batches([...new Set(rows.map((row) => row.input_id))], idsPerStatement)) {
    const found = await tx
      .selectFrom('input')
      .select(['id', 'created_at'])
      .where('app', '=', rows[0]!.app)
      .where('id', 'in', batch)
      .execute()
    for (const { id, created_at } of found) times.set(id, Number(created_at))
  }
  return times
}

/** The first place an annotation names; it stands for all of it. */
const placesOf = (annotation: Annotation) => {
  for (const [data] of datasOf(annotation.data)) {
    const point: GeoPoint | undefined = data.geo?.geoPoint
    if (point && Number.isFinite(point.latitude) && Number.isFinite(point.longitude))
      return [{ latitude: point.latitude, longitude: point.longitude, ...spherePoint(point) }]
  }
  return []
}

/** An annotation has at most one frame; milliseconds beyond 2^53 are no time of a video. */
const framesOf = ({ data }: Annotation) => {
  const info = data?.frames[0]?.frameInfo
  if (!info) return []
  return [{ time: Math.min(Number(info.time), Number.MAX_SAFE_INTEGER), number: info.number }]
}
