import { describe, expect, it } from 'vitest'
import { emptyDraft, problemsOf, sharesOfDraft, type TaskDraft } from './taskDraft.ts'

const people = (...ids: string[]) => ids.map((id, i) => ({ id, weight: i + 1 }))
const draft = (changed: Partial<TaskDraft>): TaskDraft => ({
  ...emptyDraft,
  name: 'Cars',
  labelers: people('ana', 'bo', 'cy'),
  reviewers: ['rex'],
  ...changed,
})

describe('what keeps a draft from being a task', () => {
  const problems = (changed: Partial<TaskDraft>) => problemsOf(draft(changed), 'owner', false)
  it('is nothing when it is complete', () => expect(problems({})).toEqual({}))
  it('is not a part of a percent, nor a consensus of nobody', () => {
    expect(problems({ sample: 0.5 })).toEqual({})
    expect(problems({ review: 'consensus', agree: 0 })).toEqual({})
  })
  it('is taking away all concepts of a task that names some, which the API cannot', () => {
    expect(problemsOf(draft({ concepts: [] }), 'owner', false, true)).toHaveProperty('concepts')
    expect(problemsOf(draft({ concepts: ['car'] }), 'owner', false, true)).toEqual({})
  })
  it.each<[keyof TaskDraft, Partial<TaskDraft>]>([
    ['name', { name: '  ' }],
    ['labelers', { labelers: [] }],
    ['labelers', { give: 'weighted', labelers: [{ id: 'ana', weight: 0 }] }],
    [
      'labelers',
      {
        give: 'weighted',
        perInput: 2,
        labelers: [
          { id: 'ana', weight: 9 },
          { id: 'bo', weight: 1 },
        ],
      },
    ],
    ['perInput', { perInput: 4 }],
    ['perInput', { perInput: 0 }],
    ['sourceId', { source: 'dataset' }],
    ['sourceId', { source: 'input', sourceId: ' ' }],
    ['sample', { sample: 0 }],
    ['sample', { sample: 100.5 }],
    ['agree', { review: 'consensus' }],
    ['agree', { review: 'consensus', give: 'full', agree: 1.5 }],
    ['agree', { review: 'consensus', give: 'queue', agree: 4 }],
    ['agree', { review: 'consensus', give: 'full', agree: 4 }],
    ['reviewers', { labelers: people('owner', 'ana'), reviewers: ['owner'] }],
  ])('%s: %o', (field, changed) => expect(Object.keys(problems(changed))).toEqual([field]))
})

describe('who gets how many', () => {
  it('adds up to every place, each within one of their weight', () => {
    const shares = sharesOfDraft(draft({ give: 'weighted', perInput: 2, labelers: people('a', 'b', 'c', 'd') }), 101)!
    expect(shares.reduce((a, b) => a + b)).toBe(202)
    for (const [i, share] of shares.entries())
      expect(Math.abs(share - Math.min(101, (202 * (i + 1)) / 10))).toBeLessThan(1)
  })
  it('is everything for everybody, and unknown in a shared queue', () => {
    expect(sharesOfDraft(draft({ give: 'full' }), 7)).toEqual([7, 7, 7])
    expect(sharesOfDraft(draft({ give: 'queue' }), 7)).toBeUndefined()
  })
})
