import { expect, it } from 'vitest'
import type { Region, RegionKey } from '#model/region.ts'
import { aBox, aRegion, byKey } from '#testing/builders.ts'
import { workOf } from '#testing/work.ts'
import { everyRegion, facetsOf, isFiltered, listedRegions, numbersOf, type RegionFilter } from './regionFilter.ts'

const regions = byKey(
  aRegion('a', aBox(0, 0, 10, 10), { concept: 'a10', attributes: { colour: 'red' } }),
  aRegion('b', aBox(0, 0, 50, 50), { concept: 'a2', madeBy: { kind: 'user', id: 'ben' }, status: 24151 }),
  aRegion('c', aBox(0, 0, 30, 30), { madeBy: { kind: 'model', id: 'yolo', version: 'v1' } }),
)
const order = ['c/c', 'a/a', 'b/b']
const names = {
  labelOf: (region: Region) => region.concepts.map(({ id }) => id).join(', ') || 'Unlabelled',
  authorName: (author: string) => (author === 'ben' ? 'Ben Ng' : author),
}
const listed = (filter: Partial<RegionFilter>, among: ReadonlyMap<RegionKey, Region> = regions, paint = order) =>
  listedRegions(among, paint, { ...everyRegion, ...filter }, names).map((key) => key[0])

it('lists all, the topmost first, or as one likes', () => {
  expect(listed({})).toEqual(['b', 'a', 'c'])
  expect(listed({ order: 'number' })).toEqual(['a', 'b', 'c'])
  expect(listed({ order: 'concept' })).toEqual(['b', 'a', 'c'])
  expect(listed({ order: 'author' })).toEqual(['a', 'b', 'c'])
  expect(listed({ order: 'size' })).toEqual(['b', 'c', 'a'])
})

it('filters by concept, author, status, attribute and text', () => {
  expect(listed({ concept: 'a2' })).toEqual(['b'])
  expect(listed({ concept: '' })).toEqual(['c'])
  expect(listed({ author: 'model yolo' })).toEqual(['c'])
  expect(listed({ status: 24151 })).toEqual(['b'])
  expect(listed({ attribute: 'colour: red' })).toEqual(['a'])
  expect(listed({ text: 'ben n' })).toEqual(['b'])
  expect(listed({ text: 'RED' })).toEqual(['a'])
  expect(listed({ text: 'red', author: 'ben' })).toEqual([])
  expect(isFiltered(everyRegion)).toBe(false)
  expect(isFiltered({ ...everyRegion, order: 'size' })).toBe(false)
  expect(isFiltered({ ...everyRegion, concept: '' })).toBe(true)
})

it('counts what there is to filter by, and numbers by age', () => {
  expect(facetsOf(regions.values())).toEqual({
    concepts: [
      { value: 'a10', count: 1 },
      { value: 'a2', count: 1 },
      { value: '', count: 1 },
    ],
    authors: [
      { value: 'ana', count: 1 },
      { value: 'ben', count: 1 },
      { value: 'model yolo', count: 1 },
    ],
    statuses: [
      { value: 24150, count: 2 },
      { value: 24151, count: 1 },
    ],
    attributes: [{ value: 'colour: red', count: 1 }],
  })
  expect([...numbersOf(regions)]).toEqual([
    ['a/a', 1],
    ['b/b', 2],
    ['c/c', 3],
  ])
})

it('filters and sorts 10,000 within a frame or two', () => {
  const many = byKey(
    ...Array.from({ length: 10_000 }, (_, i) => aRegion(`r${i}`, aBox(i % 90, 0, 5, 5), { concept: `c${i % 40}` })),
  )
  const list = () => listedRegions(many, [...many.keys()], { ...everyRegion, text: 'c3', order: 'concept' }, names)
  expect(workOf(() => expect(list().length).toBe(2750))).toBeLessThan(200)
})
