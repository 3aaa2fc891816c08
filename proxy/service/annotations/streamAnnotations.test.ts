import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import { AnnotationDataType } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StreamTrackAnnotationsSearchesRequestSchema } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { callBy } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { aBox, aTag, aWorld, boxInfo, failure, type World } from './annotationTesting.ts'
import { trackMethods } from './streamAnnotations.ts'

const userAppId = { userId: 'owner', appId: 'demo' }
const point = { point: { row: 0.5, col: 0.5 } }
const byModel = { worker: { worker: { case: 'model', value: { id: 'm', modelVersion: { id: 'v1' } } } } } as const

/** A region of a track in frame `number` of a video of 25 frames a second. */
const inFrame = (id: string, number: number, trackId: string, regionInfo: object = boxInfo(0, 0, 0.5, 0.5)) => ({
  inputId: 'i1',
  id,
  data: { frames: [{ frameInfo: { number, time: number * 40 }, data: { regions: [{ trackId, regionInfo }] } }] },
})

eachDialect('StreamAnnotations', (store) => {
  let world: World
  beforeEach(async () => {
    world = await aWorld(store())
    await world.owner.post(
      inFrame('late', 20, 'a'),
      inFrame('early', 5, 'a'),
      inFrame('b', 10, 'b', point),
      { ...inFrame('model', 15, 'a'), ...byModel },
      { ...aTag('i1', 'street'), id: 'tag' },
      aBox('i1', 'still'),
      aBox('i2', 'elsewhere'),
    )
  })

  type Asked = Omit<MessageInitShape<typeof StreamTrackAnnotationsSearchesRequestSchema>, '$typeName'>
  const stream = async (request: Asked = {}, by = 'owner'): Promise<string[]> => {
    const asked = create(StreamTrackAnnotationsSearchesRequestSchema, { userAppId, inputId: 'i1', ...request })
    const ids: string[] = []
    for await (const { annotation, status } of trackMethods.streamTrackAnnotationsSearches(
      asked,
      callBy(by),
      world.deps,
    )) {
      expect(status?.code).toBe(StatusCode.SUCCESS)
      ids.push(annotation!.id)
    }
    return ids
  }

  it('gives all of one input in the order of the video, what is of the whole input first', async () => {
    expect(await stream()).toEqual(['tag', 'still', 'early', 'b', 'model', 'late'])
    expect(await stream({ inputId: 'i3' })).toEqual([])
  })

  it('begins where it is told, that frame included, and ends after as many', async () => {
    expect(await stream({ frameNumberStart: 10 })).toEqual(['b', 'model', 'late'])
    expect(await stream({ frameNumberStart: 10, maxFrames: 10 })).toEqual(['b', 'model'])
    expect(await stream({ frameTimeStart: 400, maxDuration: 201 })).toEqual(['b', 'model'])
    expect(await stream({ maxFrames: 6 })).toEqual(['early'])
  })

  it('restricts to a track, a kind and a worker', async () => {
    expect(await stream({ trackId: 'a' })).toEqual(['early', 'model', 'late'])
    expect(await stream({ annotationType: AnnotationDataType.POINT })).toEqual(['b'])
    expect(await stream({ annotationType: AnnotationDataType.BOUNDING_BOX, trackId: 'a' })).toHaveLength(3)
    expect(await stream({ annotationType: AnnotationDataType.TAG })).toEqual(['tag'])
    expect(await stream(byModel)).toEqual(['model'])
    expect(await stream({ worker: { worker: { case: 'user', value: { id: 'me' } } }, trackId: 'a' })).toEqual([
      'early',
      'late',
    ])
  })

  it('gives more than it reads at once', async () => {
    const many = Array.from({ length: 120 }, (_, i) => inFrame(`n${i}`, i, 'c'))
    await world.ann.post(...many)
    await world.ann.post(...many.map((one) => ({ ...one, id: `${one.id}x` })))
    expect(new Set(await stream({ trackId: 'c' })).size).toBe(240)
  })

  it('says what is wrong with a request', async () => {
    expect(await failure(stream({ inputId: '' }))).toMatchObject({ code: StatusCode.CONN_INVALID_REQUEST })
    expect(await failure(stream({ inputId: 'nope' }))).toMatchObject({ code: StatusCode.CONN_DOES_NOT_EXIST })
    expect(await failure(stream({ maxFrames: 216_001 }))).toMatchObject({
      code: StatusCode.CONN_INVALID_REQUEST,
      details: 'max_frames: 216001, at most 216000',
    })
    expect(await failure(stream({}, 'ann'))).toMatchObject({ code: StatusCode.CONN_INSUFFICIENT_SCOPES })
    expect(await failure(stream({}, 'stranger'))).toMatchObject({ code: StatusCode.CONN_DOES_NOT_EXIST })
  })
})
