import type { Point, Size } from './point.ts'
import type { Box } from './shape.ts'

/** The eight handles by compass point; `n` is the middle of the top side. */
export type Handle = 'nw' | 'n' | 'ne' | 'e' | 'se' | 's' | 'sw' | 'w'

export const handles: readonly Handle[] = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w']

export const box = (x: number, y: number, w: number, h: number): Box => ({ kind: 'box', x, y, w, h })

/** The box between two opposite corners, in any order. */
export const between = (a: Point, b: Point): Box =>
  box(Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]))

/** The same area with sides that are not negative. */
export const normalize = (b: Box): Box => between([b.x, b.y], [b.x + b.w, b.y + b.h])

/** `value`, or the nearer end of low…high. */
export const clampNumber = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))

/** The nearest point of the image, its far borders included. */
export const clampPoint = (at: Point, size: Size): Point => [
  clampNumber(at[0], 0, size.width),
  clampNumber(at[1], 0, size.height),
]

/** What of the box lies in the image; a box outside it becomes an empty one on the border. */
export const clip = (b: Box, size: Size): Box =>
  between(clampPoint([b.x, b.y], size), clampPoint([b.x + b.w, b.y + b.h], size))

/** The move nearest to (dx, dy) that keeps `bounds` in the image; what is larger than the image does not move that way. */
export function clampMove(bounds: Box, dx: number, dy: number, size: Size): Point {
  const along = (start: number, length: number, by: number, limit: number) => {
    const low = Math.min(0, -start)
    const high = Math.max(0, limit - start - length)
    return clampNumber(by, low, high)
  }
  return [along(bounds.x, bounds.w, dx, size.width), along(bounds.y, bounds.h, dy, size.height)]
}

export const containsPoint = (b: Box, at: Point): boolean =>
  at[0] >= b.x && at[0] <= b.x + b.w && at[1] >= b.y && at[1] <= b.y + b.h

/** Whether `inner` lies in `outer`, touching sides allowed. */
export const containsBox = (outer: Box, inner: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.w <= outer.x + outer.w &&
  inner.y + inner.h <= outer.y + outer.h

export const intersects = (a: Box, b: Box): boolean =>
  a.x <= b.x + b.w && b.x <= a.x + a.w && a.y <= b.y + b.h && b.y <= a.y + a.h

/** The smallest box around all; undefined for none. */
export function union(boxes: Iterable<Box>): Box | undefined {
  let left = Infinity
  let top = Infinity
  let right = -Infinity
  let bottom = -Infinity
  for (const b of boxes) {
    left = Math.min(left, b.x)
    top = Math.min(top, b.y)
    right = Math.max(right, b.x + b.w)
    bottom = Math.max(bottom, b.y + b.h)
  }
  return left > right ? undefined : box(left, top, right - left, bottom - top)
}

/** Where a handle is, image px. */
export function handleAt(b: Box, handle: Handle): Point {
  const x = handle.includes('w') ? b.x : handle.includes('e') ? b.x + b.w : b.x + b.w / 2
  const y = handle.includes('n') ? b.y : handle.includes('s') ? b.y + b.h : b.y + b.h / 2
  return [x, y]
}

export interface DrawOptions {
  /** Equal sides. */
  readonly square?: boolean
  /** `origin` is the middle instead of a corner. */
  readonly fromCentre?: boolean
}

/** The box drawn from `origin` to `corner`, inside the image. `origin` is taken as inside. */
export function drawnBox(origin: Point, corner: Point, size: Size, options: DrawOptions = {}): Box {
  const to = clampPoint(corner, size)
  let dx = to[0] - origin[0]
  let dy = to[1] - origin[1]
  if (options.square) {
    const wanted = Math.max(Math.abs(dx), Math.abs(dy))
    const side = Math.min(wanted, room(origin[0], dx, size.width, options), room(origin[1], dy, size.height, options))
    dx = dx < 0 ? -side : side
    dy = dy < 0 ? -side : side
  }
  if (!options.fromCentre) return between(origin, [origin[0] + dx, origin[1] + dy])
  const w = Math.min(Math.abs(dx), origin[0], size.width - origin[0])
  const h = Math.min(Math.abs(dy), origin[1], size.height - origin[1])
  return box(origin[0] - w, origin[1] - h, 2 * w, 2 * h)
}

/** How far one may go from `from` in the direction of `by` before the border of the image. */
const room = (from: number, by: number, limit: number, options: DrawOptions) =>
  options.fromCentre ? Math.min(from, limit - from) : by < 0 ? from : limit - from
