import type { Point, Size } from './point.ts'
import type { Box, Polygon } from './shape.ts'

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

/** A box as a polygon that can be turned: its corners from the top left on, clockwise, at 0°. */
export const turnableBox = ({ x, y, w, h }: Box): Polygon => ({
  kind: 'polygon',
  points: [
    [x, y],
    [x + w, y],
    [x + w, y + h],
    [x, y + h],
  ],
  angle: 0,
})

/** Four corners with right angles, within half an image px. */
export function isRectangle(points: readonly Point[]): boolean {
  const [a, b, c, d] = points
  if (points.length !== 4 || !a || !b || !c || !d) return false
  const diagonals = Math.hypot(c[0] - a[0], c[1] - a[1]) - Math.hypot(d[0] - b[0], d[1] - b[1])
  const skew = Math.hypot(a[0] + c[0] - b[0] - d[0], a[1] + c[1] - b[1] - d[1])
  return Math.abs(diagonals) <= 0.5 && skew <= 0.5
}

export function middleOf({ points }: Polygon): Point {
  const sum = points.reduce<Point>((total, point) => [total[0] + point[0], total[1] + point[1]], [0, 0])
  return [sum[0] / points.length, sum[1] / points.length]
}

/** Angles finer than a tenth of a degree are not set by turning. Source: CVAT. */
const stepsPerDegree = 10

/**
 * A rotated box turned about its middle by some degrees clockwise, to the next tenth of a degree that its angle has then,
 * whatever it was drawn at; where a corner would leave the image, as far as it goes.
 */
export function turnedBox(box: Polygon, degrees: number, size: Size): Polygon {
  const from = (box.angle ?? 0) * stepsPerDegree
  const to = Math.round(from + degrees * stepsPerDegree)
  const sign = Math.sign(to - from)
  const at = (step: number) => turned(box, (step - from) / stepsPerDegree)
  // what is past a place where it does not fit is not reached through it
  let reached = box
  for (
    let step = sign > 0 ? Math.floor(from) + 1 : Math.ceil(from) - 1;
    sign * (to - step) >= 0 && sign !== 0;
    step += sign
  ) {
    const next = at(step)
    if (!next.points.every((point) => isInside(point, size))) break
    reached = next
  }
  return reached
}

const isInside = ([x, y]: Point, { width, height }: Size): boolean =>
  x >= -1e-9 && y >= -1e-9 && x <= width + 1e-9 && y <= height + 1e-9

function turned(box: Polygon, degrees: number): Polygon {
  const [cx, cy] = middleOf(box)
  const radians = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)]
  const points = box.points.map(([x, y]): Point => {
    const [dx, dy] = [x - cx, y - cy]
    return [cx + dx * cos - dy * sin, cy + dx * sin + dy * cos]
  })
  return { ...box, points, angle: normalDegrees((box.angle ?? 0) + degrees) }
}

/** In (-180, 180]. */
export const normalDegrees = (degrees: number): number => 180 - ((((180 - degrees) % 360) + 360) % 360)
