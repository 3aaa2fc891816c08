import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Frame } from './frame.ts'
import { DASHED, HATCHED, POINT } from './paint.ts'
import { Raster } from './raster.ts'
import { type FlatRegion, LIFTED, RegionArrays } from './regionArrays.ts'

const SIZE = 64
const RGB = 0x302010

const frame = (x = 0, y = 0, k = 1): Frame => ({ k, x, y, width: SIZE, height: SIZE, ratio: 1 })

const polygon = (points: readonly (readonly [number, number])[], style = 0): FlatRegion => {
  const xs = points.map(([x]) => x).filter((x) => !Number.isNaN(x))
  const ys = points.map(([, y]) => y).filter((y) => !Number.isNaN(y))
  return {
    rgb: RGB,
    style,
    bounds: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
    points: points.flat(),
  }
}

const box = (left: number, top: number, right: number, bottom: number, style = 0): FlatRegion => ({
  rgb: RGB,
  style,
  bounds: [left, top, right, bottom],
})

const draw = (regions: readonly FlatRegion[], at: Frame = frame(), hidden = 0) => {
  const arrays = new RegionArrays()
  for (const [slot, region] of regions.entries()) {
    arrays.set(slot, region)
    arrays.hidden[slot] = hidden
  }
  const raster = new Raster(SIZE, SIZE)
  const count = raster.draw(arrays, at)
  const alpha = (x: number, y: number) => raster.bytes[4 * (y * SIZE + x) + 3]!
  const row = (y: number, from: number, to: number) => Array.from({ length: to - from }, (_, i) => alpha(from + i, y))
  return { count, alpha, row, bytes: raster.bytes }
}

/** Even-odd, by a ray to the right. */
const inside = (ring: readonly (readonly [number, number])[], x: number, y: number): boolean =>
  ring.filter(([ax, ay], i) => {
    const [bx, by] = ring[(i + 1) % ring.length]!
    return ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax
  }).length %
    2 ===
  1

const edgeDistance = (ring: readonly (readonly [number, number])[], x: number, y: number): number =>
  Math.min(
    ...ring.map(([ax, ay], i) => {
      const [bx, by] = ring[(i + 1) % ring.length]!
      const length = (bx - ax) ** 2 + (by - ay) ** 2
      const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length))
      return Math.hypot(ax + t * (bx - ax) - x, ay + t * (by - ay) - y)
    }),
  )

