import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Bitmap } from './bitmap.ts'
import { componentsOf, holesOf, withoutHoles, withoutIslands } from './components.ts'
import { maskRings, maskToPolygons, polygonToMask } from './contour.ts'
import { forEachSpan, intersectMasks, maskArea, maskContains, sameMask, subtractMasks, unionMasks } from './mask.ts'
import type { Mask } from './shape.ts'
import { deviation, simplifyRing } from './simplify.ts'

const SIZE = { width: 300, height: 270 }

/** A mask from a picture: `#` is set. Placed at (x, y). */
function picture(rows: string[], x = 0, y = 0): Mask {
  const bitmap = new Bitmap(x + (rows[0]?.length ?? 0), y + rows.length)
  for (const [j, row] of rows.entries())
    for (const [i, pixel] of [...row].entries()) if (pixel === '#') bitmap.fillSpan(y + j, x + i, x + i + 1, true)
  const mask = bitmap.toMask()
  if (!mask) throw new Error('an empty picture')
  return mask
}

const pixelsOf = (mask: Mask | undefined): Set<string> => {
  const pixels = new Set<string>()
  if (mask)
    forEachSpan(mask, (y, from, to) => {
      for (let x = from; x < to; x++) pixels.add(`${x},${y}`)
    })
  return pixels
}

