import { create, toBinary } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { aBox, failure, type SentAnnotation } from '#proxy/service/annotations/annotationTesting.ts'
import { aTask, aTaskWorld } from '#proxy/service/tasks/taskTesting.ts'
import { awaiting, byConsensus, denied, success, workIn } from '#proxy/service/tasks/taskWorkTesting.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { teamBy } from './teamTesting.ts'

const adding = (annotation: SentAnnotation) => [toBinary(AnnotationSchema, create(AnnotationSchema, annotation))]

eachDialect('one answer of several people’s work', (store) => {
  const at = workIn(store)
  const { who, made, draw, states } = at
  const settle = (as: string, asked: Parameters<ReturnType<typeof teamBy>['settle']>[0]) =>
    teamBy(at.world.deps, as).settle(asked)

  /** w0 and w1 disagree about i0, and their work waits for r0 and r1. */
  const disagreed = async () => {
    const id = await made(aTask('full', ['w0', 'w1'], byConsensus(['r0', 'r1'])))
    const itemIds: string[] = []
    for (const worker of ['w0', 'w1']) {
      const [mine] = await who(worker).start(id)
      itemIds.push(mine!.id)
      await draw(worker, id, 'i0', worker, worker)
      await who(worker).submit(id, mine!.id)
    }
    expect(await states('i0')).toEqual({ w0: awaiting, w1: awaiting })
    const by = (as: string, keeps: string, added: string) => ({
      taskId: id,
      inputId: 'i0',
      itemIds,
      dropIds: ['w0', 'w1'].filter((one) => one !== keeps),
      add: adding({ ...aBox('i0', added), taskId: id, userId: as }),
    })
    return { id, itemIds, by }
  }

  it('has one winner of two who settle at once, and nothing of the other is written or stays', async () => {
    const { id, by } = await disagreed()
    for (const reviewer of ['r0', 'r1']) await draw(reviewer, id, 'i0', `drawn-${reviewer}`)
    const answers = await Promise.allSettled([
      settle('r0', by('r0', 'w0', 'merged-r0')),
      settle('r1', by('r1', 'w1', 'merged-r1')),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [won, lost] = answers[0]!.status === 'fulfilled' ? ['r0', 'r1'] : ['r1', 'r0']
    const kept = won === 'r0' ? 'w0' : 'w1'
    const after = {
      [kept]: success,
      [kept === 'w0' ? 'w1' : 'w0']: denied,
      [`drawn-${won}`]: success,
      [`merged-${won}`]: success,
      [`drawn-${lost}`]: denied,
    }
    expect(await states('i0')).toEqual(after)
    // sent again: the winner's changes nothing, the other is told whose it is
    await settle(won!, by(won!, kept, `merged-${won}`))
    expect(await failure(settle(lost!, by(lost!, 'w0', `merged-${lost}`)))).toEqual({
      code: 54100,
      details: `item_ids[0]: "${won}" has decided on the work of "w0" already`,
    })
    expect(await states('i0')).toEqual(after)
  })

  it('is done whole or not at all', async () => {
    const { id, itemIds, by } = await disagreed()
    const asked = by('r0', 'w0', 'merged')
    for (const [wrong, code, details] of [
      [{ itemIds: [] }, 11102, 'item_ids: 0 items, must be 1 to 128'],
      [{ inputId: '' }, 11102, 'input_id: required'],
      [{ itemIds: ['nope'] }, 11101, 'item_ids[0]: no work "nope" on the input'],
      [{ add: [new Uint8Array([1])] }, 11102, 'add[0]: is no clarifai.api.Annotation'],
      [{ add: adding({ ...aBox('i1', 'x'), taskId: id }) }, 11102, 'add[0].input_id: must be "i0"'],
      [{ add: adding(aBox('i0', 'x')) }, 11102, `add[0].task_id: must be "${id}"`],
      [{ add: [...asked.add, ...adding({ ...aBox('i0', 'w1'), taskId: id })] }, 24158, ''],
    ] as const)
      if (code === 24158) await expect(settle('r0', { ...asked, ...wrong, add: [...wrong.add] })).rejects.toThrow()
      else expect(await failure(settle('r0', { ...asked, ...wrong } as never))).toEqual({ code, details })
    expect((await failure(settle('w2', asked))).code).toBe(54103)
    expect(await states('i0')).toEqual({ w0: awaiting, w1: awaiting })
    await who('r1').requestChanges(id, itemIds[1]!)
    expect((await failure(settle('r0', asked))).details).toContain('"r1" has decided on the work of "w1"')
    expect(Object.keys(await states('i0')).sort()).toEqual(['w0', 'w1'])
  })
})

eachDialect('one answer of several orders', (store) => {
  it('has one winner, whose drawn and merged regions are approved with it', async () => {
    const reviewers = ['r0', 'r1']
    const world = await aTaskWorld(store(), 1, { review: 'consensus', reviewers })
    const move = (as: string, ids: string[], code: number) =>
      world.who(as).patch('merge', ids.map((id) => ({ inputId: 'i0', id, status: { code } })) as never)
    for (const worker of ['w0', 'w1'])
      await world.who('owner').post({
        ...{ inputId: 'i0', id: `o-${worker}`, userId: worker },
        ...({ status: { code: 24151 }, annotationInfo: { marquee: { assignment: 'b' } } } as object),
      })
    for (const worker of ['w0', 'w1']) {
      await world.who(worker).post(aBox('i0', worker, [worker]))
      await move(worker, [`o-${worker}`, worker], 24159)
    }
    const waits = { status: { code: awaiting } } as object
    for (const reviewer of reviewers) await world.who(reviewer).post({ ...aBox('i0', `drawn-${reviewer}`), ...waits })
    const by = (as: string, dropped: string) => ({
      ...{ inputId: 'i0', itemIds: ['o-w0', 'o-w1'], dropIds: [dropped] },
      add: adding({ ...aBox('i0', `merged-${as}`), userId: as }),
    })
    const settleBy = (as: string, dropped: string) => teamBy(world.deps, as).settle(by(as, dropped))
    const refused = await failure(teamBy(world.deps, 'w2').settle(by('w2', 'w0')))
    expect(refused.code).toBe(54103)
    await settleBy('r0', 'w1')
    const late = await failure(settleBy('r1', 'w0'))
    expect(late).toEqual({ code: 54100, details: 'item_ids[0]: "r0" has decided on the work of "w0" already' })
    await settleBy('r0', 'w1')
    const found = await world.who('owner').list({ inputIds: ['i0'] })
    expect(Object.fromEntries(found.map(({ id, status }) => [id, status!.code]))).toEqual({
      ...{ 'o-w0': success, 'o-w1': success, w0: success, w1: denied },
      ...{ 'drawn-r0': success, 'merged-r0': success, 'drawn-r1': denied },
    })
  })
})
