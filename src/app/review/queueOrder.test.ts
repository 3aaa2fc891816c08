import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { type WorkItem, WorkItemSchema } from '#gen/marquee/v1/team_pb.ts'
import { ordered } from './queueOrder.ts'

const item = (id: string, workerId: string, regions: number, seconds: number, score?: number) =>
  create(WorkItemSchema, {
    id,
    workerId,
    regions,
    ...(score !== undefined && { score }),
    modifiedAt: { seconds: BigInt(seconds) },
    input: { inputId: `in-${id}` },
  })
const items = [item('a', 'zoe', 3, 30, 0.9), item('b', 'ana', 9, 20, 0.4), item('c', 'ana', 0, 10)]
const agreement = ({ input }: WorkItem) => ({ 'in-a': 0.2, 'in-b': 0.9 })[input?.inputId ?? '']

describe('the order of what waits', () => {
  it.each([
    ['age', 'cba'],
    ['author', 'cba'],
    ['most', 'bac'],
    ['fewest', 'cab'],
    ['score', 'bac'],
    ['agreement', 'abc'],
  ] as const)('%s', (order, expected) =>
    expect(
      ordered(items, order, agreement)
        .map(({ id }) => id)
        .join(''),
    ).toBe(expected),
  )
})
