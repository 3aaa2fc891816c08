import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import {
  FindUnlabelledRequestSchema,
  ListInputSummariesRequest_Labelled as Labelled,
  ListInputSummariesRequestSchema,
  RestoreAnnotationsRequestSchema,
  RestoreInputsRequestSchema,
} from '#gen/marquee/v1/marquee_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { aBox, aTag, aWorld, failure, type World } from '#proxy/service/annotations/annotationTesting.ts'
import { addInput, callBy, testNow } from '#proxy/service/testing.ts'
import { deleteAnnotations } from '#proxy/store/annotationDeletes.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { studioMethods } from './studio.ts'
import { keptMicros } from './studioRestore.ts'

const demo = { userId: 'owner', appId: 'demo' }
type Summaries = Omit<MessageInitShape<typeof ListInputSummariesRequestSchema>, '$typeName'>

eachDialect('the grid', (store) => {
  let world: World
  beforeEach(async () => {
    world = await aWorld(store())
  })

  const summaries = (request: Summaries = {}, who = 'owner') =>
    studioMethods.listInputSummaries(
      create(ListInputSummariesRequestSchema, { ...demo, ...request }),
      callBy(who),
      world.deps,
    )
  const ids = async (request: Summaries) => (await summaries(request)).inputs.map(({ inputId }) => inputId)
  const next = async (fromInputId: string, backwards = false) =>
    (
      await studioMethods.findUnlabelled(
        create(FindUnlabelledRequestSchema, { ...demo, fromInputId, backwards }),
        callBy('ann'),
        world.deps,
      )
    ).inputId

  it('counts what people put there, and nothing of models', async () => {
    await world.ann.post(aBox('i1'), aBox('i1'), aTag('i1', 'day', 'sea'), {
      inputId: 'i2',
      annotationInfo: { marquee: { empty: true } },
    })
    await world.owner.post({ ...aBox('i3'), modelVersionId: 'v1' })
    await world.owner.post({ inputId: 'i3', userId: 'ann', status: { code: StatusCode.ANNOTATION_PENDING } })
    await world.owner.post({ inputId: 'i3', annotationInfo: { marquee: { note: { thread: 't', text: 'look' } } } })
    const { inputs, total, page } = await summaries()
    expect([total, page]).toEqual([3, 1])
    expect(
      inputs.map((input) => [input.inputId, input.place, input.regions, input.imageConcepts, input.markedEmpty]),
    ).toEqual([
      ['i1', 1, 2, 2, false],
      ['i2', 2, 0, 0, true],
      ['i3', 3, 0, 0, false],
    ])
    expect(inputs[0]).toMatchObject({ filename: 'i1.jpg', width: 640, height: 480, kind: 'image', statusCode: 30000 })
    expect(inputs[0]!.thumbnailUrl).toMatch(/^\/media\/owner\/demo\/i1\/thumbnail\?/)
    expect(await ids({ labelled: Labelled.YES })).toEqual(['i1', 'i2'])
    expect(await ids({ labelled: Labelled.NO })).toEqual(['i3'])
  })

  it('follows what is patched and deleted', async () => {
    await world.ann.post({ ...aTag('i1', 'day'), id: 'a1' }, aBox('i2', 'a2'))
    await world.ann.patch('overwrite', [{ inputId: 'i1', id: 'a1', data: {} }])
    expect(await ids({ labelled: Labelled.NO })).toEqual(['i1', 'i3'])
    await world.ann.patch('merge', [{ inputId: 'i1', id: 'a1', annotationInfo: { marquee: { empty: true } } }])
    expect(await ids({ labelled: Labelled.NO })).toEqual(['i3'])
    await world.ann.delete('i2', 'a2')
    expect(await ids({ labelled: Labelled.NO })).toEqual(['i2', 'i3'])
  })

  it('searches in filenames and ids, in any case, with no wildcards', async () => {
    await addInput(store(), world.app, 'x1', 10, 'Straße_100%.JPG')
    await addInput(store(), world.app, 'x2', 11, 'strasse 1000.jpg')
    expect(await ids({ text: 'STRASSE' })).toEqual(['x2'])
    expect(await ids({ text: 'straße' })).toEqual(['x1'])
    expect(await ids({ text: '100%' })).toEqual(['x1'])
    expect(await ids({ text: '_' })).toEqual(['x1'])
    expect(await ids({ text: 'X' })).toEqual(['x1', 'x2'])
    expect(await ids({ text: 'a\\' })).toEqual([])
    expect((await summaries({ text: 'jpg' })).total).toBe(5)
  })

  it('answers the page around an input, in the list as it is filtered', async () => {
    for (let i = 0; i < 7; i++) await addInput(store(), world.app, `x${i}`, 10 + i)
    const around = await summaries({ perPage: 3, aroundInputId: 'x2' })
    expect([around.page, around.total, around.inputs.map(({ inputId }) => inputId)]).toEqual([
      2,
      10,
      ['x0', 'x1', 'x2'],
    ])
    expect(around.inputs.map(({ place }) => place)).toEqual([4, 5, 6])
    const filtered = await summaries({ perPage: 3, aroundInputId: 'x4', text: 'x' })
    expect([filtered.page, filtered.inputs[0]?.inputId]).toEqual([2, 'x3'])
    expect((await summaries({ perPage: 3, page: 2, aroundInputId: 'unknown' })).page).toBe(2)
  })

  it('finds the next and the previous unlabelled one, round the end', async () => {
    for (let i = 0; i < 3; i++) await addInput(store(), world.app, `x${i}`, 10 + i)
    await world.ann.post(aTag('i2', 'a'), aTag('x1', 'a'), aTag('x2', 'a'))
    expect([await next('i1'), await next('i3'), await next('x0'), await next('')]).toEqual(['i3', 'x0', 'i1', 'i1'])
    expect([await next('i1', true), await next('i3', true), await next('x2', true)]).toEqual(['x0', 'i1', 'x0'])
    await world.ann.post(aTag('i1', 'a'), aTag('i3', 'a'))
    expect(await next('x0')).toBe('x0')
    await world.ann.post(aTag('x0', 'a'))
    expect(await next('x0')).toBe('')
  })

  it('is not for strangers', async () => {
    expect((await failure(summaries({}, 'stranger'))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
  })
})

eachDialect('restoring', (store) => {
  let world: World
  let now = testNow
  beforeEach(async () => {
    now = testNow
    world = await aWorld(store(), { now: () => now })
  })

  const restore = async (who: string, ...keys: [inputId: string, annotationId: string][]) => {
    const annotations = keys.map(([inputId, annotationId]) => ({ inputId, annotationId }))
    const request = create(RestoreAnnotationsRequestSchema, { ...demo, annotations })
    const { restored } = await studioMethods.restoreAnnotations(request, callBy(who), world.deps)
    return restored.map(({ inputId, annotationId }) => [inputId, annotationId])
  }
  const restoreInputs = async (...inputIds: string[]) => {
    const request = create(RestoreInputsRequestSchema, { ...demo, inputIds })
    return (await studioMethods.restoreInputs(request, callBy('owner'), world.deps)).restored
  }

  it('brings annotations back as they were: author, times, place in the list', async () => {
    await world.ann.post(aBox('i1', 'a1'), aBox('i1', 'a2'), aBox('i1', 'a3'))
    const before = await world.ann.list()
    await world.ann.deleteMany(['i1', 'i1'], ['a1', 'a2'])
    expect(await restore('ann', ['i1', 'a2'], ['i1', 'a1'], ['i1', 'a3'], ['i1', 'never'])).toEqual([
      ['i1', 'a2'],
      ['i1', 'a1'],
      ['i1', 'a3'],
    ])
    expect(await world.ann.list()).toEqual(before)
    const lines = await store().read.selectFrom('history').selectAll().orderBy('rev').execute()
    expect(lines.slice(-2).map((line) => [line.item_id, line.before, line.user_id])).toEqual([
      ['a1', null, 'ann'],
      ['a2', null, 'ann'],
    ])
    expect(new Set(lines.map((line) => line.rev)).size).toBe(lines.length)
    const input = await store().read.selectFrom('input').select('labelled').where('id', '=', 'i1').executeTakeFirst()
    expect(input?.labelled).toBe(1)
  })

  it('is for the author and the owner, all or nothing', async () => {
    await world.ann.posted(aBox('i1', 'a1'))
    await world.ben.posted(aBox('i1', 'b1'))
    await world.owner.deleteMany(['i1'])
    expect((await failure(restore('ben', ['i1', 'b1'], ['i1', 'a1']))).code).toBe(
      StatusCode.ANNOTATION_PERMISSION_DENIED,
    )
    expect(await world.owner.list()).toEqual([])
    expect(await restore('owner', ['i1', 'b1'], ['i1', 'a1'])).toHaveLength(2)
  })

  it('ends after 30 days', async () => {
    await world.ann.posted(aBox('i1', 'a1'))
    await world.ann.delete('i1', 'a1')
    now = testNow + keptMicros + 1_000_000
    expect(await restore('ann', ['i1', 'a1'])).toEqual([])
  })

  it('brings inputs back with the annotations that went with them, not those deleted before', async () => {
    await world.ann.post(aBox('i1', 'a1'), aBox('i1', 'a2'), aBox('i2', 'a3'))
    await world.ann.delete('i1', 'a1')
    // as DeleteInputs does it
    const deletedAt = now + 500
    await store()
      .write.transaction()
      .execute(async (tx) => {
        const doomed = { app: world.app, inputIds: ['i1', 'i2'], inputLevelToo: true }
        await deleteAnnotations(tx, doomed, { by: 'owner', now, deletedAt })
        await tx
          .updateTable('input')
          .set({ deleted_at: deletedAt, deleted_by: 'owner' })
          .where('id', 'in', ['i1', 'i2'])
          .execute()
      })
    expect(await world.ann.list()).toEqual([])
    expect(await restore('ann', ['i1', 'a2'])).toEqual([])
    expect(await restoreInputs('i1', 'i3', 'never')).toEqual(['i1', 'i3'])
    expect((await world.ann.list()).map(({ id }) => id)).toEqual(['a2'])
    expect(await restoreInputs('i2')).toEqual(['i2'])
    expect((await world.ann.list()).map(({ id }) => id)).toEqual(['a2', 'a3'])
  })
})
