import { booleanOpWithPolyTree, ClipType, FillRule, type Paths64, type PolyPath64, PolyTree64 } from 'clipper2-ts'
import type { Point } from './point.ts'
import type { Polygon } from './shape.ts'

/** Clipper computes in integers: a unit is a thousandth of an image pixel. */
const UNITS = 1000

/** What is inside any of them: a polygon a piece, holes kept. */
export const unionPolygons = (polygons: readonly Polygon[]): Polygon[] => combine(ClipType.Union, polygons, [])
/** What is inside the first and not inside `others`. */
export const subtractPolygons = (first: Polygon, others: readonly Polygon[]): Polygon[] =>
  combine(ClipType.Difference, [first], others)
/** What is inside all of them. */
export const intersectPolygons = (polygons: readonly Polygon[]): Polygon[] =>
  polygons.reduce<Polygon[]>(
    (common, polygon, i) =>
      i === 0 ? combine(ClipType.Union, [polygon], []) : combine(ClipType.Intersection, common, [polygon]),
    [],
  )

/**
 * A polygon cut along an open line: its pieces on either side, or itself alone when the line does not cross it.
 * The knife is half a thousandth of a pixel wide and its width is given back to neither piece.
 */
export function cutPolygon(polygon: Polygon, line: readonly Point[]): Polygon[] {
  const blade = 1 / UNITS
  const strips = line.slice(1).map((to, i): Polygon => {
    const from = line[i]!
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1
    const [nx, ny] = [(-(to[1] - from[1]) / length) * blade, ((to[0] - from[0]) / length) * blade]
    const points: Point[] = [
      [from[0] + nx, from[1] + ny],
      [to[0] + nx, to[1] + ny],
      [to[0] - nx, to[1] - ny],
      [from[0] - nx, from[1] - ny],
    ]
    return { kind: 'polygon', points }
  })
  const pieces = combine(ClipType.Difference, [polygon], strips)
  return pieces.length > 1 ? pieces : [polygon]
}

const ringsOf = (polygon: Polygon): readonly (readonly Point[])[] => [polygon.points, ...(polygon.holes ?? [])]

function combine(operation: ClipType, subjects: readonly Polygon[], clips: readonly Polygon[]): Polygon[] {
  const exact = new Map<string, Point>()
  const paths = (polygons: readonly Polygon[]): Paths64 =>
    polygons.flatMap((polygon) => orient(polygon).map((ring) => ring.map((point) => toUnits(point, exact))))
  const tree = new PolyTree64()
  booleanOpWithPolyTree(operation, paths(subjects), paths(clips), tree, FillRule.NonZero)
  return piecesOf(tree, exact)
}

/** Outer rings one way round and holes the other, so that the non-zero rule leaves holes empty and overlaps filled. */
function orient(polygon: Polygon): (readonly Point[])[] {
  return ringsOf(polygon).map((ring, i) => (signedArea(ring) > 0 === (i === 0) ? ring : [...ring].reverse()))
}

const signedArea = (ring: readonly Point[]): number =>
  ring.reduce((sum, [x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length]!
    return sum + x * ny - nx * y
  }, 0)

function toUnits(point: Point, exact: Map<string, Point>): { x: number; y: number } {
  const unit = { x: Math.round(point[0] * UNITS), y: Math.round(point[1] * UNITS) }
  exact.set(`${unit.x} ${unit.y}`, point)
  return unit
}

function piecesOf(node: PolyPath64, exact: ReadonlyMap<string, Point>): Polygon[] {
  const ringOf = (path: PolyPath64): Point[] =>
    (path.polygon ?? []).map(({ x, y }) => exact.get(`${x} ${y}`) ?? [x / UNITS, y / UNITS])
  const pieces: Polygon[] = []
  for (let i = 0; i < node.count; i++) {
    const outer = node.child(i)
    const holes: Point[][] = []
    for (let j = 0; j < outer.count; j++) {
      holes.push(ringOf(outer.child(j)))
      pieces.push(...piecesOf(outer.child(j), exact))
    }
    const points = ringOf(outer)
    if (points.length >= 3) pieces.push({ kind: 'polygon', points, ...(holes.length > 0 && { holes }) })
  }
  return pieces
}
