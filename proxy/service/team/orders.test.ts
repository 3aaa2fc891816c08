import { beforeEach, describe, expect, it } from 'vitest'
import { WorkState } from '#gen/marquee/v1/team_pb.ts'
import { aBox, items, type SentAnnotation } from '#proxy/service/annotations/annotationTesting.ts'
import { aTaskWorld, type TaskWorld } from '#proxy/service/tasks/taskTesting.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { teamBy } from './teamTesting.ts'

const done = 24150
const pending = 24151
const changed = 24252
const refused = 24156
const review = 24157
const denied = 24158
const others = 24159

const orderFor = (inputId: string, userId: string): SentAnnotation =>
  ({
    inputId,
    id: `o-${userId}`,
    userId,
    status: { code: pending },
    annotationInfo: { marquee: { assignment: 'b' } },
  }) as never

eachDialect('orders outside of tasks', (store) => {
  let world: TaskWorld
  const settings = { review: 'manual', reviewers: ['r0', 'r1'] }
  const given = async (how: object = settings) => {
    world = await aTaskWorld(store(), 3, how)
    await world.who('owner').post(orderFor('i0', 'w0'))
    await world.who('w0').post(aBox('i0', 'a'))
  }
  const move = async (who: string, code: number, ids = ['o-w0', 'a'], headers = {}) => {
    const patches = ids.map((id) => ({ inputId: 'i0', id, status: { code } }))
    return items(await world.who(who).patch('merge', patches as never, { headers }))
  }
  const codes = async (...call: Parameters<typeof move>) => (await move(...call)).map(({ code }) => code)
  const state = async (id = 'a') => (await world.who('owner').get('i0', id)).status!.code
  const line = async (who = 'w0') => (await teamBy(world.deps, who).items({})).items[0]!

  describe('with review', () => {
    beforeEach(() => given())

    it('begin what their person draws as to do', async () => {
      expect(await state()).toBe(pending)
      const [refusal] = items(await world.who('w0').post({ ...aBox('i0', 'b'), status: { code: done } as never }))
      expect(refusal).toMatchObject({ code: refused })
      expect(refusal!.details).toContain('PENDING until you submit it')
    })

    it('go to review with their regions, and no way round it', async () => {
      expect(await codes('w0', done)).toEqual([refused, refused])
      expect(await codes('w1', review)).toEqual([refused, refused])
      expect(await codes('w0', review)).toEqual([review, review])
      expect(await line()).toMatchObject({ state: WorkState.WAITING })
      expect((await teamBy(world.deps, 'r0').items({ reviewable: true })).items).toHaveLength(1)
      const [late] = items(await world.who('w0').post(aBox('i0', 'late')))
      expect(late!.details).toContain('submitted: take it back first')
    })

    it('are sent back, fixed, and approved by the same reviewer', async () => {
      await move('w0', review)
      expect(await codes('r0', pending)).toEqual([pending, pending])
      expect(await line()).toMatchObject({ state: WorkState.RETURNED, decidedBy: 'r0', sentBack: 1 })
      expect((await teamBy(world.deps, 'w0').work()).work[0]!.mine).toMatchObject({ returned: 1 })
      for (const to of [review, pending, review]) expect(await codes('w0', to)).toEqual([to, to])
      expect(await line()).toMatchObject({ sentBack: 1 }) // taken back by its own person, it is no round
      expect(await codes('r0', done)).toEqual([done, done])
      expect(await line()).toMatchObject({ state: WorkState.DONE, decidedBy: 'r0' })
      const mine = await world.who('w0').patch('merge', [{ ...aBox('i0', 'a', ['van']) }])
      expect(items(mine)[0]!.details).toContain('approved')
    })

    it('are denied, and come back to review by their author', async () => {
      await move('w0', review)
      expect(await codes('r0', denied)).toEqual([denied, denied])
      expect(await line()).toMatchObject({ state: WorkState.RETURNED })
      expect(await codes('w0', pending)).toEqual([refused, refused])
      expect(await codes('w0', review)).toEqual([review, review])
    })

    it('are nobody else to decide, nor their author', async () => {
      await move('w0', review)
      expect(await codes('w0', done)).toEqual([refused, refused])
      expect(await codes('w1', done)).toEqual([refused, refused])
      await world.who('owner').post(orderFor('i1', 'r0'))
      const own = [{ inputId: 'i1', id: 'o-r0', status: { code: review } }]
      await world.who('r0').patch('merge', own as never)
      const verdict = [{ inputId: 'i1', id: 'o-r0', status: { code: done } }]
      expect(items(await world.who('r0').patch('merge', verdict as never))[0]!.code).toBe(refused)
      expect(items(await world.who('r1').patch('merge', verdict as never))[0]!.code).toBe(done)
    })

    it('can be taken back until a reviewer has opened them', async () => {
      await move('w0', review)
      expect(await codes('w0', pending)).toEqual([pending, pending])
      expect(await line()).toMatchObject({ state: WorkState.TODO })
      await move('w0', review)
      await teamBy(world.deps, 'r0').open({ inputId: 'i0', itemId: 'o-w0' })
      expect((await teamBy(world.deps, 'r1').items({})).items[0]).toMatchObject({ openedBy: 'r0' })
      const [order] = await move('w0', pending)
      expect(order).toMatchObject({ code: refused })
      expect(order!.details).toContain('reviewer "r0" has opened it')
    })

    it('have one winner when two decide at once', async () => {
      await move('w0', review)
      const [one, other] = await Promise.all([move('r0', pending), move('r1', done)])
      const winner = one[0]!.code === pending ? 'r0' : 'r1'
      const loser = winner === 'r0' ? other : one
      for (const item of loser) expect(item).toMatchObject({ code: changed })
      expect(loser[0]!.details).toContain(`by "${winner}" already`)
      expect(await state()).toBe(await state('o-w0'))
    })

    it('are reopened by who approved them and by the owner, not by another reviewer', async () => {
      await move('w0', review)
      await move('r0', done)
      expect(await codes('r1', pending)).toEqual([changed, changed])
      expect(await codes('r0', pending)).toEqual([pending, pending])
      await move('w0', review)
      await move('r0', done)
      expect(await codes('owner', pending)).toEqual([pending, pending])
    })

    describe('what a reviewer adds', () => {
      const add = (who: string, id: string) =>
        world.who(who).posted({ ...aBox('i0', id, ['van']), status: { code: review } as never })

      it('is returned and approved with the work', async () => {
        await move('w0', review)
        await add('r0', 'fix')
        expect(await state('fix')).toBe(review)
        await move('r0', pending)
        expect([await state('a'), await state('fix')]).toEqual([pending, pending])
        await move('w0', review)
        expect(await state('fix')).toBe(pending)
        await move('r0', done)
        expect([await state('a'), await state('fix')]).toEqual([done, done])
      })

      it('is denied with the work, and by the approval of another', async () => {
        await move('w0', review)
        await add('r0', 'fix')
        await move('r0', denied)
        expect(await state('fix')).toBe(denied)
        await move('w0', review)
        await add('r0', 'late')
        await add('r1', 'mine')
        await world.who('r1').posted(aBox('i0', 'free'))
        await move('r1', done)
        expect([await state('late'), await state('mine'), await state('free')]).toEqual([denied, done, done])
      })

      it('waits while another order on the image does', async () => {
        await world.who('owner').post(orderFor('i0', 'w1'))
        await move('w0', review)
        await move('w1', review, ['o-w1'])
        await add('r0', 'fix')
        await move('r0', pending)
        expect(await state('fix')).toBe(review)
        await move('r0', done, ['o-w1'])
        expect(await state('fix')).toBe(done)
      })

      it('is not touched when the author takes the work back', async () => {
        await move('w0', review)
        await add('r0', 'fix')
        await move('w0', pending)
        expect(await state('fix')).toBe(review)
      })
    })

    it('keep who did what, and when', async () => {
      await move('w0', review)
      await move('r0', pending)
      await move('w0', review)
      await move('owner', done)
      const events = await store().read.selectFrom('work_event').selectAll().orderBy('no').execute()
      expect(events.map(({ action, actor_id }) => `${action} ${actor_id}`)).toEqual([
        'submit w0',
        'return r0',
        'submit w0',
        'approve owner',
      ])
      const [person] = (await teamBy(world.deps, 'owner').people()).filter(({ userId }) => userId === 'w0')
      expect(person).toMatchObject({ verdicts: 2, sentBack: 1, decided: 0 })
      const lines = await teamBy(world.deps, 'owner').people()
      expect(lines.find(({ userId }) => userId === 'r0')).toMatchObject({ decided: 1, decidedBack: 1, verdicts: 0 })
      expect(lines.find(({ userId }) => userId === 'owner')).toMatchObject({ decided: 1, decidedBack: 0 })
    })

    it('are not deleted by the person they are for, nor is what was approved', async () => {
      await expect(world.who('w0').delete('i0', 'o-w0')).rejects.toThrow('skip it instead')
      await move('w0', review)
      await move('r0', done)
      await expect(world.who('w0').deleteMany(['i0'], ['a'])).rejects.toThrow('it is approved')
    })
  })

  it('are done by submitting where nobody reviews', async () => {
    await given({})
    expect(await codes('w0', done)).toEqual([done, done])
    expect(await line()).toMatchObject({ state: WorkState.DONE })
  })

  it('of an owner who is alone are theirs to approve', async () => {
    await given({ review: 'manual' })
    await world.who('owner').post(orderFor('i1', 'owner'))
    const to = async (code: number) =>
      items(await world.who('owner').patch('merge', [{ inputId: 'i1', id: 'o-owner', status: { code } }] as never))[0]
    expect(await to(review)).toMatchObject({ code: review })
    expect(await to(done)).toMatchObject({ code: done })
  })

  describe('with consensus', () => {
    const second = async (concept: string) => {
      await given({ review: 'consensus' })
      await world.who('owner').post(orderFor('i0', 'w1'))
      await world.who('w1').post(aBox('i0', 'b', [concept]))
      await move('w0', others)
      expect(await state()).toBe(others)
      expect(await codes('w0', pending)).toEqual([refused, refused])
      await move('w1', others, ['o-w1', 'b'])
    }

    it('are approved when all agree', async () => {
      await second('car')
      for (const id of ['a', 'b', 'o-w0', 'o-w1']) expect(await state(id)).toBe(done)
      // one of them speaks for both
      const said = (await world.who('owner').list({ inputIds: ['i0'], perPage: 100 })).filter(
        ({ consensusInfo }) => consensusInfo,
      )
      expect(said.map(({ id, consensusInfo }) => [id, consensusInfo])).toEqual([['b', { marquee: { same_as: 'w0' } }]])
    })

    it('go to review when they do not', async () => {
      await second('van')
      for (const id of ['a', 'b', 'o-w0', 'o-w1']) expect(await state(id)).toBe(review)
    })

    it('hide what the others make until one has submitted', async () => {
      await given({ review: 'consensus', reviewers: ['r0'] })
      await world.who('owner').post(orderFor('i0', 'w1'))
      await world.who('owner').posted(aBox('i0', 'hint'))
      const seen = async (who: string) =>
        (await world.who(who).list({ inputIds: ['i0'], perPage: 100 })).map(({ id }) => id).sort()
      expect(await seen('w1')).toEqual(['hint', 'o-w1'])
      expect(await seen('r0')).toEqual(['a', 'hint', 'o-w0', 'o-w1'])
      await move('w1', others, ['o-w1'])
      expect(await seen('w1')).toEqual(['a', 'hint', 'o-w0', 'o-w1'])
    })

    it('do not wait for an order that was taken away', async () => {
      await given({ review: 'consensus' })
      await world.who('owner').post(orderFor('i0', 'w1'))
      await move('w0', others)
      await world.who('owner').delete('i0', 'o-w1')
      expect(await state()).toBe(done)
    })
  })
})
