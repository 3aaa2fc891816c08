import { beforeEach, expect, it } from 'vitest'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { aBox, aTag, aWorld, failure, type World } from './annotationTesting.ts'

eachDialect('annotations, by the rows of api.md §1', (store) => {
  let world: World
  beforeEach(async () => {
    world = await aWorld(store())
  })

  it('row 5: a tag, a box and a video frame', async () => {
    const frame = { frameInfo: { time: 1000, number: 3 }, data: { concepts: [{ id: 'car', value: 1 }] } }
    const { status, annotations } = await world.owner.post(aTag('i1', 'tree'), aBox('i1'), {
      inputId: 'i2',
      data: { frames: [frame] },
    })
    expect(status?.code).toBe(StatusCode.SUCCESS)
    expect(annotations.map(({ id }) => id)).toEqual(annotations.map(() => expect.stringMatching(/^[0-9a-f]{32}$/)))
    expect(annotations[2]!.data?.frames[0]).toMatchObject(frame)
    expect(annotations[1]!.data?.regions[0]).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{32}$/) })
  })

  it('row 7: 128 at once, but neither 129 nor none', async () => {
    const many = (count: number) => Array.from({ length: count }, () => aBox('i1'))
    expect((await world.owner.post(...many(128))).status?.code).toBe(StatusCode.SUCCESS)
    expect(await failure(world.owner.post(...many(129)))).toEqual({
      code: StatusCode.CONN_INVALID_REQUEST,
      details: 'annotations: 129 items, must be 1 to 128',
    })
    expect((await failure(world.owner.post())).code).toBe(StatusCode.CONN_INVALID_REQUEST)
    expect(await world.owner.list({ perPage: 1000 })).toHaveLength(128)
  })
})
