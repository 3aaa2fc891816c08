import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { WorkItemSchema } from '#gen/marquee/v1/team_pb.ts'
import { answeredWords, isApprovable, isJudged, peopleOf, together } from './together.ts'

const item = (taskId: string, inputId: string, id: string) => create(WorkItemSchema, { taskId, id, input: { inputId } })
const ids = (...from: Parameters<typeof together>) => together(...from).map((card) => card.map(({ id }) => id))

it('shows one photograph of a consensus once, in the place of the first, and all else for itself', () => {
  const items = [
    item('c', 'i', 'a'),
    item('m', 'i', 'x'),
    item('c', 'j', 'b'),
    item('c', 'i', 'd'),
    item('m', 'i', 'y'),
  ]
  expect(ids(items, new Set(['c']))).toEqual([['a', 'd'], ['x'], ['b'], ['y']])
  expect(ids(items, new Set())).toEqual([['a'], ['x'], ['b'], ['d'], ['y']])
})

it('judges nothing alone that several people labelled apart, though only one of them is shown', () => {
  const alone = create(WorkItemSchema, { id: 'a' })
  const filtered = create(WorkItemSchema, { id: 'a', othersWaiting: 2 })
  expect([isJudged([alone]), isJudged([filtered]), isJudged([alone, alone])]).toEqual([true, false, false])
  expect([peopleOf([alone]), peopleOf([filtered]), peopleOf([alone, alone])]).toEqual([1, 3, 2])
})

it('approves nothing against an answer that is approved', () => {
  const alone = create(WorkItemSchema, { id: 'a' })
  const against = create(WorkItemSchema, { id: 'a', othersApproved: ['ana', 'nina'] })
  expect([isApprovable([alone]), isApprovable([against]), isApprovable([alone, alone])]).toEqual([true, false, false])
  const nameOf = (id: string) => id.toUpperCase()
  expect(answeredWords(alone, nameOf)).toBeUndefined()
  expect(answeredWords(against, nameOf)).toContain('The answer of ANA, NINA is approved here already')
})
