import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bitAt, countBits, makeBits } from './bits.ts'
import { strokeSpans } from './brush.ts'
import { BrushStroke, type Sample } from './brushStroke.ts'
import { componentsOf } from './components.ts'
import { maskFromBits } from './mask.ts'
import { clearArea, MaskRaster, setSpan } from './maskRaster.ts'
import type { Point } from './point.ts'
import type { Mask } from './shape.ts'

const size = { width: 200, height: 150 }
const painted = (samples: readonly Sample[], shape: 'circle' | 'square' = 'circle') => {
  const bits = makeBits(0, 0, size.width, size.height)
  const stroke = new BrushStroke({ bits, shape, on: true })
  for (const sample of samples) stroke.add(sample)
  stroke.end()
  return { bits, stroke }
}
const along = (brush: number, ...points: readonly Point[]): readonly Sample[] =>
  points.map((at) => ({ at, size: brush }))
const pixels = (mask: Mask | undefined): string[] => {
  const rows: string[] = []
  for (let y = 0; mask && y < mask.h; y++) {
    let row = ''
    let at = 0
    for (const [i, run] of mask.runs.entries()) {
      for (let k = 0; k < run; k++, at++) if (Math.floor(at / mask.w) === y) row += i % 2 ? '#' : '.'
    }
    rows.push(row)
  }
  return rows
}

it('paints one dab where it is put down', () => {
  expect(pixels(maskFromBits(painted(along(1, [10.7, 20.2])).bits))).toEqual(['#'])
  expect(pixels(maskFromBits(painted(along(3, [10.7, 20.2])).bits))).toEqual(['###', '###', '###'])
})

it('makes no stairs of a slow diagonal', () => {
  const slow = along(1, ...Array.from({ length: 51 }, (_, i): Point => [10 + i * 0.1, 10.4 + i * 0.1]))
  expect(pixels(maskFromBits(painted(slow).bits))).toEqual(['#.....', '.#....', '..#...', '...#..', '....#.', '.....#'])
})

it('is the capsule itself between two samples, and between samples on a line', () => {
  const straight = makeBits(0, 0, size.width, size.height)
  strokeSpans([20, 30], [100, 70], { shape: 'circle', size: 9 }, (y, from, to) => setSpan(straight, y, from, to, true))
  expect(painted(along(9, [20, 30], [100, 70])).bits.words).toEqual(straight.words)
  expect(painted(along(9, [20, 30], [40, 40], [60, 50], [100, 70])).bits.words).toEqual(straight.words)
})

it('curves through its samples instead of turning sharply', () => {
  const { bits } = painted(along(3, [20, 100], [60, 40], [100, 100], [140, 40]))
  const sharp = makeBits(0, 0, size.width, size.height)
  const corners: readonly Point[] = [
    [20, 100],
    [60, 40],
    [100, 100],
    [140, 40],
  ]
  for (let i = 1; i < corners.length; i++)
    strokeSpans(corners[i - 1]!, corners[i]!, { shape: 'circle', size: 3 }, (y, from, to) =>
      setSpan(sharp, y, from, to, true),
    )
  for (const [x, y] of corners) expect(bitAt(bits, x, y)).toBe(true)
  expect(bits.words).not.toEqual(sharp.words)
  expect(componentsOf(maskFromBits(bits)!)).toHaveLength(1)
})

const sample = fc.record({
  at: fc.tuple(fc.double({ min: -30, max: 230, noNaN: true }), fc.double({ min: -30, max: 180, noNaN: true })),
  size: fc.integer({ min: 1, max: 30 }),
})
const samples = fc.array(sample, { minLength: 1, maxLength: 12 })

it('hangs together, and says truly where it changed something', () => {
  fc.assert(
    fc.property(samples, fc.constantFrom('circle' as const, 'square' as const), (list, shape) => {
      // in the middle: a curve that leaves the image comes back as another piece
      const inside = list.map(({ at: [x, y], size }): Sample => ({ at: [75 + x / 5, 55 + y / 5], size }))
      const { bits, stroke } = painted(inside, shape)
      expect(componentsOf(maskFromBits(bits)!)).toHaveLength(1)
      clearArea(bits, stroke.area)
      expect(countBits(bits.words)).toBe(0)
    }),
  )
})

it('tells of every pixel that changes, sample by sample, though the last part may still move', () => {
  fc.assert(
    fc.property(samples, (list) => {
      const bits = makeBits(0, 0, size.width, size.height)
      const shown = makeBits(0, 0, size.width, size.height)
      const stroke = new BrushStroke({ bits, shape: 'circle', on: true })
      const copy = () => {
        const { left, top, right, bottom } = stroke.takeDirty()
        for (let y = top; y < bottom; y++)
          for (let x = left; x < right; x++) setSpan(shown, y, x, x + 1, bitAt(bits, x, y))
      }
      for (const one of list) {
        stroke.add(one)
        copy()
        expect(shown.words).toEqual(bits.words)
      }
      stroke.end()
      copy()
      expect(shown.words).toEqual(bits.words)
    }),
    { numRuns: 40 },
  )
})

it('spares what it must not paint over, and traces all that it passed', () => {
  const raster = new MaskRaster(size)
  const spared = makeBits(0, 0, size.width, size.height)
  setSpan(spared, 50, 40, 60, true)
  const trace = makeBits(0, 0, size.width, size.height)
  const stroke = new BrushStroke({ bits: raster.bits, shape: 'square', on: true, spared: () => spared, trace })
  for (const one of along(5, [30, 50], [50, 50], [70, 50])) stroke.add(one)
  stroke.end()
  expect(bitAt(raster.bits, 50, 50)).toBe(false)
  expect(bitAt(raster.bits, 50, 49)).toBe(true)
  expect(bitAt(trace, 50, 50)).toBe(true)
  expect(countBits(trace.words)).toBe(45 * 5)
  raster.restore(stroke.area)
  expect(countBits(raster.bits.words)).toBe(0)
})

it('takes away as it adds', () => {
  fc.assert(
    fc.property(samples, (list) => {
      const { bits } = painted(list)
      const stroke = new BrushStroke({ bits, shape: 'circle', on: false })
      for (const one of list) stroke.add(one)
      stroke.end()
      expect(countBits(bits.words)).toBe(0)
    }),
  )
})
