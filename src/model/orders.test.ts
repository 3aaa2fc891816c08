import { expect, it } from 'vitest'
import { ordersOf, planByAuthor, planOrders } from './orders.ts'

const inputs = ['i0', 'i1', 'i2', 'i3', 'i4']
const people = [
  { id: 'ann', weight: 1 },
  { id: 'ben', weight: 1 },
]

it('shares inputs out and counts them by person', () => {
  const { given, counts, served } = planOrders(inputs, people, 1, new Map())
  expect(given).toHaveLength(5)
  expect([...counts]).toEqual([
    ['ann', 3],
    ['ben', 2],
  ])
  expect(served).toBe(0)
})

it('leaves out what somebody has already, whoever it is', () => {
  const has = new Map([
    ['i0', ['ann']],
    ['i1', ['somebody else']],
  ])
  const one = planOrders(inputs, people, 1, has)
  expect(one.served).toBe(2)
  expect(one.given.map(({ inputId }) => inputId)).toEqual(['i2', 'i3', 'i4'])
  const two = planOrders(['i0'], people, 2, has)
  expect(two.given).toEqual([{ inputId: 'i0', workerId: 'ben' }])
})

it('names an order of a batch the same way every time', () => {
  const app = { owner: 'owner', app: 'demo' }
  const given = [{ inputId: 'i0', workerId: 'ann' }]
  expect(ordersOf(given, app, 'b1')).toEqual(ordersOf(given, app, 'b1'))
  expect(ordersOf(given, app, 'b1')[0]!.id).not.toBe(ordersOf(given, app, 'b2')[0]!.id)
})

it('gives inputs to who labelled them last, and the others evenly to whom is chosen', () => {
  const authors = new Map([
    ['i0', 'cid'],
    ['i1', 'ann'],
    ['i2', 'ann'],
  ])
  const has = new Map([['i2', ['ann']]])
  const all = planByAuthor(inputs, authors, people, has)
  expect(all.given).toHaveLength(4)
  expect(all.served).toBe(1)
  expect(Object.fromEntries(all.counts)).toEqual({ cid: 1, ann: 2, ben: 1 })
  const known = planByAuthor(inputs, authors, [], has)
  expect(known.given).toEqual([
    { inputId: 'i0', workerId: 'cid' },
    { inputId: 'i1', workerId: 'ann' },
  ])
})
