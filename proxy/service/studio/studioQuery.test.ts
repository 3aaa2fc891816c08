import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { encode } from 'fast-png'
import { beforeEach, expect, it } from 'vitest'
import {
  InputQuerySchema,
  ListInputSummariesRequestSchema,
  ListOutlinesRequestSchema,
  InputQuery_Work as Work,
} from '#gen/marquee/v1/marquee_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { aBox, aTag, aWorld, failure, type World } from '#proxy/service/annotations/annotationTesting.ts'
import { callBy } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { studioMethods } from './studio.ts'

const demo = { userId: 'owner', appId: 'demo' }
type Query = Omit<MessageInitShape<typeof InputQuerySchema>, '$typeName'>
type Request = Omit<MessageInitShape<typeof ListInputSummariesRequestSchema>, '$typeName'>

const order = (inputId: string, userId: string) => ({
  inputId,
  userId,
  status: { code: StatusCode.ANNOTATION_PENDING },
})

eachDialect('the filters of the grid', (store) => {
  let world: World
  beforeEach(async () => {
    world = await aWorld(store())
  })

  const answer = (query: Query, request: Request = {}) =>
    studioMethods.listInputSummaries(
      create(ListInputSummariesRequestSchema, { ...demo, ...request, query: create(InputQuerySchema, query) }),
      callBy('owner'),
      world.deps,
    )
  const ids = async (query: Query, request: Request = {}) =>
    (await answer(query, request)).inputs.map(({ inputId }) => inputId)

  it('compares how often a concept is there, of people only', async () => {
    await world.ann.post(...[aTag('i1', 'car'), aTag('i1', 'car'), aTag('i2', 'car')])
    await world.owner.post({ ...aTag('i3', 'car'), modelVersionId: 'v1' })
    expect(await ids({ conceptId: 'car' })).toEqual(['i1', 'i2'])
    expect(await ids({ conceptId: 'car', conceptCount: { min: 2 } })).toEqual(['i1'])
    expect(await ids({ conceptId: 'car', conceptCount: { min: 1, max: 1 } })).toEqual(['i2'])
    expect(await ids({ conceptId: 'car', conceptCount: { max: 1 } })).toEqual(['i2', 'i3'])
    expect(await ids({ conceptId: 'car', conceptCount: { max: 0 } })).toEqual(['i3'])
    expect(await ids({ conceptId: 'ca_' })).toEqual([])
  })

  it('counts regions, none included', async () => {
    await world.ann.post(aBox('i1'), aBox('i1'), aBox('i2'), aTag('i3', 'car'))
    expect(await ids({ regions: { min: 2 } })).toEqual(['i1'])
    expect(await ids({ regions: { max: 1 } })).toEqual(['i2', 'i3'])
    expect(await ids({ regions: { max: 0 } })).toEqual(['i3'])
    expect(await ids({ regions: {} })).toEqual(['i1', 'i2', 'i3'])
  })

  it('finds predictions by their score, whole percents, and no labels of people', async () => {
    const sure = (inputId: string, value: number) => ({
      inputId,
      modelVersionId: 'v1',
      data: { concepts: [{ id: 'car', value }] },
    })
    await world.owner.post(sure('i1', 0.29), sure('i2', 0.9), sure('i2', 0.42))
    await world.ann.post(aTag('i3', 'car'))
    expect(await ids({ score: { max: 50 } })).toEqual(['i1', 'i2'])
    expect(await ids({ score: { max: 28 } })).toEqual([])
    expect(await ids({ score: { min: 29, max: 29 } })).toEqual(['i1'])
    expect(await ids({ score: { min: 90 } })).toEqual(['i2'])
    expect(await ids({ score: { min: 101 } })).toEqual([])
    expect((await failure(answer({ score: { min: 3, max: 2 } }))).details).toMatch(/^query\.score/)
  })

  it('finds by author, by whom work was given to, and by how far that is', async () => {
    await world.ann.post(aBox('i1'))
    await world.owner.post(aBox('i2'), order('i2', 'ann'), order('i3', 'ann'))
    expect(await ids({ authorId: 'ann' })).toEqual(['i1'])
    expect(await ids({ assigneeId: 'ann' })).toEqual(['i2', 'i3'])
    expect(await ids({ work: Work.NONE })).toEqual(['i1'])
    expect(await ids({ work: Work.PENDING })).toEqual(['i2', 'i3'])
    expect(await ids({ work: Work.PENDING, authorId: 'owner' })).toEqual(['i2'])
    expect(await ids({ work: Work.APPROVED })).toEqual([])
    expect(await ids({ assigneeId: 'nobody' })).toEqual([])
  })

  it('sees what was written since: a kept list is never an old one', async () => {
    expect(await ids({ assigneeId: 'ann' })).toEqual([])
    await world.owner.post(order('i3', 'ann'))
    expect(await ids({ assigneeId: 'ann' })).toEqual(['i3'])
  })

  it('pages through what it found, and finds the page of an input', async () => {
    const page = await answer({ regions: { max: 5 } }, { page: 2, perPage: 2 })
    expect([page.total, page.page, ...page.inputs.map(({ inputId, place }) => `${inputId} ${place}`)]).toEqual([
      3,
      2,
      'i3 3',
    ])
    expect((await answer({ regions: { max: 5 } }, { perPage: 2, aroundInputId: 'i3' })).page).toBe(2)
    expect((await answer({ regions: { max: 5 } }, { perPage: 2, aroundInputId: 'gone' })).page).toBe(1)
  })

  it('finds by date, the end exclusive', async () => {
    const [first] = (await answer({})).inputs
    const at = first!.createdAt!
    expect(await ids({ created: { to: at } })).toEqual([])
    expect((await ids({ created: { from: at } }))[0]).toBe('i1')
    await world.ann.post(aBox('i2'))
    expect(await ids({ labelled: { from: at } })).toEqual(['i2'])
  })

  it('names the field that makes no sense', async () => {
    expect((await failure(answer({ regions: { min: 3, max: 2 } }))).details).toBe(
      'query.regions: min 3 is more than max 2',
    )
    expect((await failure(answer({ conceptCount: { min: 3 } }))).details).toMatch(/^query\.concept_id: required/)
    expect((await failure(answer({ work: Work.NONE, assigneeId: 'ann' }))).details).toMatch(/^query\.assignee_id/)
    expect((await failure(answer({ created: { from: { seconds: 5n }, to: { seconds: 5n } } }))).details).toMatch(
      /^query\.created/,
    )
  })

  it('outlines what people drew, with the concept, small', async () => {
    await world.ann.post(aBox('i1'), aTag('i2', 'car'))
    await world.owner.post({ ...aBox('i3'), modelVersionId: 'v1' })
    const { inputs } = await studioMethods.listOutlines(
      create(ListOutlinesRequestSchema, { ...demo, inputIds: ['i1', 'i2', 'i3', 'gone'] }),
      callBy('ann'),
      world.deps,
    )
    expect(inputs.map(({ inputId, outlines }) => [inputId, outlines.length])).toEqual([['i1', 1]])
    expect(inputs[0]!.outlines[0]!.corners).toHaveLength(8)
    const tooMany = create(ListOutlinesRequestSchema, {
      ...demo,
      inputIds: Array.from({ length: 129 }, (_, n) => `${n}`),
    })
    expect((await failure(studioMethods.listOutlines(tooMany, callBy('ann'), world.deps))).details).toMatch(
      /^input_ids/,
    )
  })

  it('outlines every piece and hole of a mask that is seen on a thumbnail, and no speck', async () => {
    const [width, height] = [400, 200]
    const data = new Uint8Array(width * height)
    const fill = (x: number, y: number, w: number, h: number, value: number) => {
      for (let row = y; row < y + h; row++) data.fill(value, row * width + x, row * width + x + w)
    }
    fill(10, 10, 60, 60, 255)
    fill(30, 30, 20, 20, 0) // a hole
    fill(120, 20, 30, 30, 255)
    fill(190, 90, 1, 1, 255) // a speck
    const base64 = encode({ width, height, data, channels: 1, depth: 8 })
    await world.ann.posted({ inputId: 'i1', data: { regions: [{ regionInfo: { mask: { image: { base64 } } } }] } })
    const { inputs } = await studioMethods.listOutlines(
      create(ListOutlinesRequestSchema, { ...demo, inputIds: ['i1'] }),
      callBy('ann'),
      world.deps,
    )
    expect(inputs[0]!.outlines.map(({ corners }) => corners.length / 4)).toEqual([4, 4, 4])
  })
})
