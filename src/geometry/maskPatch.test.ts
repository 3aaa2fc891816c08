import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Bitmap } from './bitmap.ts'
import { patched, patchOf } from './maskPatch.ts'
import type { Mask } from './shape.ts'

const disc = fc.tuple(fc.nat(120), fc.nat(90), fc.integer({ min: 1, max: 25 }), fc.boolean())

function painted(discs: readonly (readonly [number, number, number, boolean])[]): Mask | undefined {
  const bitmap = new Bitmap(130, 100)
  for (const [x, y, size, on] of discs) bitmap.stroke([x, y], [x, y], { size, shape: 'circle' }, on)
  return bitmap.toMask()
}

it('makes the one mask of the other, however they differ', () => {
  fc.assert(
    fc.property(fc.array(disc, { minLength: 1, maxLength: 12 }), fc.array(disc, { maxLength: 3 }), (discs, more) => {
      const [before, after] = [painted(discs), painted([...discs, ...more])]
      if (!before || !after) return
      const patch = patchOf(before, after)
      if (patch) expect(patched(before, patch)).toEqual(after)
    }),
  )
})

it('holds no more than the rows that changed', () => {
  const many = Array.from({ length: 10 }, (_, i) => [10 * i, 9 * i, 12, true] as const)
  const patch = patchOf(painted(many)!, painted([...many, [100, 20, 5, true]])!)!
  expect([patch.top, patch.bottom]).toEqual([18, 23])
  expect(patch.rows?.h).toBe(5)
  // a mask that has nothing in common with it is kept whole
  expect(patchOf(painted(many)!, painted([[60, 50, 25, true]])!)).toBeUndefined()
})
