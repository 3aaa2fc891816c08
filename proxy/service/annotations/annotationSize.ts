import type { JsonValue } from '@bufbuild/protobuf'
import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { Limits } from '#proxy/service/deps.ts'
import { invalid } from '#proxy/service/validate.ts'
import { datasOf } from '#proxy/store/annotationData.ts'

/**
 * How much one annotation may hold: it is read, drawn, sent and written to the history as a whole, so that one of
 * 50,000 concepts or 30 MB of annotation_info held everybody up for half a minute. Masks have limits of their own.
 * @throws ApiError ANNOTATION_INVALID_ARGUMENT with the path of the field that is too long
 */
export const checkSize = (
  { data, annotationInfo }: Pick<Annotation, 'data' | 'annotationInfo'>,
  path: string,
  limits: Pick<Limits, 'conceptsEach' | 'pointsEach' | 'infoBytes'>,
): void => {
  const left = { concepts: limits.conceptsEach, points: limits.pointsEach, bytes: limits.infoBytes }
  for (const [inner, at] of datasOf(data, `${path}.data`)) {
    left.concepts -= inner.concepts.length
    if (left.concepts < 0) throw invalid(`${at}.concepts`, `more than ${limits.conceptsEach} in one annotation`)
    for (let i = 0; i < inner.regions.length; i++) {
      const info = inner.regions[i]!.regionInfo
      left.points -= (info?.polygon?.points.length ?? 0) + (info?.keypointLocations.length ?? 0)
      if (left.points < 0)
        throw invalid(`${at}.regions[${i}].region_info`, `more than ${limits.pointsEach} points in one annotation`)
    }
    for (let i = 0; i < inner.embeddings.length; i++) {
      left.points -= inner.embeddings[i]!.vector.length
      if (left.points < 0)
        throw invalid(`${at}.embeddings[${i}].vector`, `more than ${limits.pointsEach} numbers in one annotation`)
    }
    left.bytes -= inner.text ? Buffer.byteLength(inner.text.raw) : 0
    if (left.bytes < 0) throw invalid(`${at}.text.raw`, tooLong(limits))
    if (inner.metadata) left.bytes -= jsonBytes(inner.metadata, left.bytes)
    if (left.bytes < 0) throw invalid(`${at}.metadata`, tooLong(limits))
  }
  if (annotationInfo && jsonBytes(annotationInfo, left.bytes) > left.bytes)
    throw invalid(`${path}.annotation_info`, tooLong(limits))
}

const tooLong = ({ infoBytes }: Pick<Limits, 'infoBytes'>): string =>
  `more than ${infoBytes} bytes of texts, metadata and annotation_info in one annotation`

/** About the bytes of its JSON; no more of it is looked at than tells that it is over `most`. */
const jsonBytes = (value: JsonValue, most: number): number => {
  if (typeof value === 'string') return Buffer.byteLength(value) + 2
  if (value === null || typeof value !== 'object') return 8
  let bytes = 2
  for (const [key, inner] of Object.entries(value)) {
    bytes += (Array.isArray(value) ? 0 : Buffer.byteLength(key) + 3) + 1 + jsonBytes(inner, most - bytes)
    if (bytes > most) break
  }
  return bytes
}
