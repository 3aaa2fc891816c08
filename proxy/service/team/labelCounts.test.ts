import { create } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import {
  InputQuerySchema,
  ListInputSummariesRequestSchema,
  ListOutlinesRequestSchema,
} from '#gen/marquee/v1/marquee_pb.ts'
import { WorkState } from '#gen/marquee/v1/team_pb.ts'
import { aBox, aTag, boxInfo } from '#proxy/service/annotations/annotationTesting.ts'
import { studioMethods } from '#proxy/service/studio/studio.ts'
import { aTask, aTaskWorld, type TaskWorld } from '#proxy/service/tasks/taskTesting.ts'
import { byConsensus, denied, manual, success } from '#proxy/service/tasks/taskWorkTesting.ts'
import { callBy } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'

const demo = { userId: 'owner', appId: 'demo' }

eachDialect('what several people made of one input', (store) => {
  let world: TaskWorld
  let task: string
  const made = async (people: string[], review: object) =>
    (await world.who('owner').task(aTask('full', people, review))).id
  beforeEach(async () => {
    world = await aTaskWorld(store(), 3)
  })

  const listed = async (query?: object, who = 'owner') => {
    const request = create(ListInputSummariesRequestSchema, {
      ...demo,
      ...(query && { query: create(InputQuerySchema, query) }),
    })
    return (await studioMethods.listInputSummaries(request, callBy(who), world.deps)).inputs
  }
  const regions = async (who = 'owner') => (await listed(undefined, who))[0]!.regions
  const ids = async (query: object) => (await listed(query)).map(({ inputId }) => inputId)
  const drawn = async () => {
    const request = create(ListOutlinesRequestSchema, { ...demo, inputIds: ['i0'] })
    return (await studioMethods.listOutlines(request, callBy('owner'), world.deps)).inputs[0]?.outlines.length ?? 0
  }
  const draw = (who: string, ...from: number[]) =>
    world
      .who(who)
      .post(
        ...from.map((at) => ({ ...aBox('i0', `${who}-${at}`, ['car'], boxInfo(0, at, 0.2, at + 0.2)), taskId: task })),
      )
  const submit = async (who: string) => {
    const [first] = await world.who(who).start(task)
    await world.who(who).submit(task, first!.id)
  }
  const judge = (code: number, ...all: string[]) =>
    world.who('r0').patch('merge', all.map((id) => ({ id, inputId: 'i0', status: { code } })) as never)

  it('is counted, found and drawn once', async () => {
    task = await made(['w0', 'w1', 'w2'], byConsensus(['r0'], { approvalThresholdLabelers: 2 }))
    await draw('w0', 0, 0.3)
    await draw('w1', 0)
    // as long as nothing is decided, what the one made who made most
    expect([await regions(), await drawn()]).toEqual([2, 2])
    expect(await ids({ regions: { min: 3 } })).toEqual([])
    expect(await ids({ conceptId: 'car', conceptCount: { min: 2, max: 2 } })).toEqual(['i0'])
    await draw('w1', 0.3)
    await draw('w2', 0, 0.3, 0.6)
    await submit('w0')
    await submit('w1')
    // approved, one speaking for the other
    expect([await regions(), await drawn()]).toEqual([2, 2])
    expect(await ids({ regions: { min: 2, max: 2 } })).toEqual(['i0'])
    expect(await ids({ regions: { max: 1 } })).toEqual(['i1', 'i2'])
    expect(await ids({ conceptId: 'car', conceptCount: { min: 3 } })).toEqual([])
    expect(await ids({ conceptId: 'car', conceptCount: { max: 0 } })).toEqual(['i1', 'i2'])
    // what is outside of the task counts besides
    await world.who('owner').post(aBox('i0', 'mine'), aTag('i0', 'day'))
    expect((await listed())[0]).toMatchObject({ regions: 3, imageConcepts: 1 })
    // the API has all of it
    expect(await world.who('owner').list({ inputIds: ['i0'] })).toHaveLength(9)
  })

  it('says how far the work on an input is, to each what they may see, and finds what is approved by agreement', async () => {
    task = await made(['w0', 'w1'], byConsensus(['r0'], { approvalThresholdLabelers: 2 }))
    const how = async (who = 'owner') => {
      const [first] = await listed(undefined, who)
      return [first!.workState, ...first!.workers.toSorted()]
    }
    expect(await how()).toEqual([WorkState.TODO, 'w0', 'w1'])
    expect([await how('w1'), await how('w2')]).toEqual([[WorkState.TODO, 'w1'], [WorkState.ANY]])
    await draw('w0', 0)
    await submit('w0')
    expect(await how()).toEqual([WorkState.TODO, 'w1'])
    await draw('w1', 0)
    await submit('w1')
    expect(await how()).toEqual([WorkState.DONE, 'w0', 'w1'])
    expect(await ids({ work: 5 })).toEqual(['i0'])
    expect(await ids({ work: 5, assignee: 'w1' })).toEqual(['i0'])
  })

  it('is what reviewers chose, once they have', async () => {
    task = await made(['w0', 'w1'], byConsensus(['r0'], { approvalThresholdLabelers: 2 }))
    await draw('w0', 0, 0.3)
    await draw('w1', 0.6)
    await submit('w0')
    await submit('w1')
    expect(await regions()).toBe(2)
    await judge(denied, 'w0-0')
    await judge(denied, 'w0-0.3')
    expect([await regions(), await drawn()]).toEqual([1, 1])
    await judge(success, 'w1-0.6')
    expect([await regions(), await drawn()]).toEqual([1, 1])
    expect(await ids({ regions: { min: 1, max: 1 } })).toEqual(['i0'])
  })

  it('is not told to the others before their own submit', async () => {
    task = await made(['w0', 'w1'], byConsensus(['r0'], { approvalThresholdLabelers: 2 }))
    await draw('w0', 0, 0.3)
    expect([await regions('w0'), await regions('w1'), await regions('r0')]).toEqual([2, 0, 2])
  })

  it('counts all where they do not work apart', async () => {
    task = await made(['w0', 'w1'], manual(['r0']))
    await draw('w0', 0, 0.3)
    await draw('w1', 0)
    expect([await regions(), await drawn()]).toEqual([3, 3])
  })
})
