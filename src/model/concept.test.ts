import { describe, expect, it } from 'vitest'
import { conceptColor, conceptOrder, conceptSlots, freeColor, palette } from './concept.ts'

const named = (id: string, marquee?: Record<string, string | number>) => ({
  id,
  ...(marquee && { metadata: { marquee } }),
})

describe('conceptColor', () => {
  it('is the app’s own, else always the same of the palette for an id', () => {
    expect(conceptColor(named('car', { color: '#ABCDEF' }))).toBe('#abcdef')
    expect(conceptColor(named('car', { color: 'javascript:1' }))).toBe(conceptColor(named('car')))
    expect(palette).toContain(conceptColor(named('car')))
  })

  it('spreads ids over the whole palette', () => {
    const used = new Set(Array.from({ length: 200 }, (_, i) => conceptColor(named(`concept-${i}`))))
    expect(used.size).toBe(palette.length)
  })
})

it('offers a colour that nobody has yet', () => {
  const concepts: ReturnType<typeof named>[] = []
  for (let i = 0; i < palette.length; i++) concepts.push(named(`c${i}`, { color: freeColor(concepts) }))
  expect(new Set(concepts.map(conceptColor)).size).toBe(palette.length)
})

it('orders by the app’s order, then by name', () => {
  const concepts = [named('tree'), named('bus', { order: 2 }), named('ape'), named('car', { order: 1 })]
  expect(concepts.sort(conceptOrder).map(({ id }) => id)).toEqual(['car', 'bus', 'ape', 'tree'])
})

it('counts numbers in names by their size', () => {
  const concepts = ['a10', 'a2', 'b1', 'a1'].map((id) => named(id))
  expect(concepts.sort(conceptOrder).map(({ id }) => id)).toEqual(['a1', 'a2', 'a10', 'b1'])
})

it('gives slots to those that have one, then fills up', () => {
  const many = Array.from({ length: 12 }, (_, i) => named(`c${String(i).padStart(2, '0')}`))
  const slots = conceptSlots([...many, named('zoo', { hotkey: 2 }), named('yak', { hotkey: '0' })])
  expect(slots.get(1)).toBe('c00')
  expect(slots.get(2)).toBe('zoo')
  expect(slots.get(3)).toBe('c01')
  expect(slots.get(10)).toBe('yak')
  expect(slots.size).toBe(10)
})

it('gives a slot that two want to the first, and ignores slots that no key has', () => {
  const slots = conceptSlots([named('a', { hotkey: 1 }), named('b', { hotkey: 1 }), named('c', { hotkey: 77 })])
  expect([...slots]).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ])
})
