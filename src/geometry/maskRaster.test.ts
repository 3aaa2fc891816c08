import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Bitmap } from './bitmap.ts'
import { strokeSpans } from './brush.ts'
import { maskToBits, subtractMasks } from './mask.ts'
import { type Area, areaOf, emptyArea, joined, MaskRaster, patchedMask, setSpan, withoutBits } from './maskRaster.ts'
import type { Mask } from './shape.ts'

const size = { width: 130, height: 90 }

const stroke = fc.record({
  from: fc.tuple(fc.integer({ min: -20, max: 150 }), fc.integer({ min: -20, max: 110 })),
  to: fc.tuple(fc.integer({ min: -20, max: 150 }), fc.integer({ min: -20, max: 110 })),
  size: fc.integer({ min: 1, max: 40 }),
  shape: fc.constantFrom('circle' as const, 'square' as const),
  on: fc.boolean(),
})

/** Paints on a raster as the brush does; the area is that of the stroke. */
function paint(raster: MaskRaster, { from, to, on, ...brush }: Parameters<Parameters<typeof stroke.map>[0]>[0]): Area {
  let area = emptyArea
  strokeSpans(from, to, brush, (y, left, right) => {
    setSpan(raster.bits, y, left, right, on)
    area = joined(area, { left, top: y, right, bottom: y + 1 })
  })
  return area
}

it('takes over strokes: the same mask as one made from all of the bits', () => {
  fc.assert(
    fc.property(fc.array(stroke, { minLength: 1, maxLength: 8 }), (strokes) => {
      const raster = new MaskRaster(size)
      const oracle = new Bitmap(size.width, size.height)
      for (const one of strokes) {
        const mask = raster.take(paint(raster, one))
        oracle.stroke(one.from, one.to, one, one.on)
        expect(mask).toEqual(oracle.toMask())
      }
    }),
  )
})

it('forgets a stroke that is given up', () => {
  fc.assert(
    fc.property(fc.array(stroke, { maxLength: 4 }), stroke, (strokes, last) => {
      const raster = new MaskRaster(size)
      for (const one of strokes) raster.take(paint(raster, one))
      const before = raster.bits.words.slice()
      raster.restore(paint(raster, last))
      expect(raster.bits.words).toEqual(before)
    }),
  )
})

const masks = fc.array(stroke, { minLength: 1, maxLength: 4 }).map((strokes) => {
  const bitmap = new Bitmap(size.width, size.height)
  for (const { from, to, ...brush } of strokes) bitmap.stroke(from, to, brush, true)
  return bitmap.toMask()
})

it('shows one mask after another, and nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.option(masks, { nil: undefined }), { maxLength: 4 }), (shown) => {
      const raster = new MaskRaster(size)
      for (const mask of shown) {
        raster.show(mask)
        expect(patchedMask(undefined, raster.bits, { left: 0, top: 0, right: 130, bottom: 90 })).toEqual(mask)
      }
    }),
  )
})

it('takes pixels from a mask, and leaves one alone that has none of them', () => {
  fc.assert(
    fc.property(masks, masks, (a, b) => {
      fc.pre(a !== undefined && b !== undefined)
      const [mask, other] = [a as Mask, b as Mask]
      const rest = withoutBits(mask, maskToBits(other), areaOf(other))
      expect(rest).toEqual(subtractMasks(mask, other))
      if (rest) expect(withoutBits(rest, maskToBits(other), areaOf(other))).toBe(rest)
    }),
  )
})
