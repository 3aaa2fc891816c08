import { box } from './box.ts'
import type { Point } from './point.ts'
import type { Box } from './shape.ts'

/** Enclosed area in square image px, whichever way round the points go. */
export function ringArea(points: readonly Point[]): number {
  let twice = 0
  let [px, py] = points.at(-1) ?? [0, 0]
  for (const [x, y] of points) {
    twice += px * y - x * py
    px = x
    py = y
  }
  return Math.abs(twice) / 2
}

/** Even-odd rule; a point exactly on the contour may fall either way. */
export function ringContains(points: readonly Point[], at: Point): boolean {
  let inside = false
  let [px, py] = points.at(-1) ?? [0, 0]
  for (const [x, y] of points) {
    if (y > at[1] !== py > at[1] && at[0] < ((px - x) * (at[1] - y)) / (py - y) + x) inside = !inside
    px = x
    py = y
  }
  return inside
}

/** An empty box at the origin for no points. */
export function pointsBounds(points: readonly Point[]): Box {
  if (points.length === 0) return box(0, 0, 0, 0)
  let [left, top] = points[0]!
  let right = left
  let bottom = top
  for (const [x, y] of points) {
    if (x < left) left = x
    else if (x > right) right = x
    if (y < top) top = y
    else if (y > bottom) bottom = y
  }
  return box(left, top, right - left, bottom - top)
}

/** Distance from `at` to the segment a–b, image px. */
export function segmentDistance(at: Point, a: Point, b: Point): number {
  const dx = b[0] - a[0]
  const dy = b[1] - a[1]
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / length))
  return Math.hypot(at[0] - a[0] - t * dx, at[1] - a[1] - t * dy)
}

/** Distance from `at` to the closed contour; Infinity for no points. */
export function ringDistance(points: readonly Point[], at: Point): number {
  let best = Infinity
  let previous = points.at(-1)
  for (const point of points) {
    best = Math.min(best, segmentDistance(at, previous!, point))
    previous = point
  }
  return best
}
