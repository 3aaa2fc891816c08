import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { failure } from '#proxy/service/annotations/annotationTesting.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { openMedia } from '#proxy/service/inputs/media.ts'
import { defaultSettings } from '#proxy/service/settings.ts'
import { openMemoryStore } from '#proxy/store/memory.ts'
import type { Store } from '#proxy/store/open.ts'
import {
  aBox,
  addModel,
  addPhotos,
  aStatus,
  modelWorld,
  photo,
  rpc,
  type StubRunner,
  startRunner,
  useModels,
} from './predictTesting.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
const runner = async (answers: Parameters<typeof startRunner>[0]): Promise<StubRunner> => {
  const made = await startRunner(answers)
  open.push(made)
  return made
}
const world = async (change: Partial<Deps> = {}): Promise<Deps> => {
  const store: Store = await openMemoryStore()
  open.push(store)
  return modelWorld(store, change)
}
/** One model `a` that answers so, one stored picture `i`. */
const withModel = async (answers: Parameters<typeof startRunner>[0], more: Parameters<typeof addModel>[3] = {}) => {
  const deps = await world()
  const stub = await runner(answers)
  await addModel(deps, 'a', stub.url, more)
  await addPhotos(deps, 'i')
  return { deps, stub, call: rpc(deps) }
}

