import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { WorkSchema } from '#gen/marquee/v1/team_pb.ts'
import { needsOf, unseen } from './needs.ts'

const work = (more: MessageInitShape<typeof WorkSchema>) => create(WorkSchema, more)

describe('needsOf', () => {
  const needs = needsOf([
    work({ taskId: 't', name: 'Boats', mine: { todo: 2, begun: 1, returned: 1 }, toReview: 2 }),
    work({ taskId: '', mine: { todo: 5 } }),
    work({ taskId: 'p', name: 'Paused', mine: { todo: 9 }, paused: true }),
    work({ taskId: 'd', name: 'Done', mine: { done: 4 } }),
  ])
  it('lists what was sent back first, and nothing that is paused or done', () => {
    expect(needs.map(({ text }) => text)).toEqual([
      '1 image returned to you in Boats',
      '2 images to review in Boats',
      '3 images to label in Boats',
      '5 images to label in work assigned to you',
    ])
  })
  it('counts what came since they looked, and never less than nothing', () => {
    expect(unseen(needs, {})).toBe(11)
    expect(unseen(needs, { 'returned/t': 1, 'review/t': 7, 'assigned/t': 1, 'assigned/': 5 })).toBe(2)
  })
})
