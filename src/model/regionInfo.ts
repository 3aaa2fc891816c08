import { create } from '@bufbuild/protobuf'
import {
  type BoundingBox,
  BoundingBoxSchema,
  ImageInfoSchema,
  ImageSchema,
  type Mask as MaskMessage,
  MaskSchema,
  type Point as PointMessage,
  PointSchema,
  PolygonSchema,
  type RegionInfo,
  RegionInfoSchema,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { clipMask } from '#geometry/mask.ts'
import type { Point, Size } from '#geometry/point.ts'
import { BEING_READ, type Box, bounds, type Mask, type Polygon, type Shape } from '#geometry/shape.ts'
import { fromKeyhole, toKeyhole } from './keyhole.ts'
import { maskToPng } from './maskPng.ts'
import { takePng } from './maskPngs.ts'
import { readMask, rememberMask } from './readMasks.ts'

// The only file that divides by width or height. On the wire coordinates are fractions of the oriented image, float32.
// For every float32 n in [0, 1] and sides to 65,535, fround((n·W)/W) === n, so what was not touched is the same bit for bit.

/**
 * The shape in image px. What cannot be edited (masks not read yet or that cannot be, spans, keypoints, polygons under
 * three points, boxes that are none) comes back as `asReceived`, as far as it can be drawn.
 * `rings` is `metadata.marquee.rings` of the region: how many points each ring of a keyholed polygon has.
 */
export function toShape(info: RegionInfo | undefined, size: Size, rings?: unknown): Shape {
  if (!info) return received('nothing', [])
  const outline = info.boundingBox ? boxOutline(info.boundingBox, size) : []
  if (info.mask) return toMask(info.mask, outline, size)
  if (info.polygon) return toPolygon(info.polygon.points, size, rings)
  if (info.boundingBox) return toBox(info.boundingBox, size) ?? received('box', outline, whyNoBox(outline))
  if (info.point) {
    const [x, y] = toPixels(info.point, size)
    return areFinite(x, y) ? { kind: 'point', x, y } : received('point', [])
  }
  if (info.keypointLocations.length > 0) return received('keypoints', finite(info.keypointLocations, size))
  if (info.span || info.token) return received('span', [])
  return received('nothing', [])
}

/** @throws RangeError for shapes whose message must be kept as it is */
export function toRegionInfo(shape: Shape, size: Size): RegionInfo {
  switch (shape.kind) {
    case 'box':
      return create(RegionInfoSchema, { boundingBox: toBoundingBox(shape, size) })
    case 'polygon': {
      const points = toKeyhole(shape).map((at) => toPoint(at, size))
      return create(RegionInfoSchema, { polygon: create(PolygonSchema, { points }) })
    }
    case 'point':
      return create(RegionInfoSchema, { point: toPoint([shape.x, shape.y], size) })
    case 'mask':
      return create(RegionInfoSchema, { mask: toMaskMessage(shape, size) })
    case 'asReceived':
      throw new RangeError(`${shape.kind} has no message made from its shape: keep the one that was received`)
  }
}

/** `next`, the message of `shape`, with a box around the mask if `before` had one beside it. */
export function withBoxOf(before: RegionInfo | undefined, next: RegionInfo, shape: Shape, size: Size): RegionInfo {
  if (shape.kind === 'mask' && before?.mask && before.boundingBox) next.boundingBox = toBoundingBox(bounds(shape), size)
  return next
}

/**
 * The pixel box of a normalized one. The result may exceed the image by rounding and is not clamped. Inverse of
 * {@link toBoundingBox}, bit for bit. Undefined if a side is not a number or the box is inside out.
 * Source: clarifai/api/resources.proto, message BoundingBox.
 */
export function toBox(b: BoundingBox, size: Size): Box | undefined {
  const x = b.leftCol * size.width
  const y = b.topRow * size.height
  const w = b.rightCol * size.width - x
  const h = b.bottomRow * size.height - y
  return areFinite(x, y, w, h) && w >= 0 && h >= 0 ? { kind: 'box', x, y, w, h } : undefined
}

export const toBoundingBox = (b: Box, size: Size): BoundingBox =>
  create(BoundingBoxSchema, {
    leftCol: toFraction(b.x, size.width),
    topRow: toFraction(b.y, size.height),
    rightCol: toFraction(b.x + b.w, size.width),
    bottomRow: toFraction(b.y + b.h, size.height),
  })

/** float32 in [0, 1]; pixels may miss the border by rounding */
const toFraction = (px: number, side: number) => Math.fround(Math.min(1, Math.max(0, px / side)))

const toPoint = (at: Point, size: Size): PointMessage =>
  create(PointSchema, { row: toFraction(at[1], size.height), col: toFraction(at[0], size.width) })

const toPixels = (point: PointMessage, size: Size): Point => [point.col * size.width, point.row * size.height]

const areFinite = (...numbers: readonly number[]) => numbers.every(Number.isFinite)

const finite = (points: readonly PointMessage[], size: Size) =>
  points.map((point) => toPixels(point, size)).filter(([x, y]) => areFinite(x, y))

const received = (what: string, points: readonly Point[], why?: string): Shape => ({
  kind: 'asReceived',
  what,
  points,
  ...(why !== undefined && { why }),
})

/** The bytes of a mask that somebody should read, with the image's size, and tell `rememberMask`. */
export function unreadMask(info: RegionInfo | undefined, size: Size): Uint8Array | undefined {
  const bytes = info?.mask?.image?.base64
  return bytes && bytes.length > 0 && !readMask(bytes, size) ? bytes : undefined
}

function toMask({ image }: MaskMessage, outline: readonly Point[], size: Size): Shape {
  const why = (reason: string) => received('mask', outline, reason)
  if (!image || image.base64.length === 0)
    return why(image?.url ? 'its picture is only an address' : 'it has no picture')
  const read = readMask(image.base64, size)
  if (!read) return why(BEING_READ)
  return 'mask' in read ? read.mask : why(read.why)
}

/** Size and format stand beside the bytes as the server puts them there, so that both say the same. */
function toMaskMessage(mask: Mask, size: Size): MaskMessage {
  const base64 = takePng(mask, size) ?? maskToPng(mask, size)
  const clipped = clipMask(mask, size)
  if (clipped) rememberMask(base64, size, { mask: clipped })
  const imageInfo = create(ImageInfoSchema, { width: size.width, height: size.height, format: 'PNG' })
  return create(MaskSchema, { image: create(ImageSchema, { base64, imageInfo }) })
}

function toPolygon(messages: readonly PointMessage[], size: Size, rings: unknown): Shape {
  const points = finite(messages, size)
  if (points.length < messages.length) return received('polygon', points, 'some of its points are no numbers')
  if (points.length < 3) return received('polygon', points, 'it has fewer than three points')
  const whole: Polygon = { kind: 'polygon', points }
  return fromKeyhole(points, rings) ?? whole
}

/** Closed, for what is only drawn. */
/** Also of a box that is inside out: where it lies can be seen. */
function boxOutline(b: BoundingBox, size: Size): readonly Point[] {
  const [left, right] = [b.leftCol * size.width, b.rightCol * size.width]
  const [top, bottom] = [b.topRow * size.height, b.bottomRow * size.height]
  if (!areFinite(left, right, top, bottom)) return []
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
  ]
}

const whyNoBox = (outline: readonly Point[]): string =>
  outline.length > 0 ? 'its sides are swapped' : 'its sides are no numbers'
