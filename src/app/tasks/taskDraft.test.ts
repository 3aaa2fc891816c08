import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { TaskSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { draftOf, emptyDraft, problemsOf, sharesOfDraft, type TaskDraft, taskOf } from './taskDraft.ts'

const people = (...ids: string[]) => ids.map((id, i) => ({ id, weight: i + 1 }))
const draft = (changed: Partial<TaskDraft>): TaskDraft => ({
  ...emptyDraft,
  name: 'Cars',
  labelers: people('ana', 'bo', 'cy'),
  reviewers: ['rex'],
  ...changed,
})

describe('a task and its draft', () => {
  it.each<[string, Partial<TaskDraft>]>([
    ['evenly, reviewed in part', { labelers: people('ana'), sample: 25 }],
    ['by weight, two on each input', { give: 'weighted', perInput: 2, concepts: ['car', 'van'], priority: 'high' }],
    [
      'all to everybody, by consensus',
      { give: 'full', labelers: people('ana').concat({ id: 'bo', weight: 1 }), review: 'consensus', agree: 2 },
    ],
    ['a shared queue without review', { give: 'queue', labelers: people('ana'), review: 'none', reviewers: [] }],
    [
      'of a dataset',
      {
        labelers: people('ana'),
        source: 'dataset',
        sourceId: 'night',
        type: 'polygons',
        instructions: '# Cars\n*all*',
      },
    ],
  ])('come out the same: %s', (_, changed) => {
    const asked = draft(changed)
    const expected =
      asked.give === 'weighted' ? asked : { ...asked, labelers: asked.labelers.map(({ id }) => ({ id, weight: 1 })) }
    expect(draftOf(create(TaskSchema, taskOf(asked)))).toEqual(expected)
  })

  it('keeps what others have in the metadata when a task is changed', () => {
    const before = create(TaskSchema, {
      id: 't',
      metadata: { team: 'north', marquee: { paused: true, instructions: 'old' } },
    })
    expect(taskOf(draft({ instructions: 'new' }), before)).toMatchObject({
      id: 't',
      metadata: { team: 'north', marquee: { paused: true, instructions: 'new' } },
    })
  })
})

describe('what keeps a draft from being a task', () => {
  const problems = (changed: Partial<TaskDraft>) => problemsOf(draft(changed), 'owner', false)
  it('is nothing when it is complete', () => expect(problems({})).toEqual({}))
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
    ['sample', { sample: 0 }],
    ['agree', { review: 'consensus' }],
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
