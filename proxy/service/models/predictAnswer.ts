import { createHash } from 'node:crypto'
import { create, fromBinary, fromJson, type JsonObject, type JsonValue, toBinary } from '@bufbuild/protobuf'
import { type Data, DataSchema, type Region, RegionInfoSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { conceptsOf, hasPlace, isEmptyData, regionsOf } from '#proxy/service/annotations/annotationParts.ts'
import { checkData } from '#proxy/service/annotations/validateAnnotation.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Limits } from '#proxy/service/deps.ts'
import { isJsonObject } from '#proxy/service/jsonObject.ts'
import { PredictionFailed } from './predictFailure.ts'

// Whatever walks an answer does so recursively, and what is kept of it is read within messages (requestLimits.ts).
const mostDepth = 40
const mostParts = 10_000

/** What a runner answered: a Data, or `{"data": Data}`, as JSON. @throws PredictionFailed */
export const answeredData = (body: Uint8Array): Data => {
  const json = parsed(body)
  const data = isJsonObject(json.data) ? json.data : json
  try {
    const read = fromJson(DataSchema, withValues(data, 0) as JsonObject, { ignoreUnknownFields: true })
    return fromBinary(DataSchema, toBinary(DataSchema, read)) // float32, as everything that is posted
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : String(error), error)
  }
}

const parsed = (body: Uint8Array): JsonObject => {
  let json: JsonValue
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as JsonValue
  } catch (error) {
    throw unusable('this is no JSON', error)
  }
  if (!isJsonObject(json)) throw unusable('this is no JSON object')
  return json
}

const unusable = (reason: string, cause?: unknown): PredictionFailed =>
  new PredictionFailed(`the runner's answer: ${reason}`, false, { cause })

/** A concept without a value is there: in JSON the default is 1 (api.md §9-5). Its id is its name if it has none. */
const withValues = (value: JsonValue, depth: number): JsonValue => {
  if (depth > mostDepth) throw new Error(`nested deeper than ${mostDepth}`)
  if (Array.isArray(value)) return value.map((item) => withValues(item, depth + 1))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'concepts' && Array.isArray(inner) ? inner.map(completeConcept) : withValues(inner, depth + 1),
    ]),
  )
}

const completeConcept = (concept: JsonValue): JsonValue =>
  isJsonObject(concept) ? { ...concept, id: concept.id || concept.name || '', value: concept.value ?? 1 } : concept

/** Which answer it is: what names its regions. */
export interface AnswerOf {
  readonly modelVersionId: string
  readonly inputId: string
}

/**
 * Brings an answer into the form it is used in: its payloads dropped, its regions named. The same region of the same
 * model version gets the same id again, so that what people made of it still fits after a re-run. A region without a
 * place names one that is there already and keeps its id. Changes `data`.
 */
export const nameAnswer = (data: Data, { modelVersionId, inputId }: AnswerOf): void => {
  for (const kind of ['image', 'video', 'audio'] as const) delete data[kind]
  const times = new Map<string, number>()
  for (const [region] of regionsOf(data)) {
    if (!hasPlace(region.regionInfo)) continue
    const place = Buffer.from(toBinary(RegionInfoSchema, region.regionInfo)).toString('base64')
    const nth = times.get(place) ?? 0
    times.set(place, nth + 1)
    const said = JSON.stringify([modelVersionId, inputId, place, nth])
    region.id = createHash('sha256').update(said).digest('hex').slice(0, 32)
  }
}

/** One annotation's worth of an answer. */
export interface Part {
  readonly data: Data
  /** Where it stands in the answer: `regions[3]`. */
  readonly path: string
  /** Where it stands in the part. */
  readonly inner: string
}

/** An answer by annotations: each region its own, what is said of the whole input one, each frame and segment alike. */
export function* partsOf(data: Data): Generator<Part> {
  const { regions, frames, timeSegments } = data
  const whole: Data = { ...data, regions: [], frames: [], timeSegments: [] }
  if (!isEmptyData(whole)) yield { data: whole, path: '', inner: '' }
  for (const [i, region] of regions.entries())
    yield { data: ofRegion(region), path: `regions[${i}]`, inner: 'regions[0]' }
  for (const [i, frame] of frames.entries())
    for (const part of partsOf(frame.data ?? create(DataSchema)))
      yield {
        data: create(DataSchema, { frames: [{ ...frame, data: part.data }] }),
        path: `frames[${i}].data.${part.path}`,
        inner: `frames[0].data.${part.inner}`,
      }
  for (const [i, segment] of timeSegments.entries())
    yield {
      data: create(DataSchema, { timeSegments: [segment] }),
      path: `time_segments[${i}]`,
      inner: 'time_segments[0]',
    }
}

const ofRegion = (region: Region): Data => create(DataSchema, { regions: [region] })

/** `details` of an error about a part, with the field where it stands in the answer. `root` led to the part's data. */
export const inAnswer = (details: string, root: string, { path, inner }: Part): string =>
  details.replace(inner ? `${root}.${inner}` : `${root}.`, path)

/**
 * An answer in parts, checked by the same rules as what people post. One bad region spoils it: half an answer would look
 * like a whole one. @throws PredictionFailed naming the field
 */
export const checkedParts = (data: Data, limits: Limits): Part[] => {
  const parts: Part[] = []
  for (const part of partsOf(data)) {
    if (parts.length === mostParts) throw unusable(`more than ${mostParts} regions`)
    try {
      checkData(part.data, 'data', limits)
    } catch (error) {
      if (error instanceof ApiError) throw unusable(inAnswer(error.details, 'data', part), error)
      throw error
    }
    parts.push(part)
  }
  return parts
}

/** As people read it: concepts with a name and their app. Changes `data`. */
export const fillConcepts = (data: Data, app: { readonly id: string; readonly user_id: string }): void => {
  for (const concept of conceptsOf(data)) {
    concept.name ||= concept.id
    concept.appId ||= app.id
    concept.userId ||= app.user_id
  }
}
