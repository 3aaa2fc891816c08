import type { Point, Size } from './point.ts'
import type { Polygon } from './shape.ts'

/**
 * A box at an angle from three points: both ends of one side, and any point of the opposite side. Its `angle` is that
 * of the first side, degrees clockwise from the x axis, in (-180, 180]. Undefined if the side has no length. The depth
 * is shortened where a corner would leave the image.
 */
export function rotatedBox(points: readonly Point[], size: Size): Polygon | undefined {
  const [a, b, c] = points
  if (!a || !b || !c) return undefined
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const length = Math.hypot(dx, dy)
  if (length === 0) return undefined
  const normal: Point = [-dy / length, dx / length]
  const depth = (c[0] - a[0]) * normal[0] + (c[1] - a[1]) * normal[1]
  const reach = Math.sign(depth) * Math.min(Math.abs(depth), room(a, normal, depth, size), room(b, normal, depth, size))
  const far = ([x, y]: Point): Point => [x + normal[0] * reach, y + normal[1] * reach]
  return { kind: 'polygon', points: [a, b, far(b), far(a)], angle: (Math.atan2(dy, dx) * 180) / Math.PI }
}

/** How far one may go from `at` along the normal, or against it, before the border of the image. */
function room(at: Point, normal: Point, depth: number, size: Size): number {
  const along = (from: number, step: number, limit: number) =>
    Math.abs(step) < 1e-12 ? Number.POSITIVE_INFINITY : (step > 0 ? limit - from : from) / Math.abs(step)
  const sign = Math.sign(depth)
  return Math.min(along(at[0], normal[0] * sign, size.width), along(at[1], normal[1] * sign, size.height))
}
