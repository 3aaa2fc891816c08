import type { Point } from '#geometry/point.ts'
import type { Polygon } from '#geometry/shape.ts'

/**
 * The wire has one ring a polygon. Holes are reached over a bridge from the first point and left over the same:
 * outer…, outer[0], hole…, hole[0], outer[0], next hole…, next[0]; the ring closes to outer[0] by itself.
 */
export function toKeyhole({ points, holes = [] }: Polygon): readonly Point[] {
  if (holes.length === 0) return points
  return [...points, ...holes.flatMap((hole) => [points[0]!, ...hole, hole[0]!])]
}

/** What {@link fromKeyhole} needs to know: the number of points of each ring, the outer one first. */
export const ringsOf = ({ points, holes = [] }: Polygon): readonly number[] | undefined =>
  holes.length === 0 ? undefined : [points.length, ...holes.map((hole) => hole.length)]

/** The polygon with its holes; undefined if `rings` does not fit the points (then it is one ring). */
export function fromKeyhole(points: readonly Point[], rings: unknown): Polygon | undefined {
  if (!Array.isArray(rings) || rings.length < 2 || !rings.every((n) => Number.isInteger(n) && n >= 3)) return undefined
  const counts = rings as number[]
  const total = counts.reduce((sum, count) => sum + count + 2, -2)
  if (total !== points.length) return undefined
  const outer = points.slice(0, counts[0])
  const holes: Point[][] = []
  let from = counts[0]!
  for (const count of counts.slice(1)) {
    const hole = points.slice(from + 1, from + 1 + count)
    if (!same(points[from]!, outer[0]!) || !same(points[from + 1 + count]!, hole[0]!)) return undefined
    holes.push(hole)
    from += count + 2
  }
  return { kind: 'polygon', points: outer, holes }
}

const same = (a: Point, b: Point) => a[0] === b[0] && a[1] === b[1]
