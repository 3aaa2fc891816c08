import type { Point } from './point.ts'
import { ringContains, segmentDistance } from './polygon.ts'
import type { Polygon, Shape } from './shape.ts'

/** A closed contour; the first point is not repeated. */
export type Ring = readonly Point[]

/** The outer ring, then the holes. Vertices are numbered through all of them in this order. */
export const ringsOf = (polygon: Polygon): readonly Ring[] => [polygon.points, ...(polygon.holes ?? [])]

export const polygonOf = ([points = [], ...holes]: readonly Ring[]): Polygon => ({
  kind: 'polygon',
  points,
  ...(holes.length > 0 && { holes }),
})

/** The contours of what has corners: a box has one ring of four; nothing else but polygons has any. */
export function contoursOf(shape: Shape): readonly Ring[] {
  if (shape.kind === 'polygon') return ringsOf(shape)
  if (shape.kind !== 'box') return []
  const { x, y, w, h } = shape
  return [
    [
      [x, y],
      [x + w, y],
      [x + w, y + h],
      [x, y + h],
    ],
  ]
}

export const asPolygon = (shape: Shape): Polygon | undefined => {
  const rings = contoursOf(shape)
  return rings.length > 0 ? polygonOf(rings) : undefined
}

export const vertexCount = (polygon: Polygon): number => ringsOf(polygon).reduce((sum, ring) => sum + ring.length, 0)

/** All vertices in the order of their numbers. */
export const verticesOf = (polygon: Polygon): readonly Point[] =>
  polygon.holes ? ringsOf(polygon).flat() : polygon.points

/** Which ring vertex `n` is on, 0 = the outer one, and its place there. */
export function locate(polygon: Polygon, n: number): { readonly ring: number; readonly at: number } {
  let at = n
  for (const [ring, points] of ringsOf(polygon).entries()) {
    if (at < points.length) return { ring, at }
    at -= points.length
  }
  throw new RangeError(`no vertex ${n}`)
}

/** The polygon with some vertices elsewhere. */
export function moveVertices(polygon: Polygon, places: ReadonlyMap<number, Point>): Polygon {
  if (places.size === 0) return polygon
  let n = 0
  return polygonOf(ringsOf(polygon).map((ring) => ring.map((point) => places.get(n++) ?? point)))
}

/**
 * The polygon without some vertices. A hole that would keep under three goes; undefined when the outer ring would.
 */
export function removeVertices(polygon: Polygon, gone: ReadonlySet<number>): Polygon | undefined {
  let n = 0
  const [outer, ...holes] = ringsOf(polygon).map((ring) => ring.filter(() => !gone.has(n++)))
  if (outer!.length < 3) return undefined
  return polygonOf([outer!, ...holes.filter((hole) => hole.length >= 3)])
}

/** The polygon with a vertex more, after vertex `edge` of the same ring; its number is `edge + 1`. */
export function insertVertex(polygon: Polygon, edge: number, point: Point): Polygon {
  const { ring, at } = locate(polygon, edge)
  return polygonOf(ringsOf(polygon).map((points, i) => (i === ring ? points.toSpliced(at + 1, 0, point) : points)))
}

/** A place on a ring: on the edge that begins at point `edge`, `t` of the way (0…1) to the next. */
export interface OnRing {
  readonly edge: number
  readonly t: number
  readonly at: Point
  /** from where was asked, image px */
  readonly distance: number
}

/** The place on the ring nearest to `at`; undefined for no points. */
export function nearestOnRing(ring: Ring, at: Point): OnRing | undefined {
  let best = Infinity
  let edge = -1
  for (let i = 0; i < ring.length; i++) {
    const distance = segmentDistance(at, ring[i]!, ring[(i + 1) % ring.length]!)
    if (distance < best) {
      best = distance
      edge = i
    }
  }
  if (edge < 0) return undefined
  const [a, b] = [ring[edge]!, ring[(edge + 1) % ring.length]!]
  const t = alongSegment(at, a, b)
  return { edge, t, at: [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])], distance: best }
}

/** How far along a–b (0…1) the point nearest to `at` is. */
function alongSegment(at: Point, a: Point, b: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const length = dx * dx + dy * dy
  return length === 0 ? 0 : Math.min(1, Math.max(0, ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / length))
}

/** The points strictly between two places on a ring, forwards or backwards from the first. */
export function between(ring: Ring, from: OnRing, to: OnRing, backwards: boolean): Point[] {
  if (backwards) return between(ring, to, from, false).reverse()
  const points: Point[] = []
  const count = ring.length
  const [start, end] = [from.edge + from.t, to.edge + to.t]
  const span = end > start ? end - start : end + count - start
  // corners after `start`, up to `span` further on
  for (let corner = Math.floor(start) + 1; corner < start + span && points.length < count; corner++) {
    points.push(ring[corner % count]!)
  }
  return points
}

/** Length of an open line, image px. */
export function lineLength(points: readonly Point[]): number {
  let length = 0
  for (let i = 1; i < points.length; i++) {
    length += Math.hypot(points[i]![0] - points[i - 1]![0], points[i]![1] - points[i - 1]![1])
  }
  return length
}

/** Both ways round from one place to another, ends left out; the shorter first. */
export function waysBetween(ring: Ring, from: OnRing, to: OnRing): readonly [shorter: Point[], longer: Point[]] {
  const forwards = between(ring, from, to, false)
  const backwards = between(ring, from, to, true)
  const length = (points: readonly Point[]) => lineLength([from.at, ...points, to.at])
  return length(forwards) <= length(backwards) ? [forwards, backwards] : [backwards, forwards]
}

/** Whether `inner` lies in `outer` by its points; contours that cross between points are not noticed. */
export const ringInside = (outer: Ring, inner: Ring): boolean => inner.every((point) => ringContains(outer, point))

/** The line without points that repeat the one before them, within `tolerance` image px. */
export const withoutRepeats = (points: readonly Point[], tolerance = 0): Point[] =>
  points.filter((point, i) => {
    const before = points[i - 1]
    return !before || Math.hypot(point[0] - before[0], point[1] - before[1]) > tolerance
  })
