import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { TestServer } from '#e2e/server.ts'
import { type ApiClient, grpcOfficial, rest } from './clients.ts'
import { aModel, aWorkflow, Detector, detectIn } from './detector.ts'
import { Bench, type Stored, startEmbedded, type Target, tinyPng } from './target.ts'

const env = { ALLOW_PRIVATE_INPUT_URLS: 'true' }
let target: Target
let detector: Detector
beforeAll(async () => {
  detector = await Detector.start()
  target = await startEmbedded(env)
}, 60_000)
afterAll(async () => {
  detector.stop()
  await target.stop()
})

const clients: [string, () => ApiClient][] = [
  ['gRPC', () => grpcOfficial(target.port)],
  ['REST', () => rest(target.url)],
]
describe.each(clients)('models and workflows, over %s', (_, connect) => {
  let client: ApiClient
  let bench: Bench
  let version = ''
  beforeAll(async () => {
    client = connect()
    bench = await Bench.make(target, client)
    version = await detectIn(bench, detector.url)
  })
  afterAll(() => client.close())

  const byModel = async (input: string): Promise<Stored[]> =>
    (await bench.list({ input_ids: [input], list_all_annotations: true })).filter(({ worker }) => worker.model)
  const detected = (input: string): Promise<Stored> =>
    vi.waitFor(
      async () => {
        const [found] = await byModel(input)
        if (!found) throw new Error('nothing was detected yet')
        return found
      },
      { timeout: 10_000, interval: 50 },
    )

  it('row 3: models in the default workflow of an app write annotations', async () => {
    const [input = ''] = await bench.inputs(1)
    const found = await detected(input)
    expect(found).toMatchObject({ model_version_id: version, trusted: false, input_level: false })
    expect(found.worker.model).toMatchObject({ id: 'detector', model_version: { id: version } })
    expect(found.status.code).toBe(24150)
    expect(detector.asked.find(({ id }) => id === input)).toEqual({ id: input, status: 200, type: 'image/png' })
    expect(await bench.list({ input_ids: [input] })).toHaveLength(1)
  })

  it('rows 16, 17, 35: its regions are found by the model version, and labelled by their ids', async () => {
    const [input = ''] = await bench.inputs(1)
    await detected(input)
    const [region] = (await bench.list({ model_version_ids: [version], input_ids: [input] }))[0]!.data.regions
    expect(region!.id).not.toBe('')
    const label = {
      input_id: input,
      data: { regions: [{ id: region!.id, data: { concepts: [{ id: 'puppy', value: 1 }] } }] },
    }
    const [mine] = await bench.post([label], 'annotator')
    expect(mine!.data.regions[0]).toMatchObject({ id: region!.id, region_info: region!.region_info! })
    expect((await byModel(input))[0]!.data.regions[0]!.data!.concepts[0]!.id).toBe('dog')
  })

  it('row 6: an annotation queues nothing, and is there at once', async () => {
    const [input = ''] = await bench.inputs(1)
    await detected(input)
    const before = detector.asked.length
    await bench.post([{ input_id: input, data: { concepts: [{ id: 'tree', value: 1 }] } }])
    await new Promise((resolve) => setTimeout(resolve, 700)) // twice as long as a worker sleeps
    expect(detector.asked.length).toBe(before)
  })

  it('a runner that refuses leaves the input fine', async () => {
    detector.broken = true
    const before = detector.asked.length
    const [input = ''] = await bench.inputs(1)
    await vi.waitFor(() => expect(detector.asked.length).toBe(before + 1), { timeout: 10_000 })
    detector.broken = false
    const answer = await bench.ok('GetInput', { input_id: input })
    expect(answer.input).toMatchObject({ status: { code: 30000 } })
    expect(await byModel(input)).toEqual([])
  })

  it('predictions are answered and not stored', async () => {
    const [input = ''] = await bench.inputs(1)
    await detected(input)
    detector.broken = true
    const failed = await bench.call('PostModelOutputs', { model_id: 'detector', inputs: [{ id: input }] })
    detector.broken = false
    expect(failed.status).toMatchObject({ code: 10020, details: expect.stringContaining('cannot see') })
    const answer = await bench.ok('PostWorkflowResults', { workflow_id: 'detect', inputs: [{ id: input }] })
    expect(answer.results).toMatchObject([
      {
        input: { id: input },
        outputs: [{ model: { id: 'detector' }, data: { regions: [{ data: { concepts: [{ name: 'dog' }] } }] } }],
      },
    ])
    const mixed = await bench.call('PostModelOutputs', {
      model_id: 'detector',
      inputs: [{ data: { image: { base64: tinyPng } } }, { id: 'none' }],
    })
    expect(mixed.status.code).toBe(10010)
    expect((mixed.outputs as { status: { code: number } }[]).map(({ status }) => status.code)).toEqual([10000, 30102])
    expect(await byModel(input)).toHaveLength(1)
  })

  it('what is missing says so, and wrong graphs are refused', async () => {
    const code = async (method: string, request: JsonObject) => (await bench.call(method, request)).status.code
    expect(await code('GetModel', { model_id: 'none' })).toBe(21200)
    expect(await code('GetWorkflow', { workflow_id: 'none' })).toBe(22102)
    expect(await code('PostModels', { models: [] })).toBe(11102)
    expect(await code('PostModels', { models: [aModel(detector.url)] })).toBe(40010)
    const nodes = [{ id: 'a', model: { id: 'detector' }, node_inputs: [{ node_id: 'a' }] }]
    expect(await code('PostWorkflows', { workflows: [{ id: 'loop', nodes }] })).toBe(22107)
    const listed = await bench.ok('ListWorkflows', {})
    expect(listed.workflows).toMatchObject([{ id: 'detect', nodes: [{ model: { model_version: { id: version } } }] }])
    expect((await bench.ok('ListModels', { per_page: 1, page: 2 })).models).toEqual([])
  })
})

