import { box } from './box.ts'
import type { Point } from './point.ts'
import type { Box } from './shape.ts'

/** Enclosed area in square image px, whichever way round the points go. */
export function ringArea(points: readonly Point[]): number {
  let twice = 0
  for (let i = 0, before = points.length - 1; i < points.length; before = i++) {
    const p = points[before]!
    const q = points[i]!
    twice += p[0] * q[1] - q[0] * p[1]
  }
  return Math.abs(twice) / 2
}

/** Even-odd rule; a point exactly on the contour may fall either way. */
export function ringContains(points: readonly Point[], at: Point): boolean {
  const [x, y] = at
  let inside = false
  // by index, as all that a hit does: before the code is compiled, taking points apart costs several times as much
  for (let i = 0, before = points.length - 1; i < points.length; before = i++) {
    const p = points[before]!
    const q = points[i]!
    if (q[1] > y !== p[1] > y && x < ((p[0] - q[0]) * (y - q[1])) / (p[1] - q[1]) + q[0]) inside = !inside
  }
  return inside
}

/** An empty box at the origin for no points. */
export function pointsBounds(points: readonly Point[]): Box {
  if (points.length === 0) return box(0, 0, 0, 0)
  let left = points[0]![0]
  let top = points[0]![1]
  let right = left
  let bottom = top
  for (let i = 1; i < points.length; i++) {
    // taken apart as a pair it is an iterator, until the code is compiled
    const x = points[i]![0]
    const y = points[i]![1]
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
