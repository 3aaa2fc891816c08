import Flatbush from 'flatbush'
import type { Point } from './point.ts'

/**
 * Whether two segments cross or touch in a way that folds the contour: at one inner point of both, or along a stretch.
 * Sharing an end is no crossing.
 */
export function segmentsCross(a: Point, b: Point, c: Point, d: Point): boolean {
  const d1 = side(c, d, a)
  const d2 = side(c, d, b)
  const d3 = side(a, b, c)
  const d4 = side(a, b, d)
  return ((d1 > 0 && d2 < 0) || (d1 < 0 && d2 > 0)) && ((d3 > 0 && d4 < 0) || (d3 < 0 && d4 > 0))
}

const side = (a: Point, b: Point, p: Point): number => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])

/** Edges (by the number of their first point) of a line that cross another of its edges; `closed` adds the last edge. */
export function crossedEdges(points: readonly Point[], closed: boolean): readonly number[] {
  const count = closed ? points.length : points.length - 1
  if (count < 3) return []
  const end = (i: number) => points[(i + 1) % points.length]!
  const tree = new Flatbush(count)
  for (let i = 0; i < count; i++) {
    const [a, b] = [points[i]!, end(i)]
    tree.add(Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1]))
  }
  tree.finish()
  const crossed = new Set<number>()
  for (let i = 0; i < count; i++) {
    const [a, b] = [points[i]!, end(i)]
    const [left, top] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])]
    const [right, bottom] = [Math.max(a[0], b[0]), Math.max(a[1], b[1])]
    for (const j of tree.search(left, top, right, bottom)) {
      if (j <= i || !segmentsCross(a, b, points[j]!, end(j))) continue
      crossed.add(i)
      crossed.add(j)
    }
  }
  return [...crossed].sort((p, q) => p - q)
}

/** Edges of the open line that the segment a–b crosses. */
export function crossedBy(points: readonly Point[], a: Point, b: Point): readonly number[] {
  const crossed: number[] = []
  for (let i = 0; i + 1 < points.length; i++) if (segmentsCross(a, b, points[i]!, points[i + 1]!)) crossed.push(i)
  return crossed
}
