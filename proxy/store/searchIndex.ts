import { fromBinary } from '@bufbuild/protobuf'
import { type Annotation, AnnotationSchema, type GeoPoint } from '#gen/proto/clarifai/api/resources_pb.ts'
import { datasOf } from './annotationData.ts'
import { batches } from './batches.ts'
import { insertRows } from './insertRows.ts'
import type { Db } from './open.ts'
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
  const living = rows.filter((row) => (row.deleted_at ?? null) === null)
  if (living.length === 0) return
  const decoded = annotations && new Map(rows.map((row, i) => [row, annotations[i]]))
  const inputTimes = await timesOfInputs(
    tx,
    living[0]!.app,
    living.map((row) => row.input_id),
  )
  const found = living.map((row) => ({
    annotation: decoded?.get(row) ?? fromBinary(AnnotationSchema, row.message),
    key: { app: row.app, created_at: row.created_at, input_at: inputTimes.get(row.input_id)! },
  }))
  const terms = found.flatMap(({ annotation, key }) => [...termsOf(annotation)].map((term) => ({ ...key, term })))
  const places = found.flatMap(({ annotation, key }) => placesOf(annotation).map((place) => ({ ...key, ...place })))
  const frames = found.flatMap(({ annotation, key }) => framesOf(annotation).map((frame) => ({ ...key, ...frame })))
  await insertRows(tx, 'annotation_term', terms)
  await insertRows(tx, 'annotation_geo', places)
  await insertRows(tx, 'annotation_frame', frames)
}

/** {@link indexAnnotations} for those that are in the index already. */
export const reindexAnnotations = async (tx: Db, rows: readonly IndexedRow[]): Promise<void> => {
  for (const batch of batches(rows, idsPerStatement))
    for (const table of indexTables)
      await tx
        .deleteFrom(table)
        .where('app', '=', batch[0]!.app)
        .where(
          'created_at',
          'in',
          batch.map((row) => row.created_at),
        )
        .execute()
  await indexAnnotations(tx, rows)
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

/** Takes annotations that were just deleted out of the index; three statements however many. */
export const unindexDeleted = async (tx: Db, revs: Revs): Promise<void> => {
  for (const table of indexTables)
    await tx
      .deleteFrom(table)
      .where('app', '=', revs.app)
      .where('created_at', 'in', writtenBy(tx, revs).select('created_at'))
      .execute()
}

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

const timesOfInputs = async (tx: Db, app: number, ids: readonly string[]): Promise<Map<string, number>> => {
  const times = new Map<string, number>()
  for (const batch of batches([...new Set(ids)], idsPerStatement)) {
    const rows = await tx
      .selectFrom('input')
      .select(['id', 'created_at'])
      .where('app', '=', app)
      .where('id', 'in', batch)
      .execute()
    for (const { id, created_at } of rows) times.set(id, Number(created_at))
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
