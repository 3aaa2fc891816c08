import { expect, it } from 'vitest'
import { partOf } from './ranges.ts'

const media = { etag: '"abc"', size: 1000 }

it.each([
  ['bytes=0-99', { first: 0, last: 99 }],
  ['bytes=100-', { first: 100, last: 999 }],
  ['bytes=-1', { first: 999, last: 999 }],
  ['bytes=-5000', { first: 0, last: 999 }],
  ['bytes=999-5000', { first: 999, last: 999 }],
  ['bytes=1000-', 'beyond'],
  ['bytes=-0', 'beyond'],
  ['bytes=5-4', undefined],
  ['bytes=0-1,5-6', undefined],
  ['bytes=-', undefined],
  ['items=0-5', undefined],
  [undefined, undefined],
])('%s', (range, expected) => {
  expect(partOf({ range }, media)).toEqual(expected)
})

it('gives everything to who has a part of something else', () => {
  expect(partOf({ range: 'bytes=5-', 'if-range': '"abc"' }, media)).toEqual({ first: 5, last: 999 })
  for (const ifRange of ['"old"', 'W/"abc"', 'Mon, 30 Nov 2026 09:00:00 GMT'])
    expect(partOf({ range: 'bytes=5-', 'if-range': ifRange }, media)).toBeUndefined()
})

it('has no part of nothing', () => {
  expect(partOf({ range: 'bytes=0-' }, { ...media, size: 0 })).toBe('beyond')
  expect(partOf({ range: 'bytes=-5' }, { ...media, size: 0 })).toBe('beyond')
})
