import path from 'node:path'
import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestServer } from '#e2e/server.ts'
import { openReading } from '#proxy/store/sqlite.ts'
import { rest } from './clients.ts'
import { Bench, concept, PROTOCOLS, type Stored, startEmbedded, type Target, tinyPng } from './target.ts'

let target: Target
beforeAll(async () => {
  target = await startEmbedded()
}, 60_000)
afterAll(() => target?.stop())

type Operation = JsonObject & {
  status: { code: number; details: string }
  progress: { processed: number; last_processed_id: string }
}
const tag = (...concepts: JsonObject[]): JsonObject => ({ add_concepts: { concepts } })

describe.each(PROTOCOLS)('bulk operations, over %s', (protocol) => {
  let bench: Bench
  beforeAll(async () => {
    bench = await Bench.make(target, target.client(protocol))
  })
  const ended = async (id: string): Promise<Operation> => {
    let found = {} as Operation
    await expect
      .poll(async () => {
        found = (await bench.ok('GetBulkOperation', { id })).bulk_operation as Operation
        return found.status.code
      })
      .not.toSatisfy((code: number) => code === 25402 || code === 25403)
    return found
  }
  const run = async (operation: JsonObject): Promise<Operation> => {
    const answer = await bench.ok('PostBulkOperations', { bulk_operations: [operation] })
    const [made] = answer.bulk_operation as (JsonObject & { id: string })[]
    return ended(made!.id)
  }

  it('label, tell how far they have come, and are found by a search at once', async () => {
    const inputs = await bench.inputs(3)
    const { status, progress } = await run({
      input_ids: { input_ids: inputs },
      operation: tag(concept('bulk'), concept('wet', 0)),
    })
    expect(status.code).toBe(25400)
    expect(progress).toEqual({ processed: 3, last_processed_id: inputs[2]! })
    const query = { filters: [{ annotation: { data: { concepts: [concept('bulk')] } } }] }
    const { hits } = await bench.ok('PostInputsSearches', { searches: [{ query }] })
    expect((hits as JsonObject[]).map(({ input }) => (input as JsonObject).id)).toEqual(inputs)
    await run({ search: { query }, operation: { delete_concepts: { concepts: [concept('bulk')] } } })
    expect((await bench.ok('PostInputsSearches', { searches: [{ query }] })).hits).toEqual([])
    const [left] = await bench
      .list({ input_ids: [inputs[0]!], user_ids: ['owner'] })
      .then((all) => all.filter(({ input_level }) => !input_level))
    expect(left!.data.concepts).toMatchObject([{ id: 'wet', value: 0 }])
  })

  it('change metadata and places of inputs', async () => {
    const [input] = await bench.inputs(1)
    const source = { input_ids: { input_ids: [input!] } }
    await run({ ...source, operation: { add_metadata: { metadata: { camera: 7, place: 'Rome' } } } })
    const geo = { geo_point: { latitude: 41.5, longitude: 12.5 } }
    await run({ ...source, operation: { overwrite_geo: { geo } } })
    await run({ ...source, operation: { delete_metadata: { metadata: { camera: 7 } } } })
    const { data } = (await bench.ok('GetInput', { input_id: input! })).input as { data: JsonObject }
    expect(data).toMatchObject({ metadata: { place: 'Rome' }, geo })
  })

  it('delete annotations, all or what failed is told', async () => {
    const [input] = await bench.inputs(1)
    await bench.post([{ input_id: input!, data: { concepts: [concept('gone')] } }])
    const query = { filters: [{ annotation: { data: { concepts: [concept('gone')] } } }] }
    const operation = await run({ annotation_search: { query }, operation: { delete_annotations: {} } })
    expect([operation.status.code, operation.progress.processed]).toEqual([25400, 1])
    expect((await bench.list({ input_ids: [input!] })).map(({ input_level }) => input_level)).toEqual([true])
    const failed = await run({ input_ids: { input_ids: ['nowhere'] }, operation: tag(concept('x')) })
    expect(failed.status).toMatchObject({ code: 25401, details: expect.stringContaining('no input "nowhere"') })
  })

  it('are listed, cancelled and deleted', async () => {
    const [input] = await bench.inputs(1)
    const source = { input_ids: { input_ids: [input!] } }
    const { id } = await run({ ...source, operation: tag(concept('x')) })
    const listed = await bench.ok('ListBulkOperations', { per_page: 1 })
    expect(listed.bulk_operation).toMatchObject([{ id, created_by: 'owner', app_id: bench.app }])
    const cancelled = await bench.ok('CancelBulkOperations', { ids: [id as string] })
    expect(cancelled.bulk_operation).toMatchObject([{ id, status: { code: 25400 } }])
    await bench.ok('DeleteBulkOperations', { ids: [id as string] })
    expect((await bench.call('GetBulkOperation', { id: id as string })).status.code).toBe(11101)
  })

  it('ask for their scopes, and say what is wrong', async () => {
    const [input] = await bench.inputs(1)
    const bulk_operations = [{ input_ids: { input_ids: [input!] }, operation: tag(concept('x')) }]
    expect((await bench.call('PostBulkOperations', { bulk_operations }, 'annotator')).status).toMatchObject({
      code: 11007,
      details: expect.stringContaining('BulkOperation_Add'),
    })
    const wrong = await bench.call('PostBulkOperations', { bulk_operations: [{ operation: tag(concept('x')) }] })
    expect(wrong.status).toMatchObject({ code: 25404, details: expect.stringContaining('bulk_operations[0]') })
  })
})

