import type { JsonObject } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from './seedExample.ts'
import { Bench, type Stored, startEmbedded, type Target } from './target.ts'

// What must hold whatever is sent, over the wire.

let target: Target
beforeAll(async () => {
  target = await startEmbedded({ RATE_LIMIT: '0' })
}, 60_000)
afterAll(() => target?.stop())

const fraction = fc.integer({ min: 0, max: 1024 }).map((n) => n / 1024)
const word = fc.constantFrom('tree', 'water', 'bike', 'car', 'sky')
const concepts = fc
  .uniqueArray(word, { maxLength: 4 })
  .chain((ids) => fc.tuple(...ids.map((id) => fc.boolean().map((is) => ({ id, value: is ? 1 : 0 })))))
const metadata = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(fc.integer(), fc.string(), fc.boolean()))
const boxInfo = fc.tuple(fraction, fraction, fraction, fraction).map(([a, b, c, d]) => ({
  bounding_box: {
    top_row: Math.min(a, c) / 2,
    left_col: Math.min(b, d) / 2,
    bottom_row: Math.max(a, c) / 2 + 0.5,
    right_col: Math.max(b, d) / 2 + 0.5,
  },
}))
const polygonInfo = fc
  .array(fc.record({ row: fraction, col: fraction, z: fraction }), { minLength: 3, maxLength: 6 })
  .map((points) => ({ polygon: { points } }))
const region = fc.record({ region_info: fc.oneof(boxInfo, polygonInfo), data: fc.record({ concepts }) })
const data = fc.record({ concepts, metadata, regions: fc.array(region, { maxLength: 1 }) })
const isSomething = ({ concepts, metadata, regions }: { concepts: object[]; metadata: object; regions: object[] }) =>
  concepts.length + regions.length + Object.keys(metadata).length > 0
const sent = data.filter(isSomething)

/** JSON has as many digits as tell a float32 from its neighbours. */
const asFloats = (numbers: Record<string, number>) =>
  Object.fromEntries(Object.entries(numbers).map(([name, n]) => [name, Math.fround(n)]))

/** What was sent, of what was read. */
const content = ({ data }: Stored) => {
  const plain = (list: { id: string; value: number }[] = []) => list.map(({ id, value }) => ({ id, value }))
  const { metadata } = data as unknown as { metadata?: JsonObject | null }
  return {
    concepts: plain(data.concepts),
    metadata: metadata ?? {},
    regions: data.regions.map(({ region_info, data: inside }) => ({
      region_info: region_info?.bounding_box
        ? { bounding_box: asFloats({ ...region_info.bounding_box }) }
        : { polygon: { points: region_info?.polygon?.points.map(({ row, col, z }) => asFloats({ row, col, z })) } },
      data: { concepts: plain(inside?.concepts) },
    })),
  }
}

describe.each(['gRPC', 'REST'] as const)('whatever is sent, over %s', (protocol) => {
  let bench: Bench
  let input = ''
  beforeAll(async () => {
    bench = await Bench.make(target, target.client(protocol))
    input = await one(bench)
  })
  const made = async (data: JsonObject) => (await bench.post([{ input_id: input, data }]))[0]!
  const patched = async (action: string, id: string, data: JsonObject): Promise<Stored> => {
    await bench.ok('PatchAnnotations', { action, annotations: [{ input_id: input, id, data }] })
    return bench.get(input, id)
  }

  it('what is posted is what is read', async () => {
    await fc.assert(
      fc.asyncProperty(sent, async (data) => {
        const { id } = await made(data as JsonObject)
        expect(content(await bench.get(input, id))).toEqual(data)
      }),
      { numRuns: 40 },
    )
  })

  it('overwrite, then read: what was sent', async () => {
    await fc.assert(
      fc.asyncProperty(sent, sent, async (before, after) => {
        const { id } = await made(before as JsonObject)
        expect(content(await patched('overwrite', id, after as JsonObject))).toEqual(after)
      }),
      { numRuns: 40 },
    )
  })

  it('merged twice is merged once', async () => {
    await fc.assert(
      fc.asyncProperty(sent, sent, async (before, change) => {
        const { id } = await made(before as JsonObject)
        const once = await patched('merge', id, change as JsonObject)
        const twice = await patched('merge', id, change as JsonObject)
        expect(twice.data).toEqual(once.data)
      }),
      { numRuns: 40 },
    )
  })
})
