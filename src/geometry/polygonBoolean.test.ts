import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { polygonToMask } from './contour.ts'
import { intersectMasks, maskArea, subtractMasks, unionMasks } from './mask.ts'
import type { Point } from './point.ts'
import { segmentDistance } from './polygon.ts'
import { cutPolygon, intersectPolygons, subtractPolygons, unionPolygons } from './polygonBoolean.ts'
import type { Mask, Polygon } from './shape.ts'

const SIZE = { width: 200, height: 200 }
const square = (x: number, y: number, side: number): Polygon => ({
  kind: 'polygon',
  points: [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
  ],
})

const triangle = (...points: readonly Point[]): Polygon => ({ kind: 'polygon', points })

/** Star-shaped polygons around a random centre, wound either way. */
const polygons = fc
  .tuple(
    fc.integer({ min: 40, max: 160 }),
    fc.integer({ min: 40, max: 160 }),
    fc.array(fc.double({ min: 5, max: 40, noNaN: true }), { minLength: 3, maxLength: 14 }),
    fc.boolean(),
  )
  .map(([x, y, radii, reversed]): Polygon => {
    const points = radii.map((r, i): Point => {
      const angle = (i / radii.length) * 2 * Math.PI
      return [x + Math.cos(angle) * r, y + Math.sin(angle) * r]
    })
    return { kind: 'polygon', points: reversed ? points.reverse() : points }
  })

const maskOf = (pieces: readonly Polygon[]): Mask | undefined =>
  pieces
    .map((piece) => polygonToMask(piece, SIZE))
    .reduce((all, mask) => (all && mask ? unionMasks(all, mask) : (all ?? mask)), undefined)
const areaOf = (mask: Mask | undefined): number => (mask ? maskArea(mask) : 0)
/** Rounding to a thousandth of a pixel may move this much of an edge, px. */
const ROUNDING = 0.005

/** Pixels in one and not in the other, but for those whose centre lies on an edge of the polygons: rounding decides these. */
function difference(a: Mask | undefined, b: Mask | undefined, polygons: readonly Polygon[]): Point[] {
  const both = a && b ? [subtractMasks(a, b), subtractMasks(b, a)] : [a, b]
  return both
    .flatMap(centresOf)
    .filter((centre) => polygons.every(({ points }) => edgeDistance(points, centre) > ROUNDING))
}

function centresOf(mask: Mask | undefined): Point[] {
  if (!mask) return []
  const found: Point[] = []
  let at = 0
  mask.runs.forEach((length, i) => {
    if (i % 2 === 1)
      for (let n = at; n < at + length; n++)
        found.push([mask.x + (n % mask.w) + 0.5, mask.y + Math.floor(n / mask.w) + 0.5])
    at += length
  })
  return found
}

const edgeDistance = (points: readonly Point[], to: Point): number =>
  Math.min(...points.map((point, i) => segmentDistance(to, point, points[(i + 1) % points.length]!)))

describe('combining polygons', () => {
  it('agrees with combining their pixels', () => {
    fc.assert(
      fc.property(polygons, polygons, (a, b) => {
        const [left, right] = [polygonToMask(a, SIZE), polygonToMask(b, SIZE)]
        if (!left || !right) return
        expect(difference(maskOf(unionPolygons([a, b])), unionMasks(left, right), [a, b])).toEqual([])
        expect(difference(maskOf(subtractPolygons(a, [b])), subtractMasks(left, right), [a, b])).toEqual([])
        expect(difference(maskOf(intersectPolygons([a, b])), intersectMasks(left, right), [a, b])).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  it('agrees where an edge goes through pixel centres', () => {
    const a = triangle([54.3685, 40], [26.89616961533767, 62.6965], [37.5, 35.66987298107781])
    const b = triangle([47, 40], [42, 63.9995], [18.000499999999995, 40])
    const left = polygonToMask(a, SIZE)!
    expect(difference(maskOf(unionPolygons([a, b])), unionMasks(left, polygonToMask(b, SIZE)!), [a, b])).toEqual([])
  })

  it('keeps holes, and makes them', () => {
    const [ring] = subtractPolygons(square(10, 10, 60), [square(30, 30, 20)])
    expect(ring?.holes).toHaveLength(1)
    const [filled] = unionPolygons([ring as Polygon, square(30, 30, 20)])
    expect(filled?.holes).toBeUndefined()
    expect(areaOf(maskOf([filled as Polygon]))).toBe(3600)
  })

  it('keeps the vertices it did not have to make, to the last bit', () => {
    const a: Polygon = {
      kind: 'polygon',
      points: [
        [10.123456789, 10],
        [50, 10.987654321],
        [30, 60.5555555],
      ],
    }
    const [joined] = unionPolygons([a, square(100, 100, 10)]).filter(({ points }) => points.length === 3)
    expect(new Set(joined?.points.map(String))).toEqual(new Set(a.points.map(String)))
  })

  it('intersects to nothing when they are apart', () => {
    expect(intersectPolygons([square(0, 0, 10), square(50, 50, 10)])).toEqual([])
  })
})

describe('the knife', () => {
  it('cuts in two, and leaves alone what it does not cross', () => {
    const pieces = cutPolygon(square(10, 10, 80), [
      [0, 50],
      [100, 50],
    ])
    expect(pieces.map((piece) => areaOf(maskOf([piece]))).sort()).toEqual([3200, 3200])
    const whole = square(10, 10, 80)
    expect(
      cutPolygon(whole, [
        [0, 50],
        [60, 50],
      ]),
    ).toEqual([whole])
  })
})
