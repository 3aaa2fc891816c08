import type { JsonObject } from '@bufbuild/protobuf'
import { beforeEach, describe, expect, it } from 'vitest'
import { WorkState } from '#gen/marquee/v1/team_pb.ts'
import { aBox, failure, type SentAnnotation } from '#proxy/service/annotations/annotationTesting.ts'
import { aTask, aTaskWorld, reviewedBy, type TaskWorld, workedBy } from '#proxy/service/tasks/taskTesting.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { teamBy } from './teamTesting.ts'

const conflict = 54100
const denied = 54103
const missing = 54102

const orderFor = (inputId: string, userId: string, id = `o-${inputId}-${userId}`): SentAnnotation => ({
  inputId,
  id,
  userId,
  status: { code: 24151 },
  annotationInfo: { marquee: { assignment: 'batch' } },
})

eachDialect('Team', (store) => {
  let world: TaskWorld
  const team = (who: string) => teamBy(world.deps, who)
  beforeEach(async () => {
    world = await aTaskWorld(store(), 8, { reviewers: ['r0'], review: 'manual' })
  })

  describe('lists of work in tasks', () => {
    let taskId: string
    beforeEach(async () => {
      const review = reviewedBy('manual', ['r0'])
      const worker = workedBy('partitioned', ['w0', 'w1'], { type: 1, workersPerInput: 1 })
      const task = await world.who('owner').task(aTask('full', [], { worker, review, description: '# How' }))
      taskId = task.id
    })

    it('tell everybody what is theirs', async () => {
      const { work } = await team('w0').work()
      expect(work).toHaveLength(1)
      expect(work[0]).toMatchObject({ taskId, name: 'cars', isWorker: true, isReviewer: false, instructions: '# How' })
      expect(work[0]!.mine).toMatchObject({ todo: 4, begun: 0, returned: 0, waiting: 0, done: 0 })
      expect((await team('w3').work()).work).toEqual([])
      expect((await team('owner').work()).work[0]).toMatchObject({ isReviewer: true, toReview: 0 })
    })

    it('of a consensus are counted by image for who reviews, and say that others wait with them', async () => {
      const review = reviewedBy('consensus', ['r0'], { consensus: { approvalThresholdLabelers: 2 } })
      const { id } = await world.who('owner').task(aTask('full', ['w0', 'w1'], { name: 'apart', review }))
      for (const who of ['w0', 'w1']) {
        const [first] = await world.who(who).start(id)
        await world.who(who).posted({ ...aBox(first!.input, who, [who]), taskId: id })
        await world.who(who).submit(id, first!.id)
      }
      const line = async () => (await team('r0').work()).work.find((one) => one.taskId === id)
      expect(await line()).toMatchObject({ toReview: 1 })
      for (const workerIds of [[], ['w0']]) {
        const { items } = await team('r0').items({ taskId: id, reviewable: true, workerIds })
        expect(items.every((item) => item.othersWaiting === 1 && item.othersApproved.length === 0)).toBe(true)
      }
      const { items } = await team('r0').items({ taskId: id, reviewable: true })
      // scripts too put no object into datasets twice
      const both = await world.who('r0').approve(id, ...items.map((item) => item.id))
      expect(both.map(({ code, details }) => [code, details.includes('SettleWork')])).toEqual([
        [54100, true],
        [54100, true],
      ])
      await world.who('r0').approve(id, items[0]!.id)
      const [late] = await world.who('r0').approve(id, items[1]!.id)
      expect(late!.details).toContain(
        `the answer of "${items[0]!.workerId}" on input "${items[0]!.input!.inputId}" is approved already`,
      )
      const [left] = (await team('r0').items({ taskId: id, reviewable: true })).items
      expect(left).toMatchObject({ othersWaiting: 0, othersApproved: [items[0]!.workerId] })
      expect((await team('owner').items({ taskId: id, state: WorkState.DONE })).items[0]).toMatchObject({
        othersWaiting: 0,
      })
    })

    it('go with the work: begun, submitted, sent back, approved', async () => {
      const w0 = world.who('w0')
      const [first, second] = await w0.start(taskId)
      expect((await team('w0').work()).work[0]!.mine).toMatchObject({ todo: 0, begun: 4 })
      await w0.submit(taskId, first!.id, second!.id)
      expect((await team('r0').work()).work[0]).toMatchObject({ isReviewer: true, toReview: 2 })
      const reviewable = await team('r0').items({ taskId, reviewable: true })
      expect(reviewable.items.map((item) => item.id).sort()).toEqual([first!.id, second!.id].sort())
      await world.who('r0').post({
        inputId: first!.input,
        annotationInfo: {
          marquee: { note: { thread: 't', text: 'too wide', verdict: 'changes', task: taskId, to: 'w0' } },
        },
      })
      await world.who('r0').requestChanges(taskId, first!.id)
      await world.who('r0').approve(taskId, second!.id)
      const { items, total } = await team('w0').items({ taskId })
      expect(total).toBe(4)
      expect(items[0]).toMatchObject({
        id: first!.id,
        state: WorkState.RETURNED,
        decidedBy: 'r0',
        lastNote: 'too wide',
        // why it was sent back is told with it, and asks for no answer
        openNotes: 0,
        sentBack: 1,
      })
      expect(items[0]!.input).toMatchObject({ inputId: first!.input, place: 1 })
      // neither those of somebody else's work nor those made outside of the task are its
      for (const note of [{ task: taskId, to: 'w1' }, { task: 'another' }, {}] as JsonObject[])
        await world.who('r0').posted({
          inputId: first!.input,
          annotationInfo: { marquee: { note: { thread: JSON.stringify(note), text: 'elsewhere', ...note } } },
        })
      expect((await team('w0').items({ taskId })).items[0]).toMatchObject({ openNotes: 0 })
      await world.who('r0').posted({
        inputId: first!.input,
        annotationInfo: { marquee: { note: { thread: 'pin', text: 'here', at: [0.5, 0.5], task: taskId } } },
      })
      expect((await team('w0').items({ taskId })).items[0]).toMatchObject({ openNotes: 1 })
      const { work, approvedThisWeek } = await team('w0').work()
      expect(work[0]!.mine).toMatchObject({ todo: 0, begun: 2, returned: 1, waiting: 0, done: 1 })
      expect(approvedThisWeek).toBe(1)
      expect((await team('w0').items({ taskId, state: WorkState.RETURNED })).items.map(({ id }) => id)).toEqual([
        first!.id,
      ])
      expect((await team('w0').items({ taskId, state: WorkState.DONE })).items.map(({ id }) => id)).toEqual([
        second!.id,
      ])
    })

    it('are walked by pages, each line once, whatever moves meanwhile', async () => {
      const all = await team('owner').allItems({ taskId, perPage: 3 })
      expect(new Set(all.map(({ id }) => id)).size).toBe(8)
      expect(all.map(({ input }) => input!.place)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
      const page = await team('owner').items({ taskId, perPage: 3 })
      await world
        .who('owner')
        .put(taskId, { action: 1 })
        .catch(() => undefined)
      const next = await team('owner').items({ taskId, perPage: 3, after: page.nextPage })
      expect(next.items.map(({ id }) => id)).toEqual(all.slice(3, 6).map(({ id }) => id))
    })

    it('keep others out', async () => {
      const all = await team('w0').items({ taskId })
      expect(all.items.every(({ workerId }) => workerId === 'w0')).toBe(true)
      expect(await failure(team('w0').items({ taskId, workerIds: ['w1'] }))).toMatchObject({ code: denied })
      expect(await failure(team('w0').items({ taskId, reviewable: true }))).toMatchObject({ code: denied })
      expect((await failure(team('stranger').items({ taskId }))).details).toContain('no app')
    })

    it('name what is wrong with a question', async () => {
      expect(await failure(team('w0').items({ taskId: 'gone' }))).toMatchObject({ code: missing })
      expect((await failure(team('w0').items({ taskId, after: 'x' }))).details).toContain('after:')
      expect((await failure(team('w0').items({ taskId, state: 9 as WorkState }))).details).toContain('state: 9')
      expect((await failure(team('owner').tasks(taskId, 'gone'))).details).toContain('task_ids[1]')
      expect((await failure(team('owner').tasks())).details).toContain('task_ids: 0 items')
    })

    it('tell who would get what before a task is made or changed, and write nothing', async () => {
      const shares = async (task: Parameters<ReturnType<typeof team>['preview']>[0]) => {
        const answer = await team('owner').preview(task)
        return [answer.inputs, ...answer.shares.map(({ userId, fresh, kept }) => `${userId} ${fresh}+${kept}`)]
      }
      const three = { ...aTask('partitioned', ['w0', 'w1', 'w2']), id: 'three' }
      const said = await shares(three)
      expect((await team('owner').work()).work.map((one) => one.taskId)).toEqual([taskId])
      await world.who('owner').task(three)
      const made = (await team('owner').tasks('three'))[0]!.people
      expect(said.slice(1)).toEqual(made.map(({ userId, counts }) => `${userId} ${counts!.todo}+0`))
      const [begun] = await world.who('w0').start('three')
      await world.who('w0').submit('three', begun!.id)
      const inputs = Number(said[0])
      const kept = Number((said[1] as string).split(/[ +]/)[1])
      const without = { id: 'three', worker: workedBy('partitioned', ['w1', 'w2']) }
      expect(await shares(without)).toEqual([
        inputs,
        expect.stringMatching(/^w1 .*\+0$/),
        expect.stringMatching(/^w2 .*\+0$/),
      ])
      expect(await shares({ id: 'three', name: 'x' })).toEqual([inputs, `w0 0+${kept}`, ...said.slice(2)])
      const given = (await shares(without)).slice(1).map((share) => Number((share as string).split(/[ +]/)[1]))
      expect(given.reduce((sum, one) => sum + one)).toBe(inputs - 1)
      expect((await failure(team('w0').preview(three))).code).toBe(11007)
      expect(
        (await failure(team('owner').preview({ ...three, id: '', inputSource: { type: 2, id: 'no' } }))).details,
      ).toContain('"no"')
    })

    it('count a task and its people', async () => {
      const w0 = world.who('w0')
      const [first, second] = await w0.start(taskId)
      await w0.submit(taskId, first!.id, second!.id)
      await world.who('r0').reject(taskId, first!.id)
      const [progress] = await team('owner').tasks(taskId)
      expect(progress).toMatchObject({ taskId, inputs: 8, unassigned: 0 })
      expect(progress!.counts).toMatchObject({ todo: 4, begun: 2, returned: 1, waiting: 1, done: 0 })
      expect(progress!.people.map(({ userId }) => userId)).toEqual(['w0', 'w1'])
      expect(progress!.people[0]).toMatchObject({ verdicts: 1, sentBack: 1 })
      const [own] = await team('w1').tasks(taskId)
      expect(own!.people.map(({ userId }) => userId)).toEqual(['w1'])
      expect(own!.counts).toMatchObject({ todo: 4, begun: 0 })
    })

    it('leave out what was deleted', async () => {
      await store().write.updateTable('input').set({ deleted_at: 1 }).where('id', '=', 'i0').execute()
      expect((await team('owner').items({ taskId })).total).toBe(7)
      expect((await team('owner').tasks(taskId))[0]!.inputs).toBe(7)
    })
  })

  describe('skipping', () => {
    it('puts work last, and says why to the owner', async () => {
      const { id: taskId } = await world.who('owner').task(aTask('full', ['w0']))
      const [first] = await world.who('w0').start(taskId)
      await team('w0').skip({ taskId, itemId: first!.id, reason: ' too dark ' })
      const all = await team('owner').allItems({ taskId })
      expect(all.at(-1)).toMatchObject({ id: first!.id, skips: 1, skipReason: 'too dark' })
    })

    it('lets others have it where there is one queue, and gives it back only when nothing else is left', async () => {
      const { id: taskId } = await world.who('owner').task(aTask('dynamic', ['w0', 'w1'], { inputSource: { type: 1 } }))
      const [first, ...others] = await world.who('w0').start(taskId)
      await team('w0').skip({ taskId, itemId: first!.id, reason: 'unclear' })
      let again = others
      for (; again[0]?.input !== first!.input; again = await world.who('w0').start(taskId))
        await world.who('w0').submit(taskId, ...again.map(({ id }) => id))
      expect(again.map(({ input }) => input)).toEqual([first!.input])
      await team('w0').skip({ taskId, itemId: again[0]!.id, reason: 'still' })
      expect((await world.who('w1').start(taskId)).map(({ input }) => input)).toEqual([first!.input])
    })

    it('does not hide from its person what is all they have, once their own lease on it has run out', async () => {
      const inputSource = { type: 4, id: 'i0' } as never
      const { id: taskId } = await world.who('owner').task(aTask('dynamic', ['w0'], { inputSource }))
      const [first] = await world.who('w0').start(taskId)
      await team('w0').skip({ taskId, itemId: first!.id, reason: 'later' })
      expect(await world.who('w0').start(taskId)).toHaveLength(1)
      world.clock.wait(1000)
      expect(await world.who('w0').start(taskId)).toHaveLength(1)
    })

    it('is refused without a reason, of others, and of what is submitted', async () => {
      const { id: taskId } = await world.who('owner').task(aTask('full', ['w0']))
      const [first] = await world.who('w0').start(taskId)
      const itemId = first!.id
      expect((await failure(team('w0').skip({ taskId, itemId, reason: ' ' }))).details).toContain('reason: 0')
      expect(await failure(team('owner').skip({ taskId, itemId, reason: 'x' }))).toMatchObject({ code: denied })
      await world.who('w0').submit(taskId, itemId)
      expect(await failure(team('w0').skip({ taskId, itemId, reason: 'x' }))).toMatchObject({ code: conflict })
    })
  })

  it('adds up the time of visits, each report once', async () => {
    const { id: taskId } = await world.who('owner').task(aTask('full', ['w0']))
    const [a, b, c] = await world.who('w0').start(taskId)
    const report = (itemId: string, visitId: string, seconds: number) =>
      team('w0').time({ taskId, itemId, visitId, seconds })
    await report(a!.id, 'v1', 10)
    await report(a!.id, 'v1', 30)
    await report(a!.id, 'v1', 20)
    await report(a!.id, 'v2', 5)
    await report(b!.id, 'v3', 5)
    await report(c!.id, 'v4', 1000)
    await world.who('w0').submit(taskId, a!.id, b!.id)
    const items = await team('w0').allItems({ taskId })
    expect(items.find(({ id }) => id === a!.id)!.seconds).toBe(35)
    const [line] = (await team('owner').people()).filter(({ userId }) => userId === 'w0')
    expect(line).toMatchObject({ medianSeconds: 20, doneToday: 2 })
    expect((await failure(report(a!.id, '', 1))).details).toContain('visit_id')
    expect((await failure(report(a!.id, 'v', 90_000))).details).toContain('seconds')
    expect((await failure(report('gone', 'v', 9))).details).toContain('item_id')
  })

  describe('a reviewer who has opened work', () => {
    it('is named to the others, and its author can no longer take it back', async () => {
      const review = reviewedBy('manual', ['r0', 'r1'])
      const { id: taskId } = await world.who('owner').task(aTask('full', ['w0'], { review }))
      const [first] = await world.who('w0').start(taskId)
      await world.who('w0').posted({ ...aBox(first!.input, 'a'), taskId })
      await world.who('w0').submit(taskId, first!.id)
      const itemId = first!.id
      expect(await team('r0').open({ taskId, itemId })).toMatchObject({ openedBy: '' })
      expect(await team('r1').open({ taskId, itemId })).toMatchObject({ openedBy: 'r0' })
      expect((await team('r1').items({ taskId, reviewable: true })).items).toEqual([])
      const back = await world.who('w0').patch('merge', [{ inputId: first!.input, id: 'a', status: { code: 24151 } }])
      expect(back.annotations[0]!.status!.details).toContain('a reviewer has opened it')
      world.clock.wait(121)
      expect((await team('r1').items({ taskId, reviewable: true })).items.map(({ id }) => id)).toEqual([itemId])
    })
  })

  describe('orders outside of tasks', () => {
    it('are work of the person they are for', async () => {
      await world.who('owner').post(orderFor('i0', 'w0'), orderFor('i1', 'w0'), orderFor('i2', 'w1'))
      const { work } = await team('w0').work()
      expect(work[0]).toMatchObject({ taskId: '', isWorker: true, reviewStrategy: 2 })
      expect(work[0]!.mine).toMatchObject({ todo: 2 })
      const { items, total } = await team('w0').items({})
      expect(total).toBe(2)
      expect(items.map(({ input }) => input!.inputId)).toEqual(['i0', 'i1'])
      expect((await team('r0').items({})).total).toBe(3)
      expect((await team('owner').people()).find(({ userId }) => userId === 'w1')!.counts).toMatchObject({ todo: 1 })
    })

    it('are not notes, nor labels', async () => {
      await world.who('owner').post(orderFor('i0', 'w0'))
      const note = { thread: 't', text: 'look', at: [0.1, 0.2] }
      await world.who('w0').posted({ inputId: 'i0', id: 'n', annotationInfo: { marquee: { note } } })
      const { items } = await team('w0').items({})
      expect(items).toHaveLength(1)
      expect(items[0]).toMatchObject({ openNotes: 1, regions: 0, begun: false })
      await world.who('w0').posted({
        inputId: 'i0',
        annotationInfo: { marquee: { note: { thread: 't', text: '', resolved: true } } },
      })
      expect((await team('w0').items({})).items[0]).toMatchObject({ openNotes: 0 })
    })

    it('can be skipped', async () => {
      await world.who('owner').post(orderFor('i0', 'w0'), orderFor('i1', 'w0'))
      await team('w0').skip({ inputId: 'i0', itemId: 'o-i0-w0', reason: 'dark' })
      const { items } = await team('w0').items({})
      expect(items.map(({ input }) => input!.inputId)).toEqual(['i1', 'i0'])
      expect(items[1]).toMatchObject({ skips: 1, skipReason: 'dark' })
      expect((await failure(team('w0').skip({ itemId: 'o-i0-w0', reason: 'dark' }))).details).toContain('input_id')
    })
  })
})
