import type {
  Annotation,
  BoundingBox,
  Concept,
  Data,
  Point,
  Polygon,
  Region,
  RegionInfo,
  Span,
  Token,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import type { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { isAnnotationStatus } from '#model/review.ts'
import type { Limits } from '#proxy/service/deps.ts'
import { checkFinite, checkFraction, checkId, invalid, nameBytes } from '#proxy/service/validate.ts'
import { datasOf } from '#proxy/store/annotationData.ts'
import { hasPlace, regionsOf } from './annotationParts.ts'

/** The state a message asks for; undefined when it says none. */
export const statusOf = (annotation: Annotation, path: string): StatusCode | undefined => {
  const code = annotation.status?.code
  if (!code) return undefined
  if (!isAnnotationStatus(code)) throw invalid(`${path}.status.code`, `${code} is no state of an annotation`)
  return code
}

/**
 * Checks everything inside `data` but masks (`storeMasks` does) and whether regions named by their id only exist.
 * `placeless`: a region may have neither place nor id, as in a patch, where it means the one that is there.
 * @throws ApiError ANNOTATION_INVALID_ARGUMENT with the path of the field
 */
export const checkData = (data: Data | undefined, path: string, limits: Limits, placeless = false): void => {
  for (const [inner, at] of datasOf(data, path)) {
    checkConcepts(inner.concepts, `${at}.concepts`, limits)
    checkTimes(inner, at)
    checkNumbers(inner, at)
    if (inner.frames.length > 1)
      throw invalid(`${at}.frames`, `${inner.frames.length} frames, at most one each annotation`)
  }
  const regions = regionsOf(data, path)
  if (regions.length > 1) throw tooManyRegions(data, path, regions.length)
  for (const [region, at] of regions) checkRegion(region, at, limits, placeless)
}

/** Named by the list that holds them, of several lists by the first. */
const tooManyRegions = (data: Data | undefined, path: string, count: number) => {
  const lists = datasOf(data, path).filter(([inner]) => inner.regions.length > 0)
  const [, at] = lists.find(([inner]) => inner.regions.length > 1) ?? lists[0]!
  return invalid(`${at}.regions`, `${count} regions, at most one each annotation`)
}

/**
 * A person's region has one shape: of several nobody could say which is meant. A box around a mask is no second one.
 * @throws ApiError ANNOTATION_INVALID_ARGUMENT naming the shape that is too many
 */
export const checkOneShape = (data: Data | undefined, path: string): void => {
  for (const [{ regionInfo: info }, at] of regionsOf(data, path)) {
    const shapes = [
      info?.mask && 'mask',
      info?.boundingBox && !info.mask && 'bounding_box',
      info?.polygon && 'polygon',
      info?.point && 'point',
    ].filter((name) => typeof name === 'string')
    if (shapes.length > 1)
      throw invalid(`${at}.region_info.${shapes[1]}`, `a region has one shape, and there is its ${shapes[0]}`)
  }
}

const checkConcepts = (concepts: readonly Concept[], path: string, limits: Limits): void => {
  const seen = new Set<string>()
  for (const [i, concept] of concepts.entries()) {
    checkId(`${path}[${i}].id`, concept.id, limits.conceptIdBytes)
    checkFraction(`${path}[${i}].value`, concept.value)
    if (Buffer.byteLength(concept.name) > nameBytes)
      throw invalid(`${path}[${i}].name`, `longer than ${nameBytes} bytes`)
    if (seen.has(concept.id)) throw invalid(`${path}[${i}].id`, `"${concept.id}" is there twice`)
    seen.add(concept.id)
  }
}

const checkRegion = (region: Region, path: string, limits: Limits, placeless: boolean): void => {
  if (region.id) checkId(`${path}.id`, region.id, limits.conceptIdBytes)
  checkFraction(`${path}.value`, region.value)
  if (hasPlace(region.regionInfo)) checkRegionInfo(region.regionInfo, `${path}.region_info`)
  else if (!region.id && !placeless)
    throw invalid(`${path}.region_info`, 'required, unless the id of an existing region is given')
}

const checkRegionInfo = (info: RegionInfo, path: string): void => {
  if (info.boundingBox) checkBox(info.boundingBox, `${path}.bounding_box`)
  if (info.polygon) checkPolygon(info.polygon, `${path}.polygon`)
  if (info.point) checkPoint(info.point, `${path}.point`)
  if (info.mask && !info.mask.image) throw invalid(`${path}.mask.image`, 'required')
  for (const [i, point] of info.keypointLocations.entries()) checkPoint(point, `${path}.keypoint_locations[${i}]`)
  if (info.span) checkSpan(info.span, `${path}.span`)
  if (info.token) checkSpan(info.token, `${path}.token`)
}

/** Characters from `char_start` up to and without `char_end`. */
const checkSpan = ({ charStart, charEnd }: Span | Token, path: string): void => {
  if (charEnd < charStart) throw invalid(`${path}.char_end`, 'must not be less than char_start')
}

/** What models say besides labels: a vector with a NaN in it spoils whatever is computed of it. */
const checkNumbers = ({ embeddings, colors, clusters, floatValue }: Data, path: string): void => {
  checkFinite(`${path}.float_value`, floatValue)
  for (const [i, { value }] of colors.entries()) checkFinite(`${path}.colors[${i}].value`, value)
  for (const [i, { vector }] of embeddings.entries()) checkVector(`${path}.embeddings[${i}].vector`, vector)
  for (const [i, { score, projection }] of clusters.entries()) {
    checkFinite(`${path}.clusters[${i}].score`, score)
    checkVector(`${path}.clusters[${i}].projection`, projection)
  }
}

const checkVector = (path: string, vector: readonly number[]): void => {
  const bad = vector.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) throw invalid(`${path}[${bad}]`, `${vector[bad]} is no number`)
}

/** Seconds from the start of the video or sound. */
const checkTimes = ({ timeSegments }: Data, path: string): void => {
  for (const [i, { timeInfo }] of timeSegments.entries()) {
    if (!timeInfo) continue
    const at = `${path}.time_segments[${i}].time_info`
    checkFinite(`${at}.begin_time`, timeInfo.beginTime)
    checkFinite(`${at}.end_time`, timeInfo.endTime)
    if (timeInfo.beginTime < 0) throw invalid(`${at}.begin_time`, 'must not be negative')
    if (timeInfo.endTime < timeInfo.beginTime) throw invalid(`${at}.end_time`, 'must not be less than begin_time')
  }
}

const checkBox = (box: BoundingBox, path: string): void => {
  checkFraction(`${path}.top_row`, box.topRow)
  checkFraction(`${path}.left_col`, box.leftCol)
  checkFraction(`${path}.bottom_row`, box.bottomRow)
  checkFraction(`${path}.right_col`, box.rightCol)
  if (box.topRow >= box.bottomRow) throw invalid(`${path}.bottom_row`, 'must be greater than top_row')
  if (box.leftCol >= box.rightCol) throw invalid(`${path}.right_col`, 'must be greater than left_col')
}

/** Half-filled points are fine: an unset row or column is 0 (api.md §9-18). Closing and crossing are not looked at. */
const checkPolygon = (polygon: Polygon, path: string): void => {
  if (polygon.points.length < 3) throw invalid(`${path}.points`, `${polygon.points.length} points, at least 3`)
  for (const [i, point] of polygon.points.entries()) checkPoint(point, `${path}.points[${i}]`)
}

const checkPoint = (point: Point, path: string): void => {
  checkFraction(`${path}.row`, point.row)
  checkFraction(`${path}.col`, point.col)
  checkFinite(`${path}.z`, point.z)
}
