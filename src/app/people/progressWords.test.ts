import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { FormerPersonSchema, RestorePersonResponseSchema } from '#gen/marquee/v1/office_pb.ts'
import { PersonProgressSchema } from '#gen/marquee/v1/team_pb.ts'
import { duration, leftWords, openOf, percent, removalQuestion, returnedWords, sentBackRate } from './progressWords.ts'

const progress = create(PersonProgressSchema, {
  userId: 'ann',
  counts: { todo: 3, begun: 1, returned: 2, waiting: 4, done: 10 },
  verdicts: 8,
  sentBack: 1,
})

describe('progress in words', () => {
  it('counts as open what is to do, begun or returned', () => {
    expect(openOf(progress.counts)).toBe(6)
    expect(openOf(undefined)).toBe(0)
  })
  it.each([
    [0, '–'],
    [45, '45 s'],
    [185, '3 min 05 s'],
    [3720, '1 h 02 min'],
  ])('%i seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text)
  })
  it('tells nothing where nothing is known', () => {
    expect(sentBackRate({ verdicts: 0, sentBack: 0 })).toBe('–')
    expect(percent(undefined)).toBe('–')
    expect(sentBackRate(progress)).toBe('13%')
  })
  it('says what becomes of the work of somebody who is removed', () => {
    expect(removalQuestion('Ann', progress)).toBe(
      'Ann loses access at once. 6 open items go back to the others of the task, or to the owner. 14 submitted items and all labels stay theirs. For 30 days they can be brought back as they were.',
    )
    expect(removalQuestion('Bo', undefined)).toBe(
      'Bo loses access at once. They have no open work. Their labels stay. For 30 days they can be brought back as they were.',
    )
  })
  it('says when somebody went, who removed them, and what comes back with them', () => {
    const leftAt = { seconds: 1_700_000_000n, nanos: 0 }
    expect(leftWords(undefined)).toBe('Has left')
    expect(leftWords(create(FormerPersonSchema, { userId: 'bo', removedBy: 'bo', leftAt }))).toMatch(
      /^Left Nov 1\d, 2023$/,
    )
    expect(leftWords(create(FormerPersonSchema, { userId: 'bo', removedBy: 'ann', leftAt }))).toMatch(/ by ann$/)
    const answer = (init: { returned?: number; elsewhere?: number; tasks?: number }) =>
      returnedWords('Bo', create(RestorePersonResponseSchema, init))
    expect(answer({})).toBe('Bo is back as before.')
    expect(answer({ tasks: 1, returned: 3, elsewhere: 2 })).toBe(
      'Bo is back as before, in 1 task with 3 open items. 2 items that others have begun meanwhile stay with them.',
    )
  })
})
