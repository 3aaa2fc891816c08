import { create } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import {
  ChangeAction,
  ListActivityRequestSchema,
  ListDeparturesRequestSchema,
  ListFormerPeopleRequestSchema,
  RestorePersonRequestSchema,
} from '#gen/marquee/v1/office_pb.ts'
import {
  DeleteCollaboratorsRequestSchema,
  DeleteTasksRequestSchema,
  ListCollaboratorsRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { aBox, failure } from '#proxy/service/annotations/annotationTesting.ts'
import { taskMethods } from '#proxy/service/tasks/tasks.ts'
import { aTask, aTaskWorld, reviewedBy, type TaskWorld, userAppId, workedBy } from '#proxy/service/tasks/taskTesting.ts'
import { officeMethods } from '#proxy/service/team/office.ts'
import { teamBy } from '#proxy/service/team/teamTesting.ts'
import { callBy } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { collaboratorMethods } from './collaborators.ts'
import { formerPeopleMethods } from './formerPeople.ts'

const demo = { userId: 'owner', appId: 'demo' }
const day = 24 * 3600

eachDialect('somebody who went and comes back', (store) => {
  let world: TaskWorld
  const team = (who: string) => teamBy(world.deps, who)
  beforeEach(async () => {
    world = await aTaskWorld(store(), 12, { reviewers: ['r0'], review: 'manual' })
  })
  const remove = async (who: string) => {
    world.clock.wait(1)
    const there = await collaboratorMethods.listCollaborators(
      create(ListCollaboratorsRequestSchema, { userAppId }),
      callBy('owner'),
      world.deps,
    )
    const collaboratorIds = there.collaborators.filter((one) => one.user?.id === who).map(({ id }) => id)
    const request = create(DeleteCollaboratorsRequestSchema, { userAppId, collaboratorIds })
    await collaboratorMethods.deleteCollaborators(request, callBy('owner'), world.deps)
    world.clock.wait(1)
  }
  const restore = (personId: string, by = 'owner') =>
    formerPeopleMethods.restorePerson(create(RestorePersonRequestSchema, { ...demo, personId }), callBy(by), world.deps)
  const former = async (by = 'owner') =>
    (await formerPeopleMethods.listFormerPeople(create(ListFormerPeopleRequestSchema, demo), callBy(by), world.deps))
      .people
  const departures = async (who: string) =>
    (await formerPeopleMethods.listDepartures(create(ListDeparturesRequestSchema), callBy(who), world.deps)).departures
  /** Who has what, as one line a piece of work. */
  const work = async (taskId: string) =>
    (await team('owner').allItems({ taskId }))
      .map(({ input, workerId, state, begun }) => `${input!.inputId} ${workerId} ${state} ${begun}`)
      .toSorted()
  const taskNow = async (id: string) => {
    const { message } = await store()
      .read.selectFrom('task')
      .select('message')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    return message
  }

  const split = (ids: readonly string[], weights?: Record<string, number>) =>
    workedBy('partitioned', ids, { type: weights ? 2 : 1, workersPerInput: 1, ...(weights && { weights }) })
  const manual = reviewedBy('manual', ['r0', 'w0'])

  it.each([
    ['an even split', aTask('full', [], { worker: split(['w0', 'w1', 'w2']), review: manual })],
    ['a weighted split', aTask('full', [], { worker: split(['w0', 'w1', 'w2'], { w0: 2, w1: 1, w2: 1 }) })],
    [
      'pairs',
      aTask('full', [], { worker: workedBy('partitioned', ['w0', 'w1', 'w2'], { type: 1, workersPerInput: 2 }) }),
    ],
    ['all for everybody', aTask('full', ['w0', 'w1'])],
    ['a shared queue', aTask('dynamic', ['w0', 'w1'])],
    [
      'a consensus of two',
      aTask('full', ['w0', 'w1', 'w2'], {
        review: reviewedBy('consensus', ['r0'], { consensus: { approvalThresholdLabelers: 2 } }),
      }),
    ],
  ])('has the rights, places and open work as they were: %s', async (_, task) => {
    const { id: taskId } = await world.who('owner').task(task)
    const [first, second] = await world.who('w0').start(taskId)
    await world.who('w1').start(taskId)
    await world.who('w0').posted({ ...aBox(second!.input, 'open'), taskId })
    await world.who('w0').submit(taskId, first!.id)
    const [before, message] = [await work(taskId), await taskNow(taskId)]
    await remove('w0')
    expect(await work(taskId)).not.toEqual(before)
    const open = before.filter((line) => / w0 1 /.test(line)).length
    expect(await restore('w0')).toMatchObject({ tasks: 1, returned: open, elsewhere: 0 })
    expect(await work(taskId)).toEqual(before)
    expect(Buffer.compare(await taskNow(taskId), message)).toBe(0)
    expect(await restore('w0')).toMatchObject({ tasks: 0, returned: 0 })
    expect((await world.who('w0').submit(taskId, second!.id))[0]!.code).toBeGreaterThan(0)
    expect(await former()).toEqual([])
  })

  it('leaves with others what they have begun meanwhile, and says so', async () => {
    const { id: taskId } = await world.who('owner').task(aTask('full', [], { worker: split(['w0', 'w1']) }))
    await world.who('w0').start(taskId)
    await remove('w0')
    const all = await world.who('w1').start(taskId)
    const heir = all.find(({ input }) => input === 'i0')!
    await world.who('w1').submit(taskId, heir.id)
    // w1 has begun eleven of the twelve
    expect(await restore('w0')).toMatchObject({ tasks: 1, returned: 1, elsewhere: 5 })
    const lines = await work(taskId)
    expect(lines).toHaveLength(12)
    expect(new Set(lines.map((line) => line.split(' ')[0])).size).toBe(12)
  })

  it('comes back to a task that was changed since, which is given out anew', async () => {
    const { id: taskId } = await world
      .who('owner')
      .task(aTask('full', [], { worker: split(['w0', 'w1', 'w2'], { w0: 50, w1: 25, w2: 25 }) }))
    const [first] = await world.who('w0').start(taskId)
    await remove('w0')
    await world.who('owner').patchTasks('overwrite', { id: taskId, worker: split(['w1', 'w2', 'w3']) })
    expect(await restore('w0')).toMatchObject({ tasks: 1, elsewhere: 0 })
    const lines = await work(taskId)
    expect(lines).toContain(`${first!.input} w0 1 true`)
    const has = Map.groupBy(lines, (line) => line.split(' ')[1])
    expect([...has].map(([, { length }]) => length).toSorted()).toEqual([2, 2, 2, 6])
  })

  it('a task that was deleted and restored meanwhile has them back, too', async () => {
    const { id: taskId } = await world.who('owner').task(aTask('full', ['w0', 'w1']))
    const before = await work(taskId)
    const request = create(DeleteTasksRequestSchema, { userAppId, ids: [taskId] })
    await taskMethods.deleteTasks(request, callBy('owner'), world.deps)
    await remove('w0')
    await team('owner').restore(taskId)
    expect(await restore('w0')).toMatchObject({ tasks: 1, returned: 12 })
    expect(await work(taskId)).toEqual(before)
  })

  it('is found with name, rights and who removed them; reads themselves what happened', async () => {
    await remove('w0')
    await remove('w1')
    expect(await former()).toMatchObject([
      { userId: 'w1', removedBy: 'owner', mayReturn: true },
      { userId: 'w0', firstName: 'W0', removedBy: 'owner', mayReturn: true },
    ])
    expect(await departures('w0')).toMatchObject([{ userId: 'owner', appId: 'demo', removedBy: 'owner' }])
    await restore('w0')
    expect(await departures('w0')).toEqual([])
    expect((await team('w0').work()).work).toEqual([])
  })

  it('is in the activity, going and coming', async () => {
    await remove('w0')
    await restore('w0')
    const request = create(ListActivityRequestSchema, { ...demo, kind: 'collaborator' })
    const { changes } = await officeMethods.listActivity(request, callBy('owner'), world.deps)
    const lines = changes.map(({ itemId, action, personId, scopes }) => [itemId, action, personId, scopes.length > 0])
    expect(lines.slice(0, 2)).toEqual([
      ['w0', ChangeAction.ADDED, 'owner', true],
      ['w0', ChangeAction.DELETED, 'owner', true],
    ])
  })

  it('is brought back by those who may add people, for 30 days', async () => {
    await remove('w0')
    expect((await failure(restore('w0', 'r0'))).details).toContain('Collaborators_Add')
    expect((await failure(restore('nobody'))).details).toBe('person_id: "nobody" was never in this app')
    world.clock.wait(31 * day)
    expect((await former())[0]).toMatchObject({ userId: 'w0', mayReturn: false })
    expect((await failure(restore('w0'))).details).toContain('more than 30 days')
    expect(await departures('w0')).toEqual([])
  })
})
