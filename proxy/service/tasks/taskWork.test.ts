import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import {
  PutTaskAssignmentsRequestAction as Action,
  ListNextTaskAssignmentsRequestSchema,
  PatchAnnotationsStatusRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { aBox, failure, items } from '#proxy/service/annotations/annotationTesting.ts'
import { callBy } from '#proxy/service/testing.ts'
import { deleteAnnotations } from '#proxy/store/annotationDeletes.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { consensusStories } from './taskConsensusStories.ts'
import { taskMethods } from './tasks.ts'
import { aTask, reviewedBy, type TaskClient, userAppId, workedBy } from './taskTesting.ts'
import { awaiting, byConsensus, denied, manual, pending, success, workIn } from './taskWorkTesting.ts'

eachDialect('work in tasks', (store) => {
  const at = workIn(store)
  const { who, made, draw, states } = at
  it('gives ten at a time, the same ones until they are submitted, in every strategy', async () => {
    for (const strategy of ['partitioned', 'full', 'dynamic'] as const) {
      const id = await made(aTask(strategy, ['w0']))
      const first = await who('w0').start(id)
      expect(first.map(({ input }) => input)).toEqual(Array.from({ length: 10 }, (_, i) => `i${i}`))
      expect(first[0]).toMatchObject({ worker: 'w0', code: 54201 })
      expect(await who('w0').start(id)).toEqual(first)
      const done = await who('w0').submit(id, ...first.map((item) => item.id))
      expect(done.map(({ code }) => code)).toEqual(Array(10).fill(54200))
      expect((await who('w0').start(id)).map(({ input }) => input)[0]).toBe('i10')
    }
  })

  it('gives more of a dynamic task before nothing is left', async () => {
    const id = await made(aTask('dynamic', ['w0']))
    const first = (await who('w0').start(id)).map((one) => one.id)
    await who('w0').submit(id, ...first.slice(0, 7))
    expect((await who('w0').start(id)).map((one) => one.id)).toEqual(first.slice(7))
    await who('w0').submit(id, first[7]!)
    const more = (await who('w0').start(id)).map((one) => one.id)
    expect([more.length, more.slice(0, 2)]).toEqual([10, first.slice(8)])
  })

  it('moves annotations with the work that is submitted, once', async () => {
    const id = await made(aTask('full', ['w0', 'w1']))
    const [mine] = await who('w0').start(id)
    await draw('w0', id, 'i0', 'a1')
    await draw('w1', id, 'i0', 'b1')
    await who('w0').posted(aBox('i0', 'free'))
    expect(await states('i0')).toEqual({ a1: pending, b1: pending, free: success })
    for (let twice = 0; twice < 2; twice++) expect((await who('w0').submit(id, mine!.id))[0]!.code).toBe(54200)
    expect(await states('i0')).toEqual({ a1: success, b1: pending, free: success })
    const history = await store().read.selectFrom('history').selectAll().where('item_id', '=', 'a1').execute()
    expect(history.map((line) => line.user_id)).toEqual(['w0', 'w0'])
  })

  it('takes the old input_id, an input in place of an id, and answers inputs to the old question', async () => {
    const id = await made(aTask('dynamic', ['w0']))
    const request = create(ListNextTaskAssignmentsRequestSchema, { userAppId, taskId: id })
    const next = await taskMethods.listNextTaskAssignments(request, callBy('w0'), at.world.deps)
    expect(next.inputs.map((input) => input.id)).toHaveLength(10)
    expect(next.inputs[0]).toMatchObject({ id: 'i0', status: { code: 30000 } })
    expect((await who('w0').put(id, { inputId: 'i0' })).seen).toMatchObject([{ input: 'i0', code: 54200 }])
    const value = { taskAssignments: [{ input: { id: 'i1' } }, { input: { id: 'i24' } }, { id: 'nope' }] }
    const answer = await who('w0').put(id, {
      action: Action.LABEL_SUBMIT,
      actionConfig: { case: 'labelSubmitConfig', value },
    })
    expect(answer.code).toBe(10010)
    expect(answer.seen.map(({ code, input }) => [code, input])).toEqual([
      [54200, 'i1'],
      [11101, 'i24'],
      [11101, ''],
    ])
    expect(answer.seen[2]).toMatchObject({ id: 'nope', details: expect.stringContaining('task_assignments[2].id') })
  })

  it('refuses requests that make no sense', async () => {
    const id = await made(aTask('full', ['w0'], manual(['r0'])))
    const refused = async (as: string, request: Parameters<TaskClient['put']>[1]) => failure(who(as).put(id, request))
    expect(await refused('w0', {})).toEqual({ code: 11102, details: 'action: required' })
    expect((await refused('w0', { action: 7 as never })).details).toBe('action: 7 is none')
    expect((await refused('w0', { action: Action.LABEL_SUBMIT })).details).toContain('label_submit_config')
    expect((await refused('r0', { action: Action.REVIEW_APPROVE })).details).toContain('review_approve_config')
    const rejectConfig = { case: 'reviewRejectConfig' as const, value: { taskAssignments: [{ id: 'x' }] } }
    const wrong = await refused('r0', { action: Action.REVIEW_APPROVE, actionConfig: rejectConfig })
    expect(wrong).toMatchObject({ code: 11102, details: expect.stringContaining('review_approve_config') })
    expect((await failure(who('w0').start('nope'))).code).toBe(54102)
  })

  it('lets only workers work, only reviewers and the owner review', async () => {
    const id = await made(aTask('full', ['w0'], manual(['r0'])))
    const [mine] = await who('w0').start(id)
    for (const other of ['w1', 'r0', 'owner']) expect((await failure(who(other).start(id))).code).toBe(54103)
    expect((await failure(who('r0').submit(id, mine!.id))).code).toBe(54103)
    await who('w0').submit(id, mine!.id)
    for (const other of ['w0', 'w1', 'r1']) {
      expect((await failure(who(other).startReview(id))).code).toBe(54103)
      expect((await failure(who(other).approve(id, mine!.id))).code).toBe(54103)
    }
    expect((await who('owner').approve(id, mine!.id))[0]!.code).toBe(54200)
  })

  it('lets nobody submit another’s work', async () => {
    const id = await made(aTask('full', ['w0', 'w1']))
    const [mine] = await who('w0').start(id)
    expect((await who('w1').submit(id, mine!.id))[0]).toMatchObject({
      code: 54103,
      details: expect.stringContaining('"w0"'),
    })
  })

  it('gives different inputs to the workers of a dynamic task, and what one leaves to the others', async () => {
    const id = await made(aTask('dynamic', ['w0', 'w1', 'w2']))
    const first = await who('w0').start(id)
    const second = await who('w1').start(id)
    // a third of what is free, each time: none of three has all of a short queue
    expect([first, second].map((work) => work.map(({ input }) => input).join(' '))).toEqual([
      'i0 i1 i2 i3 i4 i5 i6 i7 i8',
      'i9 i10 i11 i12 i13 i14',
    ])
    expect(await who('w2').start(id)).toHaveLength(4)
    for (let some = await who('w2').start(id); some.length > 0; some = await who('w2').start(id))
      await who('w2').submit(id, ...some.map((item) => item.id))
    at.world.clock.wait(100)
    await who('w1').start(id)
    at.world.clock.wait(30)
    // the lease of w0 has run out, that of w1 was renewed
    expect((await who('w2').start(id)).map(({ input }) => input)).toEqual(['i0', 'i1', 'i2'])
    const [late, later] = first
    expect((await who('w0').submit(id, late!.id))[0]).toMatchObject({
      code: 54100,
      details: expect.stringContaining('you no longer have input "i0"'),
    })
    expect((await who('w1').submit(id, second[0]!.id))[0]!.code).toBe(54200)
    // w2 leaves as well: what nobody has taken yet is still theirs to submit
    at.world.clock.wait(200)
    expect((await who('w2').submit(id, (await who('w2').start(id))[0]!.id))[0]!.code).toBe(54200)
    expect((await failure(who('w1').submit(id))).code).toBe(11102)
    expect((await who('w0').submit(id, later!.id))[0]!.code).toBe(54100)
  })

  it('lets somebody late submit what nobody has taken over', async () => {
    const id = await made(aTask('dynamic', ['w0', 'w1']))
    const first = await who('w0').start(id)
    await draw('w0', id, 'i9', 'a1')
    at.world.clock.wait(121)
    expect((await who('w1').start(id)).map(({ input }) => input)).toContain('i9')
    // w1 has it now, but leaves the task
    await who('owner').patchTasks('overwrite', { id, worker: workedBy('dynamic', ['w0']) })
    expect((await who('w0').submit(id, first[9]!.id))[0]).toMatchObject({ code: 54200, input: 'i9' })
    expect(await states('i9')).toEqual({ a1: success })
  })

  it('reviews by hand: approve, send back, reject, and hear of what another decided', async () => {
    const id = await made(aTask('full', ['w0'], manual(['r0', 'r1'])))
    const items = await who('w0').start(id)
    for (const { input } of items.slice(0, 4)) await draw('w0', id, input, `a-${input}`)
    const done = await who('w0').submit(id, ...items.slice(0, 4).map((item) => item.id))
    expect(done.map(({ code }) => code)).toEqual(Array(4).fill(54202))
    expect(await states('i0')).toEqual({ 'a-i0': awaiting })

    const [a, b, c, d] = await who('r0').startReview(id)
    expect([a, b, c, d].map((item) => item!.worker)).toEqual(Array(4).fill('w0'))
    expect(await who('r1').startReview(id)).toEqual([])
    expect((await who('r0').approve(id, a!.id))[0]!.code).toBe(54200)
    expect((await who('r0').requestChanges(id, b!.id))[0]!.code).toBe(54201)
    expect((await who('r0').reject(id, c!.id))[0]!.code).toBe(54204)
    expect([await states('i0'), await states('i1'), await states('i2')]).toEqual([
      { 'a-i0': success },
      { 'a-i1': pending },
      { 'a-i2': denied },
    ])
    // the same again changes nothing; something else is told whose verdict stands
    expect((await who('r1').approve(id, a!.id))[0]!.code).toBe(54200)
    expect((await who('r1').reject(id, a!.id))[0]).toMatchObject({
      code: 54100,
      details: expect.stringMatching(
        /^review_reject_config\.task_assignments\[0\]\.id: the work of "w0" on input "i\d" is approved by "r0" already$/,
      ),
    })
    expect((await who('r1').approve(id, b!.id))[0]!.details).toContain('on input "i1" was sent back by "r0"')
    expect((await who('r1').approve(id, c!.id))[0]!.details).toContain('is denied by "r0" already')
    expect((await who('r1').approve(id, items[7]!.id))[0]!.details).toContain('"w0" has not submitted input "i')
    expect((await who('r1').approve(id, 'nope'))[0]!.code).toBe(11101)

    // what was sent back comes first; both it and the rejected one can be submitted again
    expect((await who('w0').start(id))[0]).toMatchObject({ id: b!.id, code: 54201 })
    const again = await who('w0').submit(id, b!.id, c!.id)
    expect(again.map(({ code }) => code)).toEqual([54202, 54202])
    expect([await states('i1'), await states('i2')]).toEqual([{ 'a-i1': awaiting }, { 'a-i2': awaiting }])

    // r0 is away: r1 gets what they had open
    at.world.clock.wait(121)
    expect((await who('r1').startReview(id)).map(({ id }) => id)).toEqual([b!.id, c!.id, d!.id])
    expect(await who('r0').startReview(id)).toEqual([])
  })

  it('approves all that some workers submitted, and reopens what was approved', async () => {
    const id = await made(aTask('full', ['w0', 'w1'], manual(['r0'])))
    for (const worker of ['w0', 'w1']) {
      const batch = await who(worker).start(id)
      await draw(worker, id, 'i0', `a-${worker}`)
      await who(worker).submit(id, ...batch.slice(0, 3).map((item) => item.id))
    }
    expect((await who('r0').startReview(id, 'w1')).map(({ worker }) => worker)).toEqual(Array(3).fill('w1'))
    const value = { workers: workedBy('full', ['w1']).workers }
    const answer = await who('r0').put(id, {
      action: Action.REVIEW_APPROVE,
      actionConfig: { case: 'reviewApproveConfig', value },
    })
    expect(answer.seen.map(({ code, worker }) => [code, worker])).toEqual(Array(3).fill([54200, 'w1']))
    expect(await states('i0')).toEqual({ 'a-w0': awaiting, 'a-w1': success })
    const approved = answer.seen[0]!
    expect((await who('r0').requestChanges(id, approved.id))[0]!.code).toBe(54201)
    expect(await states('i0')).toEqual({ 'a-w0': awaiting, 'a-w1': pending })
  })

  it('reviews the part of the inputs that was asked for', async () => {
    const id = await made(aTask('full', ['w0', 'w1'], manual(['r0'], { samplePercentage: 0.4 })))
    const reviewed: string[][] = []
    for (const worker of ['w0', 'w1']) {
      const mine: string[] = []
      for (let batch = await who(worker).start(id); batch.length > 0; batch = await who(worker).start(id)) {
        const done = await who(worker).submit(id, ...batch.map((item) => item.id))
        mine.push(...done.filter(({ code }) => code === 54202).map(({ input }) => input))
        expect(done.every(({ code }) => code === 54202 || code === 54200)).toBe(true)
      }
      reviewed.push(mine)
    }
    expect(reviewed[0]).toHaveLength(10)
    expect(reviewed[1]).toEqual(reviewed[0])
  })

  it('waits for all reviewers where the task says so, a rejection being final', async () => {
    const all = { approvalThresholdReviewers: -1 }
    const id = await made(aTask('full', ['w0'], byConsensus(['r0', 'r1'], all)))
    const batch = await who('w0').start(id)
    await draw('w0', id, 'i0', 'a1')
    await who('w0').submit(id, ...batch.slice(0, 3).map((item) => item.id))
    const [a, b, c] = await who('r0').startReview(id)
    expect(await who('r1').startReview(id)).toHaveLength(3)
    expect((await who('r0').approve(id, a!.id, b!.id, c!.id)).map(({ code }) => code)).toEqual(Array(3).fill(54202))
    expect(await who('r0').startReview(id)).toEqual([])
    expect(await states('i0')).toEqual({ a1: awaiting })
    expect((await who('r1').approve(id, a!.id))[0]!.code).toBe(54200)
    expect(await states('i0')).toEqual({ a1: success })
    expect((await who('r1').reject(id, b!.id))[0]!.code).toBe(54204)
    expect((await who('r0').approve(id, b!.id))[0]!.code).toBe(54100)
    // r1 leaves the review: what only they were missing from is approved
    await who('owner').patchTasks('overwrite', { id, review: reviewedBy('consensus', ['r0'], { consensus: all }) })
    expect((await who('r0').approve(id, c!.id))[0]!.code).toBe(54200)
  })

  it('lets nobody review their own work unless the app says so', async () => {
    const id = await made(aTask('full', ['w0', 'r0'], manual(['r0', 'r1'])))
    const [mine] = await who('r0').start(id)
    await who('r0').submit(id, mine!.id)
    expect(await who('r0').startReview(id)).toEqual([])
    expect((await who('r0').approve(id, mine!.id))[0]).toMatchObject({ code: 54103 })
    expect((await who('r1').startReview(id)).map((item) => item.id)).toEqual([mine!.id])
  })

  it('binds what is posted and patched in a task', async () => {
    const id = await made(aTask('partitioned', ['w0', 'w1'], manual(['r0'])))
    const [mine] = await who('w0').start(id)
    const post = async (as: string, inputId: string, more = {}) =>
      items(await who(as).post({ ...aBox(inputId), taskId: id, ...more }))[0]!
    expect(await post('w0', 'i0', { status: { code: success } })).toMatchObject({
      code: 24156,
      details: expect.stringContaining('PENDING until it is submitted'),
    })
    expect((await post('w0', 'i2')).details).toContain('input "i2" is not given to you')
    expect((await post('w2', 'i0')).details).toContain('only the workers and reviewers')
    expect((await post('r0', 'i0')).code).toBe(success)
    expect((await post('owner', 'i1')).code).toBe(success)

    await draw('w0', id, 'i0', 'a1')
    const patch = async (as: string, change: object) =>
      items(await who(as).patch('merge', [{ inputId: 'i0', id: 'a1', ...change }]))[0]!
    const to = (code: number) => ({ status: { code } })
    expect((await patch('w0', to(success))).details).toContain('submit your work in the task instead')
    expect((await patch('w0', { taskId: 'other' })).details).toContain('only the owner')
    expect((await patch('w0', aBox('i0', 'a1', ['van']))).code).toBe(pending)
    await who('w0').submit(id, mine!.id)
    expect((await post('w0', 'i0')).details).toContain('is submitted')
    // a reviewer of the task may mend it while it waits; one of another may not
    expect((await patch('r1', aBox('i0', 'a1', ['bus']))).code).toBe(24156)
    expect((await patch('r0', aBox('i0', 'a1', ['bus']))).code).toBe(awaiting)
    // its author takes it back, and with it the whole work
    expect((await patch('w0', to(pending))).code).toBe(pending)
    expect((await who('w0').start(id))[0]).toMatchObject({ id: mine!.id, code: 54201 })
    await who('w0').submit(id, mine!.id)
    await who('r0').startReview(id)
    expect((await patch('w0', to(pending))).details).toContain('a reviewer has opened it')
    expect((await patch('w0', aBox('i0', 'a1', ['car']))).code).toBe(24156)
    await who('r0').approve(id, mine!.id)
    expect((await patch('w0', aBox('i0', 'a1', ['car']))).details).toContain('it is approved')
  })

  it('patches states in bulk the old way, assignments following', async () => {
    const id = await made(aTask('full', ['w0', 'w1'], manual(['r0'])))
    for (const worker of ['w0', 'w1']) {
      const batch = await who(worker).start(id)
      for (const input of ['i0', 'i1']) await draw(worker, id, input, `${worker}-${input}`)
      await who(worker).submit(id, batch[0]!.id, batch[1]!.id)
    }
    const patch = async (as: string, request: object) =>
      taskMethods.patchAnnotationsStatus(
        create(PatchAnnotationsStatusRequestSchema, { userAppId, taskId: id, action: 'overwrite', ...request }),
        callBy(as),
        at.world.deps,
      )
    expect(await patch('r0', { statusCode: success, userIds: ['w0'], statusCodes: [awaiting] })).toMatchObject({
      status: { code: 10000 },
      userIds: ['w0'],
      updatedCount: 2,
    })
    expect(await states('i0')).toEqual({ 'w0-i0': success, 'w1-i0': awaiting })
    expect((await who('r0').startReview(id)).map(({ worker }) => worker)).toEqual(['w1', 'w1'])
    expect(await patch('r0', { statusCode: pending, userIds: ['w1'] })).toMatchObject({ updatedCount: 2 })
    expect((await who('w1').start(id)).slice(0, 2).map(({ input }) => input)).toEqual(['i0', 'i1'])
    expect((await failure(patch('w0', { statusCode: success }))).code).toBe(54103)
    expect((await failure(patch('r0', { statusCode: awaiting }))).details).toContain('status_code')
    expect((await failure(patch('r0', { statusCode: success, action: 'merge' }))).details).toContain('action')
    expect((await failure(patch('r0', { statusCode: success, taskId: '' }))).details).toContain('task_id')
  })

  it('passes over inputs that are deleted', async () => {
    const id = await made(aTask('dynamic', ['w0']))
    await store()
      .write.updateTable('input')
      .set({ deleted_at: 5, deleted_by: 'owner' })
      .where('id', '=', 'i0')
      .execute()
    expect((await who('w0').start(id))[0]!.input).toBe('i1')
    const all = await made(aTask('full', ['w0']))
    expect((await who('w0').start(all))[0]!.input).toBe('i1')
    await deleteAnnotations(store().write, { app: at.world.app, inputIds: ['i1'] }, { by: 'owner', now: 6 })
    expect((await who('w0').submit(id, (await who('w0').start(id))[0]!.id))[0]!.code).toBe(54200)
  })

  consensusStories(at)
})
