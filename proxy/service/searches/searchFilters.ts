import type { JsonObject } from '@bufbuild/protobuf'
import {
  type And,
  type Annotation,
  AnnotationSchema,
  type Concept,
  type Data,
  type Filter,
  type Geo,
  type GeoPoint,
  type Input,
  InputSchema,
  type Query,
  type Region,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { isEmptyData } from '#proxy/service/annotations/annotationParts.ts'
import { saidWorker } from '#proxy/service/annotations/annotationWorker.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { isOnEarth } from '#proxy/service/inputs/place.ts'
import { microsOf } from '#proxy/service/time.ts'
import type { Seen } from '#proxy/store/inputQuery.ts'
import type { AnnotationCondition, InputCondition, SearchFilter } from '#proxy/store/searchConditions.ts'
import { latitudesWithin, spherePoint, squaredChord } from '#proxy/store/searchGeo.ts'
import {
  clusterTerm,
  conceptTerm,
  frameTerm,
  infoTerms,
  isPresent,
  levelTerm,
  metadataTerms,
  regionTerm,
  segmentTerm,
  textTerm,
  trackTerm,
  unsearchedMetadata,
  wholeTerm,
} from '#proxy/store/searchTerms.ts'
import { annotationFields, badSearch, checkSearchable, inputFields } from './searchFields.ts'
import { fitsView, isView, viewIn, viewPath } from './searchViews.ts'

// What a query asks for, as conditions on what is stored. Source: `Filter` and `And` in resources.proto, api.md §2.2.

/** What a query may refer to without saying it. */
export interface Asking {
  readonly app: number
  /** How labels are looked at where a view of the grid is asked for. */
  readonly seen: Seen
  readonly callerId: string
  /** Ids of the concepts of a name. */
  readonly conceptsNamed: ReadonlyMap<string, readonly string[]>
}

/** All filters of a query; all of them must hold. @throws ApiError SEARCH_INVALID_REQUEST with the path of the field */
export const filtersOf = (query: Query, path: string, asking: Asking): SearchFilter[] =>
  [
    ...query.filters.map((filter, i) => filterOf(filter, `${path}.filters[${i}]`, asking)),
    ...query.ands.map((and, i) => filterOfAnd(and, `${path}.ands[${i}]`, asking)),
  ].filter((filter) => filter.annotation.length + filter.input.length > 0)

/** Names of concepts that a query gives instead of ids. @throws ApiError SEARCH_INVALID_REQUEST for a query that is too long */
export const namesIn = (query: Query, path: string): string[] => {
  few(query.filters, `${path}.filters`)
  few(query.ands, `${path}.ands`)
  const parts = [
    ...query.filters.map(({ annotation }) => annotation?.data),
    ...query.ands.flatMap(({ annotation, input }) => [annotation?.data, input?.data]),
  ]
  const names = parts
    .flatMap((data) => data?.concepts ?? [])
    .flatMap(({ id, name }) => (id === '' && name ? [name] : []))
  if (names.length > mostNames) throw badSearch(path, `${names.length} names of concepts, at most ${mostNames}`)
  return names
}

const filterOf = (filter: Filter, path: string, asking: Asking): SearchFilter => {
  const annotation = filter.annotation ? annotationConditions(filter.annotation, `${path}.annotation`, asking) : []
  const range = filter.lastUpdatedTimeRange
  if (range) {
    const from = range.startTime && microsOf(range.startTime)
    const to = range.endTime && microsOf(range.endTime)
    if (from !== undefined || to !== undefined) annotation.push({ is: 'modified', from, to })
  }
  const input = filter.input ? inputConditions(filter.input, `${path}.input`) : []
  if (filter.input?.data) refuseLabels(filter.input.data, `${path}.input.data`)
  const view = filter.input && viewIn(filter.input)
  if (view !== undefined) input.push(fitsView(view, `${path}.input.data.${viewPath}`, asking.app, asking.seen))
  return sane({ negate: filter.negate, annotation, input }, path)
}

/** Labels of an input are its annotations', its metadata too, but for a view of the grid. */
const refuseLabels = (data: Data, path: string): void => {
  const said = (['concepts', 'geo', 'metadata'] as const).find((name) =>
    name === 'concepts' ? data.concepts.length > 0 : data[name] !== undefined && !(name === 'metadata' && isView(data)),
  )
  if (said) throw badSearch(`${path}.${said}`, 'cannot be searched by: use annotation')
}

/** An `And` about the labels of an input means what people said of it. */
const filterOfAnd = (and: And, path: string, asking: Asking): SearchFilter => {
  if (and.output) throw badSearch(`${path}.output`, 'ranking by what models see is not supported')
  const annotation = and.annotation ? annotationConditions(and.annotation, `${path}.annotation`, asking) : []
  const input = and.input ? inputConditions(and.input, `${path}.input`) : []
  const labels = and.input?.data ? labelConditions(and.input.data, `${path}.input.data`, asking) : []
  const trusted: AnnotationCondition[] = labels.length > 0 ? [{ is: 'column', column: 'trusted', any: [1] }] : []
  return sane({ negate: and.negate, annotation: [...annotation, ...labels, ...trusted], input }, path)
}

const sane = (filter: SearchFilter, path: string): SearchFilter => {
  if (filter.negate && filter.annotation.length + filter.input.length === 0)
    throw badSearch(`${path}.negate`, 'there is nothing to negate')
  return filter
}

const annotationConditions = (annotation: Annotation, path: string, asking: Asking): AnnotationCondition[] => {
  checkSearchable(AnnotationSchema, annotation, annotationFields, path)
  const { id, inputId, taskId, inputLevel, trusted, status, annotationInfo, data } = annotation
  return [
    ...equal('id', id),
    ...equal('input_id', inputId),
    ...equal('task_id', taskId),
    ...workerConditions(annotation, path, asking),
    ...equal('status_code', status?.code),
    ...equal('trusted', Number(trusted)),
    ...(inputLevel ? [foundBy([[levelTerm]])] : []),
    ...(annotationInfo ? [foundBy([someTerms(infoTerms(annotationInfo), `${path}.annotation_info`)])] : []),
    ...(data ? dataConditions(data, `${path}.data`, asking) : []),
  ]
}

const foundBy = (by: string[][]): AnnotationCondition => ({ is: 'found', by })

/** Nothing said, nothing asked. */
const equal = (
  column: Extract<AnnotationCondition, { is: 'column' }>['column'],
  value: string | number | undefined,
): AnnotationCondition[] => (value ? [{ is: 'column', column, any: [value] }] : [])

const workerConditions = (annotation: Annotation, path: string, { callerId }: Asking): AnnotationCondition[] => {
  const worker = searchedWorker(annotation, path, callerId)
  if (worker?.kind === 'user' && worker.id === '') throw badSearch(`${path}.user_id`, 'there is nobody "me" could be')
  switch (worker?.kind) {
    case 'user':
      return equal('user_id', worker.id)
    case 'model':
      return equal('model_version_id', worker.version)
    case 'workflow':
      return equal('workflow_version_id', worker.version)
    default:
      return []
  }
}

const searchedWorker = (annotation: Annotation, path: string, callerId: string) => {
  try {
    return saidWorker(annotation, path, callerId)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new ApiError(StatusCode.SEARCH_INVALID_REQUEST, error.details, { cause: error })
  }
}

/** Alternatives of one list and of one object's fields. */
const mostAlternatives = 100
/** In all filters of a query together. */
const mostNames = 1000

const few = <T>(values: readonly T[], path: string): readonly T[] => {
  if (values.length > mostAlternatives) throw badSearch(path, `${values.length} of them, at most ${mostAlternatives}`)
  return values
}

const someTerms = (terms: string[], path: string): string[] => {
  if (terms.length === 0) throw badSearch(path, 'has no value to search by')
  few(terms, path)
  return terms
}

const dataConditions = (data: Data, path: string, asking: Asking): AnnotationCondition[] => {
  if (isEmptyData(data)) return [foundBy([[wholeTerm]])]
  if (data.image?.url) throw badSearch(`${path}.image.url`, 'cannot be searched by: use input')
  return [
    ...labelConditions(data, path, asking),
    ...(data.frames.length > 0 ? [foundBy([[frameTerm]])] : []),
    ...(data.timeSegments.length > 0 ? [foundBy([[segmentTerm]])] : []),
    ...(data.text ? [foundBy([[textTerm]])] : []),
    ...(data.clusters.length > 0
      ? [foundBy(few(data.clusters, `${path}.clusters`).map(({ id }) => [clusterTerm(id)]))]
      : []),
    ...regionConditions(data.regions, `${path}.regions`),
  ]
}

/** Kinds of regions are alternatives, tracks too; a region with a kind and a track asks for both. */
const regionConditions = (regions: readonly Region[], path: string): AnnotationCondition[] => {
  if (regions.length === 0) return []
  return [foundBy(few(regions, path).flatMap((region, i) => regionGroups(region, `${path}[${i}]`)))]
}

const regionGroups = ({ regionInfo: info, trackId }: Region, path: string): string[][] => {
  const kinds = (['boundingBox', 'mask', 'point', 'polygon', 'span'] as const).filter((kind) => info?.[kind])
  const track = trackId ? [trackTerm(trackId)] : []
  if (kinds.length > 0) return kinds.map((kind) => [regionTerm(kind), ...track])
  if (track.length === 0) throw badSearch(path, 'names neither a kind of region nor a track')
  return [track]
}

const labelConditions = (data: Data, path: string, asking: Asking): AnnotationCondition[] => [
  ...(data.concepts.length > 0 ? [conceptCondition(data.concepts, `${path}.concepts`, asking)] : []),
  ...(data.geo ? [geoCondition(data.geo, `${path}.geo`)] : []),
  ...(data.metadata ? [metadataCondition(data.metadata, `${path}.metadata`)] : []),
]

/** Any of the concepts: present when the value is at least one half, absent when it is less. */
const conceptCondition = (concepts: readonly Concept[], path: string, { conceptsNamed }: Asking): AnnotationCondition =>
  foundBy(
    few(concepts, path).flatMap(({ id, name, value }, i) => {
      if (!id && !name) throw badSearch(`${path}[${i}].id`, 'required')
      const ids = id ? [id] : (conceptsNamed.get(name) ?? [])
      return ids.map((found) => [conceptTerm(found, isPresent(value))])
    }),
  )

/** Any of the fields; all that one field says. */
const metadataCondition = (metadata: JsonObject, path: string): AnnotationCondition => {
  const fields = few(Object.entries(metadata), path)
  if (fields.length === 0) throw badSearch(path, 'has no value to search by')
  return foundBy(
    fields.map(([key, value]) => {
      if (key === unsearchedMetadata) throw badSearch(`${path}.${key}`, 'cannot be searched by')
      return someTerms(metadataTerms({ [key]: value }), `${path}.${key}`)
    }),
  )
}

const checkPlace = (point: GeoPoint | undefined, path: string): GeoPoint => {
  if (!point) throw badSearch(path, 'required')
  if (!isOnEarth(point)) throw badSearch(path, `${point.latitude}, ${point.longitude} is no place`)
  return point
}

/** Near a point, or in the box between two corners. */
const geoCondition = ({ geoPoint, geoLimit, geoBox }: Geo, path: string): AnnotationCondition => {
  if (geoBox.length > 0) {
    if (geoPoint || geoLimit) throw badSearch(path, 'either a box or a point with a limit')
    if (geoBox.length !== 2) throw badSearch(`${path}.geo_box`, `${geoBox.length} corners, must be 2`)
    const [a, b] = geoBox.map((corner, i) => checkPlace(corner.geoPoint, `${path}.geo_box[${i}].geo_point`))
    return {
      is: 'inBox',
      latitudes: between(a!.latitude, b!.latitude),
      longitudes: between(a!.longitude, b!.longitude),
    }
  }
  const place = checkPlace(geoPoint, `${path}.geo_point`)
  if (!geoLimit) throw badSearch(`${path}.geo_limit`, 'required with geo_point')
  if (!(geoLimit.value >= 0 && Number.isFinite(geoLimit.value)))
    throw badSearch(`${path}.geo_limit.value`, `${geoLimit.value} is no distance`)
  const chord = squaredChord(geoLimit.type || 'withinKilometers', geoLimit.value)
  if (chord === undefined)
    throw badSearch(
      `${path}.geo_limit.type`,
      `"${geoLimit.type}", must be withinKilometers, withinMiles, withinDegrees or withinRadians`,
    )
  return { is: 'near', point: spherePoint(place), chord, latitudes: latitudesWithin(place, chord) }
}

const between = (a: number, b: number): readonly [number, number] => [Math.min(a, b), Math.max(a, b)]

const inputConditions = (input: Input, path: string): InputCondition[] => {
  checkSearchable(InputSchema, input, inputFields, path)
  const { id, status, datasetIds, data } = input
  const kinds = (['image', 'video', 'text', 'audio'] as const).filter((kind) => data?.[kind])
  const url = data?.image?.url
  return [
    ...(id ? [{ is: 'column', column: 'id', any: [id] } as const] : []),
    ...(status?.code ? [{ is: 'column', column: 'status_code', any: [status.code] } as const] : []),
    ...(datasetIds.length > 0 ? [{ is: 'inDataset', any: few(datasetIds, `${path}.dataset_ids`) } as const] : []),
    ...(kinds.length > 0 ? [{ is: 'column', column: 'kind', any: kinds } as const] : []),
    ...(url ? [{ is: 'column', column: 'source_url', any: [url] } as const] : []),
  ]
}
