import { box, type Handle, handleAt } from './box.ts'
import type { Point, Size } from './point.ts'
import { handleAfter, type ResizeOptions, resizeBox } from './resizeBox.ts'
import { turnableBox } from './rotatedBox.ts'
import type { Box, Polygon, Shape } from './shape.ts'

/** A polygon that is a box turned by `angle` degrees. */
export type TurnedBox = Polygon & { readonly angle: number }

/** What has eight handles. */
export type AnyBox = Box | TurnedBox

export const isAnyBox = (shape: Shape | undefined): shape is AnyBox =>
  shape?.kind === 'box' || (shape?.kind === 'polygon' && shape.angle !== undefined && shape.points.length === 4)

/**
 * The frame in which a box, turned or not, lies upright with its first corner at the origin and sides `w` and `h`.
 * `across` and `down` are its axes in the image, of unit length; a box drawn from below upwards has `down` upwards.
 */
export interface BoxFrame {
  readonly origin: Point
  readonly across: Point
  readonly down: Point
  readonly w: number
  readonly h: number
}

export function frameOf(shape: AnyBox): BoxFrame {
  if (shape.kind === 'box') return { origin: [shape.x, shape.y], across: [1, 0], down: [0, 1], w: shape.w, h: shape.h }
  const [a, b, , d] = shape.points as [Point, Point, Point, Point]
  const radians = (shape.angle * Math.PI) / 180
  const w = Math.hypot(b[0] - a[0], b[1] - a[1])
  const across: Point = w > 0 ? [(b[0] - a[0]) / w, (b[1] - a[1]) / w] : [Math.cos(radians), Math.sin(radians)]
  const depth = (d[0] - a[0]) * -across[1] + (d[1] - a[1]) * across[0]
  const down: Point = depth < 0 ? [across[1], -across[0]] : [-across[1], across[0]]
  return { origin: a, across, down, w, h: Math.abs(depth) }
}

/** The box in its own frame. */
export const ownBox = ({ w, h }: BoxFrame): Box => box(0, 0, w, h)

/** Image px → px of the frame. */
export const inFrame = ({ origin, across, down }: BoxFrame, [px, py]: Point): Point => {
  const [x, y] = [px - origin[0], py - origin[1]]
  return [x * across[0] + y * across[1], x * down[0] + y * down[1]]
}

/** Px of the frame → image px. */
export const fromFrame = ({ origin, across, down }: BoxFrame, [x, y]: Point): Point => [
  origin[0] + x * across[0] + y * down[0],
  origin[1] + x * across[1] + y * down[1],
]

/** Where a handle of a box, turned or not, is in the image. */
export function handlePlace(shape: AnyBox, handle: Handle): Point {
  if (shape.kind === 'box') return handleAt(shape, handle)
  const frame = frameOf(shape)
  return fromFrame(frame, handleAt(ownBox(frame), handle))
}

/** The direction in which a handle pulls, image px, not of unit length: that of a square's, whatever the sides are. */
export function pullOf({ across, down }: BoxFrame, handle: Handle): Point {
  const x = Number(handle.includes('e')) - Number(handle.includes('w'))
  const y = Number(handle.includes('s')) - Number(handle.includes('n'))
  return [x * across[0] + y * down[0], x * across[1] + y * down[1]]
}

/**
 * A turned box after its handle was dragged to `to`, image px: it keeps its angle, and each pair of sides goes as far
 * as all corners stay in the image. Answers also with the handle that is under the pointer once the box has flipped.
 */
export function resizeTurned(
  shape: TurnedBox,
  handle: Handle,
  to: Point,
  size: Size,
  options: ResizeOptions = {},
): { readonly shape: TurnedBox; readonly handle: Handle } {
  const frame = frameOf(shape)
  // resizeBox wants to know where the image ends: in a field so large it never does
  const middle = 2 * (size.width + size.height)
  const before = box(middle, middle, frame.w, frame.h)
  const [x, y] = inFrame(frame, to)
  const field = { width: 2 * middle, height: 2 * middle }
  const wanted = resizeBox(before, handle, [middle + x, middle + y], field, options)
  const after = options.ratio
    ? fitted(before, wanted, (b) => b, fitting(frame, middle, size), options.minimum)
    : bothAxes(before, wanted, fitting(frame, middle, size), options.minimum)
  return {
    shape: after === before ? shape : boxAt(shape, frame, after, middle),
    handle: handleAfter(before, handle, after),
  }
}

/** How much of the way from one box to another all corners stay in the image, 0…1. */
type Fitting = (from: Box, to: Box) => number

const fitting =
  (frame: BoxFrame, middle: number, size: Size): Fitting =>
  (from, to) => {
    const ends = cornersOf(frame, to, middle)
    return cornersOf(frame, from, middle).reduce((least, [x, y], i) => {
      const [ex, ey] = ends[i]!
      return Math.min(least, along(x, ex, size.width), along(y, ey, size.height))
    }, 1)
  }

/** How much of the way from `from` to `to` lies in 0…limit, where `from` does. */
const along = (from: number, to: number, limit: number): number => {
  const end = Math.min(limit, Math.max(0, to))
  return to === end ? 1 : Math.max(0, (end - from) / (to - from))
}

function bothAxes(before: Box, wanted: Box, fitting: Fitting, minimum?: number): Box {
  const across = fitted(before, wanted, (b, rest) => box(b.x, rest.y, b.w, rest.h), fitting, minimum)
  return fitted(across, wanted, (b, rest) => box(rest.x, b.y, rest.w, b.h), fitting, minimum)
}

/** `before` as far on the way to `wanted` as it fits; `part` takes from `wanted` what changes, the rest of `before`. */
function fitted(before: Box, wanted: Box, part: (wanted: Box, rest: Box) => Box, fitting: Fitting, minimum = 1): Box {
  const to = part(wanted, before)
  // past the opposite side the way begins at that side, where the box has no width
  const from = part(folded(before, to), before)
  const t = fitting(from, to)
  if (t === 1) return to
  const after = box(
    from.x + (to.x - from.x) * t,
    from.y + (to.y - from.y) * t,
    from.w + (to.w - from.w) * t,
    from.h + (to.h - from.h) * t,
  )
  return after.w < Math.min(minimum, before.w) || after.h < Math.min(minimum, before.h) ? before : after
}

function folded(before: Box, to: Box): Box {
  const fold = (start: number, length: number, toStart: number, toLength: number): readonly [number, number] => {
    if (toStart >= start + length) return [start + length, 0]
    return toStart + toLength <= start ? [start, 0] : [start, length]
  }
  const [x, w] = fold(before.x, before.w, to.x, to.w)
  const [y, h] = fold(before.y, before.h, to.y, to.h)
  return box(x, y, w, h)
}

const cornersOf = (frame: BoxFrame, b: Box, middle: number): readonly Point[] =>
  turnableBox(box(b.x - middle, b.y - middle, b.w, b.h)).points.map((point) => fromFrame(frame, point))

const boxAt = (shape: TurnedBox, frame: BoxFrame, b: Box, middle: number): TurnedBox => ({
  ...shape,
  points: cornersOf(frame, b, middle),
})
