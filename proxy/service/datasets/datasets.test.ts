import { create } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import {
  DeleteDatasetInputsRequestSchema,
  DeleteDatasetsRequestSchema,
  DeleteInputRequestSchema,
  GetDatasetInputRequestSchema,
  GetDatasetRequestSchema,
  GetInputRequestSchema,
  ListDatasetInputsRequestSchema,
  ListDatasetsRequestSchema,
  PatchDatasetsRequestSchema,
  PostDatasetInputsRequestSchema,
  PostDatasetsRequestSchema,
  PostInputsRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { inputMethods } from '#proxy/service/inputs/inputs.ts'
import { addApp, addCollaborator, addInput, addUser, callBy, testDeps } from '#proxy/service/testing.ts'
import { inputsOfDataset } from '#proxy/store/datasets.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { datasetInputMethods } from './datasetInputs.ts'
import { datasetMethods } from './datasets.ts'

const userAppId = { userId: 'owner', appId: 'app' }
const owner = callBy('owner')
const code = (answer: { status?: { code: number } | undefined }) => answer.status!.code

eachDialect('datasets', (store) => {
  let app: number
  let deps: Deps
  beforeEach(async () => {
    deps = testDeps(store())
    await addUser(store(), 'owner')
    await addUser(store(), 'other')
    app = await addApp(store(), 'owner', 'app')
    for (const [i, id] of ['a', 'b', 'c'].entries()) await addInput(store(), app, id, i)
  })

  const post = (...ids: string[]) =>
    datasetMethods.postDatasets(
      create(PostDatasetsRequestSchema, { userAppId, datasets: ids.map((id) => ({ id, notes: `notes of ${id}` })) }),
      owner,
      deps,
    )
  const fill = (datasetId: string, ...ids: string[]) =>
    datasetInputMethods.postDatasetInputs(
      create(PostDatasetInputsRequestSchema, {
        userAppId,
        datasetId,
        datasetInputs: ids.map((id) => ({ input: { id } })),
      }),
      owner,
      deps,
    )
  const members = async (datasetId: string, page = {}) => {
    const request = create(ListDatasetInputsRequestSchema, { userAppId, datasetId, ...page })
    return (await datasetInputMethods.listDatasetInputs(request, owner, deps)).datasetInputs.map(
      ({ input }) => input!.id,
    )
  }
  const list = async (options = {}) => {
    const request = create(ListDatasetsRequestSchema, { userAppId, ...options })
    return (await datasetMethods.listDatasets(request, owner, deps)).datasets.map(({ id }) => id)
  }

  it('are made, found and listed, the last changed first', async () => {
    const answer = await post('one', 'two')
    expect(code(answer)).toBe(StatusCode.SUCCESS)
    expect(answer.datasets[0]).toMatchObject({ id: 'one', appId: 'app', userId: 'owner', notes: 'notes of one' })
    expect(await list()).toEqual(['two', 'one'])
    expect(await list({ sortAscending: true, sortBy: { case: 'sortById', value: true } })).toEqual(['one', 'two'])
    expect(await list({ search: 'NOT on' })).toEqual(['one'])
    expect(await list({ userAppId: { userId: 'owner', appId: '' } })).toEqual(['two', 'one'])
    const got = create(GetDatasetRequestSchema, { userAppId, datasetId: 'two' })
    expect((await datasetMethods.getDataset(got, owner, deps)).dataset?.id).toBe('two')
  })

  it('refuse an id that is taken, storing nothing', async () => {
    await post('one')
    await expect(post('two', 'one')).rejects.toMatchObject({
      code: StatusCode.DATABASE_DUPLICATE_KEY,
      details: expect.stringContaining('datasets[1].id'),
    })
    expect(await list()).toEqual(['one'])
  })

  it('are patched: what is absent stays, metadata merges', async () => {
    await post('one')
    const patch = (dataset: object, action: string) =>
      datasetMethods.patchDatasets(
        create(PatchDatasetsRequestSchema, { userAppId, action, datasets: [{ id: 'one', ...dataset }] }),
        owner,
        deps,
      )
    await patch({ description: 'boats', metadata: { a: 1 } }, 'merge')
    const { datasets } = await patch({ metadata: { b: 2 } }, 'merge')
    expect(datasets[0]).toMatchObject({ notes: 'notes of one', description: 'boats', metadata: { a: 1, b: 2 } })
    expect((await patch({ metadata: { c: 3 } }, 'overwrite')).datasets[0]!.metadata).toEqual({ c: 3 })
    await expect(patch({ id: 'none' }, 'merge')).rejects.toMatchObject({ code: StatusCode.CONN_DOES_NOT_EXIST })
    await expect(patch({ image: { url: 'x' } }, 'merge')).rejects.toMatchObject({ code: StatusCode.NOT_IMPLEMENTED })
  })

  it('take all that a search finds, which is then what it was', async () => {
    await post('one')
    await fill('one', 'b')
    const search = (more: object) => {
      const request = { userAppId, datasetId: 'one', ...more }
      return datasetInputMethods.postDatasetInputs(create(PostDatasetInputsRequestSchema, request), owner, deps)
    }
    const images = { query: { filters: [{ input: { data: { image: {} } } }] } }
    const answer = await search({ search: images })
    expect(code(answer)).toBe(StatusCode.SUCCESS)
    expect(answer.datasetInputs.map(({ input }) => [input!.id, input!.status!.code])).toEqual([
      ['a', StatusCode.DATASET_INPUT_SUCCESS],
      ['c', StatusCode.DATASET_INPUT_SUCCESS],
    ])
    expect(await members('one')).toEqual(['b', 'a', 'c'])
    expect((await search({ search: images })).datasetInputs).toEqual([])
    for (const [bad, wrong] of [
      [{ search: images, datasetInputs: [{ input: { id: 'a' } }] }, StatusCode.CONN_INVALID_REQUEST],
      [{ search: { id: 'none' } }, StatusCode.CONN_DOES_NOT_EXIST],
      [{ search: { minValue: 7 } }, StatusCode.SEARCH_INVALID_REQUEST],
    ] as const)
      await expect(search(bad)).rejects.toMatchObject({ code: wrong, details: expect.stringContaining('search') })
  })

  it('keep inputs in the order they were added and say how each fared', async () => {
    await post('one')
    const answer = await fill('one', 'c', 'a', 'nobody', 'c')
    expect(code(answer)).toBe(StatusCode.MIXED_STATUS)
    expect(answer.datasetInputs.map(({ input }) => input!.status!.code)).toEqual([
      StatusCode.DATASET_INPUT_SUCCESS,
      StatusCode.DATASET_INPUT_SUCCESS,
      StatusCode.INPUT_DOES_NOT_EXIST,
      StatusCode.DATASET_INPUT_DUPLICATE,
    ])
    expect(code(await fill('one', 'a'))).toBe(StatusCode.SUCCESS)
    expect(code(await fill('one', 'nobody'))).toBe(StatusCode.FAILURE)
    await fill('one', 'b')
    expect(await members('one')).toEqual(['c', 'a', 'b'])
    expect(await members('one', { perPage: 2, page: 2 })).toEqual(['b'])
    expect(await Array.fromAsync(inputsOfDataset(store().read, app, 'one'))).toEqual([['c', 'a', 'b']])
    expect(await Array.fromAsync(inputsOfDataset(store().read, app, 'none'))).toEqual([])
  })

  it('are named by their inputs, until these are taken out', async () => {
    await post('one', 'two')
    await fill('two', 'a')
    await fill('one', 'a')
    const datasetIds = async () => {
      const request = create(GetInputRequestSchema, { userAppId, inputId: 'a' })
      return (await inputMethods.getInput(request, owner, deps)).input!.datasetIds
    }
    expect(await datasetIds()).toEqual(['two', 'one'])
    const request = create(DeleteDatasetInputsRequestSchema, { userAppId, datasetId: 'two', inputIds: ['a', 'b'] })
    expect(code(await datasetInputMethods.deleteDatasetInputs(request, owner, deps))).toBe(StatusCode.SUCCESS)
    expect(await datasetIds()).toEqual(['one'])
    const gone = create(GetDatasetInputRequestSchema, { userAppId, datasetId: 'two', inputId: 'a' })
    await expect(datasetInputMethods.getDatasetInput(gone, owner, deps)).rejects.toMatchObject({
      code: StatusCode.CONN_DOES_NOT_EXIST,
    })
    const there = create(GetDatasetInputRequestSchema, { userAppId, datasetId: 'one', inputId: 'a' })
    expect((await datasetInputMethods.getDatasetInput(there, owner, deps)).datasetInput?.input?.id).toBe('a')
  })

  it('do not list inputs that are deleted', async () => {
    await post('one')
    await fill('one', 'a', 'b')
    await inputMethods.deleteInput(create(DeleteInputRequestSchema, { userAppId, inputId: 'a' }), owner, deps)
    expect(await members('one')).toEqual(['b'])
  })

  it('are filled by PostInputs, which refuses inputs for a dataset that is not there', async () => {
    await post('one')
    const inputs = [
      { id: 'text', data: { text: { raw: 'hello' } }, datasetIds: ['one'] },
      { id: 'stray', data: { text: { raw: 'hello' } }, datasetIds: ['none'] },
    ]
    const answer = await inputMethods.postInputs(create(PostInputsRequestSchema, { userAppId, inputs }), owner, deps)
    expect(answer.inputs[0]).toMatchObject({ id: 'text', datasetIds: ['one'] })
    expect(answer.inputs[1]!.status).toMatchObject({
      code: StatusCode.INPUT_INVALID_ARGUMENT,
      details: expect.stringContaining('inputs[1].dataset_ids[0]'),
    })
    expect(await members('one')).toEqual(['text'])
  })

  it('are deleted, and their ids are free again', async () => {
    await post('one', 'two')
    await fill('one', 'a')
    const request = create(DeleteDatasetsRequestSchema, { userAppId, datasetIds: ['one', 'none'] })
    expect(code(await datasetMethods.deleteDatasets(request, owner, deps))).toBe(StatusCode.SUCCESS)
    expect(await list()).toEqual(['two'])
    await expect(members('one')).rejects.toMatchObject({ code: StatusCode.CONN_DOES_NOT_EXIST })
    await post('one')
    expect(await members('one')).toEqual([])
  })

  it('are changed only with the scopes for it', async () => {
    await post('one')
    await addCollaborator(store(), app, 'other', ['Datasets_Get', 'Apps_Get'])
    const other = callBy('other')
    const got = create(GetDatasetRequestSchema, { userAppId, datasetId: 'one' })
    expect((await datasetMethods.getDataset(got, other, deps)).dataset?.id).toBe('one')
    const request = create(PostDatasetsRequestSchema, { userAppId, datasets: [{ id: 'two' }] })
    await expect(datasetMethods.postDatasets(request, other, deps)).rejects.toMatchObject({
      code: StatusCode.CONN_INSUFFICIENT_SCOPES,
    })
    const deletion = create(DeleteDatasetInputsRequestSchema, { userAppId, datasetId: 'one', inputIds: ['a'] })
    await expect(datasetInputMethods.deleteDatasetInputs(deletion, other, deps)).rejects.toMatchObject({
      code: StatusCode.CONN_INSUFFICIENT_SCOPES,
    })
  })
})
