import type { Point } from './point.ts'
import { segmentDistance } from './polygon.ts'
import { polygonOf, type Ring, ringsOf, vertexCount } from './rings.ts'
import type { Polygon } from './shape.ts'
import { simplifyRing } from './simplify.ts'

export interface Simplification {
  readonly polygon: Polygon
  /** of all rings */
  readonly points: number
  /** the greatest distance of a point left out from the edge that replaces it, image px */
  readonly error: number
}

/** Every ring with fewer points, none of those left out farther than `tolerance` image px from what stays. */
export function simplification(polygon: Polygon, tolerance: number): Simplification {
  const rings = ringsOf(polygon)
  const simple = rings.map((ring) => (tolerance > 0 ? simplifyRing(ring, tolerance) : ring))
  return {
    polygon: simple.every((ring, i) => ring.length === rings[i]!.length) ? polygon : polygonOf(simple),
    points: simple.reduce((sum, ring) => sum + ring.length, 0),
    error: Math.max(...rings.map((ring, i) => ringError(ring, simple[i]!))),
  }
}

/** What it means to have `simple` for `polygon`: rings with some of its points, in the same order, the first among them. */
export const simplifiedTo = (polygon: Polygon, simple: Polygon): Simplification => ({
  polygon: simple,
  points: vertexCount(simple),
  error: Math.max(...ringsOf(simple).map((ring, i) => ringError(ringsOf(polygon)[i] ?? ring, ring))),
})

/** `simple` has some of the points of `ring`, in the same order, the first among them. */
function ringError(ring: Ring, simple: Ring): number {
  let worst = 0
  let kept = 0
  for (const point of ring) {
    if (point === simple[kept + 1]) kept++
    else worst = Math.max(worst, segmentDistance(point, simple[kept]!, next(simple, kept)))
  }
  return worst
}

const next = (ring: Ring, i: number): Point => ring[(i + 1) % ring.length]!
