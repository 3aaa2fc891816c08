import { Bitmap } from './bitmap.ts'
import { forEachSpan } from './mask.ts'
import type { Point, Size } from './point.ts'
import type { Mask, Polygon } from './shape.ts'
import { simplifyRing } from './simplify.ts'

/**
 * The outline of a mask along the edges of its pixels, as closed rings on whole image pixels: outer rings run clockwise
 * on the screen (y down), holes counter-clockwise. Pieces that touch only at a corner are rings of their own.
 * Filling the rings (even-odd) gives the mask back, pixel for pixel.
 */
export function maskRings(mask: Mask): Point[][] {
  const edges = directedEdges(mask)
  const rings: Point[][] = []
  for (const start of edges.keys()) {
    while ((edges.get(start)?.length ?? 0) > 0) rings.push(follow(edges, start, mask))
  }
  return rings
}

/** Direction of travel along a pixel edge, inside on the right hand: 0 right, 1 down, 2 left, 3 up. */
type Heading = 0 | 1 | 2 | 3
const STEP: readonly Point[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
]

/** All unit edges between set and unset pixels, by their start corner (numbered row by row). */
function directedEdges(mask: Mask): Map<number, Heading[]> {
  const edges = new Map<number, Heading[]>()
  const stride = mask.w + 1
  const add = (x: number, y: number, heading: Heading) => {
    const corner = (y - mask.y) * stride + (x - mask.x)
    const list = edges.get(corner)
    if (list) list.push(heading)
    else edges.set(corner, [heading])
  }
  const rows = new Map<number, [number, number][]>()
  forEachSpan(mask, (y, from, to) => {
    const row = rows.get(y)
    if (row) row.push([from, to])
    else rows.set(y, [[from, to]])
  })
  for (const [y, spans] of rows) {
    for (const [from, to] of spans) {
      add(from, y + 1, 3)
      add(to, y, 1)
      for (const [a, b] of uncovered(from, to, rows.get(y - 1))) for (let x = a; x < b; x++) add(x, y, 0)
      for (const [a, b] of uncovered(from, to, rows.get(y + 1))) for (let x = a; x < b; x++) add(x + 1, y + 1, 2)
    }
  }
  return edges
}

/** The parts of from ≤ x < to that no span of the neighbouring row covers. */
function uncovered(
  from: number,
  to: number,
  spans: readonly (readonly [number, number])[] | undefined,
): [number, number][] {
  const parts: [number, number][] = []
  let at = from
  for (const [a, b] of spans ?? []) {
    if (b <= at || a >= to) continue
    if (a > at) parts.push([at, a])
    at = Math.max(at, b)
  }
  if (at < to) parts.push([at, to])
  return parts
}

function follow(edges: Map<number, Heading[]>, start: number, mask: Mask): Point[] {
  const stride = mask.w + 1
  const ring: Point[] = []
  let corner = start
  let heading: Heading | undefined
  for (;;) {
    const out = edges.get(corner)
    const next = out && takeTurn(out, heading)
    if (next === undefined) break
    if (next !== heading) ring.push([mask.x + (corner % stride), mask.y + Math.floor(corner / stride)])
    heading = next
    corner += STEP[next]![0] + STEP[next]![1] * stride
    if (corner === start && !continuesThrough(edges.get(corner), heading)) break
  }
  return withoutStraightStart(ring)
}

/** At a corner where two pieces touch, the right turn keeps to the same piece. */
function takeTurn(out: Heading[], heading: Heading | undefined): Heading | undefined {
  if (out.length === 0) return undefined
  if (heading === undefined || out.length === 1) return out.shift()
  const right = ((heading + 1) % 4) as Heading
  const at = Math.max(0, out.indexOf(right))
  return out.splice(at, 1)[0]
}

/** Whether the ring goes on through its start corner, because the piece passes there twice. */
const continuesThrough = (out: readonly Heading[] | undefined, heading: Heading): boolean =>
  out?.includes(((heading + 1) % 4) as Heading) ?? false

/** Drops the first point when the ring runs straight through it. */
function withoutStraightStart(ring: Point[]): Point[] {
  const [first, second] = ring
  const last = ring.at(-1)
  if (!first || !second || !last || ring.length <= 4) return ring
  const straight = (first[0] === second[0] && first[0] === last[0]) || (first[1] === second[1] && first[1] === last[1])
  return straight ? ring.slice(1) : ring
}

/** Twice the signed area; positive = clockwise on the screen. */
const winding = (ring: readonly Point[]): number =>
  ring.reduce((sum, [x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length]!
    return sum + x * ny - nx * y
  }, 0)

/**
 * A mask as polygons, a piece each with its holes, simplified within `tolerance` image pixels (0 = exact).
 * Largest first.
 */
export function maskToPolygons(mask: Mask, tolerance: number): Polygon[] {
  const rings = maskRings(mask)
  const outer = rings.filter((ring) => winding(ring) > 0).sort((a, b) => winding(b) - winding(a))
  const holes = rings.filter((ring) => winding(ring) < 0)
  const simple = (ring: readonly Point[]) => (tolerance > 0 ? simplifyRing(ring, tolerance) : [...ring])
  return outer.map((ring) => {
    const inside = holes.filter((hole) => ownerOf(hole, outer) === ring).map(simple)
    return { kind: 'polygon', points: simple(ring), ...(inside.length > 0 && { holes: inside }) }
  })
}

/** The smallest outer ring around a hole. */
function ownerOf(hole: readonly Point[], outer: readonly Point[][]): Point[] | undefined {
  const middle = insidePoint(hole)
  return outer.findLast((ring) => ringContains(ring, middle))
}

/** The centre of a pixel of the hole: left of its first edge, seen along the edge. */
function insidePoint(hole: readonly Point[]): Point {
  const [a, b] = [hole[0]!, hole[1]!]
  const [dx, dy] = [Math.sign(b[0] - a[0]), Math.sign(b[1] - a[1])]
  return [a[0] + dx * 0.5 + dy * 0.5, a[1] + dy * 0.5 - dx * 0.5]
}

function ringContains(ring: readonly Point[], [x, y]: Point): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i]!
    const [bx, by] = ring[j]!
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
  }
  return inside
}

/** The pixels whose centres are inside a polygon and outside its holes; undefined if there is none in the image. */
export function polygonToMask(polygon: Polygon, size: Size): Mask | undefined {
  const bitmap = new Bitmap(size.width, size.height)
  bitmap.fillPolygon([polygon.points], true)
  for (const hole of polygon.holes ?? []) bitmap.fillPolygon([hole], false)
  return bitmap.toMask()
}