describe('asking a model', () => {
  it('about a stored input: the runner gets its id, size and signed address, and nothing is stored', async () => {
    const { deps, stub, call } = await withModel(() => ({ regions: [aBox('car')], concepts: [{ name: 'street' }] }))
    const answer = await call('postModelOutputs', { modelId: 'a', inputs: [{ id: 'i' }] })
    expect(answer.status?.code).toBe(StatusCode.SUCCESS)
    const [output] = answer.outputs
    expect(output).toMatchObject({
      status: { code: StatusCode.SUCCESS },
      model: { id: 'a', modelVersion: { id: 'v-a' } },
      input: { id: 'i', data: { image: { imageInfo: { width: 30, height: 20 } } } },
    })
    expect(output?.data?.concepts).toMatchObject([{ id: 'street', name: 'street', value: 1, appId: 'demo' }])
    expect(output?.data?.regions[0]).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      data: { concepts: [{ id: 'car', value: Math.fround(0.9) }] },
    })
    const { body, headers } = stub.asked[0]!
    expect(body).toMatchObject({
      input: { id: 'i', data: { image: { image_info: { width: 30, height: 20 } } } },
      model: { id: 'a', version_id: 'v-a', app_id: 'demo', user_id: 'owner' },
      params: {},
      node_inputs: [],
    })
    expect(headers.authorization).toBeUndefined()
    const url = new URL(body.input.data.image!.url as string)
    const media = await openMedia(url.pathname.slice('/media/'.length), url.searchParams, undefined, deps)
    expect(media.type).toBe('image/png')
    expect((await call('listAnnotations', { listAllAnnotations: true })).annotations).toHaveLength(1)
  })

  it('with a key and bytes, when its endpoint is set up so', async () => {
    const { stub, call } = await withModel(() => ({}), { send: 'bytes', key: 'sesame' })
    await call('postModelOutputs', { modelId: 'a', inputs: [{ id: 'i' }] })
    expect(stub.asked[0]!.headers.authorization).toBe('Bearer sesame')
    expect(
      Buffer.from(stub.asked[0]!.body.input.data.image!.base64 as string, 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
  })

  it('about bytes and addresses that are not stored: always as bytes, which are not echoed', async () => {
    const { stub, call } = await withModel(() => ({ concepts: [{ id: 'x', value: 0.25 }] }))
    const bytes = await photo(8, 4)
    const server = createServer((_, response) => response.end(bytes)).listen(0, '127.0.0.1')
    open.push(server)
    await new Promise((resolve) => server.once('listening', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/p.png`
    const { outputs } = await call('postModelOutputs', {
      modelId: 'a',
      inputs: [
        { data: { image: { base64: bytes } } },
        { data: { image: { url } } },
        { data: { text: { raw: 'hello' } } },
      ],
    })
    expect(outputs.map(({ data }) => data?.concepts[0]?.value)).toEqual([0.25, 0.25, 0.25])
    expect(outputs[0]!.input!.data!.image!.base64).toHaveLength(0)
    const sent = stub.asked.map(({ body }) => body.input.data)
    expect(sent.filter(({ image }) => image?.base64 && !image.url)).toHaveLength(2)
    expect(sent.find(({ image }) => image)).toMatchObject({ image: { image_info: { width: 8, height: 4 } } })
    expect(sent.find(({ text }) => text)).toEqual({ text: { raw: 'hello' } })
  })

  it('passes parameters on and applies thresholds, choices and caps to the answer', async () => {
    const concepts = [0.1, 0.5, 0.9, 0.7].map((value, i) => ({ id: `c${i}`, value }))
    const { stub, call } = await withModel(() => ({
      concepts,
      regions: [aBox('weak', undefined, 0.2), aBox('strong')],
    }))
    await call('patchModelVersions', {
      modelId: 'a',
      modelVersions: [{ id: 'v-a', outputInfo: { params: { size: 640, iou: 0.5 } } }],
      action: 'merge',
    })
    const outputInfo = { params: { iou: 0.7 }, outputConfig: { minValue: 0.4, maxConcepts: 2 } }
    const { outputs } = await call('postModelOutputs', {
      modelId: 'a',
      model: { modelVersion: { outputInfo } },
      inputs: [{ id: 'i' }],
    })
    expect(stub.asked[0]!.body.params).toEqual({ size: 640, iou: 0.7 })
    expect(outputs[0]!.data!.concepts.map(({ id }) => id)).toEqual(['c2', 'c3'])
    expect(outputs[0]!.data!.regions.map((region) => region.data!.concepts[0]!.id)).toEqual(['strong'])
  })

  it('fails input by input, and tells why', async () => {
    const { call } = await withModel(({ body }) => (body.input.id === 'i' ? {} : aStatus(503)))
    const answer = await call('postModelOutputs', {
      modelId: 'a',
      inputs: [
        { id: 'i' },
        { id: 'none' },
        { data: { image: { base64: new TextEncoder().encode('no picture') } } },
        { data: { image: { base64: await photo() } } },
        {},
      ],
    })
    expect(answer.status?.code).toBe(StatusCode.MIXED_STATUS)
    expect(answer.outputs.map(({ status }) => status?.code)).toEqual([
      StatusCode.SUCCESS,
      StatusCode.INPUT_DOES_NOT_EXIST,
      StatusCode.INPUT_UNSUPPORTED_FORMAT,
      StatusCode.MODEL_PREDICTION_FAILED,
      StatusCode.INPUT_INVALID_ARGUMENT,
    ])
    const broken = await call('postModelOutputs', {
      modelId: 'a',
      inputs: [{ data: { image: { url: 'http://127.0.0.1:9/x' } } }],
    })
    expect(broken.status?.code).toBe(StatusCode.INPUT_FAILED)
    expect(broken.outputs[0]?.status?.code).toBe(StatusCode.INPUT_FAILED)
  })

  it('is refused without an endpoint, a model, inputs or the scope', async () => {
    const { deps, call } = await withModel(() => ({}))
    await call('postModels', { models: [{ id: 'bare', modelVersion: { id: 'plain' } }] })
    const ask = (modelId: string, inputs = [{ id: 'i' }]) => failure(call('postModelOutputs', { modelId, inputs }))
    expect(await ask('bare')).toEqual({
      code: StatusCode.MODEL_NOT_DEPLOYED,
      details: 'model_id: version "plain" of model "bare" has no endpoint (model_version.metadata.marquee.endpoint)',
    })
    expect(await ask('none')).toMatchObject({ code: StatusCode.MODEL_DOES_NOT_EXIST })
    expect(await ask('a', [])).toMatchObject({ code: StatusCode.CONN_INVALID_REQUEST })
    const narrow = rpc(deps, 'ana', { scopes: ['Apps_Get', 'Models_Get'] })
    expect(await failure(narrow('postModelOutputs', { modelId: 'a', inputs: [{ id: 'i' }] }))).toMatchObject({
      code: StatusCode.CONN_INSUFFICIENT_SCOPES,
    })
  })
})

describe('an answer that cannot be used', () => {
  const box = (values: number[]) => ({ regions: [aBox('ok'), aBox('bad', values)] })
  it.each([
    ['a status', aStatus(404), 'the runner answered 404'],
    ['a status with a reason', aStatus(422, '{"error": "too\\nsmall"}'), 'the runner answered 422: too small'],
    ['a page of something else', aStatus(500, '<secret>'), 'the runner answered 500'],
    ['a redirect', aStatus(302), 'the runner answered 302: redirects are not followed'],
    ['no JSON', aStatus(200, 'hello'), "the runner's answer: this is no JSON"],
    ['a list', [], "the runner's answer: this is no JSON object"],
    ['a wrong type', { concepts: [{ id: 5 }] }, "the runner's answer: cannot decode"],
    [
      'a coordinate outside',
      box([1.2, 0, 1.5, 1]),
      "the runner's answer: regions[1].region_info.bounding_box.top_row: 1.2 is outside [0, 1]",
    ],
    ['a box inside out', box([0.5, 0, 0.4, 1]), 'regions[1].region_info.bounding_box.bottom_row: must be greater'],
    ['a probability', { concepts: [{ id: 'a', value: 7 }] }, 'concepts[0].value: 7 is outside [0, 1]'],
    ['a region nowhere', { regions: [{}] }, 'regions[0].region_info: required'],
    [
      'a bad frame',
      { frames: [{ data: { regions: [aBox('a', [0, 0, 2, 1])] } }] },
      'frames[0].data.regions[0].region_info.bounding_box.bottom_row: 2 is',
    ],
    ['depth', JSON.parse(`${'{"data":'.repeat(80)}1${'}'.repeat(80)}`), 'nested deeper than 40'],
  ])('%s is told so', async (_, answer, reason) => {
    const { call } = await withModel(() => answer)
    const { outputs } = await call('postModelOutputs', { modelId: 'a', inputs: [{ id: 'i' }] })
    expect(outputs[0]?.status?.code).toBe(StatusCode.MODEL_PREDICTION_FAILED)
    expect(outputs[0]?.status?.details).toContain(reason)
    expect(outputs[0]?.status?.details).not.toContain('secret')
  })

  it('is one that is too long or too late', async () => {
    const limits = { ...(await world()).limits, bodyBytes: 1000 }
    const deps = await world({ limits })
    const long = await runner(() => ({ text: { raw: 'x'.repeat(2000) } }))
    const late = await runner(() => new Promise(() => {}))
    await addModel(deps, 'long', long.url)
    await addModel(deps, 'late', late.url, { timeout_seconds: 1 })
    await addPhotos(deps, 'i')
    const reason = async (modelId: string) =>
      (await rpc(deps)('postModelOutputs', { modelId, inputs: [{ id: 'i' }] })).outputs[0]?.status?.details
    expect(await reason('long')).toContain('more than')
    expect(await reason('late')).toContain('it took too long')
  })

  it('never comes from where the server may not ask', async () => {
    const { deps } = await withModel(() => ({}))
    const closed = { ...deps, settings: defaultSettings }
    const { outputs } = await rpc(closed)('postModelOutputs', { modelId: 'a', inputs: [{ id: 'i' }] })
    expect(outputs[0]?.status?.details).toContain('ALLOW_PRIVATE_INPUT_URLS')
  })
})

describe('running a workflow', () => {
  const find = () => ({ regions: [aBox('face')] })
  const read = ({ body }: { body: { node_inputs: { node_id: string; data: unknown }[] } }) => ({
    concepts: body.node_inputs.map(({ node_id }) => ({ id: `from-${node_id}`, value: 1 })),
  })

  it('hands each node the input and what its sources answered, and leaves out what is suppressed', async () => {
    const deps = await world()
    const [first, second] = [await runner(find), await runner(read)]
    await addModel(deps, 'find', first.url)
    await addModel(deps, 'read', second.url)
    await addPhotos(deps, 'i')
    const nodes = [
      { id: 'b', model: { id: 'read' }, nodeInputs: [{ nodeId: 'a' }], outputInfoOverride: { params: { lang: 'en' } } },
      { id: 'a', model: { id: 'find' }, suppressOutput: true },
    ]
    await rpc(deps)('postWorkflows', { workflows: [{ id: 'w', nodes }] })
    const { results, workflow, status } = await rpc(deps, 'ana')('postWorkflowResults', {
      workflowId: 'w',
      inputs: [{ id: 'i' }],
    })
    expect(status?.code).toBe(StatusCode.SUCCESS)
    expect(workflow?.id).toBe('w')
    expect(results[0]!.outputs.map(({ model, data }) => [model?.id, data?.concepts[0]?.id])).toEqual([
      ['read', 'from-a'],
    ])
    expect(second.asked[0]!.body).toMatchObject({
      params: { lang: 'en' },
      input: { id: 'i' },
      node_inputs: [{ node_id: 'a', data: { regions: [{ id: expect.stringMatching(/^[0-9a-f]{32}$/) }] } }],
    })
  })

  it('goes on past a node that fails, but not into those that need it', async () => {
    const deps = await world()
    const [good, bad] = [await runner(find), await runner(() => aStatus(500))]
    await addModel(deps, 'good', good.url)
    await addModel(deps, 'bad', bad.url)
    await addPhotos(deps, 'i')
    await useModels(deps, 'bad', 'good')
    await rpc(deps)('patchWorkflows', {
      action: 'merge',
      workflows: [{ id: 'detect', nodes: [{ id: 'after', model: { id: 'good' }, nodeInputs: [{ nodeId: 'bad' }] }] }],
    })
    const { results, status } = await rpc(deps)('postWorkflowResults', { inputs: [{ id: 'i' }] })
    expect(status?.code).toBe(StatusCode.FAILURE)
    expect(results[0]!.outputs.map(({ status }) => status!.details)).toEqual([
      'the runner answered 500',
      '',
      'not run, since node "bad" failed',
    ])
    expect(good.asked).toHaveLength(1)
  })
})
