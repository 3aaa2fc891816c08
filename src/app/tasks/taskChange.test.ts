import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import {
  TaskReview_TaskReviewStrategy as Review,
  type TaskInputSource_TaskInputSourceType as Source,
  TaskWorker_TaskWorkerStrategy as Strategy,
  type Task,
  TaskSchema,
  TaskWorker_WorkerType as WorkerType,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { changesOf, clashesOf, patchOf } from './taskChange.ts'
import { draftOf } from './taskWire.ts'

const worker = (id: string) => ({ worker: { case: 'user' as const, value: { id } } })
const task = (changed: Partial<Pick<Task, 'name' | 'type' | 'metadata'>> = {}) => ({
  ...create(TaskSchema, {
    id: 't',
    name: 'Cars',
    inputSource: { type: 4 as Source, id: 'one' },
    concepts: [{ concept: { id: 'car' } }],
    worker: {
      type: WorkerType.WORKER_HUMAN,
      strategy: Strategy.PARTITIONED,
      workers: [worker('ana'), worker('bo')],
      strategyInfo: { case: 'partitionedStrategyInfo', value: { workersPerInput: 1 } },
    },
    review: {
      strategy: Review.MANUAL,
      users: [{ id: 'rex' }],
      strategyInfo: { case: 'manualStrategyInfo', value: { samplePercentage: 0.125, approvalThreshold: -1 } },
    },
    metadata: { team: 'north', marquee: { paused: true, overlap: 0.7, instructions: 'old' } },
  }),
  ...changed,
})

describe('an edit of a task', () => {
  it('sends nothing when nothing differs', () => {
    expect(patchOf(task(), {})).toBeUndefined()
    expect(patchOf(task(), { name: 'Cars' })).toBeUndefined()
  })

  it('sends only what it changes, so a task of one input is not handed out as all inputs', () => {
    expect(patchOf(task(), { name: 'Boats' })).toEqual({ id: 't', name: 'Boats' })
  })

  it('takes over what the form does not know of the part it changes', () => {
    expect(patchOf(task(), { sample: 50 })).toEqual({
      id: 't',
      review: {
        strategy: Review.MANUAL,
        users: [{ id: 'rex' }],
        strategyInfo: { case: 'manualStrategyInfo', value: { samplePercentage: 0.5, approvalThreshold: -1 } },
      },
    })
    expect(patchOf(task(), { perInput: 2 })?.worker).toMatchObject({ type: WorkerType.WORKER_HUMAN })
    expect(patchOf(task(), { instructions: 'new' })).toEqual({
      id: 't',
      metadata: { team: 'north', marquee: { paused: true, overlap: 0.7, instructions: 'new' } },
    })
    expect(patchOf(task(), { overlap: 80 })).toEqual({
      id: 't',
      metadata: { team: 'north', marquee: { paused: true, overlap: 0.8, instructions: 'old' } },
    })
  })

  it('keeps “all reviewers must approve” from one strategy to the other', () => {
    const patch = patchOf(task(), { review: 'consensus', agree: 2, perInput: 2 })
    expect(patch?.review?.strategyInfo).toEqual({
      case: 'consensusStrategyInfo',
      value: { approvalThresholdLabelers: 2, approvalThresholdReviewers: -1 },
    })
  })

  it('keeps what others changed meanwhile', () => {
    const now = task({ name: 'Vans', metadata: { team: 'south', marquee: { paused: false } } })
    expect(patchOf(now, { instructions: 'new' })).toEqual({
      id: 't',
      metadata: { team: 'south', marquee: { paused: false, instructions: 'new' } },
    })
  })

  it('knows which of its fields somebody else has changed to something else', () => {
    const before = draftOf(task())
    const changes = changesOf(before, { ...before, name: 'Boats', priority: 'high' })
    expect(changes).toEqual({ name: 'Boats', priority: 'high' })
    expect(clashesOf(before, changes, draftOf(task({ name: 'Vans' })))).toEqual(['name'])
    expect(clashesOf(before, changes, draftOf(task({ name: 'Boats' })))).toEqual([])
    expect(clashesOf(before, changes, draftOf(task({ type: 3 })))).toEqual([])
  })
})
