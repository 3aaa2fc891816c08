import { create, type JsonObject, type MessageInitShape } from '@bufbuild/protobuf'
import sharp from 'sharp'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { ListInputSummariesRequestSchema } from '#gen/marquee/v1/marquee_pb.ts'
import type { DataSchema, Input } from '#gen/proto/clarifai/api/resources_pb.ts'
import * as api from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { annotationMethods } from '#proxy/service/annotations/annotations.ts'
import { failure } from '#proxy/service/annotations/annotationTesting.ts'
import { datasetMethods } from '#proxy/service/datasets/datasets.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { studioMethods } from '#proxy/service/studio/studio.ts'
import { addApp, addCollaborator, addUser, callBy, testDeps } from '#proxy/service/testing.ts'
import type { Store } from '#proxy/store/open.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { inputMethods } from './inputs.ts'

type SentData = Omit<MessageInitShape<typeof DataSchema>, '$typeName'>

const userAppId = { userId: 'owner', appId: 'demo' }
let photo: Uint8Array
beforeAll(async () => {
  photo = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#808080' } })
    .jpeg()
    .toBuffer()
})

const tag = (id: string, value = 1) => ({ id, value })
const at = (latitude: number, longitude: number) => ({ geoPoint: { latitude, longitude } })

/** Labels of an input, shortly. */
const told = ({ data }: Input) => ({
  concepts: data?.concepts.map(({ id, value }) => `${id}=${value}`),
  metadata: data?.metadata ?? {},
  geo: data?.geo?.geoPoint && [data.geo.geoPoint.latitude, data.geo.geoPoint.longitude],
  width: data?.image?.imageInfo?.width,
})

