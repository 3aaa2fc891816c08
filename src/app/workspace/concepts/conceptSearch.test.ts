import { describe, expect, it } from 'vitest'
import { conceptIdFor, enterMeans, isNewName, matchRank, searchConcepts } from './conceptSearch.ts'

const row = (id: string, name = id) => ({ id, name, color: '#000000' })
const names = (found: readonly { name: string }[]) => found.map(({ name }) => name)
const concepts = [row('oscar'), row('car'), row('race-car', 'race car'), row('carpet'), row('cart'), row('crane')]

describe('searchConcepts', () => {
  it('puts what is equal first, then beginnings, words, parts, and letters in order', () => {
    expect(names(searchConcepts(concepts, 'car'))).toEqual(['car', 'carpet', 'cart', 'race car', 'oscar'])
    expect(names(searchConcepts(concepts, 'cne'))).toEqual(['crane'])
    expect(names(searchConcepts(concepts, 'rccr'))).toEqual(['race car'])
    expect(names(searchConcepts(concepts, 'aeca'))).toEqual([])
  })
  it('puts what was used last first among equals', () => {
    expect(names(searchConcepts(concepts, '', ['crane', 'car'])).slice(0, 3)).toEqual(['crane', 'car', 'oscar'])
    expect(names(searchConcepts(concepts, 'car', ['cart']))).toEqual(['car', 'cart', 'carpet', 'race car', 'oscar'])
  })
  it('does not care for case, and finds ids', () => {
    expect(names(searchConcepts([row('c1', 'Tree')], 'tREE'))).toEqual(['Tree'])
    expect(names(searchConcepts([row('c1', 'Tree')], 'c1'))).toEqual(['Tree'])
    expect(matchRank('tree', 'x')).toBeUndefined()
  })
})

describe('a new concept', () => {
  it('is one whose name and id nobody has', () => {
    expect(isNewName(concepts, ' Race Car ')).toBe(false)
    expect(isNewName(concepts, 'race-car')).toBe(false)
    expect(isNewName(concepts, 'bus')).toBe(true)
    expect(isNewName(concepts, '  ')).toBe(false)
  })
  it('gets a readable id without a slash, that is free', () => {
    expect(conceptIdFor(' Fire / Engine ', new Set())).toBe('fire-engine')
    expect(conceptIdFor('Car', new Set(['car', 'car-2']))).toBe('car-3')
    expect(conceptIdFor('人', new Set())).toBe('人')
    expect(conceptIdFor('/', new Set())).toBe('concept')
    expect(new TextEncoder().encode(conceptIdFor('é'.repeat(200), new Set())).length).toBeLessThanOrEqual(100)
  })
})

describe('Enter', () => {
  const all = [row('train-track', 'train track'), row('car')]
  const meant = (typed: string) => enterMeans(searchConcepts(all, typed), typed, isNewName(all, typed))
  it('takes what is close, and makes what matches only with gaps', () => {
    expect(meant('tra')).toEqual({ pick: all[0] })
    expect(meant('track')).toEqual({ pick: all[0] })
    expect(meant('rat')).toEqual({ make: 'rat' })
    expect(meant(' bus ')).toEqual({ make: 'bus' })
  })
  it('does nothing with blanks', () => {
    expect(meant('   ')).toBeUndefined()
  })
  it('takes a gapped match when nothing can be made', () => {
    expect(enterMeans(searchConcepts(all, 'trk'), 'trk', false)).toEqual({ pick: all[0] })
  })
})
