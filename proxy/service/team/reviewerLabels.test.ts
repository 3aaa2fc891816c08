import { expect, it } from 'vitest'
import { aBox, failure, items } from '#proxy/service/annotations/annotationTesting.ts'
import { aTask } from '#proxy/service/tasks/taskTesting.ts'
import {
  awaiting,
  byConsensus,
  denied,
  manual,
  pending,
  success,
  workIn,
} from '#proxy/service/tasks/taskWorkTesting.ts'
import { eachDialect } from '#proxy/store/testing.ts'

eachDialect('what reviewers add to the work of others', (store) => {
  const at = workIn(store)
  const { who, made, draw, states } = at

  /** Input i0 waits for review, with a box of each of these labelers. */
  const submitted = async (task: Parameters<typeof made>[0], ...workers: string[]) => {
    const id = await made(task)
    const ids: string[] = []
    for (const worker of workers) {
      const [mine] = await who(worker).start(id)
      ids.push(mine!.id)
      await draw(worker, id, 'i0', worker)
      await who(worker).submit(id, mine!.id)
    }
    return { id, ids }
  }
  const statusOf = async (id: string) => (await states('i0'))[id]
  const patch = async (as: string, id: string, change: object) =>
    items(await who(as).patch('merge', [{ inputId: 'i0', id, ...change }]))[0]!

  it('waits with the work, and is theirs to change and delete until the verdict', async () => {
    const { id, ids } = await submitted(aTask('full', ['w0'], manual(['r0'])), 'w0')
    await who('r0').startReview(id)
    for (const mine of ['fix', 'slip']) await draw('r0', id, 'i0', mine)
    expect(await states('i0')).toEqual({ w0: awaiting, fix: awaiting, slip: awaiting })
    expect((await patch('r0', 'fix', aBox('i0', 'fix', ['van']))).code).toBe(awaiting)
    expect((await patch('r0', 'fix', { status: { code: success } })).code).toBe(24156)
    expect((await patch('w0', 'fix', aBox('i0', 'fix', ['bus']))).code).toBe(24156)
    await who('r0').delete('i0', 'slip')
    expect(
      items(await who('r0').post({ ...aBox('i0', 'early'), taskId: id, status: { code: success } }))[0],
    ).toMatchObject({
      code: 24156,
      details: expect.stringContaining('AWAITING_REVIEW until they approve'),
    })
    await who('r0').approve(id, ids[0]!)
    expect(await states('i0')).toEqual({ w0: success, fix: success })
    expect((await patch('r0', 'fix', aBox('i0', 'fix', ['car']))).details).toContain('it is approved')
    expect((await failure(who('r0').delete('i0', 'fix'))).details).toContain('it is approved')
    // reopened with the work, and approved with it again
    await who('r0').requestChanges(id, ids[0]!)
    expect(await states('i0')).toEqual({ w0: pending, fix: pending })
    expect((await patch('r0', 'fix', aBox('i0', 'fix', ['car']))).code).toBe(pending)
    await who('w0').submit(id, ids[0]!)
    await who('r0').approve(id, ids[0]!)
    expect(await states('i0')).toEqual({ w0: success, fix: success })
  })

  it.each([
    ['requestChanges', pending],
    ['reject', denied],
  ] as const)('goes where the work goes by %s, which is not into exports', async (verdict, then) => {
    const { id, ids } = await submitted(aTask('full', ['w0'], manual(['r0', 'r1'])), 'w0')
    await draw('r0', id, 'i0', 'fix')
    await who('r0')[verdict](id, ids[0]!)
    expect(await states('i0')).toEqual({ w0: then, fix: then })
    expect((await patch('r0', 'fix', aBox('i0', 'fix', ['van']))).code).toBe(then)
    // another one approves what they see, which this is no part of
    await who('w0').submit(id, ids[0]!)
    await who('r1').approve(id, ids[0]!)
    expect(await states('i0')).toEqual({ w0: success, fix: then })
    await who('r0').delete('i0', 'fix')
  })

  it('counts with the verdict of who made it only', async () => {
    const { id, ids } = await submitted(aTask('full', ['w0', 'w1'], byConsensus(['r0', 'r1'])), 'w0', 'w1')
    expect(await statusOf('w0')).toBe(awaiting)
    await draw('r0', id, 'i0', 'theirs')
    await draw('r1', id, 'i0', 'mine')
    await who('r1').approve(id, ids[0]!)
    expect([await statusOf('mine'), await statusOf('theirs')]).toEqual([success, awaiting])
    await who('r1').reject(id, ids[1]!)
    expect([await statusOf('mine'), await statusOf('theirs')]).toEqual([success, denied])
    await who('r1').requestChanges(id, ids[0]!)
    expect(await statusOf('mine')).toBe(pending)
  })

  it('waits until the last reviewer has approved where all must', async () => {
    const all = { approvalThresholdReviewers: -1 }
    const { id, ids } = await submitted(aTask('full', ['w0'], byConsensus(['r0', 'r1'], all)), 'w0')
    await draw('r0', id, 'i0', 'fix')
    await who('r0').approve(id, ids[0]!)
    expect(await statusOf('fix')).toBe(awaiting)
    await who('r1').approve(id, ids[0]!)
    expect(await statusOf('fix')).toBe(success)
  })
})
