import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workOf } from '#testing/work.ts'
import { crossedBy, crossedEdges, segmentsCross } from './crossings.ts'
import { cutAlong } from './knife.ts'
import type { Point } from './point.ts'
import { ringArea } from './polygon.ts'
import {
  between,
  insertVertex,
  lineLength,
  moveVertices,
  nearestOnRing,
  removeVertices,
  verticesOf,
  waysBetween,
} from './rings.ts'
import { area, type Polygon } from './shape.ts'
import { simplification } from './simplification.ts'
import { deviation } from './simplify.ts'

const square: readonly Point[] = [
  [0, 0],
  [100, 0],
  [100, 100],
  [0, 100],
]
const hole: readonly Point[] = [
  [20, 20],
  [40, 20],
  [30, 40],
]
const holed: Polygon = { kind: 'polygon', points: square, holes: [hole] }

/** Rings round a centre, radius by radius: they never cross themselves. */
const rings = fc.array(fc.double({ min: 20, max: 90, noNaN: true }), { minLength: 3, maxLength: 60 }).map((radii) =>
  radii.map((r, i): Point => {
    const turn = (i / radii.length) * 2 * Math.PI
    return [100 + r * Math.cos(turn), 100 + r * Math.sin(turn)]
  }),
)

describe('vertices by number', () => {
  it('run through the outer ring and the holes', () => {
    expect(verticesOf(holed)[4]).toEqual([20, 20])
    expect(moveVertices(holed, new Map([[5, [50, 20]]])).holes?.[0]?.[1]).toEqual([50, 20])
    expect(insertVertex(holed, 6, [25, 30]).holes?.[0]).toEqual([...hole, [25, 30]])
    expect(insertVertex(holed, 3, [0, 50]).points).toEqual([...square, [0, 50]])
  })

  it('a hole under three points goes, an outer ring under three is none', () => {
    expect(removeVertices(holed, new Set([4]))).toEqual({ kind: 'polygon', points: square })
    expect(removeVertices(holed, new Set([0, 1]))).toBeUndefined()
  })
})

describe('ways round a ring', () => {
  const on = (at: Point) => nearestOnRing(square, at)!
  it('leave out the ends, and are reverses of each other', () => {
    const [from, to] = [on([50, 0]), on([50, 100])]
    expect(between(square, from, to, false)).toEqual([
      [100, 0],
      [100, 100],
    ])
    expect(between(square, from, to, true)).toEqual([
      [0, 0],
      [0, 100],
    ])
    expect(between(square, on([60, 0]), on([40, 0]), false)).toHaveLength(4)
    expect(between(square, on([40, 0]), on([60, 0]), false)).toHaveLength(0)
  })

  it('together are the whole ring, the shorter one first', () => {
    fc.assert(
      fc.property(rings, fc.nat(), fc.nat(), (ring, p, q) => {
        const [i, j] = [p % ring.length, q % ring.length]
        if (i === j) return
        const [from, to] = [nearestOnRing(ring, ring[i]!)!, nearestOnRing(ring, ring[j]!)!]
        const [shorter, longer] = waysBetween(ring, from, to)
        const whole = (points: readonly Point[]) => lineLength([from.at, ...points, to.at])
        expect(whole(shorter)).toBeLessThanOrEqual(whole(longer))
        expect(whole(shorter) + whole(longer)).toBeCloseTo(lineLength([...ring, ring[0]!]), 6)
      }),
    )
  })
})

describe('crossings', () => {
  it('agree with trying all pairs', () => {
    const points = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 })) as fc.Arbitrary<Point>,
      { minLength: 3, maxLength: 14 },
    )
    fc.assert(
      fc.property(points, fc.boolean(), (line, closed) => {
        const count = closed ? line.length : line.length - 1
        const expected = new Set<number>()
        for (let i = 0; i < count; i++)
          for (let j = 0; j < count; j++)
            if (segmentsCross(line[i]!, line[(i + 1) % line.length]!, line[j]!, line[(j + 1) % line.length]!))
              expected.add(i)
        expect(crossedEdges(line, closed)).toEqual([...expected].sort((a, b) => a - b))
      }),
    )
  })

  it('sharing a corner is none', () => {
    expect(crossedEdges(square, true)).toEqual([])
    expect(crossedBy(square, [50, -10], [50, 0])).toEqual([])
    expect(crossedBy(square, [50, -10], [50, 10])).toEqual([0])
  })

  it('takes milliseconds for 10,000 points', () => {
    const ring = Array.from(
      { length: 10_000 },
      (_, i): Point => [1000 * Math.cos((i / 5000) * Math.PI), 1000 * Math.sin((i / 5000) * Math.PI)],
    )
    expect(workOf(() => expect(crossedEdges(ring, true)).toEqual([]))).toBeLessThan(400)
  })
})