it('a server killed in the middle of a job runs it again, and nothing is there twice', async () => {
  const slow = await Detector.start()
  slow.hold = new Promise(() => {})
  const server = await TestServer.start(env)
  const client = rest(server.url)
  try {
    const options = { key: server.credentials('owner').pat }
    const user_app_id = { user_id: 'owner', app_id: 'demo' }
    const call = (method: string, request: JsonObject) => client.call(method, { user_app_id, ...request }, options)
    await call('PostModels', { models: [aModel(slow.url)] })
    await call('PostWorkflows', { workflows: [aWorkflow()] })
    const apps = [{ id: 'demo', default_workflow_id: 'detect' }]
    await call('PatchApps', { user_app_id: { user_id: 'owner' }, apps, action: 'overwrite' })
    await call('PostInputs', { inputs: [{ id: 'i', data: { image: { base64: tinyPng } } }] })
    await vi.waitFor(() => expect(slow.asked).toHaveLength(1), { timeout: 10_000 })
    await server.down('SIGKILL')
    slow.hold = Promise.resolve()
    await server.up()
    const made = async () => {
      const answer = await call('ListAnnotations', { input_ids: ['i'], list_all_annotations: true })
      return (answer.annotations as unknown as Stored[]).filter(({ worker }) => worker.model)
    }
    await vi.waitFor(async () => expect(await made()).toHaveLength(1), { timeout: 10_000, interval: 50 })
    await new Promise((resolve) => setTimeout(resolve, 700)) // twice as long as a worker sleeps
    expect(await made()).toHaveLength(1)
    expect(slow.asked.map(({ id }) => id)).toEqual(['i', 'i'])
    expect(await server.down('SIGTERM')).toBe(0)
  } finally {
    client.close()
    slow.stop()
    await server.remove()
  }
}, 60_000)
