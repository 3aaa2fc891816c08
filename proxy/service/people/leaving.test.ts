import { create } from '@bufbuild/protobuf'
import { beforeEach, describe, expect, it } from 'vitest'
import { WorkState } from '#gen/marquee/v1/team_pb.ts'
import {
  DeleteCollaboratorsRequestSchema,
  DeleteInputsRequestSchema,
  DeleteTasksRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { aBox, failure } from '#proxy/service/annotations/annotationTesting.ts'
import { inputMethods } from '#proxy/service/inputs/inputs.ts'
import { storedTask } from '#proxy/service/tasks/taskInUse.ts'
import { withoutPerson } from '#proxy/service/tasks/taskLeaving.ts'
import { taskMethods } from '#proxy/service/tasks/tasks.ts'
import { aTask, aTaskWorld, reviewedBy, type TaskWorld, userAppId, workedBy } from '#proxy/service/tasks/taskTesting.ts'
import { teamBy } from '#proxy/service/team/teamTesting.ts'
import { callBy } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { collaboratorMethods } from './collaborators.ts'

eachDialect('what goes while somebody works', (store) => {
  let world: TaskWorld
  const team = (who: string) => teamBy(world.deps, who)
  beforeEach(async () => {
    world = await aTaskWorld(store(), 8, { reviewers: ['r0'], review: 'manual' })
  })
  const remove = (...people: string[]) => {
    const collaboratorIds = people.map((id) => `${world.app}-${id}`)
    const request = create(DeleteCollaboratorsRequestSchema, { userAppId, collaboratorIds })
    return collaboratorMethods.deleteCollaborators(request, callBy('owner'), world.deps)
  }
  const made = async (taskId: string, who: string, inputId: string) =>
    (await world.who(who).posted({ ...aBox(inputId, `${who}-${inputId}`), taskId })).id

  describe('a person', () => {
    it('leaves what they have submitted, and the others get the rest', async () => {
      const review = reviewedBy('manual', ['r0'])
      const worker = workedBy('partitioned', ['w0', 'w1'], { type: 1, workersPerInput: 1 })
      const { id: taskId } = await world.who('owner').task(aTask('full', [], { worker, review }))
      const [first, second] = await world.who('w0').start(taskId)
      const id = await made(taskId, 'w0', first!.input)
      await made(taskId, 'w0', second!.input)
      await world.who('w0').submit(taskId, first!.id)
      await remove('w0')
      const [progress] = await team('owner').tasks(taskId)
      expect(progress!.counts).toMatchObject({ todo: 7, begun: 0, waiting: 1 })
      expect(progress!.people.map(({ userId, left }) => [userId, left])).toEqual([
        ['w1', false],
        ['w0', true],
      ])
      await world.who('r0').approve(taskId, first!.id)
      expect(await world.who('owner').get(first!.input, id)).toMatchObject({ userId: 'w0', status: { code: 24150 } })
      expect((await team('owner').items({ taskId, state: WorkState.DONE })).items[0]).toMatchObject({
        workerLeft: true,
      })
      const { details } = await failure(world.who('w0').submit(taskId, second!.id))
      expect(details).toContain('no app')
    })

    it('gives places of a common queue back', async () => {
      const { id: taskId } = await world.who('owner').task(aTask('dynamic', ['w0', 'w1']))
      await world.who('w0').start(taskId)
      expect((await world.who('w1').start(taskId)).length).toBe(2)
      await remove('w0')
      expect((await world.who('w1').start(taskId)).length).toBe(8)
    })

    it('who was sent something back gives it to the others, denied work too', async () => {
      const review = reviewedBy('manual', ['r0'])
      const worker = workedBy('partitioned', ['w0', 'w1'], { type: 1, workersPerInput: 1 })
      const { id: taskId } = await world.who('owner').task(aTask('full', [], { worker, review }))
      const [first, second] = await world.who('w0').start(taskId)
      await world.who('w0').submit(taskId, first!.id, second!.id)
      await world.who('r0').reject(taskId, first!.id)
      await remove('w0')
      await world.who('r0').requestChanges(taskId, second!.id)
      const all = await team('owner').allItems({ taskId })
      expect(all.every(({ workerId }) => workerId === 'w1')).toBe(true)
      expect(all).toHaveLength(8)
    })

    it('who was the last is named to the owner, who may give the work to somebody else', async () => {
      const { id: taskId } = await world.who('owner').task(aTask('full', ['w0']))
      await world.who('w0').start(taskId)
      await remove('w0')
      expect((await team('owner').tasks(taskId))[0]).toMatchObject({ unassigned: 8 })
      await world.who('owner').patchTasks('overwrite', { id: taskId, worker: workedBy('full', ['w1']) })
      expect((await team('owner').tasks(taskId))[0]).toMatchObject({ unassigned: 0, counts: { todo: 8 } })
    })

    it('who was waited for in a consensus is waited for no longer', async () => {
      const review = reviewedBy('consensus', ['r0'], { consensus: { approvalThresholdLabelers: 2 } })
      const { id: taskId } = await world.who('owner').task(aTask('full', ['w0', 'w1', 'w2'], { review }))
      for (const who of ['w0', 'w1']) {
        const [first] = await world.who(who).start(taskId)
        await world.who(who).posted({ ...aBox('i0', who, [who]), taskId })
        await world.who(who).submit(taskId, first!.id)
      }
      expect((await team('owner').items({ taskId, reviewable: true })).total).toBe(0)
      await remove('w2')
      expect((await team('owner').items({ taskId, reviewable: true })).total).toBe(2)
    })

    it('who was the only other in a consensus leaves the decision to the reviewers', async () => {
      const review = reviewedBy('consensus', ['r0'], { consensus: { approvalThresholdLabelers: 2 } })
      const { id: taskId } = await world.who('owner').task(aTask('full', ['w0', 'w1'], { review }))
      const [first, second] = await world.who('w0').start(taskId)
      await world.who('w0').submit(taskId, first!.id)
      await remove('w1')
      expect((await team('owner').items({ taskId, reviewable: true })).total).toBe(1)
      expect((await team('owner').tasks(taskId))[0]!.counts).toMatchObject({ waiting: 1, done: 0 })
      expect((await world.who('w0').submit(taskId, second!.id))[0]!.code).toBe(54202)
    })

    it('who reviewed is waited for no longer, and the owner reviews where nobody else does', async () => {
      const review = reviewedBy('manual', ['r0', 'r1'], { manual: { approvalThreshold: -1, samplePercentage: 1 } })
      const { id: taskId } = await world.who('owner').task(aTask('full', ['w0'], { review }))
      const [first, second] = await world.who('w0').start(taskId)
      await world.who('w0').submit(taskId, first!.id, second!.id)
      await world.who('r0').approve(taskId, first!.id)
      await remove('r1')
      expect((await team('owner').tasks(taskId))[0]!.counts).toMatchObject({ waiting: 1, done: 1 })
      await remove('r0')
      expect((await team('owner').items({ taskId, reviewable: true })).total).toBe(1)
      expect((await world.who('owner').approve(taskId, second!.id))[0]!.code).toBe(54200)
    })

    it('leaves orders, which the owner gives to somebody else', async () => {
      const order = { inputId: 'i0', id: 'o', userId: 'w0', status: { code: 24151 } } as never
      await world.who('owner').post(order)
      await remove('w0')
      expect((await team('owner').items({})).items[0]).toMatchObject({ workerId: 'w0', workerLeft: true })
      await world.who('owner').patch('merge', [{ inputId: 'i0', id: 'o', userId: 'w1' }])
      expect((await team('w1').items({})).items[0]).toMatchObject({ workerId: 'w1', workerLeft: false })
    })
  })

  it('a task says who deleted it, and what was labelled in it stays', async () => {
    const { id: taskId } = await world.who('owner').task(aTask('full', ['w0']))
    const [first] = await world.who('w0').start(taskId)
    const id = await made(taskId, 'w0', first!.input)
    await taskMethods.deleteTasks(
      create(DeleteTasksRequestSchema, { userAppId, ids: [taskId] }),
      callBy('owner'),
      world.deps,
    )
    for (const call of [
      world.who('w0').submit(taskId, first!.id),
      team('w0').items({ taskId }),
      team('w0').skip({ taskId, itemId: first!.id, reason: 'x' }),
    ])
      expect(await failure(call)).toMatchObject({
        code: 54102,
        details: `task_id: "owner" has deleted task "${taskId}"; what was labelled in it is kept`,
      })
    expect((await world.who('w0').get(first!.input, id)).data!.regions).toHaveLength(1)
    await made(taskId, 'w0', 'i7')
    expect((await team('w0').work()).work).toEqual([])
  })

  it('a task comes back with its work, without who has left since', async () => {
    const { id: taskId } = await world.who('owner').task(aTask('full', ['w0', 'w1']))
    const [first] = await world.who('w0').start(taskId)
    await world.who('w0').submit(taskId, first!.id)
    const request = create(DeleteTasksRequestSchema, { userAppId, ids: [taskId] })
    await taskMethods.deleteTasks(request, callBy('owner'), world.deps)
    await remove('w1')
    expect((await failure(team('w0').restore(taskId))).details).toContain('Tasks_Delete')
    expect(await team('owner').restore(taskId, 'gone')).toEqual([taskId])
    expect(await team('owner').restore(taskId)).toEqual([taskId])
    const [progress] = await team('owner').tasks(taskId)
    expect(progress!.counts).toMatchObject({ begun: 7, done: 1, todo: 0 })
    expect(progress!.people.map(({ userId }) => userId)).toEqual(['w0'])
    expect((await world.who('w0').start(taskId)).length).toBe(7)
  })

  it('an input under review says that it was deleted, and is back in review when it is restored', async () => {
    const review = reviewedBy('manual', ['r0'])
    const { id: taskId } = await world.who('owner').task(aTask('full', ['w0'], { review }))
    const [first, second] = await world.who('w0').start(taskId)
    await world.who('w0').submit(taskId, first!.id)
    const request = create(DeleteInputsRequestSchema, { userAppId, ids: [first!.input, second!.input] })
    await inputMethods.deleteInputs(request, callBy('owner'), world.deps)
    const [approved] = await world.who('r0').approve(taskId, first!.id)
    expect(approved).toMatchObject({ code: 30102 })
    expect(approved!.details).toContain(`input "${first!.input}" was deleted`)
    const [submitted] = await world.who('w0').submit(taskId, second!.id)
    expect(submitted!.details).toContain('was deleted')
    await store().write.updateTable('input').set({ deleted_at: null }).execute()
    expect((await world.who('r0').approve(taskId, first!.id))[0]!.code).toBe(54200)
  })

  it('a paused task says so, and goes on as it was', async () => {
    const { id: taskId } = await world.who('owner').task(aTask('full', ['w0']))
    const [first] = await world.who('w0').start(taskId)
    const pause = (paused: boolean) =>
      world.who('owner').patchTasks('overwrite', { id: taskId, metadata: { marquee: { paused } } })
    await pause(true)
    expect((await failure(world.who('w0').submit(taskId, first!.id))).details).toContain('paused')
    expect((await team('w0').work()).work[0]).toMatchObject({ paused: true })
    await pause(false)
    expect((await world.who('w0').submit(taskId, first!.id))[0]!.code).toBe(54200)
  })

  it('weights that no longer fit are dropped', async () => {
    const worker = workedBy('partitioned', ['w0', 'w1', 'w2'], {
      type: 2,
      workersPerInput: 2,
      weights: { w0: 40, w1: 40, w2: 20 },
    })
    const { id: taskId } = await world.who('owner').task(aTask('full', [], { worker }))
    await remove('w0')
    const [row] = await store().read.selectFrom('task').selectAll().where('id', '=', taskId).execute()
    const task = storedTask(row!)
    expect(task.worker!.strategyInfo.value).toMatchObject({ type: 1, workersPerInput: 2 })
    expect(withoutPerson(task, 'w1').worker!.strategyInfo.value).toMatchObject({ workersPerInput: 1 })
    expect(withoutPerson(task, 'nobody')).toEqual(task)
  })
})
