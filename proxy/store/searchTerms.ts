import { createHash } from 'node:crypto'
import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import type { Annotation, Data, RegionInfo } from '#gen/proto/clarifai/api/resources_pb.ts'
import { datasOf } from './annotationData.ts'

// What annotations are found by, as short texts that searches compare as a whole. The first character says of what.

/** A concept is present (a value of at least one half) or absent. */
export const conceptTerm = (id: string, present: boolean): string => `${present ? '+' : '-'}${id}`

/** The limit between absent and present (api.md §2.2). */
export const isPresent = (value: number): boolean => value >= 0.5

export type PlaceKind = 'boundingBox' | 'mask' | 'polygon' | 'point' | 'span'

/** Has a region of this kind. */
export const regionTerm = (kind: PlaceKind): string => `r${kind}`
/** Is in a frame. */
export const frameTerm = 'f'
/** Is in a time segment. */
export const segmentTerm = 's'
/** Is of the whole input: neither region nor frame nor time segment. */
export const wholeTerm = 'w'
/** Has a text. */
export const textTerm = 't'
/** Is the input-level one. */
export const levelTerm = 'l'

const textCharacters = 200

/** A model or workflow is this sure of what it predicts, in whole percent, rounded down: its highest concept. */
export const scoreTerm = (percent: number): string => `%${percent}`

const scoreOf = ({ worker, data }: Annotation): number | undefined => {
  const by = worker?.worker.case
  if (by !== 'model' && by !== 'workflow') return undefined
  const values = datasOf(data).flatMap(([one]) => one.concepts.map(({ value }) => value))
  const highest = Math.max(...values)
  // the wire has a float32: 0.29 is 0.28999999
  return highest >= 0 && highest <= 1 ? Math.floor(highest * 100 + 1e-5) : undefined
}

/** Any value, so written that every database keeps it; a long one by its SHA-256. */
const valueTerm = (sign: string, value: JsonValue): string => {
  const text = JSON.stringify(value)
  return text.length <= textCharacters ? sign + text : `${sign}#${createHash('sha256').update(text).digest('hex')}`
}

/** A region is of this track. */
export const trackTerm = (id: string): string => valueTerm('k', id)
export const clusterTerm = (id: string): string => valueTerm('c', id)

/** One leaf of metadata or annotation_info with its keys. */
const leafTerm = (sign: string, keys: readonly string[], value: JsonValue): string => valueTerm(sign, [...keys, value])

/** Scalars with the keys that lead to them; items of a list have the keys of the list, lists in lists are left out. */
function* leavesOf(value: JsonValue, keys: readonly string[] = []): Generator<[keys: readonly string[], JsonValue]> {
  if (Array.isArray(value)) {
    for (const item of value) if (!Array.isArray(item)) yield* leavesOf(item, keys)
  } else if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) yield* leavesOf(inner, [...keys, key])
  } else yield [keys, value]
}

/** The terms of what an annotation's metadata must hold; all of them together. */
export const metadataTerms = (metadata: JsonObject): string[] =>
  [...leavesOf(metadata)].map(([keys, value]) => leafTerm('m', keys, value))

/** The same for annotation_info. */
export const infoTerms = (info: JsonObject): string[] =>
  [...leavesOf(info)].map(([keys, value]) => leafTerm('i', keys, value))

/** Our own part of metadata: z-order and rings of regions, which nobody searches by. */
export const unsearchedMetadata = 'marquee'

/** Of one annotation; what it has beyond is not found. */
const mostTerms = 2000

const placeKinds: readonly PlaceKind[] = ['boundingBox', 'mask', 'polygon', 'point', 'span']

const kindsOf = (info: RegionInfo | undefined): PlaceKind[] => placeKinds.filter((kind) => info?.[kind] !== undefined)

function* placeTerms(data: Data): Generator<string> {
  for (const region of data.regions) {
    yield* kindsOf(region.regionInfo).map(regionTerm)
    if (region.trackId) yield trackTerm(region.trackId)
  }
  if (data.frames.length > 0) yield frameTerm
  if (data.timeSegments.length > 0) yield segmentTerm
}

function* dataTerms(data: Data): Generator<string> {
  for (const { id, value } of data.concepts) yield conceptTerm(id, isPresent(value))
  yield* placeTerms(data)
  if (data.text) yield textTerm
  for (const { id } of data.clusters) if (id) yield clusterTerm(id)
  if (!data.metadata) return
  const { [unsearchedMetadata]: _, ...searched } = data.metadata
  yield* metadataTerms(searched)
}

const isWhole = (data: Data | undefined): boolean =>
  !data || (data.regions.length === 0 && data.frames.length === 0 && data.timeSegments.length === 0)

function* allTerms(annotation: Annotation): Generator<string> {
  const score = scoreOf(annotation)
  if (score !== undefined) yield scoreTerm(score)
  if (annotation.inputLevel) yield levelTerm
  if (isWhole(annotation.data)) yield wholeTerm
  for (const [data] of datasOf(annotation.data)) yield* dataTerms(data)
  if (annotation.annotationInfo) yield* infoTerms(annotation.annotationInfo)
}

/** What an annotation is found by, each once. */
export const termsOf = (annotation: Annotation): Set<string> => {
  const terms = new Set<string>()
  for (const term of allTerms(annotation)) {
    if (terms.size >= mostTerms) break
    terms.add(term)
  }
  return terms
}
