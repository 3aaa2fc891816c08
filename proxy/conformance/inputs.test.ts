import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { conceptsOf, one } from './seedExample.ts'
import { Bench, concept, PROTOCOLS, startForwarded, type Target, tinyPng } from './target.ts'

// StreamInputs, PatchInputs and the counters of add-jobs, over every protocol, through a proxy.

let target: Target
beforeAll(async () => {
  target = await startForwarded({ RATE_LIMIT: '0' })
}, 90_000)
afterAll(() => target?.stop())

describe.each(PROTOCOLS)('inputs, over %s', (protocol) => {
  let bench: Bench
  beforeAll(async () => {
    bench = await Bench.make(target, target.client(protocol))
  })

  it('StreamInputs walks over all of them, oldest first, 20 a page, from the last one seen', async () => {
    const own = await Bench.make(target, bench.client)
    const ids = await own.inputs(45)
    const page = async (request: JsonObject) =>
      ((await own.ok('StreamInputs', request)).inputs as { id: string }[]).map(({ id }) => id)
    expect(await page({})).toEqual(ids.slice(0, 20))
    const seen: string[] = []
    for (let next = await page({ per_page: 16 }); next.length > 0; ) {
      seen.push(...next)
      next = await page({ per_page: 16, last_id: seen.at(-1)! })
    }
    expect(seen).toEqual(ids)
    expect(await page({ per_page: 3, descending: true })).toEqual(ids.toReversed().slice(0, 3))
    expect(await page({ per_page: 3, order_by_id: true })).toEqual(ids.toSorted().slice(0, 3))
    const { counts } = await own.ok('GetInputCount', {})
    expect(counts).toMatchObject({ processed: 45 })
  })

  it('PatchInputs merges, overwrites and removes; the input-level annotation is the same store', async () => {
    const input = await one(bench)
    const patch = async (action: string, data: JsonObject) =>
      (await bench.ok('PatchInputs', { action, inputs: [{ id: input, data }] })).inputs
    await patch('merge', { concepts: [concept('a'), concept('b', 0)], metadata: { n: 1, deep: { x: 1 } } })
    await patch('merge', { concepts: [concept('b', 1)], metadata: { deep: { y: 2 } } })
    const [level] = await bench.list({ input_ids: [input] })
    expect(level!.data).toMatchObject({ metadata: { n: 1, deep: { x: 1, y: 2 } } })
    expect(conceptsOf(level)).toEqual([
      ['a', 1],
      ['b', 1],
    ])
    await patch('remove', { concepts: [concept('a')] })
    await patch('overwrite', { concepts: [concept('c')] })
    expect(conceptsOf((await bench.list({ input_ids: [input] }))[0])).toEqual([['c', 1]])
    const { input: found } = await bench.ok('GetInput', { input_id: input })
    expect(found).toMatchObject({ data: { concepts: [{ id: 'c' }], image: { image_info: { width: 1, height: 1 } } } })
    const missing = await bench.call('PatchInputs', { action: 'merge', inputs: [{ id: 'nowhere', data: {} }] })
    expect(missing).toMatchObject({ status: { code: 10020 }, inputs: [{ status: { code: 11101 } }] })
  })

  it('an add-job counts what was posted under its id, and takes nothing once it is cancelled', async () => {
    const job = `job-${crypto.randomUUID().slice(0, 8)}`
    const add = (...pictures: string[]) =>
      bench.call('PostInputs', {
        inputs: pictures.map((base64) => ({ data: { image: { base64 } } })),
        inputs_add_job_id: job,
      })
    await add(tinyPng, tinyPng)
    const answer = await add(tinyPng, Buffer.from('no picture').toString('base64'))
    expect(answer.status.code).toBe(10010)
    const { inputs_add_job } = await bench.ok('GetInputsAddJob', { id: job })
    expect(inputs_add_job).toMatchObject({ id: job, progress: { success_count: '3', failed_count: '1' } })
    const all = await bench.ok('ListInputsAddJobs', { user_app_id: { user_id: 'owner', app_id: bench.app } })
    expect(all.inputs_add_jobs).toMatchObject([{ id: job }])
    await bench.ok('CancelInputsAddJob', { id: job })
    expect((await add(tinyPng)).status.code).not.toBe(10000)
  })
})
