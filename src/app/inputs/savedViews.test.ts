import { expect, it } from 'vitest'
import { viewAt, viewsOf, whyNoName } from './savedViews.ts'

const views = [
  { name: 'Cars', search: { concept: 'car', n: '2..' } },
  { name: 'To do', search: { show: 'unlabelled' as const } },
]

it('reads what it wrote, and nothing else', () => {
  expect(viewsOf(JSON.stringify(views))).toEqual(views)
  expect(viewsOf('[{"name":"x","search":{"regions":"odd","q":"a"}},null,7,{"name":1}]')).toEqual([
    { name: 'x', search: { q: 'a' } },
  ])
  expect([viewsOf(undefined), viewsOf('{'), viewsOf('{}')]).toEqual([[], [], []])
})

it('knows the view at an address, whatever the order of its filters', () => {
  expect(viewAt(views, { n: '2..', concept: 'car' })?.name).toBe('Cars')
  expect(viewAt(views, { concept: 'car' })).toBeUndefined()
})

it('has each name once', () => {
  expect(whyNoName(' cars ', views)).toBe('There is a view of this name')
  expect(whyNoName('cars', views, views[0])).toBeUndefined()
  expect(whyNoName('  ', views)).toBe('Give it a name')
  expect(whyNoName('x'.repeat(61), views)).toMatch(/60/)
})
