import fc from 'fast-check'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { Bitmap } from '#geometry/bitmap.ts'
import { maskArea, maskContains, sameMask } from '#geometry/mask.ts'
import type { Mask } from '#geometry/shape.ts'
import { maskFromPng, maskToPng } from './maskPng.ts'

const SIZE = { width: 61, height: 47 }

describe('masks as PNG', () => {
  it('come back pixel for pixel', () => {
    const disc = fc.tuple(fc.nat(60), fc.nat(46), fc.integer({ min: 1, max: 20 }))
    fc.assert(
      fc.property(fc.array(disc, { minLength: 1, maxLength: 5 }), (discs) => {
        const bitmap = new Bitmap(SIZE.width, SIZE.height)
        for (const [x, y, size] of discs) bitmap.stamp([x, y], { shape: 'circle', size }, true)
        const mask = bitmap.toMask() as Mask
        expect(sameMask(maskFromPng(maskToPng(mask, SIZE), SIZE) as Mask, mask)).toBe(true)
      }),
    )
  })

  it('with nothing inside are no mask', () => {
    expect(maskFromPng(maskToPng(undefined, SIZE), SIZE)).toBeUndefined()
  })

  it('count any pixel that is not zero, whatever its grey', () => {
    const data = Uint8Array.of(0, 1, 127, 255)
    const png = encode({ width: 4, height: 1, data, channels: 1, depth: 8 })
    const mask = maskFromPng(png, { width: 4, height: 1 }) as Mask
    expect([0, 1, 2, 3].map((x) => maskContains(mask, x, 0))).toEqual([false, true, true, true])
  })

  it('leave out what is fully transparent', () => {
    const data = Uint8Array.of(255, 255, 255, 0, 255, 0, 0, 255)
    const png = encode({ width: 2, height: 1, data, channels: 4, depth: 8 })
    const mask = maskFromPng(png, { width: 2, height: 1 }) as Mask
    expect([0, 1].map((x) => maskContains(mask, x, 0))).toEqual([false, true])
  })

  it('of another size are scaled to the image, nearest pixel', () => {
    const png = encode({ width: 2, height: 2, data: Uint8Array.of(255, 0, 0, 255), channels: 1, depth: 8 })
    const mask = maskFromPng(png, { width: 10, height: 10 }) as Mask
    expect(maskArea(mask)).toBe(50)
    expect(maskContains(mask, 4, 4)).toBe(true)
    expect(maskContains(mask, 5, 4)).toBe(false)
  })

  it('that are no PNG say so', () => {
    expect(() => maskFromPng(Uint8Array.of(1, 2, 3), SIZE)).toThrow(RangeError)
  })
})
