import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Box, bounds } from '#geometry/shape.ts'
import { apply } from '#model/change.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { aBox, aRegion } from '#testing/builders.ts'
import { RegionIndex } from './regionIndex.ts'

const place = fc.integer({ min: 0, max: 900 })
const length = fc.integer({ min: 1, max: 100 })
const box = fc.tuple(place, place, length, length).map((sides) => aBox(...sides))
const keys = ['a', 'b', 'c', 'd', 'e', 'f'] as RegionKey[]
const held = fc
  .array(fc.tuple(fc.constantFrom(...keys), box), { maxLength: 6 })
  .map((pairs) => new Map(pairs.map(([key, shape]): [RegionKey, Region] => [key, aRegion(key, shape)])))

it('finds the same whether it was asked before a change or not, and after another filling', () => {
  const step = fc.record({
    key: fc.constantFrom(...keys),
    shape: fc.option(box, { nil: undefined }),
    asked: fc.boolean(),
    filled: fc.option(held, { nil: undefined }),
  })
  fc.assert(
    fc.property(held, fc.array(step, { maxLength: 12 }), (start, steps) => {
      const index = new RegionIndex()
      let regions = new Map(start)
      index.fill(regions)
      for (const { key, shape, asked, filled } of steps) {
        if (filled) {
          regions = new Map(filled)
          index.fill(regions)
        }
        const change = new Map([[key, { before: regions.get(key), after: shape && aRegion(key, shape) }]])
        index.apply(change, regions)
        regions = apply(regions, change)
        if (asked) expectFound(index, regions)
      }
      expectFound(index, regions)
    }),
  )
})

function expectFound(index: RegionIndex, regions: ReadonlyMap<RegionKey, Region>): void {
  for (const area of [aBox(0, 0, 1000, 1000), aBox(300, 300, 250, 250), aBox(0, 0, 0, 0)]) {
    const touched = [...regions].filter(([, { shape }]) => touch(bounds(shape), area)).map(([key]) => key)
    expect(index.search(area).toSorted()).toEqual(touched.toSorted())
  }
}

const touch = (a: Box, b: Box): boolean => a.x <= b.x + b.w && b.x <= a.x + a.w && a.y <= b.y + b.h && b.y <= a.y + a.h

it('reads no shape before somebody asks for a place', () => {
  let read = 0
  const region = aRegion('a', aBox(10, 10, 5, 5))
  const watched = Object.defineProperty({ ...region }, 'shape', {
    get: () => {
      read++
      return region.shape
    },
  })
  const index = new RegionIndex()
  index.fill(new Map([[watched.key, watched]]))
  expect(read).toBe(0)
  expect(index.search(aBox(0, 0, 100, 100))).toEqual([region.key])
  expect(read).toBe(1)
})
