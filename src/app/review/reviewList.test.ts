import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { workState } from '#app/work/workStates.ts'
import { type WorkItem, WorkItemSchema } from '#gen/marquee/v1/team_pb.ts'
import { grown, leftOf, walked } from './reviewList.ts'

const item = (id: string, state: WorkItem['state'] = workState.waiting): WorkItem =>
  create(WorkItemSchema, { id, taskId: 't', state, input: { inputId: `of ${id}` } })

it('has to ask about what waited and is not listed any more, until it is known', () => {
  const [a, b, c] = [item('a'), item('b'), item('c')]
  expect(leftOf([a, b, c], [b])).toEqual([a, c])
  const known = grown([a, b, c], [item('a', workState.done)])
  expect(known.map(({ id, state }) => [id, state])).toEqual([
    ['a', workState.done],
    ['b', workState.waiting],
    ['c', workState.waiting],
  ])
  expect(leftOf(known, [b])).toEqual([c])
})

it('walks an image of a consensus once, to compare it; other work piece by piece', () => {
  const on = (id: string, inputId: string, state: WorkItem['state'] = workState.waiting, taskId = 'apart') =>
    create(WorkItemSchema, { id, taskId, state, input: { inputId } })
  const items = [
    on('a', 'cat'),
    on('x', 'boat', workState.waiting, 't'),
    on('b', 'cat'),
    on('c', 'dog', workState.done),
    on('y', 'boat', workState.waiting, 't'),
    on('d', 'dog'),
  ]
  const walk = (open: string) =>
    walked(items, new Set(['apart']), open, ({ state }) => state === workState.waiting).map(
      ({ item: { id }, compared }) => `${id}${compared ? ' compared' : ''}`,
    )
  expect(walk('')).toEqual(['a compared', 'x', 'd compared', 'y'])
  expect(walk('apart/cat/b')[0]).toBe('b compared')
})
