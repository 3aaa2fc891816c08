import { clone, create, equals } from '@bufbuild/protobuf'
import {
  type Annotation,
  AnnotationSchema,
  DataSchema,
  MaskSchema,
  type Region as RegionMessage,
  RegionSchema,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/web/proto/clarifai/api/status/status_pb.ts'
import { cutToImage } from '#geometry/cutToImage.ts'
import type { Size } from '#geometry/point.ts'
import { sameShape } from '#geometry/shape.ts'
import { type AnnotationContext, type Region, regionsOf, withRegion } from './region.ts'
import { toShape } from './regionInfo.ts'

/** The message of a region of an annotation, by its id or, without one, by its place (`#0`). */
export const regionMessage = (annotation: Annotation, regionId: string): RegionMessage | undefined =>
  annotation.data?.regions.find((message, i) => (message.id || `#${i}`) === regionId)

/**
 * A new annotation of this person with a copy of the region, at the same fractions of the image: shape, attributes and
 * whatever else it carries. What a model thought likely, a person says: each concept is there or it is not.
 */
export function copyOfRegion(message: RegionMessage, context: AnnotationContext, newId: () => string): Annotation {
  const region = clone(RegionSchema, message)
  region.id = newId()
  region.value = 0
  region.trackId = ''
  for (const concept of region.data?.concepts ?? []) concept.value = concept.value > 0 ? 1 : 0
  return create(AnnotationSchema, {
    id: newId(),
    inputId: context.inputId,
    userId: context.userId,
    taskId: context.work?.task ?? '',
    status: create(StatusSchema, {
      code: context.work ? StatusCode.ANNOTATION_PENDING : StatusCode.ANNOTATION_SUCCESS,
    }),
    data: create(DataSchema, { regions: [region] }),
  })
}

/** The annotation as if that region of it were all it has. */
export const withOnly = (annotation: Annotation, message: RegionMessage): Annotation =>
  create(AnnotationSchema, { ...annotation, data: create(DataSchema, { regions: [message] }) })

/** A region at the same px of another image, and its message. */
export interface OnImage {
  readonly message: RegionMessage
  readonly region: Region
  /** it reaches over the border, and is a piece of what it was */
  readonly cut: boolean
}

/**
 * The regions of an annotation of an image of `from` px as they lie at the same px of one of `to` px: as they are where
 * both are of one size, or one is not known (0 × 0); else cut at the border, and nothing of what lies outside. Masks
 * that nobody has read for `from` stay at their fractions.
 */
export function regionsAtSamePixels(annotation: Annotation, from: Size, to: Size): readonly OnImage[] {
  const known = from.width > 0 && to.width > 0
  const messages = annotation.data?.regions ?? []
  if (!known || (from.width === to.width && from.height === to.height))
    return regionsOf(annotation, to).map((region, i) => ({ region, message: messages[i]!, cut: false }))
  return regionsOf(annotation, from).flatMap((region, i): OnImage[] => {
    const message = messages[i]!
    if (region.shape.kind === 'asReceived') return [{ region, message, cut: false }]
    const alone = withOnly(annotation, message)
    const pieces = cutToImage(region.shape, to)
    return pieces.map((shape) => {
      const moved = { ...region, id: message.id || '#0', shape }
      const made = withRegion(alone, moved, to, { inputId: '', userId: '' })
      return { region: moved, message: made.data!.regions[0]!, cut: !sameShape(shape, region.shape) }
    })
  })
}

const unit = { width: 1, height: 1 }
/** A hundredth of a pixel on an image of 1,000. */
const tolerance = 1e-5

/**
 * Whether both say the same of the same place: concepts, present or not, and shape in fractions of their images. Masks
 * are the same by their bytes, or, where both have been read for an image of `size` px, by their pixels.
 */
export function sameRegionMessage(a: RegionMessage, b: RegionMessage, size: Size = unit): boolean {
  const concepts = (message: RegionMessage) =>
    (message.data?.concepts ?? [])
      .map(({ id, value }) => `${id} ${value > 0}`)
      .sort()
      .join('\n')
  if (concepts(a) !== concepts(b)) return false
  const [mask, other] = [a.regionInfo?.mask, b.regionInfo?.mask]
  if (!mask && !other) return sameShape(toShape(a.regionInfo, unit), toShape(b.regionInfo, unit), tolerance)
  if (!mask || !other) return false
  if (equals(MaskSchema, mask, other)) return true
  const pixels = toShape(a.regionInfo, size)
  return pixels.kind === 'mask' && sameShape(pixels, toShape(b.regionInfo, size))
}

/** Those of `messages` that an image of `size` px with these annotations has not. */
export const missingRegions = (
  messages: readonly RegionMessage[],
  annotations: readonly Annotation[],
  size?: Size,
): readonly RegionMessage[] => {
  const there = annotations.flatMap((annotation) => annotation.data?.regions ?? [])
  return messages.filter((message) => !there.some((other) => sameRegionMessage(message, other, size)))
}
