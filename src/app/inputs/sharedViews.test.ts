import { fromJson, type JsonObject } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { InputViewSchema, InputQuery_Work as Work } from '#gen/marquee/v1/marquee_pb.ts'
import type { GridSearch } from './gridFilter.ts'
import { queryOfView, sharedViewsOf } from './sharedViews.ts'

const saved = (query: object) => ({ id: 's', name: '', query: query as never })
const viewIn = (search: GridSearch): JsonObject => queryOfView(search).filters[0]!.input.data.metadata.marquee.view

it.each<GridSearch>([
  { q: 'harbour', show: 'unlabelled' },
  { work: 'returned', assignee: 'ann', show: 'labelled' },
  { author: 'ben', concept: 'boat', n: '2..5', regions: '..3', score: '40..' },
  { created: '2026-01-31..2026-02-03', changed: '2026-03-29..' },
  { created: '..2026-10-25' },
  {},
])('comes back as it was saved: %j', (search) => {
  expect(sharedViewsOf([saved({ negate: false, ...queryOfView(search) })])).toEqual([{ id: 's', name: 's', search }])
})

it('is what the server reads', () => {
  const view = fromJson(
    InputViewSchema,
    viewIn({ q: 'x', work: 'awaiting', concept: 'boat', n: '2..', created: '2026-01-31..2026-01-31' }),
  )
  expect(view).toMatchObject({
    text: 'x',
    query: { work: Work.AWAITING_REVIEW, conceptId: 'boat', conceptCount: { min: 2 } },
  })
  const { from, to } = view.query!.created!
  expect(Number(to!.seconds - from!.seconds)).toBe(24 * 3600)
})

it('leaves out searches of other filters', () => {
  const [filter] = queryOfView({ q: 'x' }).filters
  const others = [
    { filters: [] },
    { filters: [filter, filter] },
    { filters: [{ ...filter, negate: true }] },
    { filters: [{ annotation: { userId: 'ann' } }] },
    { filters: [filter], ands: [{}] },
  ]
  expect(sharedViewsOf([...others.map(saved), { id: 'bare', name: '' }])).toEqual([])
})
