import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Bitmap } from './bitmap.ts'
import { makeBits } from './bits.ts'
import { forEachSpan, maskFromBits } from './mask.ts'
import { maskOutline } from './maskOutline.ts'
import type { Point } from './point.ts'
import type { Mask } from './shape.ts'

const noise = fc
  .record({
    w: fc.integer({ min: 1, max: 40 }),
    h: fc.integer({ min: 1, max: 30 }),
    x: fc.nat(9),
    y: fc.nat(9),
    set: fc.array(fc.nat(2000), { minLength: 1, maxLength: 300 }),
  })
  .map(({ w, h, x, y, set }) => {
    const bits = makeBits(x, y, w, h)
    for (const at of set) {
      const i = at % (w * h)
      bits.words[Math.floor(i / w) * bits.stride + ((i % w) >>> 5)]! |= 1 << ((i % w) & 31)
    }
    return maskFromBits(bits) as Mask
  })

const rings = (points: Float32Array): Point[][] => {
  const all: Point[][] = [[]]
  for (let i = 0; i < points.length; i += 2) {
    if (Number.isNaN(points[i])) all.push([])
    else all.at(-1)!.push([points[i]!, points[i + 1]!])
  }
  return all
}

const pixels = (bitmap: Bitmap): string[] => {
  const all: string[] = []
  bitmap.forEachSpanIn(0, 0, bitmap.width, bitmap.height, (y, from, to) => {
    for (let x = from; x < to; x++) all.push(`${x},${y}`)
  })
  return all
}

describe('the outline of a mask', () => {
  it('filled even-odd is the mask, pixel for pixel', () => {
    fc.assert(
      fc.property(noise, (mask) => {
        const filled = new Bitmap(64, 64)
        filled.fillPolygon(rings(maskOutline(mask)), true)
        expect(pixels(filled)).toEqual(pixels(Bitmap.of(mask, 64, 64)))
      }),
      { numRuns: 500 },
    )
  })

  it('in blocks covers every pixel, and nothing that is not in a block with one', () => {
    fc.assert(
      fc.property(noise, fc.constantFrom(2, 4, 8), (mask, step) => {
        const filled = new Bitmap(64, 64)
        filled.fillPolygon(rings(maskOutline(mask, step)), true)
        const blocks = new Bitmap(64, 64)
        forEachSpan(mask, (y, from, to) => {
          const top = y - (y % step)
          for (let row = top; row < top + step; row++)
            blocks.fillSpan(row, from - (from % step), Math.ceil(to / step) * step, true)
        })
        expect(pixels(filled)).toEqual(pixels(blocks))
      }),
      { numRuns: 500 },
    )
  })

  it('turns at every point', () => {
    fc.assert(
      fc.property(noise, (mask) => {
        for (const ring of rings(maskOutline(mask))) {
          for (const [i, [x, y]] of ring.entries()) {
            const [bx, by] = ring.at(i - 1)!
            const [ax, ay] = ring[(i + 1) % ring.length]!
            expect([bx === x, by === y].filter(Boolean)).toHaveLength(1)
            expect((bx === x) !== (ax === x) && (by === y) !== (ay === y)).toBe(true)
          }
        }
      }),
    )
  })
})
