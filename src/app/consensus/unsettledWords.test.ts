import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { workState } from '#app/work/workStates.ts'
import { WorkItemSchema, type WorkState } from '#gen/marquee/v1/team_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { unsettledWords } from './useConsensusMode.ts'

const item = (workerId: string, state: WorkState, more: { decidedBy?: string; statusCode?: number } = {}) =>
  create(WorkItemSchema, { workerId, state, ...more })
const words = (...items: ReturnType<typeof item>[]) => unsettledWords(items, (id) => id.toUpperCase())
const { done, waiting, returned, todo } = workState
const others = { statusCode: StatusCode.TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW }

it('says who has settled it, or with whom it is', () => {
  expect(words(item('a', done, { decidedBy: 'r' }), item('b', done, { decidedBy: 'r' }))).toBe('Settled by R.')
  expect(words(item('a', done), item('b', done))).toBe('They agree: it is approved.')
  expect(words(item('a', returned), item('b', waiting))).toBe('Sent back: it is with A again.')
  expect(words(item('a', waiting, others), item('b', todo))).toBe('It waits for B.')
  expect(words(item('a', waiting, others), item('b', waiting, others))).toBe('It waits for the others.')
  expect(words(item('a', done, { decidedBy: 'r' }), item('b', waiting))).toBe(
    'An answer is approved by R; that of B waits beside it.',
  )
})
