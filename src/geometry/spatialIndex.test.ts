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
      for (const [key, bounds] of rounds[0]?.[0] ?? []) {
        if (!bounds || all.has(key)) continue
        index.add(key, bounds)
        all.set(key, bounds)
      }
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
        if ([...all.values()].some(({ w, h }) => w === 0 && h === 0)) expect(index.mayHoldPoints).toBe(true)
        const [at, reach] = [[area.x, area.y] as const, area.w]
        const away = (b: Box) =>
          Math.hypot(Math.max(b.x - at[0], 0, at[0] - b.x - b.w), Math.max(b.y - at[1], 0, at[1] - b.y - b.h))
        const visited: (readonly [number, number])[] = []
        index.visitNear(at, reach, (key, far) => {
          visited.push([key, far])
          return true
        })
        const near = [...all].filter(([, bounds]) => away(bounds) <= reach).map(([key]) => key)
        expect(visited.map(([key]) => key).sort((a, b) => a - b)).toEqual(near.sort((a, b) => a - b))
        const fars = visited.map(([, far]) => far)
        expect(fars).toEqual([...fars].sort((a, b) => a - b))
        for (const [key, far] of visited) {
          const { w, h } = all.get(key)!
          expect(far).toBeCloseTo(w === 0 && h === 0 ? 0 : away(all.get(key)!), 9)
        }
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

it('rounds bounds outward, and keeps those that are far outside', () => {
  const index = new SpatialIndex<string>()
  index.add('thin', box(10.01, 10.01, 0.3, 50))
  index.add('far', box(-1e12, 5, 2e12, 1))
  for (const x of [10.01, 10.2, 10.31]) expect(index.search(box(x, 20, 0, 0))).toEqual(['thin'])
  expect(index.search(box(10.5, 20, 1, 1))).toEqual([])
  expect(index.search(box(3000, 5.5, 0, 0))).toEqual(['far'])
  const seen: string[] = []
  index.visitNear([11, 20], 1, (key) => {
    seen.push(key)
    return false
  })
  expect(seen).toEqual(['thin'])
})
