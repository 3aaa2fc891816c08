import { describe, expect, it } from 'vitest'
import { palette } from '#model/concept.ts'
import { aBox, aRegion } from '#testing/builders.ts'
import { colorFor, displayStore, pictureFilter, readDisplay, setWindowEnd, usualDisplay } from './displaySettings.ts'

const kept = (value: unknown) => ({ getItem: () => (typeof value === 'string' ? value : JSON.stringify(value)) })

describe('what is remembered of the display', () => {
  it('is taken over where it is possible, else stays as usual', () => {
    expect(readDisplay(kept({ labels: 'always', brightness: 1.5, invert: true, colorBy: 'region' }))).toEqual({
      ...usualDisplay,
      labels: 'always',
      brightness: 1.5,
      invert: true,
      colorBy: 'region',
    })
    expect(readDisplay(kept({ labels: 'loud', brightness: 99, contrast: 'x', halo: 1, colorBy: null }))).toEqual(
      usualDisplay,
    )
    expect(readDisplay(kept('no JSON'))).toEqual(usualDisplay)
    expect(readDisplay(kept('null'))).toEqual(usualDisplay)
  })
})

describe('the picture', () => {
  it.each([
    ['low', 1800, [800 / 2000, 1]],
    ['low', 200, [0, 1]],
    ['low', 9000, [63 / 64, 1]],
    ['high', 1500, [0, 500 / 2000]],
    ['high', 0, [0, 1 / 64]],
  ] as const)('has its window by numbers of its own: %s %i', (end, value, window) => {
    displayStore.setState({ range: [1000, 3000], settings: usualDisplay })
    setWindowEnd(end, value)
    expect(displayStore.getState().settings.window).toEqual(window)
  })

  it('keeps its window open when one end passes the other', () => {
    displayStore.setState({ range: [0, 100], settings: { ...usualDisplay, window: [0.2, 0.4] } })
    setWindowEnd('low', 60)
    expect(displayStore.getState().settings.window).toEqual([0.6, 0.6 + 1 / 64])
  })

  it('has no filter when it is shown as it is', () => {
    expect(pictureFilter(usualDisplay)).toBe('')
    expect(pictureFilter({ ...usualDisplay, brightness: 1.4, invert: true })).toBe('brightness(1.4) invert(1)')
  })
})

describe('colours', () => {
  const one = aRegion('one', aBox(0, 0, 10, 10))
  const two = aRegion('two', aBox(0, 0, 10, 10))
  it('are the concept’s, or one for each region, or one for each author', () => {
    const ofConcept = () => '#123456'
    expect(colorFor('concept', ofConcept)(one)).toBe('#123456')
    const byRegion = colorFor('region', ofConcept)
    expect(byRegion(one)).toBe(byRegion(one))
    expect(byRegion(one)).not.toBe(byRegion(two))
    const byAuthor = colorFor('author', ofConcept)
    expect(byAuthor(one)).toBe(byAuthor(two))
    // people are told apart as far as the palette goes, whatever their names
    const people = Array.from({ length: palette.length - 1 }, (_, i) => ({ ...two.madeBy, id: `person ${i}` }))
    const colors = people.map((madeBy) => byAuthor({ ...two, madeBy }))
    expect(new Set([byAuthor(one), ...colors]).size).toBe(palette.length)
  })
})
