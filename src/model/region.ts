import { clone, create, type JsonObject, type JsonValue } from '@bufbuild/protobuf'
import {
  type Annotation,
  AnnotationSchema,
  type Concept,
  ConceptSchema,
  DataSchema,
  type Region as RegionMessage,
  RegionSchema,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/web/proto/clarifai/api/status/status_pb.ts'
import type { Size } from '#geometry/point.ts'
import { isRectangle } from '#geometry/rotatedBox.ts'
import { type Shape, sameShape } from '#geometry/shape.ts'
import { alikeTags, alikeWorker } from './alike.ts'
import { type Attributes, sameAttributes } from './attributes.ts'
import { ringsOf } from './keyhole.ts'
import { maskGeneration } from './readMasks.ts'
import { toRegionInfo, toShape, unreadMask, withBoxOf } from './regionInfo.ts'
import { type Worker, workerOf } from './worker.ts'

/** `annotation id/region id`: region ids repeat across annotations (decisions §1). */
export type RegionKey = string

/** A concept as ticked on a region or image: value 1 = present, 0 = not present, between = a model's probability. */
export interface ConceptTag {
  readonly id: string
  readonly value: number
}

/** One region of one annotation in image pixels. `status` is an annotation status code (24150 …). */
export interface Region {
  readonly key: RegionKey
  /** region id, 32 hex when made here */
  readonly id: string
  /** annotation id, 32 hex when made here */
  readonly annotation: string
  readonly shape: Shape
  readonly concepts: readonly ConceptTag[]
  readonly attributes?: Attributes | undefined
  /** confidence of a model, 0…1 */
  readonly score?: number | undefined
  readonly status: number
  readonly madeBy: Worker
  /** Paint order; missing on the wire = 0, ties by age. */
  readonly z: number
}

export const regionKey = (annotation: string, region: string): RegionKey => `${annotation}/${region}`

interface Known {
  readonly size: Size
  readonly regions: readonly Region[]
  /** what had been read of masks when some of these had not; undefined when none is missing */
  readonly generation: number | undefined
}

const known = new WeakMap<Annotation, Known>()

/**
 * The regions of an annotation in image px, in the order of the message. The same message and size give the same
 * objects, so what did not change is found by identity; a mask becomes one when it has been read ({@link unreadMasks}).
 * A region without an id goes by its place, `#0`.
 */
export function regionsOf(annotation: Annotation, size: Size): readonly Region[] {
  const before = known.get(annotation)
  const upToDate = before?.generation === undefined || before.generation === maskGeneration()
  if (before && upToDate && before.size.width === size.width && before.size.height === size.height)
    return before.regions
  const generation = maskGeneration()
  const madeBy = alikeWorker(workerOf(annotation))
  const status = annotation.status?.code || StatusCode.ANNOTATION_SUCCESS
  const regions = (annotation.data?.regions ?? []).map((message, i): Region => {
    const id = idAt(message, i)
    const marquee = marqueeOf(message)
    return {
      key: regionKey(annotation.id, id),
      id,
      annotation: annotation.id,
      shape: withAngle(toShape(message.regionInfo, size, marquee?.rings), marquee?.angle),
      concepts: alikeTags((message.data?.concepts ?? []).map(({ id, value }) => ({ id, value }))),
      attributes: attributesOf(message),
      score: madeBy.kind === 'model' ? scoreOf(message) : undefined,
      status,
      madeBy,
      z: typeof marquee?.z === 'number' ? marquee.z : 0,
    }
  })
  const unread = annotation.data?.regions.some((message) => unreadMask(message.regionInfo, size)) ?? false
  known.set(annotation, { size, regions, generation: unread ? generation : undefined })
  return regions
}

/** The bytes of masks that are to be read for an image of this size: unpack them and tell `rememberMask`. */
export const unreadMasks = (annotation: Annotation, size: Size): Uint8Array[] =>
  (annotation.data?.regions ?? []).flatMap((message) => unreadMask(message.regionInfo, size) ?? [])

/** A rotated box is a polygon of four points that knows its angle; what somebody has pulled out of shape is none. */
const withAngle = (shape: Shape, angle: unknown): Shape =>
  shape.kind === 'polygon' && !shape.holes && typeof angle === 'number' && isRectangle(shape.points)
    ? { ...shape, angle }
    : shape

const angleOf = (shape: Shape): number | undefined => (shape.kind === 'polygon' ? shape.angle : undefined)

/** Confidence of the region, or of its most likely concept. */
const scoreOf = (message: RegionMessage): number | undefined =>
  message.value || message.data?.concepts.reduce((best, { value }) => Math.max(best, value), 0) || undefined

const idAt = (message: RegionMessage, i: number) => message.id || `#${i}`

/** Our part of the metadata of a region. */
const marqueeOf = (message: RegionMessage): JsonObject | undefined => objectOf(message.data?.metadata?.marquee)

const attributesOf = (message: RegionMessage): Attributes | undefined => objectOf(message.data?.metadata?.attributes)

const objectOf = (value: JsonValue | undefined): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined

/** For whom and on which input a new annotation is. */
export interface AnnotationContext {
  readonly inputId: string
  readonly userId: string
  readonly work?: AsWork | undefined
}

/** What is new is part of assigned work: PENDING until Submit (decisions §7), and in the task, if there is one. */
export interface AsWork {
  /** empty: an order outside of tasks */
  readonly task: string
  /** It is reviewed by this person, not labelled: what they add waits for their verdict. */
  readonly review?: true
}

/** Whether an annotation is shown in this work: what belongs to it or to no task; other tasks have their own labels. */
export const isOfWork = ({ taskId }: Annotation, work: AsWork | undefined): boolean =>
  work === undefined || taskId === '' || taskId === work.task

/** The state that something new begins in; `undefined`: the one of the API, finished. */
export const firstStatus = (work: AsWork | undefined): StatusCode => {
  if (!work) return StatusCode.ANNOTATION_SUCCESS
  return work.review ? StatusCode.ANNOTATION_AWAITING_REVIEW : StatusCode.ANNOTATION_PENDING
}

/**
 * A new message that has `region` as given: added, or in place of the one with its id. All else in it stays, and an
 * unchanged shape keeps its region_info bit for bit. `annotation` undefined: a new annotation of this person.
 */
export function withRegion(
  annotation: Annotation | undefined,
  region: Region,
  size: Size,
  context: AnnotationContext,
): Annotation {
  const next = annotation ? clone(AnnotationSchema, annotation) : newAnnotation(region, context)
  next.data ??= create(DataSchema)
  const { regions } = next.data
  const i = regions.findIndex((message, at) => idAt(message, at) === region.id)
  const message = regions[i] ?? create(RegionSchema, { id: region.id })
  if (i < 0) regions.push(message)
  const before = annotation && i >= 0 ? regionsOf(annotation, size)[i] : undefined
  // what cannot be edited was not: it may have been read since this region was taken
  const kept = before !== undefined && region.shape.kind === 'asReceived'
  const reshaped = !kept && (!before || !sameShape(before.shape, region.shape))
  if (reshaped) message.regionInfo = withBoxOf(message.regionInfo, toRegionInfo(region.shape, size), region.shape, size)
  message.data ??= create(DataSchema)
  message.data.concepts = withConcepts(message.data.concepts, region.concepts)
  setAttributes(message, region.attributes)
  const rings = region.shape.kind === 'polygon' ? ringsOf(region.shape) : undefined
  setMarquee(message, { z: region.z === 0 ? undefined : region.z, rings: rings && [...rings] })
  const angle = angleOf(region.shape)
  // an angle that we did not read is not ours to take away
  if (reshaped && (angle !== undefined || (before && angleOf(before.shape) !== undefined)))
    setMarquee(message, { angle })
  return next
}

/** The message without that region; undefined when it would hold nothing more, and can be deleted. */
export function withoutRegion(annotation: Annotation, regionId: string): Annotation | undefined {
  const next = clone(AnnotationSchema, annotation)
  const { data } = next
  if (!data) return undefined
  data.regions = data.regions.filter((message, i) => idAt(message, i) !== regionId)
  const empty = data.regions.length === 0 && data.concepts.length === 0 && data.frames.length === 0
  return empty && !next.inputLevel ? undefined : next
}

const newAnnotation = (region: Region, context: AnnotationContext): Annotation =>
  create(AnnotationSchema, {
    id: region.annotation,
    inputId: context.inputId,
    userId: context.userId,
    taskId: context.work?.task ?? '',
    status: create(StatusSchema, { code: context.work ? firstStatus(context.work) : (region.status as StatusCode) }),
  })

/** Messages for the tags, those that stay with their names and all. */
const withConcepts = (messages: readonly Concept[], tags: readonly ConceptTag[]): Concept[] =>
  tags.map(({ id, value }) => {
    const message = messages.find((concept) => concept.id === id)
    if (!message) return create(ConceptSchema, { id, value })
    if (message.value !== value) message.value = value
    return message
  })

/** Untouched if nothing differs; what is there and is no object stays while nothing is to be written. */
function setAttributes(message: RegionMessage, attributes: Attributes | undefined): void {
  if (sameAttributes(attributesOf(message), attributes)) return
  const { attributes: _, ...rest } = message.data!.metadata ?? {}
  message.data!.metadata = attributes ? { ...rest, attributes: attributes as JsonObject } : rest
}

/** Sets our metadata, undefined taking a value away; untouched if nothing differs. */
function setMarquee(
  message: RegionMessage,
  values: Readonly<Partial<Record<'z' | 'rings' | 'angle', number | number[] | undefined>>>,
): void {
  const own: JsonObject = { ...marqueeOf(message) }
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete own[name]
    else own[name] = value
  }
  if (JSON.stringify(own) === JSON.stringify(marqueeOf(message) ?? {})) return
  const rest: JsonObject = { ...message.data!.metadata }
  delete rest.marquee
  message.data!.metadata = Object.keys(own).length > 0 ? { ...rest, marquee: own } : rest
}
