import type { JsonObject } from '@bufbuild/protobuf'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Bench, startEmbedded, type Target } from './target.ts'

let target: Target
beforeAll(async () => {
  target = await startEmbedded()
}, 60_000)
afterAll(() => target?.stop())

/** Asks until the part of the version that `look` picks has this code. */
const until = async (bench: Bench, look: (version: JsonObject) => JsonObject, code: number): Promise<JsonObject> => {
  const asked = { dataset_id: 'boats', dataset_version_id: 'v1' }
  let found: JsonObject = {}
  await expect
    .poll(async () => {
      found = look((await bench.ok('GetDatasetVersion', asked)).dataset_version as JsonObject)
      return (found.status as JsonObject | undefined)?.code
    })
    .toBe(code)
  return found
}

describe.each(['gRPC', 'REST'] as const)('datasets, over %s', (protocol) => {
  it('are filled, versioned and exported, and the archive is at its address', async () => {
    const bench = await Bench.make(target, target.client(protocol))
    const [first, second] = await bench.inputs(2)
    await bench.ok('PostDatasets', { datasets: [{ id: 'boats' }] })
    const added = [first!, second!].map((id) => ({ input: { id } }))
    await bench.ok('PostDatasetInputs', { dataset_id: 'boats', dataset_inputs: added })
    const listed = await bench.ok('ListDatasetInputs', { dataset_id: 'boats' })
    expect((listed.dataset_inputs as JsonObject[]).map(({ input }) => (input as JsonObject).id)).toEqual([
      first,
      second,
    ])
    await bench.ok('DeleteDatasetInputs', { dataset_id: 'boats', input_ids: [second!] })
    const bounding_box = { top_row: 0.25, left_col: 0.25, bottom_row: 0.5, right_col: 0.5 }
    const regions = [{ region_info: { bounding_box }, data: { concepts: [{ id: 'boat', value: 1 }] } }]
    await bench.post([{ input_id: first!, data: { regions } }])
    await bench.ok('PostDatasetVersions', { dataset_id: 'boats', dataset_versions: [{ id: 'v1' }] })
    await until(bench, (version) => version, 64015)
    const asked = { dataset_id: 'boats', dataset_version_id: 'v1', exports: [{ format: 'CLARIFAI_DATA_JSON' }] }
    await bench.ok('PutDatasetVersionExports', asked)
    const made = await until(
      bench,
      (version) => ((version.export_info as JsonObject).clarifai_data_json ?? {}) as JsonObject,
      64200,
    )
    const answer = await fetch(made.url as string)
    expect(answer.status).toBe(200)
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()))
    expect(Object.keys(files)).toEqual(['mimetype', 'all/000000_n1'])
    const { inputs } = JSON.parse(Buffer.from(files['all/000000_n1']!).toString())
    expect(inputs).toMatchObject([{ id: first, data: { regions } }])
  })

  it('are not there for somebody without their scopes', async () => {
    const bench = await Bench.make(target, target.client(protocol))
    await bench.ok('PostDatasets', { datasets: [{ id: 'boats' }] })
    const answer = await bench.call('GetDataset', { dataset_id: 'boats' }, 'annotator')
    expect(answer.status.code).toBe(11007)
  })
})
