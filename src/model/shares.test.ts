import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distribute, type Person, type Place, sharesOf, whyNoShares } from './shares.ts'

const inputs = (count: number): Place[] => Array.from({ length: count }, (_, i) => ({ inputId: `i${i}`, kept: [] }))
const people = (...weights: number[]): Person[] => weights.map((weight, i) => ({ id: `w${i}`, weight }))

/** Who got what: how many each, and whether an input went to somebody twice. */
const result = (places: readonly Place[], who: readonly Person[], perInput: number) => {
  const given = distribute(places, who, perInput)
  const counts = who.map(({ id }) => given.filter(({ workerId }) => workerId === id).length)
  const perPlace = Map.groupBy(given, ({ inputId }) => inputId)
  return { given, counts, perPlace }
}

describe('sharesOf', () => {
  it('gives what rounding leaves to the largest remainders', () => {
    expect(sharesOf([30, 30, 40], 10, 10)).toEqual([3, 3, 4])
    expect(sharesOf([1, 1, 1], 10, 10)).toEqual([4, 3, 3])
    expect(sharesOf([1, 1, 2], 6, 3)).toEqual([2, 1, 3])
    expect(sharesOf([5], 0, 0)).toEqual([0])
  })
})

describe('distribute', () => {
  it('interleaves people whose shares are equal', () => {
    expect(distribute(inputs(4), people(1, 1), 1).map(({ workerId }) => workerId)).toEqual(['w0', 'w1', 'w0', 'w1'])
  })

  it('splits 1,000 inputs among seven people by weight, two people an input', () => {
    const weights = fc
      .array(fc.integer({ min: 1, max: 100 }), { minLength: 7, maxLength: 7 })
      .filter((all) => Math.max(...all) * 2 <= all.reduce((a, b) => a + b))
    fc.assert(
      fc.property(weights, (all) => {
        const total = all.reduce((a, b) => a + b)
        const { counts, perPlace } = result(inputs(1000), people(...all), 2)
        expect(perPlace.size).toBe(1000)
        for (const pair of perPlace.values()) expect(new Set(pair.map(({ workerId }) => workerId)).size).toBe(2)
        for (const [i, weight] of all.entries()) expect(Math.abs(counts[i]! - (2000 * weight) / total)).toBeLessThan(1)
      }),
      { numRuns: 60 },
    )
  })

  it('is exact for any number of people, inputs and people an input', () => {
    const asked = fc
      .record({
        count: fc.integer({ min: 0, max: 60 }),
        weights: fc.array(fc.double({ min: 0.01, max: 50, noNaN: true }), { minLength: 1, maxLength: 9 }),
        perInput: fc.integer({ min: 1, max: 9 }),
      })
      .filter(({ weights, perInput }) => {
        const total = weights.reduce((a, b) => a + b)
        return perInput <= weights.length && weights.every((weight) => weight * perInput <= total)
      })
    fc.assert(
      fc.property(asked, ({ count, weights, perInput }) => {
        const total = weights.reduce((a, b) => a + b)
        const { counts, perPlace } = result(inputs(count), people(...weights), perInput)
        for (const some of perPlace.values()) expect(new Set(some.map(({ workerId }) => workerId)).size).toBe(perInput)
        expect(perPlace.size).toBe(count)
        for (const [i, weight] of weights.entries())
          expect(Math.abs(counts[i]! - (count * perInput * weight) / total)).toBeLessThan(1 + 1e-9)
      }),
    )
  })

  it('leaves kept work where it is and gives the rest to those who have less', () => {
    // w0 has done four of eight; w1 is new, and somebody who has left did one
    const places = inputs(8).map((place, i) => ({ ...place, kept: i < 4 ? ['w0'] : i === 4 ? ['gone'] : [] }))
    const { given, counts } = result(places, people(1, 1), 1)
    expect(given.map(({ inputId }) => inputId)).toEqual(['i5', 'i6', 'i7'])
    expect(counts).toEqual([0, 3])
  })

  it('gives an input to fewer when there are not more people', () => {
    expect(distribute([{ inputId: 'i', kept: ['w0'] }], people(1, 1), 3)).toEqual([{ inputId: 'i', workerId: 'w1' }])
  })
})

describe('whyNoShares', () => {
  it('says what does not fit', () => {
    expect(whyNoShares(people(1, 1), 2)).toBeUndefined()
    expect(whyNoShares(people(2, 1, 1), 2)).toBeUndefined()
    expect(whyNoShares([], 1)).toBe('Choose at least one person.')
    expect(whyNoShares(people(1), 2)).toContain('only 1 is chosen')
    expect(whyNoShares(people(1, 0), 1)).toContain('weight of w1')
    expect(whyNoShares(people(3, 1, 1), 2)).toContain('w0 would get some inputs twice')
  })
})
