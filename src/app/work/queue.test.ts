import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { WorkItemSchema, WorkState } from '#gen/marquee/v1/team_pb.ts'
import {
  atPlace,
  nextAfter,
  placeOf,
  putLast,
  startQueue,
  withItems,
  withoutLost,
  withReturned,
  withSubmitted,
} from './queue.ts'
import { workState } from './workStates.ts'

const anItem = (id: string, state: WorkState = WorkState.TODO) =>
  create(WorkItemSchema, { id, state, input: { inputId: `in-${id}` } })

const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id).join(' ')
const none: ReadonlySet<string> = new Set()
/** 10 in all: 6 submitted, 4 open. */
const aQueue = () =>
  startQueue(
    undefined,
    ['a', 'b', 'c', 'd'].map((id) => anItem(id)),
    undefined,
    { total: 10, openTotal: 4 },
  )

it('names the states as the server does', () => {
  expect(workState).toEqual({
    any: WorkState.ANY,
    todo: WorkState.TODO,
    returned: WorkState.RETURNED,
    waiting: WorkState.WAITING,
    done: WorkState.DONE,
    open: WorkState.OPEN,
  })
})

describe('places', () => {
  it('count what was submitted before', () => {
    const queue = aQueue()
    expect(placeOf(queue, 'in-a')).toBe(7)
    expect(atPlace(queue, 8)?.id).toBe('b')
    expect(atPlace(queue, 6)).toBeUndefined()
  })

  it('give a submitted item that is opened its own before the open ones', () => {
    const opened = anItem('s', WorkState.WAITING)
    const queue = startQueue(opened, [anItem('a'), anItem('b')], undefined, { total: 10, openTotal: 2 })
    expect(placeOf(queue, 'in-s')).toBe(8)
    expect(placeOf(queue, 'in-b')).toBe(10)
  })
})

describe('what is next', () => {
  it('is the open one that follows, then what was passed over', () => {
    const queue = aQueue()
    expect(nextAfter(queue, 'in-b', none)?.id).toBe('c')
    expect(nextAfter(queue, 'in-d', none)?.id).toBe('a')
    expect(nextAfter(queue, 'in-b', new Set(['c']))?.id).toBe('d')
  })

  it('is what was sent back, wherever it stands', () => {
    const queue = withItems(aQueue(), [anItem('d', WorkState.RETURNED)])
    expect(nextAfter(queue, 'in-a', none)?.id).toBe('d')
  })

  it('is nothing when all is submitted', () => {
    expect(nextAfter(aQueue(), 'in-a', new Set(['b', 'c', 'd']))).toBeUndefined()
  })
})

describe('changes', () => {
  it('keep every item where it stands, and put new ones last', () => {
    const queue = withItems(aQueue(), [anItem('b', WorkState.WAITING), anItem('e')])
    expect(ids(queue.items)).toBe('a b c d e')
    expect(queue.items[1]?.state).toBe(WorkState.WAITING)
    expect(queue.total).toBe(11)
  })

  it('bring what was returned meanwhile right after what is open, without counting it twice', () => {
    const queue = withReturned(aQueue(), [anItem('x', WorkState.RETURNED)], 'in-b')
    expect(ids(queue.items)).toBe('a b x c d')
    expect(queue).toMatchObject({ total: 10, before: 5 })
    expect(placeOf(queue, 'in-d')).toBe(10)
  })

  it('put what was submitted before this visit before the rest, and leave the places as they are', () => {
    const queue = withSubmitted(aQueue(), [anItem('y', WorkState.DONE), anItem('z', WorkState.WAITING)])
    expect(ids(queue.items)).toBe('y z a b c d')
    expect(queue.before).toBe(4)
    expect(placeOf(queue, 'in-a')).toBe(7)
  })

  it('let go of what was given to somebody else, but for what is on the screen', () => {
    const queue = withoutLost(aQueue(), [anItem('d')], 'in-b', 7)
    expect(ids(queue.items)).toBe('b d')
    expect(nextAfter(queue, 'in-b', none)?.id).toBe('d')
  })

  it('put what is skipped last', () => {
    expect(ids(putLast(aQueue(), 'b').items)).toBe('a c d b')
  })
})