describe('cutting', () => {
  it('loses no area and keeps the pieces apart by nothing', () => {
    fc.assert(
      fc.property(rings, fc.double({ min: 0, max: Math.PI, noNaN: true }), (ring, turn) => {
        const polygon: Polygon = { kind: 'polygon', points: ring }
        const [dx, dy] = [150 * Math.cos(turn), 150 * Math.sin(turn)]
        const pieces = cutAlong(polygon, [
          [100 - dx, 100 - dy],
          [100 + dx, 100 + dy],
        ])
        expect(pieces.length).toBeGreaterThan(1)
        const total = pieces.reduce((sum, piece) => sum + area(piece), 0)
        expect(Math.abs(total - ringArea(ring))).toBeLessThan(0.5)
      }),
    )
  })

  it('cuts from corner to corner, and around a bend', () => {
    const polygon: Polygon = { kind: 'polygon', points: square }
    const diagonal = cutAlong(polygon, [
      [0, 0],
      [100, 100],
    ])
    expect(diagonal.map((piece) => piece.points.length)).toEqual([3, 3])
    const bend = cutAlong(polygon, [
      [-10, 50],
      [50, 50],
      [50, -10],
    ])
    expect(
      bend
        .map(area)
        .sort((a, b) => a - b)
        .map(Math.round),
    ).toEqual([2500, 7500])
    for (const piece of bend) expect(piece.points).toContainEqual([50, 50])
  })

  it('leaves both pieces on the outline, with the same points where they part', () => {
    const at = fc.double({ min: 0.01, max: 99.99, noNaN: true })
    fc.assert(
      fc.property(at, at, (top, bottom) => {
        const polygon: Polygon = { kind: 'polygon', points: square }
        const pieces = cutAlong(polygon, [
          [top, 0],
          [bottom, 100],
        ])
        const [one, other] = pieces.map(verticesOf)
        for (const [x, y] of [...one!, ...other!]) {
          expect(Math.min(x, y, 100 - x, 100 - y)).toBeGreaterThanOrEqual(0)
        }
        const shared = one!.filter(([x, y]) => other!.some((point) => point[0] === x && point[1] === y))
        expect(shared).toHaveLength(2)
      }),
    )
  })

  it('through a hole makes two without one', () => {
    const pieces = cutAlong(holed, [
      [-5, 30],
      [105, 30],
    ])
    expect(pieces).toHaveLength(2)
    for (const piece of pieces) expect(piece.holes).toBeUndefined()
  })

  it('leaves alone what the line only enters', () => {
    const polygon: Polygon = { kind: 'polygon', points: square }
    expect(
      cutAlong(polygon, [
        [-10, 50],
        [50, 50],
      ]),
    ).toEqual([polygon])
    expect(cutAlong(polygon, [[0, 0]])).toEqual([polygon])
  })
})

describe('simplification', () => {
  it('tells the true error, which stays under the tolerance', () => {
    fc.assert(
      fc.property(rings, fc.double({ min: 0.1, max: 30, noNaN: true }), (ring, tolerance) => {
        const result = simplification({ kind: 'polygon', points: ring }, tolerance)
        expect(result.error).toBeLessThanOrEqual(tolerance + 1e-9)
        // distance to the nearest edge cannot exceed that to the edge that took the point's place
        expect(deviation(ring, result.polygon.points)).toBeLessThanOrEqual(result.error + 1e-9)
        expect(result.points).toBe(result.polygon.points.length)
      }),
    )
  })
})
