import { expect, it } from 'vitest'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { failure } from '#proxy/service/annotations/annotationTesting.ts'
import { defaultSettings } from '#proxy/service/settings.ts'
import { addApp } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { fitsPattern, hasWords } from './modelListing.ts'
import { addModel, at, modelWorld, rpc } from './predictTesting.ts'

const endpoint = 'http://127.0.0.1:9/predict'

eachDialect('models', (store) => {
  it('are registered with a version, read back, and listed newest first', async () => {
    const deps = await modelWorld(store())
    const call = rpc(deps)
    const posted = await call('postModels', {
      models: [
        {
          id: 'a',
          modelTypeId: 'visual-detector',
          description: 'Cars and more',
          modelVersion: { id: 'v1', ...at(endpoint) },
        },
        { id: 'b', metadata: { team: 'x' } },
      ],
    })
    expect(posted.model).toMatchObject({ id: 'a', name: 'a', appId: 'demo', userId: 'owner', versionCount: 1 })
    expect(posted.model?.modelVersion).toMatchObject({ id: 'v1', status: { code: StatusCode.MODEL_TRAINED } })
    const { model } = await call('getModel', { modelId: 'b' })
    expect(model).toMatchObject({ id: 'b', metadata: { team: 'x' }, versionCount: 0 })
    expect(model?.modelVersion).toBeUndefined()
    const ids = async (request = {}) => (await call('listModels', request)).models.map(({ id }) => id)
    expect(await ids()).toEqual(['b', 'a'])
    expect(await ids({ sortBy: { case: 'sortByName', value: true }, sortAscending: true })).toEqual(['a', 'b'])
    expect(await ids({ perPage: 1, page: 2 })).toEqual(['a'])
    expect(await ids({ modelTypeId: 'visual-detector' })).toEqual(['a'])
    expect(await ids({ trainedOnly: true })).toEqual(['a'])
    expect(await ids({ search: 'car mor' })).toEqual(['a'])
    expect(await ids({ modelVersionIds: ['v1', 'none'] })).toEqual(['a'])
    expect(await ids({ starredOnly: true })).toEqual([])
    expect(await failure(call('listModels', { outputFields: ['regions'] }))).toMatchObject({
      code: StatusCode.NOT_IMPLEMENTED,
    })
  })

  it('are listed over all apps of a person that the caller may look into', async () => {
    const deps = await modelWorld(store())
    await addApp(store(), 'owner', 'secret')
    await addModel(deps, 'a', endpoint)
    await rpc(deps)('postModels', { userAppId: { userId: 'owner', appId: 'secret' }, models: [{ id: 'hidden' }] })
    const all = async (by: string) =>
      (await rpc(deps, by)('listModels', { userAppId: { userId: 'owner' } })).models.map(({ id }) => id).sort()
    expect(await all('owner')).toEqual(['a', 'hidden'])
    expect(await all('ana')).toEqual(['a'])
    expect(await all('stranger')).toEqual([])
  })

  it('get versions, whose ids are never given again', async () => {
    const deps = await modelWorld(store())
    const call = rpc(deps)
    await addModel(deps, 'a', endpoint)
    const { model } = await call('postModelVersions', {
      modelId: 'a',
      modelVersions: [{ id: 'v2' }, { description: 'third' }],
      description: 'more',
    })
    expect(model).toMatchObject({ versionCount: 3, modelVersion: { description: 'third' } })
    const versions = async (more = {}) =>
      (await call('listModelVersions', { modelId: 'a', ...more })).modelVersions.map(({ description }) => description)
    expect(await versions()).toEqual(['third', 'more', ''])
    expect(await versions({ sortAscending: true, perPage: 2 })).toEqual(['', 'more'])
    await call('deleteModelVersion', { modelId: 'a', versionId: 'v2' })
    expect(await versions()).toEqual(['third', ''])
    expect(await failure(call('getModelVersion', { modelId: 'a', versionId: 'v2' }))).toEqual({
      code: StatusCode.MODEL_DOES_NOT_EXIST,
      details: 'version_id: model "a" has no version "v2"',
    })
    for (const id of ['v2', 'v-a'])
      expect(await failure(call('postModelVersions', { modelId: 'a', modelVersions: [{ id }] }))).toMatchObject({
        code: StatusCode.DATABASE_DUPLICATE_KEY,
      })
    expect(await failure(call('postModelVersions', { modelId: 'a' }))).toMatchObject({
      code: StatusCode.CONN_INVALID_REQUEST,
    })
  })

  it('are patched: merged, overwritten, thinned out; all or none', async () => {
    const deps = await modelWorld(store())
    const call = rpc(deps)
    await call('postModels', {
      models: [{ id: 'a', description: 'old', metadata: { x: 1, y: { z: 1 } }, toolkits: ['t'] }],
    })
    const patch = async (action: string, model: object) =>
      (await call('patchModels', { action, models: [{ id: 'a', ...model }] })).models[0]
    expect(await patch('merge', { metadata: { y: { w: 2 } }, toolkits: ['u'] })).toMatchObject({
      description: 'old',
      metadata: { x: 1, y: { z: 1, w: 2 } },
      toolkits: ['t', 'u'],
    })
    expect(await patch('remove', { metadata: { x: true }, toolkits: ['t'] })).toMatchObject({
      metadata: { y: { z: 1, w: 2 } },
      toolkits: ['u'],
    })
    expect(await patch('overwrite', { description: 'new', metadata: {} })).toMatchObject({
      description: 'new',
      metadata: {},
    })
    const both = call('patchModels', { action: 'merge', models: [{ id: 'a', description: 'lost' }, { id: 'none' }] })
    expect(await failure(both)).toEqual({
      code: StatusCode.MODEL_DOES_NOT_EXIST,
      details: 'models[1].id: the app has no model "none"',
    })
    expect((await call('getModel', { modelId: 'a' })).model?.description).toBe('new')
  })

  it('are deleted softly, and their id is free again', async () => {
    const deps = await modelWorld(store())
    const call = rpc(deps)
    for (const id of ['a', 'b', 'c']) await addModel(deps, id, endpoint)
    await call('deleteModel', { modelId: 'a' })
    expect(await failure(call('deleteModel', { modelId: 'a' }))).toMatchObject({
      code: StatusCode.MODEL_DOES_NOT_EXIST,
    })
    await call('deleteModels', { ids: ['b', 'none'] })
    expect((await call('listModels', {})).models.map(({ id }) => id)).toEqual(['c'])
    await call('postModels', { models: [{ id: 'a' }] })
    expect((await call('getModel', { modelId: 'a' })).model?.versionCount).toBe(0)
    await call('deleteModels', { deleteAll: true })
    expect((await call('listModels', {})).models).toEqual([])
  })

  it('never show the key of their endpoint, and keep it through a merge', async () => {
    const deps = await modelWorld(store())
    const call = rpc(deps)
    await addModel(deps, 'a', endpoint, { key: 'sesame' })
    const shown = JSON.stringify(await call('getModelVersion', { modelId: 'a', versionId: 'v-a' }), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(shown).toContain(endpoint)
    expect(shown).not.toContain('sesame')
    const merged = { id: 'v-a', ...at('http://127.0.0.1:9/new') }
    await call('patchModelVersions', { modelId: 'a', modelVersions: [merged], action: 'merge' })
    const row = await store().read.selectFrom('model_version').select('message').executeTakeFirstOrThrow()
    expect(Buffer.from(row.message).toString('latin1')).toContain('sesame')
  })

  it.each([
    [{ url: 'ftp://x/' }, 'url: must begin with http:// or https://'],
    [{ url: 'http://10.0.0.1/' }, 'url: lies in a private network'],
    [{}, 'url: required'],
    [{ url: endpoint, timeout_seconds: 0 }, 'timeout_seconds: must be 1 to 600'],
    [{ url: endpoint, send: 'fax' }, 'send: must be "url" or "bytes"'],
    [{ url: endpoint, key: 'a\nb' }, 'key: must be printable ASCII'],
    [{ url: endpoint, retries: 3 }, 'retries: unknown'],
    ['http://x/', ' must be an object'],
  ])('refuse the endpoint %j', async (configured, reason) => {
    const allowPrivateInputUrls = JSON.stringify(configured).includes(endpoint)
    const deps = await modelWorld(store(), { settings: { ...defaultSettings, allowPrivateInputUrls } })
    const metadata = { marquee: { endpoint: configured as never } }
    const { code, details } = await failure(
      rpc(deps)('postModels', { models: [{ id: 'a', modelVersion: { metadata } }] }),
    )
    expect(code).toBe(StatusCode.MODEL_INVALID_ARGUMENT)
    expect(details).toContain('models[0].model_version.metadata.marquee.endpoint')
    expect(details).toContain(reason)
  })

  it('are changed by those with the scope only, and seen by nobody outside', async () => {
    const deps = await modelWorld(store())
    await addModel(deps, 'a', endpoint)
    expect((await rpc(deps, 'ana')('getModel', { modelId: 'a' })).model?.id).toBe('a')
    expect(await failure(rpc(deps, 'ana')('postModels', { models: [{ id: 'b' }] }))).toEqual({
      code: StatusCode.CONN_INSUFFICIENT_SCOPES,
      details: 'missing scopes: Models_Add',
    })
    expect(await failure(rpc(deps, 'ana')('deleteModel', { modelId: 'a' }))).toMatchObject({
      code: StatusCode.CONN_INSUFFICIENT_SCOPES,
    })
    expect(await failure(rpc(deps, 'stranger')('getModel', { modelId: 'a' }))).toMatchObject({
      code: StatusCode.CONN_DOES_NOT_EXIST,
    })
  })
})

it('finds words by their beginnings and names by patterns', () => {
  expect(hasWords('sat cla', 'Satisfied by Clarifai')).toBe(true)
  expect(hasWords('fied', 'Satisfied')).toBe(false)
  expect(hasWords('', 'anything')).toBe(true)
  for (const pattern of ['gen*', '*ral', 'g*n*l', 'general', '*'])
    expect(fitsPattern(pattern, 'General'), pattern).toBe(true)
  for (const pattern of ['gen', '*gen', 'g*x*l', 'generall*l'])
    expect(fitsPattern(pattern, 'General'), pattern).toBe(false)
})
