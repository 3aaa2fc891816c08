// biome-ignore lint/style/noRestrictedImports: used by tests only, which is where vitest is at home
import { expect, it } from 'vitest'
import { aBox, boxInfo, failure } from '#proxy/service/annotations/annotationTesting.ts'
import { aTask, type TaskClient, workedBy } from './taskTesting.ts'
import { awaiting, byConsensus, consensus, manual, pending, success, type WorkIn } from './taskWorkTesting.ts'

/** Several people on one input: what they agree on, what is hidden, who leaves. Run by taskWork.test.ts. */
export const consensusStories = (at: WorkIn): void => {
  const { who, made, draw, states } = at

  it('approves what enough labelers agree on and leaves the rest to reviewers', async () => {
    const id = await made(aTask('full', ['w0', 'w1', 'w2'], byConsensus(['r0'], { approvalThresholdLabelers: 2 })))
    const work = new Map<string, Awaited<ReturnType<TaskClient['start']>>>()
    for (const worker of ['w0', 'w1', 'w2']) work.set(worker, await who(worker).start(id))
    const submit = async (worker: string, at: number) =>
      (await who(worker).submit(id, work.get(worker)![at]!.id))[0]!.code
    // i0: w0 and w2 agree, w1 sees something else
    for (const worker of ['w0', 'w1', 'w2']) await draw(worker, id, 'i0', worker, worker === 'w1' ? 'van' : 'car')
    expect(await submit('w0', 0)).toBe(54203)
    expect(await submit('w1', 0)).toBe(54203)
    expect(await states('i0')).toEqual({ w0: consensus, w1: consensus, w2: pending })
    expect((await who('r0').approve(id, work.get('w0')![0]!.id))[0]!.details).toContain('waits for the other labelers')
    expect(await submit('w2', 0)).toBe(54200)
    expect(await states('i0')).toEqual({ w0: success, w1: awaiting, w2: success })
    // i1: two agree at once, the third comes later and agrees as well
    for (const worker of ['w0', 'w1', 'w2']) await draw(worker, id, 'i1', `${worker}-1`)
    expect([await submit('w0', 1), await submit('w1', 1), await submit('w2', 1)]).toEqual([54203, 54200, 54200])
    // i2: nobody agrees
    for (const [i, worker] of ['w0', 'w1', 'w2'].entries()) await draw(worker, id, 'i2', `${worker}-2`, `c${i}`)
    expect([await submit('w0', 2), await submit('w1', 2), await submit('w2', 2)]).toEqual([54203, 54203, 54202])
    expect(await states('i2')).toEqual({ 'w0-2': awaiting, 'w1-2': awaiting, 'w2-2': awaiting })
    // i3: all say that nothing is there
    expect([await submit('w0', 3), await submit('w1', 3)]).toEqual([54203, 54200])
    const waiting = (await who('r0').startReview(id)).map(({ input, worker }) => `${input} ${worker}`)
    expect(waiting).toEqual(['i0 w1', 'i2 w0', 'i2 w1', 'i2 w2'])
    // of those who agree one speaks for the others, until theirs is moved or changed
    const same = async (input: string) =>
      Object.fromEntries((await who('owner').list({ inputIds: [input] })).map((one) => [one.id, one.consensusInfo]))
    const asW0 = { marquee: { same_as: 'w0' } }
    expect(await same('i0')).toEqual({ w0: undefined, w1: undefined, w2: asW0 })
    expect(await same('i1')).toEqual({ 'w0-1': undefined, 'w1-1': asW0, 'w2-1': asW0 })
    await who('owner').patch('overwrite', [{ id: 'w1-1', inputId: 'i1', status: { code: pending } }])
    expect(await same('i1')).toEqual({ 'w0-1': undefined, 'w1-1': undefined, 'w2-1': asW0 })
  })

  it('measures agreement as the task says', async () => {
    const strict = byConsensus(['r0'], { approvalThresholdLabelers: 2 })
    const id = await made(aTask('full', ['w0', 'w1'], { ...strict, metadata: { marquee: { overlap: 0.9 } } }))
    for (const [i, worker] of ['w0', 'w1'].entries()) {
      const [first] = await who(worker).start(id)
      const box = boxInfo(0, 0, 0.5, 0.5 + i / 10)
      await who(worker).post({ ...aBox('i0', worker, ['car'], box), taskId: id })
      await who(worker).submit(id, first!.id)
    }
    expect(await states('i0')).toEqual({ w0: awaiting, w1: awaiting })
  })

  it('decides without those who leave the task', async () => {
    const id = await made(aTask('full', ['w0', 'w1', 'w2'], byConsensus(['r0'], { approvalThresholdLabelers: 2 })))
    for (const [worker, concept] of [
      ['w0', 'car'],
      ['w1', 'van'],
    ] as const) {
      const [first] = await who(worker).start(id)
      await draw(worker, id, 'i0', worker, concept)
      await who(worker).submit(id, first!.id)
    }
    expect(await states('i0')).toEqual({ w0: consensus, w1: consensus })
    await who('owner').patchTasks('overwrite', { id, worker: workedBy('full', ['w0', 'w1']) })
    expect(await states('i0')).toEqual({ w0: awaiting, w1: awaiting })
  })

  it('gives what is sent back to somebody who has left to the others', async () => {
    const id = await made(aTask('partitioned', ['w0', 'w1'], manual(['r0'])))
    const [mine] = await who('w0').start(id)
    await who('w0').submit(id, mine!.id)
    await who('owner').patchTasks('overwrite', { id, worker: workedBy('partitioned', ['w1']) })
    expect((await who('r0').requestChanges(id, mine!.id))[0]!.code).toBe(54201)
    expect((await who('w1').start(id)).map(({ input }) => input)).toContain(mine!.input)
  })

  it('lets as many people as must agree have each input of a dynamic task', async () => {
    const id = await made(aTask('dynamic', ['w0', 'w1', 'w2'], byConsensus([], { approvalThresholdLabelers: 2 })))
    const batches = [await who('w0').start(id), await who('w1').start(id), await who('w2').start(id)]
    expect(batches.map((batch) => batch[0]!.input)).toEqual(['i0', 'i0', 'i9'])
    await who('w0').submit(id, batches[0]![0]!.id)
    expect((await who('w1').submit(id, batches[1]![0]!.id))[0]!.code).toBe(54200)
  })

  it('hides labelers’ work from each other until their own submit', async () => {
    const id = await made(aTask('full', ['w0', 'w1'], byConsensus(['r0'], { approvalThresholdLabelers: 2 })))
    const [mine] = await who('w0').start(id)
    const [other] = await who('w1').start(id)
    await draw('w0', id, 'i0', 'a0')
    await draw('w1', id, 'i0', 'a1', 'van')
    await who('w1').posted(aBox('i0', 'free'))
    const seen = async (as: string) => Object.keys(await states('i0', as)).join(' ')
    expect([await seen('w0'), await seen('w1')]).toEqual(['a0 free', 'a1 free'])
    for (const as of ['owner', 'r0', 'w2']) expect(await seen(as)).toBe('a0 a1 free')
    expect((await failure(who('w0').get('i0', 'a1'))).code).toBe(11101)
    expect((await who('w1').list({ inputIds: ['i0'], ids: ['a0'] })).length).toBe(0)
    await who('w0').submit(id, mine!.id)
    expect([await seen('w0'), await seen('w1')]).toEqual(['a0 a1 free', 'a1 free'])
    expect((await who('w0').get('i0', 'a1')).id).toBe('a1')
    await who('w1').submit(id, other!.id)
    expect(await seen('w1')).toBe('a0 a1 free')
    // sent back, one works alone again
    await who('r0').requestChanges(id, mine!.id)
    expect(await seen('w0')).toBe('a0 free')
  })
}
