import type { Point } from './point.ts'
import { ringArea, segmentDistance } from './polygon.ts'
import { cutPolygon } from './polygonBoolean.ts'
import { polygonOf, type Ring, ringsOf } from './rings.ts'
import type { Polygon } from './shape.ts'

/** How far the ends of a knife line reach on, so that one that ends on the outline cuts it, image px. */
const overlap = 0.05
/** The width that {@link cutPolygon} takes away is at most this, image px. */
const blade = 0.004
/** A point that the blade moved is at most this far from where the line crosses the outline, image px. */
const slip = 0.5
/** Less than this is no piece, square image px. */
const leastArea = 0.05

/**
 * A polygon cut along an open line: its pieces, whose common border lies on the line; or itself alone when the line
 * does not cross it.
 */
export function cutAlong(polygon: Polygon, line: readonly Point[]): readonly Polygon[] {
  if (line.length < 2) return [polygon]
  const knife = extended(line)
  const pieces = cutPolygon(polygon, knife)
    .map((piece) => polygonOf(ringsOf(piece).map((ring) => ontoLine(ring, knife, polygon))))
    .filter((piece) => piece.points.length >= 3 && ringArea(piece.points) >= leastArea)
  return pieces.length > 1 ? pieces : [polygon]
}

function extended(line: readonly Point[]): readonly Point[] {
  const first = further(line[1]!, line[0]!)
  const last = further(line.at(-2)!, line.at(-1)!)
  return [first, ...line.slice(1, -1), last]
}

function further(from: Point, to: Point): Point {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1
  return [to[0] + ((to[0] - from[0]) / length) * overlap, to[1] + ((to[1] - from[1]) / length) * overlap]
}

/** What the blade moved goes back onto the line and the outline, and what then is the same point is one. */
function ontoLine(ring: Ring, line: readonly Point[], outline: Polygon): Ring {
  const moved = ring.map((point) => {
    for (const corner of line) if (near(point, corner)) return corner
    for (let i = 1; i < line.length; i++) {
      const [a, b] = [line[i - 1]!, line[i]!]
      if (segmentDistance(point, a, b) <= blade) return crossingBy(point, a, b, outline) ?? foot(point, a, b)
    }
    return point
  })
  return moved.filter((point, i) => !near(point, moved[(i + 1) % moved.length]!))
}

/** Where the line through a and b crosses the outline beside a point of it; none where they run along each other. */
function crossingBy(at: Point, a: Point, b: Point, outline: Polygon): Point | undefined {
  let nearest: Point | undefined
  let reach = slip
  for (const ring of ringsOf(outline)) {
    for (const [i, from] of ring.entries()) {
      const to = ring[(i + 1) % ring.length]!
      if (segmentDistance(at, from, to) > blade) continue
      const crossing = crossingOf(from, to, a, b)
      const distance = crossing ? Math.hypot(crossing[0] - at[0], crossing[1] - at[1]) : reach
      if (distance >= reach) continue
      nearest = crossing
      reach = distance
    }
  }
  return nearest
}

/** The point of the edge from–to on the line through a and b. */
function crossingOf(from: Point, to: Point, a: Point, b: Point): Point | undefined {
  const [ex, ey] = [to[0] - from[0], to[1] - from[1]]
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const turn = ex * dy - ey * dx
  if (turn === 0) return undefined
  const t = Math.min(Math.max(((a[0] - from[0]) * dy - (a[1] - from[1]) * dx) / turn, 0), 1)
  return [from[0] + t * ex, from[1] + t * ey]
}

const near = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]) <= blade

/** The point of the line through a and b nearest to `at`. */
function foot(at: Point, a: Point, b: Point): Point {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const t = ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / (dx * dx + dy * dy)
  return [a[0] + t * dx, a[1] + t * dy]
}