it('a server killed in the middle of a bulk operation goes on with it, and does nothing twice', async () => {
  const server = await TestServer.start()
  const client = rest(server.url)
  try {
    const options = { key: server.credentials('owner').pat }
    const user_app_id = { user_id: 'owner', app_id: 'demo' }
    const call = (method: string, request: JsonObject) => client.call(method, { user_app_id, ...request }, options)
    const many = 1280
    for (let from = 0; from < many; from += 128) {
      const inputs = Array.from({ length: 128 }, (_, i) => ({
        id: `i${from + i}`,
        data: { image: { base64: tinyPng } },
      }))
      await call('PostInputs', { inputs })
    }
    const input_ids = Array.from({ length: many }, (_, i) => `i${i}`)
    const operation = tag(concept('bulk'))
    await call('PostBulkOperations', { bulk_operations: [{ id: 'all', input_ids: { input_ids }, operation }] })
    const state = async () => (await call('GetBulkOperation', { id: 'all' })).bulk_operation as Operation
    await expect.poll(async () => (await state()).progress.processed, { interval: 5 }).toBeGreaterThan(0)
    await server.down('SIGKILL')
    const database = openReading(path.join(server.dataDir, 'marquee.db'))
    const { processed } = database.prepare('select processed from bulk_operation').get() as { processed: number }
    database.close()
    await server.up()
    expect(processed).toBeGreaterThan(0)
    expect(processed).toBeLessThan(many)
    await expect.poll(async () => (await state()).status.code, { timeout: 20_000 }).toBe(25400)
    expect((await state()).progress).toEqual({ processed: many, last_processed_id: `i${many - 1}` })
    const tagged: string[] = []
    for (let page = 1; page <= 3; page++) {
      const asked = { user_ids: ['owner'], input_ids: [], page, per_page: 1000 }
      const { annotations } = await call('ListAnnotations', asked)
      for (const { data, input_id } of annotations as unknown as Stored[])
        if (data?.concepts.some(({ id }) => id === 'bulk')) tagged.push(input_id)
    }
    expect(tagged.toSorted()).toEqual(input_ids.toSorted())
  } finally {
    client.close()
    await server.remove()
  }
}, 120_000)
