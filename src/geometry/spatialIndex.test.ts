import fc from 'fast-check'
import { expect, it } from 'vitest'
import { box, intersects } from './box.ts'
import type { Box } from './shape.ts'
import { SpatialIndex } from './spatialIndex.ts'

const aBox = fc
  .tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 60 })))
  .map(([x, y, w, h]) => box(x!, y!, w! % 20, h! % 20))

it('finds what a walk over everything finds, through any adding, moving and deleting', () => {
  const change = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.option(aBox, { freq: 4, nil: undefined }))
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.array(change, { maxLength: 120 }), aBox), { maxLength: 8 }), (rounds) => {
      const index = new SpatialIndex<number>()
      const all = new Map<number, Box>()
      for (const [changes, area] of rounds) {
        for (const [key, bounds] of changes) {
          if (bounds) {
            index.set(key, bounds)
            all.set(key, bounds)
          } else {
            index.delete(key)
            all.delete(key)
          }
        }
        const expected = [...all].filter(([, bounds]) => intersects(bounds, area)).map(([key]) => key)
        expect(index.search(area).sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b))
        expect(index.size).toBe(all.size)
      }
    }),
  )
})

it('is empty after clear', () => {
  const index = new SpatialIndex<string>()
  index.set('a', box(0, 0, 1, 1))
  index.clear()
  expect(index.search(box(0, 0, 10, 10))).toEqual([])
})
