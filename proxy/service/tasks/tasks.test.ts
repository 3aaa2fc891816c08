import { create } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { beforeEach, expect, it } from 'vitest'
import {
  DeleteTasksRequestSchema,
  GetTaskCountRequestSchema,
  GetTaskRequestSchema,
  ListTasksRequestSchema,
  PatchTasksRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { aBox, failure } from '#proxy/service/annotations/annotationTesting.ts'
import { callBy } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { taskMethods } from './tasks.ts'
import {
  aTask,
  aTaskWorld,
  reviewedBy,
  type SentTask,
  type TaskWorld,
  user,
  userAppId,
  workedBy,
} from './taskTesting.ts'

eachDialect('tasks', (store) => {
  let world: TaskWorld
  beforeEach(async () => {
    world = await aTaskWorld(store(), 12)
  })

  const get = async (taskId: string, additionalFields: string[] = [], who = 'w0') =>
    (
      await taskMethods.getTask(
        create(GetTaskRequestSchema, { userAppId, taskId, additionalFields }),
        callBy(who),
        world.deps,
      )
    ).task!

  const list = async (filter: Parameters<typeof create<typeof ListTasksRequestSchema>>[1] = {}, who = 'owner') =>
    (
      await taskMethods.listTasks(
        create(ListTasksRequestSchema, { ...(filter as object), userAppId }),
        callBy(who),
        world.deps,
      )
    ).tasks

  const counts = async (taskId: string, what: 'input' | 'annotation', filter = {}) => {
    const request = create(GetTaskCountRequestSchema, { userAppId, taskId, ...filter })
    const method = what === 'input' ? taskMethods.getTaskInputCount : taskMethods.getTaskAnnotationCount
    return (await method(request, callBy('owner'), world.deps)).counts
  }

  const numbers = async (taskId: string) =>
    Object.fromEntries((await counts(taskId, 'input')).map((count) => [count.userId, count.pending]))

  it('keeps what it was asked for and answers it in the old fields and the new ones', async () => {
    const made = await world.who('owner').task({
      ...aTask('full', []),
      id: 't1',
      description: 'all *cars*',
      worker: { strategy: 3, userIds: ['w0', 'me'] },
      review: {
        strategy: 3,
        userIds: ['r0'],
        strategyInfo: { case: 'consensusStrategyInfo', value: { approvalThreshold: 2 } },
      },
      conceptIds: ['car'],
      priority: 3,
      metadata: { client: 'x' },
    })
    expect(made).toMatchObject({
      id: 't1',
      appId: 'demo',
      userId: 'owner',
      name: 'cars',
      description: 'all *cars*',
      conceptIds: ['car'],
      concepts: [{ concept: { id: 'car', name: 'car' } }],
      priority: 3,
      metadata: { client: 'x' },
      status: { code: 54001, description: 'Task in progress' },
      inputSource: { type: 1 },
      worker: {
        userIds: ['w0', 'owner'],
        users: [{ id: 'w0' }, { id: 'owner' }],
        workers: [user('w0'), user('owner')],
      },
      review: {
        userIds: ['r0'],
        users: [{ id: 'r0', firstName: '' }],
        strategyInfo: { value: { approvalThreshold: 2, approvalThresholdLabelers: 2 } },
      },
    })
    const named = await get('t1', ['worker.users', 'review.users'])
    expect(named.worker!.workers[0]!.worker).toMatchObject({ value: { id: 'w0', firstName: 'W0' } })
    expect(named.review!.users[0]).toMatchObject({ id: 'r0', firstName: 'R0' })
    expect(await failure(get('t2'))).toEqual({ code: 54102, details: 'task_id: the app has no task "t2"' })
    expect((await world.who('owner').postTasks({ ...aTask('full', ['w0']), id: 't1' })).tasks[0]!.status!.code).toBe(
      40010,
    )
  })

  it('prefers new fields to old ones where both are sent, as an answer that is sent back does', async () => {
    const { id } = await world.who('owner').task({
      ...aTask('full', ['w0', 'w1']),
      worker: { strategy: 3, userIds: ['w5'], users: [{ id: 'w6' }], workers: [user('w0')] },
    })
    expect((await get(id)).worker!.userIds).toEqual(['w0'])
  })

  it('splits evenly, with several people an input, at once', async () => {
    const people = ['w0', 'w1', 'w2']
    const partitioned = async (partition: Parameters<typeof workedBy>[2]) =>
      numbers(
        (
          await world
            .who('owner')
            .task(aTask('partitioned', [], { worker: workedBy('partitioned', people, partition) }))
        ).id,
      )
    expect(await partitioned({ type: 1, workersPerInput: 2 })).toEqual({ w0: 8, w1: 8, w2: 8 })
    // 24 slots; half of them is w0 on every input
    const weights = { w0: 50, w1: 30, w2: 20 }
    expect(await partitioned({ type: 2, workersPerInput: 2, weights })).toEqual({ w0: 12, w1: 7, w2: 5 })
    const full = await world.who('owner').task(aTask('full', ['w0', 'w1']))
    expect(await numbers(full.id)).toEqual({ w0: 12, w1: 12 })
    const dynamic = await world.who('owner').task(aTask('dynamic', ['w0', 'w1']))
    expect(await numbers(dynamic.id)).toEqual({ w0: 0, w1: 0 })
  })

  it('refuses what cannot be, naming the field, and makes the others', async () => {
    const partition = (value: Parameters<typeof workedBy>[2]) =>
      aTask('partitioned', [], { worker: workedBy('partitioned', ['w0', 'w1'], value) })
    const review = (...how: Parameters<typeof reviewedBy>) =>
      aTask('full', ['w0', 'w1'], { review: reviewedBy(...how) })
    const cases: [SentTask, number, string][] = [
      [{ ...aTask('full', []) }, 11102, 'worker.workers: required'],
      [{ ...aTask('full', ['w0']), worker: { workers: [user('w0')] } }, 11102, 'worker.strategy: required'],
      [aTask('full', ['w0', 'w0']), 11102, 'worker.workers[1].user.id: "w0" is there twice'],
      [aTask('full', ['w0', 'stranger']), 11102, 'worker.workers[1].user.id: "stranger" is neither'],
      [review('manual', ['nobody']), 11102, 'review.users[0].id: "nobody" is neither'],
      [partition({ type: 1, workersPerInput: 3 }), 11102, 'worker.partitioned_strategy_info.workers_per_input: 3'],
      [partition({ type: 1, workersPerInput: -1 }), 11102, 'worker.partitioned_strategy_info.workers_per_input: -1'],
      [partition({ type: 2, weights: { w0: 1 } }), 11102, 'worker.partitioned_strategy_info.weights.w1: required'],
      [partition({ type: 2, weights: { w0: 1, w1: -1 } }), 11102, 'weights.w1: must be a number above 0'],
      [partition({ type: 2, weights: { w0: 1, w1: 1, w2: 1 } }), 11102, 'weights.w2: "w2" is no worker'],
      [
        partition({ type: 2, workersPerInput: 2, weights: { w0: 51, w1: 49 } }),
        11102,
        'weights.w0: 51 of 100 is more than 1/2',
      ],
      [review('unset', []), 11102, 'review.strategy: required'],
      [
        review('manual', [], { manual: { samplePercentage: 1.5 } }),
        11102,
        'review.manual_strategy_info.sample_percentage: 1.5',
      ],
      [
        review('consensus', [], { consensus: { approvalThresholdReviewers: 2 } }),
        11102,
        'approval_threshold_reviewers: 2, must be',
      ],
      [
        review('consensus', [], { consensus: { approvalThresholdLabelers: 3 } }),
        11102,
        '3 labelers cannot agree where 2 label',
      ],
      [{ ...aTask('full', ['w0']), inputSource: { type: 4 as never } }, 11102, 'input_source.id: required'],
      [
        { ...aTask('full', ['w0']), inputSource: { type: 4 as never, id: 'no' } },
        11101,
        'input_source.id: the app has no',
      ],
      [{ ...aTask('full', ['w0']), worker: { strategy: 3, type: 2 } }, 54101, 'worker.type'],
      [{ ...aTask('full', ['w0']), status: { code: 54005 } }, 11102, 'status.code: 54005'],
    ]
    const { status, tasks } = await world.who('owner').postTasks(...cases.map(([task]) => task), aTask('full', ['w0']))
    expect(status!.code).toBe(10010)
    for (const [i, [, code, words]] of cases.entries()) {
      expect(tasks[i]!.status!.details).toContain(`tasks[${i}].`)
      expect([tasks[i]!.status!.code, tasks[i]!.status!.details]).toEqual([code, expect.stringContaining(words)])
    }
    expect(await list()).toHaveLength(1)
  })

  it('wants somebody else to review the owner’s own work, unless the app lets people review theirs', async () => {
    const own: SentTask = { ...aTask('full', ['owner', 'w0']), review: { strategy: 2 } }
    const [refused] = (await world.who('owner').postTasks(own)).tasks
    expect(refused!.status!.details).toContain('nobody could review the work of "owner"')
    await world.who('owner').task({ ...own, review: { strategy: 2, users: [{ id: 'r0' }] } })
  })

  it('is made by those with the right, and changed in its people by the owner only', async () => {
    expect((await failure(world.who('w0').postTasks(aTask('full', ['w0'])))).code).toBe(11007)
    expect((await failure(world.who('stranger').postTasks(aTask('full', ['w0'])))).code).toBe(11101)
    const { id } = await world.who('lead').task(aTask('full', ['w0']))
    const renamed = await world.who('lead').patchTasks('overwrite', { id, name: 'vans', description: 'd' })
    expect(renamed.tasks[0]).toMatchObject({ name: 'vans', description: 'd', type: 2 })
    const people = { id, worker: workedBy('full', ['w1']) }
    expect((await world.who('lead').patchTasks('overwrite', people)).tasks[0]!.status!.code).toBe(54103)
    expect((await world.who('owner').patchTasks('overwrite', people)).tasks[0]!.worker!.userIds).toEqual(['w1'])
  })

  it('refuses a change of a version that has passed, where the sender asks for it, and says whose is there', async () => {
    const made = await world.who('owner').task(aTask('full', ['w0']))
    const patch = async (who: string, modifiedAt: typeof made.modifiedAt, name: string) => {
      const tasks = [{ id: made.id, name, ...(modifiedAt && { modifiedAt }) }]
      const request = create(PatchTasksRequestSchema, { userAppId, action: 'overwrite', tasks })
      const compared = callBy(who, {}, { 'x-marquee-compare': 'modified_at' })
      return (await taskMethods.patchTasks(request, compared, world.deps)).tasks[0]!
    }
    world.clock.wait(1)
    expect(await patch('owner', made.modifiedAt, 'first')).toMatchObject({ name: 'first', status: { code: 54001 } })
    const second = await patch('lead', made.modifiedAt, 'second')
    expect(second.status).toMatchObject({
      code: 54100,
      details: expect.stringMatching(/^tasks\[0\]\.modified_at: .* has passed: changed by "owner" at /),
    })
    expect((await patch('lead', undefined, 'second')).status!.details).toContain('modified_at: required')
    expect((await get(made.id)).name).toBe('first')
    await patch('lead', (await get(made.id)).modifiedAt, 'second')
    expect((await get(made.id)).name).toBe('second')
  })

  it('changes the status by merge, and nothing else', async () => {
    const { id } = await world.who('owner').task(aTask('full', ['w0']))
    const done = await world.who('owner').patchTasks('merge', { id, status: { code: 54002 } })
    expect(done.tasks[0]).toMatchObject({ status: { code: 54002 }, name: 'cars' })
    expect(await failure(world.who('w0').start(id))).toMatchObject({
      code: 54100,
      details: expect.stringContaining('done'),
    })
    const [more] = (await world.who('owner').patchTasks('merge', { id, name: 'x', status: { code: 54001 } })).tasks
    expect(more!.status!.code).toBe(11102)
    expect((await world.who('owner').patchTasks('merge', { id })).status!.code).toBe(10020)
    expect((await failure(world.who('owner').patchTasks('remove', { id }))).code).toBe(11102)
    await world.who('owner').patchTasks('merge', { id, status: { code: 54001 } })
    expect(await world.who('w0').start(id)).toHaveLength(10)
  })

  it('lists by worker, reviewer, source and id, oldest first, a page at a time', async () => {
    const owner = world.who('owner')
    const manual: SentTask = { review: { strategy: 2, users: [{ id: 'r0' }] } }
    await owner.postTasks(
      { ...aTask('full', ['w0']), id: 'a' },
      { ...aTask('full', ['w0', 'w1'], manual), id: 'b' },
      { ...aTask('full', ['w1'], manual), id: 'c', inputSource: { type: 4 as never, id: 'i3' } },
      { ...aTask('full', ['w1']), id: 'd', labelOrderId: 'order' },
    )
    const ids = async (filter: Parameters<typeof list>[0], who?: string) =>
      (await list(filter, who)).map((task) => task.id).join('')
    expect(await ids({})).toBe('abc')
    expect(await ids({ workerUserIds: ['w0'] })).toBe('ab')
    expect(await ids({ workerUserIds: ['me'] }, 'w1')).toBe('bc')
    expect(await ids({ workerUserIds: ['w0', 'w1'], reviewUserIds: ['r0', 'r1'] })).toBe('bc')
    expect(await ids({ ids: ['c', 'a', 'x'] })).toBe('ac')
    expect(await ids({ inputSourceType: 4 as never })).toBe('c')
    expect(await ids({ inputSourceIds: ['i3'] })).toBe('c')
    expect(await ids({ includingLabelOrderTasks: true })).toBe('abcd')
    expect(await ids({ labelOrderIds: ['order'] })).toBe('d')
    expect(await ids({ page: 2, perPage: 2 })).toBe('c')
    // ListTasksRequest.worker_ids = 12 of newer .proto files
    const request = create(ListTasksRequestSchema, { userAppId })
    request.$unknown = [{ no: 12, wireType: WireType.LengthDelimited, data: new BinaryWriter().string('w0').finish() }]
    const answer = await taskMethods.listTasks(request, callBy('owner'), world.deps)
    expect(answer.tasks.map((task) => task.id)).toEqual(['a', 'b'])
  })

  it('deletes tasks, passing over those that are gone, and leaves what people made', async () => {
    const { id } = await world.who('owner').task(aTask('full', ['w0']))
    await world.who('w0').posted({ ...aBox('i0', 'a1'), taskId: id })
    const gone = (who: string) =>
      taskMethods.deleteTasks(create(DeleteTasksRequestSchema, { userAppId, ids: [id, 'x'] }), callBy(who), world.deps)
    expect((await failure(gone('w0'))).code).toBe(11007)
    for (let twice = 0; twice < 2; twice++) expect((await gone('lead')).status!.code).toBe(10000)
    expect(await list()).toEqual([])
    expect((await failure(world.who('w0').start(id))).code).toBe(54102)
    expect((await world.who('owner').get('i0', 'a1')).taskId).toBe(id)
    // w0 had not heard of it: their work is kept, nobody else's begins
    await world.who('w0').posted({ ...aBox('i0', 'a2'), taskId: id })
    const late = (await world.who('owner').post({ ...aBox('i0', 'a3'), taskId: id })).annotations[0]?.status
    expect(late?.details).toBe(`annotations[0].task_id: task "${id}" is deleted`)
    expect((await world.who('owner').postTasks({ ...aTask('full', ['w0']), id })).tasks[0]!.status!.code).toBe(40010)
  })

  it('leaves finished and begun work with its people when others come, and all finished work when they go', async () => {
    const { id } = await world.who('owner').task(aTask('partitioned', ['w0', 'w1']))
    const begun = await world.who('w0').start(id)
    expect(begun).toHaveLength(6)
    await world.who('w0').submit(id, begun[0]!.id)
    await world.who('owner').patchTasks('overwrite', { id, worker: workedBy('partitioned', ['w0', 'w1', 'w2']) })
    // w0 has six already, the other six are shared
    expect(await numbers(id)).toEqual({ w0: 5, w1: 3, w2: 3 })
    await world.who('owner').patchTasks('overwrite', { id, worker: workedBy('partitioned', ['w1', 'w2']) })
    expect(await numbers(id)).toMatchObject({ w0: 0 })
    const now = await numbers(id)
    expect(now.w1! + now.w2!).toBe(11)
    expect(Math.abs(now.w1! - now.w2!)).toBeLessThanOrEqual(1)
    expect((await failure(world.who('w0').submit(id, begun[1]!.id))).code).toBe(54103)
    const [count] = (await counts(id, 'input')).filter((one) => one.userId === 'w0')
    expect(count).toMatchObject({ success: 1, worker: user('w0') })
  })

  it('counts inputs and annotations by worker and state, and tells how far it is', async () => {
    const { id } = await world.who('owner').task({
      ...aTask('full', ['w0', 'w1']),
      review: { strategy: 2, users: [{ id: 'r0' }, { id: 'r1' }] },
    })
    await world.who('owner').post({ ...aBox('i1', 'm1'), taskId: id, modelVersionId: 'v1' })
    const [mine] = await world.who('w0').start(id)
    await world.who('w0').post({ ...aBox(mine!.input, 'a1'), taskId: id }, { ...aBox(mine!.input, 'a2'), taskId: id })
    await world.who('w0').submit(id, mine!.id)
    expect(await counts(id, 'input')).toMatchObject([
      { userId: 'w0', pending: 11, awaitingReview: 1 },
      { userId: 'w1', pending: 12, awaitingReview: 0 },
    ])
    expect(await counts(id, 'annotation')).toMatchObject([
      { userId: 'w0', awaitingReview: 2, pending: 0 },
      { userId: 'w1', awaitingReview: 0 },
      { userId: '', worker: { worker: { case: 'model', value: { modelVersion: { id: 'v1' } } } }, success: 1 },
    ])
    expect(await counts(id, 'annotation', { userIds: ['w1'], modelVersionIds: ['v1'] })).toHaveLength(2)
    const before = await get(id, ['all'])
    expect(before.metrics).toMatchObject({
      inputSource: { inputsCountEstimated: 12n },
      work: { inputsCountEstimated: 0n, inputsPercentEstimated: 0 },
      review: { inputsReviewableCountEstimatedPerReviewer: [1n, 0n], inputsCountEstimatedPerReviewer: [0n, 0n] },
    })
    const [other] = await world.who('w1').start(id)
    await world.who('w1').submit(id, other!.id)
    await world.who('r1').approve(id, mine!.id, other!.id)
    expect((await get(id, ['metrics.work.inputs_percent_estimated'])).metrics).toMatchObject({
      work: { inputsCountEstimated: 1n, inputsPercentEstimated: 8 },
      review: {
        inputsCountEstimated: 1n,
        inputsPercentEstimated: 8,
        inputsCountEstimatedPerReviewer: [0n, 1n],
        inputsPercentEstimatedPerReviewer: [0, 100],
      },
    })
  })
})
