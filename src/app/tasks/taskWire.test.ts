import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { TaskSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { emptyDraft, type TaskDraft } from './taskDraft.ts'
import { draftOf, taskOf } from './taskWire.ts'

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
    ['a part of a percent of one input', { labelers: people('ana'), source: 'input', sourceId: 'i1', sample: 12.5 }],
    ['by consensus that reviewers decide', { labelers: people('ana'), review: 'consensus', agree: 0, overlap: 72.5 }],
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
      metadata: { team: 'north', marquee: { paused: true, instructions: 'new' } },
    })
  })
})