describe('Raster', () => {
  it('draws a box on whole pixels: the line inside, 1.5 px, around a fill of 20 %', () => {
    const { row } = draw([box(10, 10, 20, 20)])
    expect(row(15, 9, 21)).toEqual([0, 255, 128, 51, 51, 51, 51, 51, 51, 128, 255, 0])
    expect(row(10, 9, 21)).toEqual([0, ...Array(10).fill(255), 0])
  })

  it('draws in the colour of the region', () => {
    const { bytes } = draw([box(10, 10, 20, 20)])
    expect([...bytes.subarray(4 * (10 * SIZE + 10), 4 * (10 * SIZE + 10) + 4)]).toEqual([0x10, 0x20, 0x30, 255])
  })

  it('gives the stronger of two colours the pixel, so that overlapping fills do not darken', () => {
    const { alpha } = draw([box(5, 5, 40, 40), box(10, 10, 50, 50)])
    expect(alpha(20, 20)).toBe(51)
    expect(alpha(10, 25)).toBe(255)
  })

  it('follows the view', () => {
    const { alpha } = draw([box(5, 5, 10, 10)], frame(20, 10, 2))
    expect(alpha(30, 20)).toBe(255)
    expect(alpha(29, 20)).toBe(0)
    expect(alpha(39, 29)).toBe(255)
    expect(alpha(40, 30)).toBe(0)
  })

  it('draws nothing that is hidden or out of view', () => {
    expect(draw([box(5, 5, 40, 40)], frame(), LIFTED).bytes.every((byte) => byte === 0)).toBe(true)
    expect(draw([box(500, 5, 540, 40)]).count).toBe(0)
  })

  it('clips at every side', () => {
    const { count, alpha } = draw([
      box(-10, -10, 200, 200),
      polygon([
        [-50, 30],
        [30, -50],
        [120, 30],
        [30, 120],
      ]),
    ])
    expect(count).toBe(2)
    expect(alpha(0, 0)).toBe(51)
    expect(alpha(SIZE - 1, SIZE - 1)).toBe(51)
  })

  it('leaves gaps in a dashed line, and none in a solid one', () => {
    const top = draw([box(2, 10, 60, 30, DASHED)]).row(10, 2, 60)
    expect(top.slice(0, 10)).toEqual(
      [255, 255, 255, 255, 255, 255, 51, 51, 51, 51].map((alpha, i) => (i < 6 ? alpha : 0)),
    )
    expect(
      draw([box(2, 10, 60, 30)])
        .row(10, 2, 60)
        .every((alpha) => alpha === 255),
    ).toBe(true)
  })

  it('anchors hatching to the image, so that it moves along', () => {
    const still = draw([box(5, 5, 40, 40, HATCHED)])
    const moved = draw([box(5, 5, 40, 40, HATCHED)], frame(3, 4))
    for (let y = 8; y < 36; y++) for (let x = 8; x < 36; x++) expect(moved.alpha(x + 3, y + 4)).toBe(still.alpha(x, y))
    expect(new Set(still.row(20, 8, 36)).size).toBe(2)
  })

  it('draws a point as a disc', () => {
    const { alpha } = draw([{ rgb: RGB, style: POINT, bounds: [30, 30, 30, 30] }])
    expect(alpha(30, 30)).toBe(255)
    expect(alpha(33, 30)).toBeGreaterThan(200)
    expect(alpha(36, 30)).toBe(0)
  })

  it('leaves the hole of a polygon empty', () => {
    const outer = [
      [5, 5],
      [55, 5],
      [55, 55],
      [5, 55],
    ] as const
    const hole = [
      [20, 20],
      [40, 20],
      [40, 40],
      [20, 40],
    ] as const
    const { alpha } = draw([polygon([...outer, [Number.NaN, Number.NaN], ...hole])])
    expect(alpha(30, 30)).toBe(0)
    expect(alpha(12, 30)).toBe(51)
    expect(alpha(20, 30)).toBeGreaterThan(180)
  })

  it('fills a row that is crossed hundreds of times, as a noisy mask is', () => {
    // a comb of 300 teeth of 3 px: 600 crossings a row, given from the right to the left
    const teeth = 300
    const side = 6 * teeth
    const comb = Array.from({ length: teeth }, (_, i): readonly (readonly [number, number])[] => {
      const right = side - 6 * i
      return [
        [right, 2],
        [right, 12],
        [right - 3, 12],
        [right - 3, 2],
      ]
    }).flatMap((tooth, i) => (i === 0 ? tooth : [[Number.NaN, Number.NaN] as const, ...tooth]))
    const arrays = new RegionArrays()
    arrays.set(0, polygon(comb))
    const raster = new Raster(side, 16)
    for (let again = 0; again < 2; again++) {
      raster.draw(arrays, { k: 1, x: 0, y: 0, width: side, height: 16, ratio: 1 })
      const alpha = (x: number) => raster.bytes[4 * (7 * side + x) + 3]!
      for (let tooth = 0; tooth < teeth; tooth++) {
        expect(alpha(6 * tooth + 1)).toBe(0)
        expect(alpha(6 * tooth + 4)).toBeGreaterThanOrEqual(51)
      }
    }
  })

  it('agrees with the plain definition of a polygon, away from its outline and on it', () => {
    // corners may lie out of view; neighbours far enough apart for the level of detail not to drop one
    const corner = fc.tuple(fc.integer({ min: -20, max: 84 }), fc.integer({ min: -20, max: 84 }))
    const ring = fc
      .array(corner, { minLength: 3, maxLength: 8 })
      .filter((points) =>
        points.every(([x, y], i) => Math.hypot(x - points.at(i - 1)![0], y - points.at(i - 1)![1]) > 3),
      )
      .filter((points) => Math.max(...points.map(([x]) => x)) - Math.min(...points.map(([x]) => x)) > 10)
      .filter((points) => Math.max(...points.map(([, y]) => y)) - Math.min(...points.map(([, y]) => y)) > 10)
    fc.assert(
      fc.property(ring, (points) => {
        const { alpha } = draw([polygon(points)])
        for (let y = 0; y < SIZE; y++) {
          for (let x = 0; x < SIZE; x++) {
            const distance = edgeDistance(points, x + 0.5, y + 0.5)
            if (distance < 0.3) expect(alpha(x, y)).toBeGreaterThan(200)
            // a line's ends are square: they reach a little over a corner
            if (distance > 2.5) expect(alpha(x, y)).toBe(inside(points, x + 0.5, y + 0.5) ? 51 : 0)
          }
        }
      }),
      { numRuns: 60 },
    )
  })
})