/** Random masks made of a few rectangles, some across the borders of tiles. */
const masks = fc
  .array(fc.tuple(fc.nat(290), fc.nat(262), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 12 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((rectangles) => {
    const bitmap = new Bitmap(SIZE.width, SIZE.height)
    for (const [x, y, w, h] of rectangles) for (let j = 0; j < h; j++) bitmap.fillSpan(y + j, x, x + w, true)
    return bitmap.toMask() as Mask
  })

describe('masks', () => {
  it('have their pixels, their area and nothing else', () => {
    const mask = picture(['.##.', '#..#', '....', '####'], 250, 3)
    expect(mask).toMatchObject({ x: 250, y: 3, w: 4, h: 4 })
    expect([...mask.runs]).toEqual([1, 2, 1, 1, 2, 1, 4, 4])
    expect(maskArea(mask)).toBe(8)
    expect(maskContains(mask, 251.9, 3.2)).toBe(true)
    expect(maskContains(mask, 250.9, 3.2)).toBe(false)
    expect(maskContains(mask, 249, 3)).toBe(false)
    expect(maskContains(mask, 253.5, 6.5)).toBe(true)
  })

  it('combine as sets of pixels', () => {
    fc.assert(
      fc.property(masks, masks, (a, b) => {
        const [left, right] = [pixelsOf(a), pixelsOf(b)]
        expect(pixelsOf(unionMasks(a, b))).toEqual(left.union(right))
        expect(pixelsOf(subtractMasks(a, b))).toEqual(left.difference(right))
        expect(pixelsOf(intersectMasks(a, b))).toEqual(left.intersection(right))
      }),
      { numRuns: 60 },
    )
  })

  it('fall into pieces that join at corners, and have holes that do not', () => {
    const mask = picture(['##....', '##....', '..###.', '..#.#.', '..###.', '#.....'])
    const pieces = componentsOf(mask)
    expect(pieces.map(maskArea)).toEqual([12, 1])
    expect(holesOf(mask).map(maskArea)).toEqual([1])
    expect(maskArea(withoutHoles(mask))).toBe(14)
    expect(maskArea(withoutIslands(mask, 2) as Mask)).toBe(12)
    expect(withoutIslands(mask, 100)).toBeUndefined()
  })

  it('are the sum of their pieces', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const pieces = componentsOf(mask)
        expect(pieces.reduce((area, piece) => area + maskArea(piece), 0)).toBe(maskArea(mask))
        const whole = pieces.reduce((all, piece) => unionMasks(all, piece) as Mask)
        expect(sameMask(whole, mask)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

describe('outlines', () => {
  it('follow the edges of the pixels, holes the other way round', () => {
    expect(maskRings(picture(['##', '##']))).toEqual([
      [
        [0, 0],
        [2, 0],
        [2, 2],
        [0, 2],
      ],
    ])
    const rings = maskRings(picture(['###', '#.#', '###']))
    expect(rings).toHaveLength(2)
    const [polygon, ...rest] = maskToPolygons(picture(['###', '#.#', '###']), 0)
    expect(rest).toEqual([])
    expect(polygon?.holes).toHaveLength(1)
  })

  it('give back the mask, pixel for pixel, when filled', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const again = new Bitmap(SIZE.width, SIZE.height)
        again.fillPolygon(maskRings(mask), true)
        expect(pixelsOf(again.toMask())).toEqual(pixelsOf(mask))
        const pieces = maskToPolygons(mask, 0).map((polygon) => polygonToMask(polygon, SIZE) as Mask)
        expect(
          sameMask(
            pieces.reduce((all, piece) => unionMasks(all, piece) as Mask),
            mask,
          ),
        ).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('keep an island in a hole apart from the ring around it', () => {
    const polygons = maskToPolygons(
      picture(['#######', '#.....#', '#.###.#', '#.#.#.#', '#.###.#', '#.....#', '#######']),
      0,
    )
    expect(polygons).toHaveLength(2)
    expect(polygons.map((polygon) => polygon.holes?.length)).toEqual([1, 1])
  })
})

describe('simplifying', () => {
  it('leaves out only what lies within the tolerance', () => {
    fc.assert(
      fc.property(masks, fc.double({ min: 0.5, max: 5, noNaN: true }), (mask, tolerance) => {
        for (const ring of maskRings(mask)) {
          const simple = simplifyRing(ring, tolerance)
          expect(simple.length).toBeGreaterThanOrEqual(3)
          expect(deviation(ring, simple)).toBeLessThanOrEqual(tolerance + 1e-9)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('the brush', () => {
  const area = (size: number, shape: 'circle' | 'square', x = 20.3, y = 20.8): number => {
    const bitmap = new Bitmap(64, 64)
    bitmap.stamp([x, y], { shape, size }, true)
    return maskArea(bitmap.toMask() as Mask)
  }

  it('of size 1 is exactly one pixel: the one under the pointer', () => {
    for (const shape of ['circle', 'square'] as const)
      fc.assert(
        fc.property(
          fc.double({ min: 0, max: 63.99, noNaN: true }),
          fc.double({ min: 0, max: 63.99, noNaN: true }),
          (x, y) => {
            const bitmap = new Bitmap(64, 64)
            bitmap.stamp([x, y], { shape, size: 1 }, true)
            expect(pixelsOf(bitmap.toMask())).toEqual(new Set([`${Math.floor(x)},${Math.floor(y)}`]))
          },
        ),
      )
  })

  it('leaves the same footprint wherever it is put', () => {
    for (const size of [2, 3, 4, 5, 8, 13, 25])
      for (const shape of ['circle', 'square'] as const) {
        const areas = [area(size, shape), area(size, shape, 30, 31), area(size, shape, 31.49, 30.51)]
        expect(new Set(areas).size).toBe(1)
        if (shape === 'square') expect(areas[0]).toBe(size * size)
      }
  })

  it('draws strokes without gaps: every pixel within reach of the line and no other', () => {
    const points = fc.tuple(fc.integer({ min: 0, max: 299 }), fc.integer({ min: 0, max: 269 }))
    fc.assert(
      fc.property(points, points, fc.integer({ min: 2, max: 30 }), ([ax, ay], [bx, by], size) => {
        const bitmap = new Bitmap(SIZE.width, SIZE.height)
        bitmap.stroke([ax, ay], [bx, by], { shape: 'circle', size }, true)
        const half = size % 2 === 1 ? 0.5 : 0
        const [a, b] = [[ax + half, ay + half] as const, [bx + half, by + half] as const]
        for (let y = 0; y < SIZE.height; y += 3)
          for (let x = 0; x < SIZE.width; x += 3) {
            const distance = distanceTo([x + 0.5, y + 0.5], a, b)
            if (Math.abs(distance - size / 2) < 1e-6) continue
            expect(bitmap.get(x, y)).toBe(distance < size / 2)
          }
        expect(componentsOf(bitmap.toMask() as Mask)).toHaveLength(1)
      }),
      { numRuns: 40 },
    )
  })

  it('of size 1 draws lines one pixel wide that hang together', () => {
    const points = fc.tuple(fc.nat(299), fc.nat(269))
    fc.assert(
      fc.property(points, points, fc.constantFrom('circle', 'square'), ([ax, ay], [bx, by], shape) => {
        const bitmap = new Bitmap(SIZE.width, SIZE.height)
        bitmap.stroke([ax + 0.2, ay + 0.9], [bx + 0.7, by], { shape, size: 1 }, true)
        const mask = bitmap.toMask() as Mask
        expect(maskArea(mask)).toBe(Math.max(Math.abs(ax - bx), Math.abs(ay - by)) + 1)
        expect(componentsOf(mask)).toHaveLength(1)
        expect(bitmap.get(ax, ay) && bitmap.get(bx, by)).toBe(true)
      }),
    )
  })

  it('takes a stroke back, and brings it again', () => {
    const bitmap = new Bitmap(1000, 1000)
    bitmap.stroke([10, 10], [700, 300], { shape: 'circle', size: 20 }, true)
    const before = bitmap.toMask() as Mask
    bitmap.beginStroke()
    bitmap.stroke([300, 100], [900, 900], { shape: 'square', size: 50 }, false)
    const journal = bitmap.endStroke()
    const after = bitmap.toMask() as Mask
    expect(sameMask(before, after)).toBe(false)
    const redo = bitmap.restore(journal)
    expect(sameMask(bitmap.toMask() as Mask, before)).toBe(true)
    bitmap.restore(redo)
    expect(sameMask(bitmap.toMask() as Mask, after)).toBe(true)
  })

  it('reports the same spans for a window as for the whole', () => {
    fc.assert(
      fc.property(masks, fc.nat(250), fc.nat(220), (mask, x, y) => {
        const bitmap = Bitmap.of(mask, SIZE.width, SIZE.height)
        const seen = new Set<string>()
        bitmap.forEachSpanIn(x, y, 50, 50, (row, from, to) => {
          for (let i = from; i < to; i++) seen.add(`${i},${row}`)
        })
        const inside = [...pixelsOf(mask)].filter((pixel) => {
          const [i, j] = pixel.split(',').map(Number) as [number, number]
          return i >= x && i < x + 50 && j >= y && j < y + 50
        })
        expect(seen).toEqual(new Set(inside))
      }),
      { numRuns: 60 },
    )
  })
})

function distanceTo(p: readonly [number, number], a: readonly [number, number], b: readonly [number, number]): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length))
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy)
}
