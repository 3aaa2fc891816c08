import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { WorkSchema } from '#gen/marquee/v1/team_pb.ts'
import { TaskReview_TaskReviewStrategy as Review, TaskSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { candidates, isMine, progressOf } from './continueWith.ts'
import { submitWords } from './workWords.ts'

const aWork = (taskId: string, mine: object, more: object = {}) =>
  create(WorkSchema, { taskId, isWorker: true, mine, statusCode: StatusCode.TASK_IN_PROGRESS, ...more })

describe('what comes first', () => {
  it('is what was returned, then what is begun, then what is to do, then what may be taken', () => {
    const works = [
      aWork('a', { todo: 3 }),
      aWork('b', { todo: 2, begun: 1 }),
      aWork('c', { returned: 1, todo: 1 }),
      aWork('d', {}, { unclaimed: 5 }),
    ]
    expect(candidates(works).map(({ work, group }) => `${group} ${work.taskId}`)).toEqual([
      'returned c',
      'begun b',
      'todo a',
      'todo b',
      'todo c',
      'unclaimed d',
    ])
  })

  it('leaves out what is paused or finished, and what is only to be reviewed', () => {
    const works = [
      aWork('paused', { todo: 3 }, { paused: true }),
      aWork('finished', { todo: 3 }, { statusCode: StatusCode.TASK_DONE }),
      aWork('review', {}, { isWorker: false, isReviewer: true, toReview: 4 }),
    ]
    expect(candidates(works)).toEqual([])
    expect(isMine(works[2]!)).toBe(false)
  })

  it('counts what may still be taken among the whole, not among what is due', () => {
    const work = aWork('a', { todo: 2, begun: 1, returned: 1, waiting: 4, done: 2 }, { unclaimed: 10 })
    expect(progressOf(work)).toEqual({ total: 20, done: 2, waiting: 4, returned: 1, due: 4 })
  })
})

describe('what Submit says', () => {
  const facts = {
    review: 'none' as const,
    reviewers: [],
    round: 0,
    denied: false,
    nameOf: (id: string) => ({ ana: 'Ana' })[id] ?? id,
  }
  const aTask = (review: object) => create(TaskSchema, { id: 't', review })

  it('names the reviewers', () => {
    const task = aTask({ strategy: Review.MANUAL, users: [{ id: 'ana' }, { id: 'tom' }] })
    expect(submitWords({ ...facts, task })).toMatchObject({ to: 'review', text: 'review by Ana +1' })
  })

  it('says done where nobody reviews, and consensus where several must agree', () => {
    expect(submitWords({ ...facts, task: aTask({ strategy: Review.NONE }) }).text).toBe('done')
    const consensus = aTask({
      strategy: Review.CONSENSUS,
      strategyInfo: { case: 'consensusStrategyInfo', value: { approvalThresholdLabelers: 3 } },
    })
    expect(submitWords({ ...facts, task: consensus }).text).toBe('consensus of 3')
    expect(submitWords({ ...facts, task: consensus, round: 1 }).to).toBe('review')
  })

  it('follows the setting of the app outside of tasks', () => {
    expect(submitWords({ ...facts, task: undefined }).to).toBe('done')
    expect(submitWords({ ...facts, task: undefined, review: 'manual', reviewers: ['ana'] }).text).toBe('review by Ana')
  })

  it('sends denied work to the reviewers again', () => {
    expect(submitWords({ ...facts, task: undefined, denied: true }).to).toBe('review')
  })
})
