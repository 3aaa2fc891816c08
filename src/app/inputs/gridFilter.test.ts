import { describe, expect, it } from 'vitest'
import { queryOnWire } from '#sync/inputQuery.ts'
import { chipsOf, comparisonOf, countsOf, daysOf, gridSearchOf, queryOf, rangeText } from './gridFilter.ts'

describe('filters in the address', () => {
  it('keeps what is a filter and drops what is not', () => {
    const search = {
      q: ' a ',
      show: 'labelled',
      concept: 7,
      n: '2..',
      regions: '3..1',
      created: 'x',
      work: 'odd',
      z: 1,
    }
    expect(gridSearchOf(search)).toEqual({ q: 'a', show: 'labelled', concept: '7', n: '2..' })
    expect(gridSearchOf({ n: '2..' })).toEqual({})
    expect(gridSearchOf({ work: 'none', assignee: 'ann' })).toEqual({ work: 'none' })
    expect(gridSearchOf({ ...gridSearchOf(search) })).toEqual(gridSearchOf(search))
  })

  it('reads ranges of numbers and days', () => {
    expect([countsOf('2..'), countsOf('..0'), countsOf('1..1')]).toEqual([{ min: 2 }, { max: 0 }, { min: 1, max: 1 }])
    expect([countsOf('..'), countsOf('2'), countsOf('-1..'), countsOf('3..2')]).toEqual(Array(4).fill(undefined))
    expect(daysOf('2026-01-31..')).toEqual({ from: '2026-01-31' })
    expect([daysOf('2026-02-01..2026-01-01'), daysOf('2026-13-01..'), daysOf('..')]).toEqual(Array(3).fill(undefined))
  })

  it.each(['atLeast', 'atMost', 'exactly'] as const)('writes and reads back %s', (comparator) => {
    expect(comparisonOf(countsOf(rangeText(comparator, 3)))).toEqual({ comparator, number: 3 })
  })

  it('asks the server only when there is something to ask', () => {
    expect(queryOf({ q: 'a', show: 'labelled' })).toBeUndefined()
    expect(queryOf({ concept: 'car', n: '2..' })).toEqual({ concept: 'car', conceptCount: { min: 2 } })
  })

  it('ends a day when the next one begins', () => {
    const { created } = queryOnWire({ created: { from: '2026-01-31', to: '2026-01-31' } })
    const begin = BigInt(new Date(2026, 0, 31).getTime() / 1000)
    const end = BigInt(new Date(2026, 1, 1).getTime() / 1000)
    expect(created).toEqual({ from: { seconds: begin }, to: { seconds: end } })
  })

  it('says in a chip what it does and what goes with it', () => {
    const search = {
      concept: 'car',
      n: '2..',
      assignee: 'ann',
      regions: '..0',
      score: '..40',
      created: '2026-01-01..',
    }
    expect(chipsOf(search, (_, id) => id.toUpperCase())).toEqual([
      { text: 'Assigned to ANN', keys: ['assignee'] },
      { text: 'CAR ≥ 2', keys: ['concept', 'n'] },
      { text: 'Regions ≤ 0', keys: ['regions'] },
      { text: 'Model score ≤ 40 %', keys: ['score'] },
      { text: 'Added since 2026-01-01', keys: ['created'] },
    ])
  })
})
