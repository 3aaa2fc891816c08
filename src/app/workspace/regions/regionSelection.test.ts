import { describe, expect, it } from 'vitest'
import { movedSelection } from './regionSelection.ts'

const keys = ['a', 'b', 'c', 'd']
const move = (to: string, rest: Partial<Parameters<typeof movedSelection>[0]> = {}) => [
  ...movedSelection({ keys, selected: new Set(['b']), anchor: 'b', to, range: false, toggle: false, ...rest }),
]

describe('movedSelection', () => {
  it('is the chosen one alone', () => expect(move('d')).toEqual(['d']))
  it('adds and takes away', () => {
    expect(move('d', { toggle: true })).toEqual(['b', 'd'])
    expect(move('b', { toggle: true })).toEqual([])
  })
  it('reaches from the anchor either way', () => {
    expect(move('d', { range: true })).toEqual(['b', 'c', 'd'])
    expect(move('a', { range: true })).toEqual(['a', 'b'])
  })
  it('is the chosen one alone when the anchor has gone', () =>
    expect(move('d', { range: true, anchor: 'gone' })).toEqual(['d']))
})
