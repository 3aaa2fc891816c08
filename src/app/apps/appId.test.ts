import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appIdFrom, appIdProblem } from './appId.ts'

describe('appIdFrom', () => {
  it.each([
    ['Boats & Harbours, 2026', 'boats-harbours-2026'],
    ['  Straßen in Köln ', 'strassen-in-koln'],
    ['日本', ''],
    ['a'.repeat(60), 'a'.repeat(48)],
  ])('makes %j readable', (name, id) => {
    expect(appIdFrom(name)).toBe(id)
  })
  it('always makes an id that is valid, or none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (name) => {
        const id = appIdFrom(name)
        return id === '' || appIdProblem(id, new Set()) === undefined
      }),
    )
  })
})

describe('appIdProblem', () => {
  it.each(['', 'Boats', '-a', 'a-', 'a b', 'a/b', 'a'.repeat(49)])('refuses %j', (id) => {
    expect(appIdProblem(id, new Set())).toBeTypeOf('string')
  })
  it('refuses what is taken', () => {
    expect(appIdProblem('boats', new Set(['boats']))).toMatch(/already/)
  })
})
