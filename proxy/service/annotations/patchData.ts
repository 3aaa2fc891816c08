import { clone, create } from '@bufbuild/protobuf'
import {
  type Concept,
  type Data,
  DataSchema,
  type Frame,
  type Region,
  type RegionInfo,
  RegionInfoSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { mergeStruct, removeFromStruct } from '#proxy/service/patchStruct.ts'
import { invalid } from '#proxy/service/validate.ts'
import { hasPlace, isEmptyData } from './annotationParts.ts'

// Pure: answers new messages, changes none. The rules are those of api.md §4 with its seventeen examples.

/** The picture, video, sound or text an input-level annotation carries: never patched. */
const payload = ['image', 'video', 'audio', 'text'] as const

/** What merge replaces as a whole when it is sent: neither a list with ids nor an object to recurse into. */
const replaced = [
  'image',
  'video',
  'audio',
  'text',
  'geo',
  'colors',
  'clusters',
  'embeddings',
  'tracks',
  'timeSegments',
  'heatmaps',
  'parts',
  'ndarray',
  'intValue',
  'floatValue',
  'bytesValue',
  'boolValue',
  'stringValue',
  'structValue',
] as const satisfies readonly (keyof Data)[]

const isSent = (value: unknown): boolean => {
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length > 0
  return Boolean(value)
}

/** The fields of `from` named by `keys` that say something. */
const sentFields = (from: Data, keys: readonly (keyof Data)[]): Partial<Data> =>
  Object.fromEntries(keys.filter((key) => isSent(from[key])).map((key) => [key, from[key]]))

/** @throws ApiError when a region is sent that would be a second one */
export const mergeData = (stored: Data | undefined, sent: Data, path: string): Data => {
  const base = stored ?? create(DataSchema)
  const merged = { ...clone(DataSchema, base), ...sentFields(sent, replaced) }
  merged.concepts = mergeConcepts(base.concepts, sent.concepts)
  if (sent.metadata) merged.metadata = mergeStruct(base.metadata, sent.metadata)
  if (sent.regions.length > 0) merged.regions = [mergeRegion(base.regions, sent.regions, path)]
  if (sent.frames.length > 0) merged.frames = [mergeFrame(base.frames, sent.frames, path)]
  return merged
}

const mergeConcepts = (stored: readonly Concept[], sent: readonly Concept[]): Concept[] => {
  const sentById = new Map(sent.map((concept) => [concept.id, concept]))
  const known = new Set(stored.map((concept) => concept.id))
  const kept = stored.map((concept) => sentById.get(concept.id) ?? concept)
  return [...kept, ...sent.filter((concept) => !known.has(concept.id))]
}

/** Of one: an id-less region is the stored one (api.md §9-7), another id would be a second region. */
const mergeRegion = (stored: readonly Region[], sent: readonly Region[], path: string): Region => {
  const [base, region] = [stored[0], sent[0]!]
  if (sent.length > 1) throw invalid(`${path}.regions`, `${sent.length} regions, at most one each annotation`)
  if (!base) return region
  if (region.id && region.id !== base.id)
    throw invalid(`${path}.regions[0].id`, `"${region.id}" would be a second region, the annotation has "${base.id}"`)
  return {
    ...base,
    ...(hasPlace(region.regionInfo) && { regionInfo: mergePlace(base.regionInfo, region.regionInfo) }),
    ...(region.data && { data: mergeData(base.data, region.data, `${path}.regions[0].data`) }),
    ...(region.value !== 0 && { value: region.value }),
    ...(region.trackId && { trackId: region.trackId }),
  }
}

/**
 * Each kind that is sent replaces its whole: merged field by field a box could never move to row 0 (absent on the wire).
 * Another shape takes the place of the shape there is; only a box around a mask stays beside it, and the mask in it.
 */
const mergePlace = (stored: RegionInfo | undefined, sent: RegionInfo): RegionInfo => {
  const kinds = ['boundingBox', 'mask', 'polygon', 'point', 'span', 'token', 'keypointLocations'] as const
  const given = Object.fromEntries(kinds.filter((kind) => isSent(sent[kind])).map((kind) => [kind, sent[kind]]))
  const kept = { ...(stored ?? create(RegionInfoSchema)) }
  const shapes = ['boundingBox', 'mask', 'polygon', 'point'] as const
  const boxedMask = kept.mask && kept.boundingBox && !sent.polygon && !sent.point
  if (!boxedMask && shapes.some((kind) => sent[kind])) for (const kind of shapes) delete kept[kind]
  return { ...kept, ...given }
}

const mergeFrame = (stored: readonly Frame[], sent: readonly Frame[], path: string): Frame => {
  const [base, frame] = [stored[0], sent[0]!]
  if (sent.length > 1) throw invalid(`${path}.frames`, `${sent.length} frames, at most one each annotation`)
  if (!base) return frame
  if (!isSameFrame(base, frame)) throw invalid(`${path}.frames[0]`, 'would be a second frame')
  return {
    ...base,
    ...(frame.frameInfo && { frameInfo: frame.frameInfo }),
    ...(frame.data && { data: mergeData(base.data, frame.data, `${path}.frames[0].data`) }),
  }
}

/** By id, else by time and number, else it is the one there is. */
const isSameFrame = (stored: Frame, sent: Frame): boolean => {
  if (sent.id) return sent.id === stored.id
  const [before, now] = [stored.frameInfo, sent.frameInfo]
  return !before || !now || (before.time === now.time && before.number === now.number)
}

/**
 * `sent` instead of `stored`; an input-level annotation keeps its picture. A region sent with the id it has and no
 * place stays where it is (SEED:940).
 */
export const overwriteData = (stored: Data | undefined, sent: Data, inputLevel: boolean): Data => {
  const data = clone(DataSchema, sent)
  const [before, region] = [stored?.regions[0], data.regions[0]]
  if (before?.regionInfo && region && region.id === before.id && !hasPlace(region.regionInfo))
    region.regionInfo = before.regionInfo
  return inputLevel && stored ? keepPayload(data, stored) : data
}

/** `data` with the picture, video, sound or text of `stored`, whatever it says itself. */
export const keepPayload = (data: Data, stored: Data): Data => {
  const kept = { ...data }
  for (const key of payload) Object.assign(kept, { [key]: stored[key] })
  return create(DataSchema, kept)
}

export const removeData = (stored: Data | undefined, sent: Data): Data => {
  const base = stored ?? create(DataSchema)
  const left = clone(DataSchema, base)
  const gone = new Set(sent.concepts.map((concept) => concept.id))
  left.concepts = base.concepts.filter((concept) => !gone.has(concept.id))
  left.regions = base.regions.flatMap((region) => removeRegion(region, sent.regions))
  left.frames = base.frames.flatMap((frame) => removeFrame(frame, sent.frames))
  if (base.metadata && sent.metadata) left.metadata = removeFromStruct(base.metadata, sent.metadata)
  if (sent.geo) left.geo = undefined
  return create(DataSchema, left)
}

/** Named alone it goes; with labels inside, these labels go from it. */
const removeRegion = (stored: Region, sent: readonly Region[]): Region[] => {
  const match = sent.find((region) => region.id === stored.id || (region.id === '' && !isEmptyData(region.data)))
  if (!match) return [stored]
  if (isEmptyData(match.data)) return []
  return [{ ...stored, data: removeData(stored.data, match.data!) }]
}

const removeFrame = (stored: Frame, sent: readonly Frame[]): Frame[] => {
  const match = sent.find((frame) => isSameFrame(stored, frame))
  if (!match) return [stored]
  if (isEmptyData(match.data)) return []
  return [{ ...stored, data: removeData(stored.data, match.data!) }]
}
