import fc from 'fast-check'
import { expect, it } from 'vitest'
import { apply, compose, diff, invert } from './change.ts'

const map = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 0, max: 3 })))
  .map((entries) => new Map(entries))

it('diff leads from one map to the other, and its inverse back', () => {
  fc.assert(
    fc.property(map, map, (before, after) => {
      const change = diff(before, after)
      expect(apply(before, change)).toEqual(after)
      expect(apply(after, invert(change))).toEqual(before)
    }),
  )
})

it('diff of equal maps is empty, by the given equality too', () => {
  expect(diff(new Map([['a', 1]]), new Map([['a', 1]])).size).toBe(0)
  expect(diff(new Map([['a', 1]]), new Map([['a', 1.01]]), (p, q) => Math.abs(p - q) < 0.1).size).toBe(0)
})

it('compose keeps the first before and the last after', () => {
  expect(compose({ before: 1, after: 2 }, { before: 2, after: 3 })).toEqual({ before: 1, after: 3 })
  expect(compose({ after: 2 }, { before: 2 })).toEqual({ before: undefined, after: undefined })
})

it('apply leaves the base alone', () => {
  const base = new Map([['a', 1]])
  apply(base, new Map([['a', { before: 1 }]]))
  expect(base).toEqual(new Map([['a', 1]]))
})
