import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import { ChangeAction, ListActivityRequestSchema } from '#gen/marquee/v1/office_pb.ts'
import { DeleteInputsRequestSchema } from '#gen/proto/clarifai/api/service_pb.ts'
import { aBox, boxInfo, failure } from '#proxy/service/annotations/annotationTesting.ts'
import { inputMethods } from '#proxy/service/inputs/inputs.ts'
import { aTaskWorld, type TaskWorld, userAppId } from '#proxy/service/tasks/taskTesting.ts'
import { callBy } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { officeMethods } from './office.ts'

eachDialect('activity', (store) => {
  let world: TaskWorld
  beforeEach(async () => {
    world = await aTaskWorld(store(), 3)
  })
  const activity = (asked: Omit<MessageInitShape<typeof ListActivityRequestSchema>, '$typeName'> = {}, who = 'owner') =>
    officeMethods.listActivity(
      create(ListActivityRequestSchema, { ...asked, userId: 'owner', appId: 'demo' }),
      callBy(who),
      world.deps,
    )
  const inputId = () => 'i0'

  it('tells who drew, moved and deleted what, newest first, with what was before and after', async () => {
    const owner = world.who('owner')
    const { id, data } = await owner.posted(aBox(inputId(), 'a1'))
    const regionId = data!.regions[0]!.id
    const [sent] = aBox(inputId(), id, ['car'], boxInfo(0.1, 0.1, 0.6, 0.6)).data.regions
    await owner.patch('overwrite', [{ inputId: inputId(), id, data: { regions: [{ ...sent!, id: regionId }] } }])
    await owner.delete(inputId(), id)
    const { changes } = await activity({ kind: 'annotation', inputId: inputId() })
    expect(changes.map(({ action, personId, itemId }) => [action, personId, itemId])).toEqual([
      [ChangeAction.DELETED, 'owner', 'a1'],
      [ChangeAction.CHANGED, 'owner', 'a1'],
      [ChangeAction.ADDED, 'owner', 'a1'],
    ])
    expect(changes.every(({ isDeleted }) => isDeleted)).toBe(true)
    const [moved] = changes[1]!.regions
    expect(moved).toMatchObject({ moved: true, conceptsBefore: ['car'], conceptsAfter: ['car'] })
    expect(moved!.before).toMatchObject({ top: 0, right: 0.5 })
    expect(moved!.after!.right).toBeCloseTo(0.6)
    expect(changes[2]!.input?.inputId).toBe(inputId())
  })

  it('names an input that is gone, and offers to bring back it, not what went with it', async () => {
    await world.who('owner').posted(aBox(inputId(), 'a1'))
    const request = create(DeleteInputsRequestSchema, { userAppId, ids: [inputId()] })
    await inputMethods.deleteInputs(request, callBy('owner'), world.deps)
    const { changes } = await activity({ inputId: inputId() })
    const offered = changes.filter(({ isDeleted }) => isDeleted).map(({ kind, name }) => [kind, name])
    expect(offered).toEqual([['input', 'i0.jpg']])
    expect(changes.filter(({ kind }) => kind === 'annotation').map(({ name }) => name)).toEqual(['i0.jpg', 'i0.jpg'])
  })

  it('gives every line once over pages, and by person, kind, input and time', async () => {
    for (const [n, who] of ['owner', 'w0', 'w0', 'owner', 'w0'].entries())
      await world.who(who).posted(aBox(`i${n % 2}`, `b${n}`))
    const all = (await activity({ perPage: 1000 })).changes.map(({ rev }) => rev)
    const seen: bigint[] = []
    for (let after = ''; ; ) {
      const page = await activity({ perPage: 2, after })
      seen.push(...page.changes.map(({ rev }) => rev))
      after = page.nextPage
      if (after === '') break
    }
    expect(seen).toEqual(all)
    const ids = async (asked: Parameters<typeof activity>[0]) =>
      (await activity({ kind: 'annotation', ...asked })).changes
        .map(({ itemId }) => itemId)
        .filter((id) => id.startsWith('b'))
    expect(await ids({ personId: 'w0' })).toEqual(['b4', 'b2', 'b1'])
    expect(await ids({ inputId: 'i1' })).toEqual(['b3', 'b1'])
    const { at } = (await activity({ kind: 'annotation' })).changes[0]!
    expect(await ids({ until: at! })).not.toContain('b4')
    expect(await ids({ since: at! })).toContain('b4')
  })

  it('is for those who see everybody’s work, and names what is wrong', async () => {
    expect((await failure(activity({}, 'w0'))).details).toContain('only those who make tasks')
    expect((await failure(activity({ kind: 'region' }))).details).toBe('kind: "region" is none')
    expect((await failure(activity({ after: 'x' }))).details).toContain('after:')
  })
})