eachDialect('PatchInputs', (store) => {
  let deps: Deps
  beforeEach(async () => {
    deps = await world(store())
  })

  const world = async (opened: Store): Promise<Deps> => {
    for (const id of ['owner', 'ana', 'eve']) await addUser(opened, id)
    const app = await addApp(opened, 'owner', 'demo')
    const scopes = ['Inputs_Get', 'Inputs_Add', 'Annotations_Get', 'Annotations_Add', 'Concepts_Add']
    await addCollaborator(opened, app, 'ana', scopes)
    await addCollaborator(opened, app, 'eve', ['Inputs_Get', 'Annotations_Get', 'Annotations_Add'])
    return testDeps(opened)
  }
  const post = async (id: string, labels: SentData = {}, datasetIds: string[] = [], by = 'owner') => {
    const input = { id, datasetIds, data: { image: { base64: photo }, ...labels } as SentData }
    const request = create(api.PostInputsRequestSchema, { userAppId, inputs: [input] })
    const { status } = await inputMethods.postInputs(request, callBy(by), deps)
    if (status?.code !== StatusCode.SUCCESS) throw new Error(status?.details)
  }
  const patch = (
    action: string,
    inputs: { id: string; data?: SentData; datasetIds?: string[]; modifiedAt?: Input['modifiedAt'] }[],
    by = 'owner',
    headers: Record<string, string> = {},
  ) => {
    const request = create(api.PatchInputsRequestSchema, { userAppId, action, inputs: inputs as never })
    return inputMethods.patchInputs(request, callBy(by, {}, headers), deps)
  }
  const get = async (inputId: string): Promise<Input> => {
    const request = create(api.GetInputRequestSchema, { userAppId, inputId })
    return (await inputMethods.getInput(request, callBy('owner'), deps)).input!
  }
  const level = async (inputId: string) => {
    const request = create(api.ListAnnotationsRequestSchema, { userAppId, inputIds: [inputId] })
    return (await annotationMethods.listAnnotations(request, callBy('owner'), deps)).annotations[0]!
  }
  const patchLevel = async (inputId: string, metadata: JsonObject) => {
    const annotations = [{ inputId, id: (await level(inputId)).id, data: { metadata } }]
    const request = create(api.PatchAnnotationsRequestSchema, { userAppId, action: 'merge', annotations })
    expect((await annotationMethods.patchAnnotations(request, callBy('owner'), deps)).status?.code).toBe(10000)
  }
  const addDatasets = (...ids: string[]) => {
    const request = create(api.PostDatasetsRequestSchema, { userAppId, datasets: ids.map((id) => ({ id })) })
    return datasetMethods.postDatasets(request, callBy('owner'), deps)
  }
  const statuses = (inputs: readonly Input[]) => inputs.map(({ id, status }) => [id, status?.code, status?.details])
  /** What the grid finds by a text. */
  const found = async (text: string) => {
    const request = create(ListInputSummariesRequestSchema, { ...userAppId, text })
    const { inputs } = await studioMethods.listInputSummaries(request, callBy('owner'), deps)
    return inputs.map(({ inputId, filename }) => `${inputId}: ${filename}`)
  }

  it('merges concepts, metadata and place into what the input-level annotation holds', async () => {
    await post('i1', { concepts: [tag('boat')], metadata: { a: 1, b: { x: 1 } }, geo: at(1, 2) })
    const before = await get('i1')
    const data = { concepts: [tag('boat', 0), tag('sea')], metadata: { b: { y: 2 } }, geo: at(3, 4) }
    const answer = await patch('merge', [{ id: 'i1', data }])
    expect(answer.status?.code).toBe(StatusCode.SUCCESS)
    const expected = {
      concepts: ['boat=0', 'sea=1'],
      metadata: { a: 1, b: { x: 1, y: 2 } },
      geo: [3, 4],
      width: 30,
    }
    expect(told(answer.inputs[0]!)).toEqual(expected)
    expect(answer.inputs[0]!.status?.code).toBe(StatusCode.INPUT_SUCCESS)
    const after = await get('i1')
    expect(told(after)).toEqual(expected)
    expect(after.createdAt).toEqual(before.createdAt)
    expect(after.modifiedAt).not.toEqual(before.modifiedAt)
    const annotation = await level('i1')
    expect(annotation).toMatchObject({ inputLevel: true, data: { metadata: expected.metadata } })
    expect(annotation.modifiedAt).toEqual(after.modifiedAt)
  })

  it('overwrites all labels, and keeps the picture', async () => {
    await post('i1', { concepts: [tag('boat')], metadata: { a: 1 }, geo: at(1, 2) })
    const image = { url: 'http://127.0.0.1/other.jpg' }
    const { inputs } = await patch('overwrite', [{ id: 'i1', data: { image, concepts: [tag('sea')] } as SentData }])
    expect(told(inputs[0]!)).toEqual({ concepts: ['sea=1'], metadata: {}, geo: undefined, width: 30 })
    expect(inputs[0]!.data?.image?.url).toContain('/media/orig/')
  })

  it('removes concepts by id and metadata by key', async () => {
    await post('i1', { concepts: [tag('boat'), tag('sea')], metadata: { a: 1, b: { x: 1, y: 2 } } })
    const data = { concepts: [tag('sea')], metadata: { a: true, b: { x: true } } }
    const { inputs } = await patch('remove', [{ id: 'i1', data }])
    expect(told(inputs[0]!)).toMatchObject({ concepts: ['boat=1'], metadata: { b: { y: 2 } }, width: 30 })
    await patch('remove', [{ id: 'i1', data: { concepts: [tag('boat')], metadata: { b: true } } }])
    expect(told(await get('i1'))).toMatchObject({ concepts: [], metadata: {} })
  })

  it('is known and found by the name its metadata now has, whichever way that was patched', async () => {
    await post('i1', { metadata: { filename: 'harbour.jpg' } })
    expect(await found('harbour')).toEqual(['i1: harbour.jpg'])
    await patch('merge', [{ id: 'i1', data: { metadata: { filename: 'Möwe.png' } } }])
    expect(await found('MÖWE')).toEqual(['i1: Möwe.png'])
    expect(await found('harbour')).toEqual([])
    await patchLevel('i1', { filename: 'gull.png' })
    expect(await found('gull')).toEqual(['i1: gull.png'])
    await patch('remove', [{ id: 'i1', data: { metadata: { filename: true } } }])
    expect(await found('gull')).toEqual([])
    expect(await found('i1')).toEqual(['i1: '])
  })

  it('answers each item by itself', async () => {
    for (const id of ['i1', 'i2', 'gone']) await post(id)
    const request = create(api.DeleteInputsRequestSchema, { userAppId, ids: ['gone'] })
    await inputMethods.deleteInputs(request, callBy('owner'), deps)
    const answer = await patch('merge', [
      { id: 'i1', data: { concepts: [tag('boat')] } },
      { id: 'nowhere', data: {} },
      { id: 'gone', data: {} },
      { id: 'i2', data: { geo: at(91, 0) } },
      { id: 'i2', data: { concepts: [tag('')] } },
      { id: 'i2' },
      { id: 'i2', datasetIds: ['none'] },
    ])
    expect(answer.status?.code).toBe(StatusCode.MIXED_STATUS)
    expect(statuses(answer.inputs)).toEqual([
      ['i1', StatusCode.INPUT_SUCCESS, ''],
      ['nowhere', StatusCode.CONN_DOES_NOT_EXIST, 'inputs[1].id: the app has no input "nowhere"'],
      ['gone', StatusCode.CONN_DOES_NOT_EXIST, 'inputs[2].id: the app has no input "gone"'],
      ['i2', StatusCode.INPUT_INVALID_ARGUMENT, 'inputs[3].data.geo.geo_point: 91, 0 is no place'],
      ['i2', StatusCode.INPUT_INVALID_ARGUMENT, 'inputs[4].data.concepts[0].id: required'],
      ['i2', StatusCode.INPUT_INVALID_ARGUMENT, 'inputs[5].data: required, unless dataset_ids are given'],
      ['i2', StatusCode.INPUT_INVALID_ARGUMENT, 'inputs[6].dataset_ids[0]: the app has no dataset "none"'],
    ])
    expect(told(await get('i1')).concepts).toEqual(['boat=1'])
    expect((await patch('merge', [{ id: 'x' }])).status?.code).toBe(StatusCode.FAILURE)
  })

  it('applies two patches of one input in their order', async () => {
    await post('i1')
    await patch('merge', [
      { id: 'i1', data: { concepts: [tag('boat')] } },
      { id: 'i1', data: { concepts: [tag('boat', 0), tag('sea')] } },
    ])
    expect(told(await get('i1')).concepts).toEqual(['boat=0', 'sea=1'])
  })

  it('takes 1 to 128 at a time and three actions', async () => {
    await post('i1')
    const item = { id: 'i1', data: {} }
    for (const call of [patch('merge', []), patch('merge', Array(129).fill(item)), patch('append', [item])])
      expect((await failure(call)).code).toBe(StatusCode.CONN_INVALID_REQUEST)
    expect((await patch('merge', Array(128).fill(item))).status?.code).toBe(StatusCode.SUCCESS)
  })

  it('moves between datasets: merge adds, remove takes out, overwrite leaves in these only', async () => {
    await addDatasets('train', 'test', 'val')
    await post('i1', { concepts: [tag('boat')] }, ['train'])
    const move = async (action: string, ...datasetIds: string[]) => {
      const { inputs, status } = await patch(action, [{ id: 'i1', datasetIds }])
      expect(status).toMatchObject({ code: StatusCode.SUCCESS, details: '' })
      expect(told(inputs[0]!).concepts).toEqual(['boat=1'])
      expect((await get('i1')).datasetIds).toEqual(inputs[0]!.datasetIds)
      return inputs[0]!.datasetIds
    }
    expect(await move('merge', 'test', 'train')).toEqual(['train', 'test'])
    expect(await move('remove', 'train', 'val')).toEqual(['test'])
    expect(await move('overwrite', 'val', 'train')).toEqual(['val', 'train'])
    await patch('overwrite', [{ id: 'i1', data: {} }])
    expect((await get('i1')).datasetIds).toEqual(['val', 'train'])
  })

  it('follows the rights of the input-level annotation, and needs the right to delete to take out of a dataset', async () => {
    await addDatasets('train')
    await post('mine', {}, ['train'], 'ana')
    await post('theirs')
    const data = { concepts: [tag('boat')] }
    const both = [
      { id: 'mine', data },
      { id: 'theirs', data },
    ]
    expect(statuses((await patch('merge', both, 'ana')).inputs)).toEqual([
      ['mine', StatusCode.INPUT_SUCCESS, ''],
      ['theirs', StatusCode.ANNOTATION_PERMISSION_DENIED, 'inputs[1].id: it belongs to user "owner"'],
    ])
    expect((await patch('merge', both)).status?.code).toBe(StatusCode.SUCCESS)
    expect(statuses((await patch('remove', [{ id: 'mine', datasetIds: ['train'] }], 'ana')).inputs)).toEqual([
      ['mine', StatusCode.CONN_INSUFFICIENT_SCOPES, 'inputs[0].dataset_ids: missing scopes: Inputs_Delete'],
    ])
    expect((await failure(patch('merge', both, 'eve'))).details).toBe('missing scopes: Inputs_Add')
  })

  it('compares versions when asked', async () => {
    await post('i1')
    const { modifiedAt } = await get('i1')
    const compare = { 'x-marquee-compare': 'modified_at' }
    const data = { concepts: [tag('boat')] }
    const first = await patch('merge', [{ id: 'i1', data, modifiedAt }], 'owner', compare)
    expect(first.status?.code).toBe(StatusCode.SUCCESS)
    const second = await patch('merge', [{ id: 'i1', data, modifiedAt }], 'owner', compare)
    expect(statuses(second.inputs)[0]!.slice(0, 2)).toEqual(['i1', StatusCode.ANNOTATION_MODIFY_FAILED])
  })
})
