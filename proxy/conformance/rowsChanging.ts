import type { JsonObject } from '@bufbuild/protobuf'
import { expect } from 'vitest'
import { type At, codes, many, patch, post, type Row } from './capability.ts'
import { aBox, aTag, byModel, conceptsOf, idOf, listed, one, regionBox, regionConcepts } from './seedExample.ts'
import { type Bench, box, concept, micros } from './target.ts'

const f = Math.fround
const cars = (input: string) => aBox(input, box(0.1, 0.1, 0.2, 0.2), 'car')
const postedBy = async (bench: Bench, who: 'annotator' | 'annotator-2', annotation: JsonObject): Promise<string> =>
  listed(await post(bench, [annotation], who))[0]!.id
const sky = (input_id: string, id: string): JsonObject[] => [{ input_id, id, data: { concepts: [concept('sky')] } }]
/** An annotation with these concepts, and a patch of it. */
const tagged = async ({ bench, input }: At, ...words: string[]) => {
  const id = await idOf(bench, aTag(input, ...words))
  return {
    id,
    patch: (action: string, ...concepts: JsonObject[]) =>
      bench.ok('PatchAnnotations', { action, annotations: [{ input_id: input, id, data: { concepts } }] }),
    stored: async () => conceptsOf(await bench.get(input, id)),
  }
}

export const rowsChanging: readonly Row[] = [
  [
    36,
    'a patch answers the whole new annotation, and moves modified_at alone',
    async ({ bench, input }) => {
      const [made] = await bench.post([cars(input)])
      const data = { regions: [{ id: made!.data.regions[0]!.id, region_info: box(0, 0.25, 0.5, 0.75) }] }
      const [patched] = listed(await patch(bench, 'merge', [{ input_id: input, id: made!.id, data }]))
      expect(regionBox(patched)).toEqual([0, 0.25, 0.5, 0.75])
      expect(regionConcepts(patched)).toEqual([['car', 1]])
      expect(patched!.created_at).toBe(made!.created_at)
      expect(micros(patched!.modified_at)).toBeGreaterThan(micros(made!.modified_at))
      expect(await bench.get(input, made!.id)).toEqual(patched)
    },
  ],
  [
    37,
    'the owner changes what any person made, and not what a model made',
    async ({ bench, input }) => {
      const theirs = await postedBy(bench, 'annotator', aTag(input, 'tree'))
      expect(codes(await patch(bench, 'merge', sky(input, theirs)))).toEqual([24150])
      const models = await idOf(bench, byModel(input))
      expect(codes(await patch(bench, 'merge', sky(input, models)))).toEqual([24156])
      const stored = await bench.get(input, theirs)
      expect([stored.user_id, conceptsOf(stored).map(([id]) => id)]).toEqual(['annotator', ['tree', 'sky']])
    },
  ],
  [
    38,
    'collaborators change their own, and nobody else’s',
    async ({ bench, input }) => {
      const theirs = await postedBy(bench, 'annotator', aTag(input, 'tree'))
      const owners = await idOf(bench, aTag(input, 'tree'))
      expect(codes(await patch(bench, 'merge', sky(input, theirs), 'annotator-2'))).toEqual([24156])
      expect(codes(await patch(bench, 'merge', sky(input, owners), 'annotator-2'))).toEqual([24156])
      expect(conceptsOf(await bench.get(input, theirs))).toEqual([['tree', 1]])
      expect(codes(await patch(bench, 'merge', sky(input, theirs), 'annotator'))).toEqual([24150])
    },
  ],
  [
    39,
    'patches turn a concept from positive to negative, and move a box',
    async ({ bench, input }) => {
      const [made] = await bench.post([cars(input)])
      const id = made!.data.regions[0]!.id
      const merge = (region: JsonObject) =>
        bench.ok('PatchAnnotations', {
          action: 'merge',
          annotations: [{ input_id: input, id: made!.id, data: { regions: [{ id, ...region }] } }],
        })
      await merge({ data: { concepts: [concept('car', 0)] } })
      await merge({ region_info: box(0, 0, 0.5, 0.5) })
      const stored = await bench.get(input, made!.id)
      expect([regionBox(stored), regionConcepts(stored)]).toEqual([[0, 0, 0.5, 0.5], [['car', 0]]])
    },
  ],
  [
    40,
    'an input has any number of annotations',
    async ({ bench }) => {
      const input = await one(bench)
      const calls = bench.client.protocol.startsWith('gRPC, ') ? 8 : 2
      for (let n = 0; n < calls; n++) await bench.post(many(125, cars(input)))
      const ids = new Set<string>()
      for (let page = 1; page <= calls + 1; page++)
        for (const { id } of await bench.list({ input_ids: [input], page, per_page: 125 })) ids.add(id)
      expect(ids.size).toBe(calls * 125 + 1)
    },
  ],
  [
    41,
    'merge, overwrite and remove, and nothing else',
    async (at) => {
      const { patch, stored, id } = await tagged(at, 'tree', 'apple')
      await patch('merge', concept('pear'))
      expect((await stored()).map(([word]) => word)).toEqual(['tree', 'apple', 'pear'])
      await patch('remove', concept('tree'))
      expect((await stored()).map(([word]) => word)).toEqual(['apple', 'pear'])
      await patch('overwrite', concept('plum'))
      expect(await stored()).toEqual([['plum', 1]])
      for (const action of ['append', '', 'MERGE']) {
        const asked = { action, annotations: sky(at.input, id) }
        const { status } = await at.bench.call('PatchAnnotations', asked)
        expect(status).toMatchObject({ code: 11102, details: expect.stringContaining('action') })
      }
      expect(await stored()).toEqual([['plum', 1]])
    },
  ],
  [
    42,
    '1 to 128 patches a call; else nothing is changed',
    async ({ bench, input }) => {
      const id = await idOf(bench, aTag(input, 'tree'))
      const [change] = sky(input, id)
      for (const n of [0, 129])
        expect((await patch(bench, 'merge', many(n, change!))).status).toMatchObject({
          code: 11102,
          details: expect.stringContaining('annotations'),
        })
      expect(conceptsOf(await bench.get(input, id))).toEqual([['tree', 1]])
      expect((await patch(bench, 'merge', many(128, change!))).status.code).toBe(10000)
    },
  ],
  [
    43,
    'merge adds a concept, or changes its value',
    async (at) => {
      const { patch, stored } = await tagged(at, 'tree')
      await patch('merge', concept('apple'))
      expect(await stored()).toEqual([
        ['tree', 1],
        ['apple', 1],
      ])
      await patch('merge', concept('apple', 0))
      expect(await stored()).toEqual([
        ['tree', 1],
        ['apple', 0],
      ])
    },
  ],
  [
    44,
    'data of a region is nested in it, by its id, and the rest of the region stays',
    async ({ bench, input }) => {
      const [made] = await bench.post([cars(input)])
      const { id } = made!.data.regions[0]!
      const data = { regions: [{ id, data: { concepts: [concept('tree')] } }] }
      await bench.ok('PatchAnnotations', { action: 'merge', annotations: [{ input_id: input, id: made!.id, data }] })
      const stored = await bench.get(input, made!.id)
      expect(stored.data.regions.map((region) => region.id)).toEqual([id])
      expect(regionBox(stored)).toEqual([0.1, 0.1, 0.2, 0.2].map(f))
      expect(regionConcepts(stored)).toEqual([
        ['car', 1],
        ['tree', 1],
      ])
    },
  ],
  [
    45,
    'overwrite keeps what is sent, and only that',
    async ({ bench, input }) => {
      const id = await idOf(bench, cars(input))
      const data = { regions: [{ region_info: box(0.5, 0.5, 0.8, 0.8), data: { concepts: [concept('bike')] } }] }
      await bench.ok('PatchAnnotations', { action: 'overwrite', annotations: [{ input_id: input, id, data }] })
      const stored = await bench.get(input, id)
      expect(stored.data.regions).toHaveLength(1)
      expect([regionBox(stored), regionConcepts(stored)]).toEqual([[0.5, 0.5, 0.8, 0.8].map(f), [['bike', 1]]])
    },
  ],
  [
    46,
    'a status alone changes the status alone',
    async ({ bench, input }) => {
      const id = await idOf(bench, { ...cars(input), status: { code: 24151 } })
      const before = await bench.get(input, id)
      const annotations = [{ input_id: input, id, status: { code: 24150 } }]
      await bench.ok('PatchAnnotations', { action: 'merge', annotations })
      const after = await bench.get(input, id)
      expect([before.status.code, after.status.code]).toEqual([24151, 24150])
      expect(after.data).toEqual(before.data)
    },
  ],
  [
    47,
    'deletes one annotation by input and annotation id',
    async ({ bench, input }) => {
      const [id = '', kept = ''] = (await bench.post([cars(input), cars(input)])).map((made) => made.id)
      await bench.ok('DeleteAnnotation', { input_id: input, annotation_id: id })
      expect((await bench.call('GetAnnotation', { input_id: input, annotation_id: id })).status.code).toBe(11101)
      expect((await bench.list({ input_ids: [input, input], ids: [id, kept] })).map((one) => one.id)).toEqual([kept])
    },
  ],
  [
    48,
    'deletes pairs, as many input ids as annotation ids; else nothing',
    async ({ bench }) => {
      const [a = '', b = ''] = await bench.inputs(2)
      const ids = (await bench.post([aTag(a, 'x'), aTag(b, 'x'), aTag(a, 'stays')])).map(({ id }) => id)
      const [first = '', second = '', stays = ''] = ids
      const mismatch = await bench.call('DeleteAnnotations', { input_ids: [a, b], ids: [first] })
      expect(mismatch.status).toMatchObject({ code: 11102, details: expect.stringContaining('ids') })
      expect(await bench.list({ input_ids: [a, b] })).toHaveLength(5)
      await bench.ok('DeleteAnnotations', { input_ids: [a, b], ids: [first, second] })
      const left = (await bench.list({ input_ids: [a, b] })).filter(({ input_level }) => !input_level)
      expect(left.map(({ id }) => id)).toEqual([stays])
    },
  ],
  [
    49,
    'deletes all of an input but what it brought, which goes with the input alone',
    async ({ bench }) => {
      const [a = '', b = ''] = await bench.inputs(2)
      await bench.post([aTag(a, 'x'), aTag(a, 'y'), aTag(b, 'z'), byModel(b)])
      await bench.ok('DeleteAnnotations', { input_ids: [a, b] })
      const left = await bench.list({ input_ids: [a, b], list_all_annotations: true })
      expect(left.map(({ input_level }) => input_level)).toEqual([true, true])
      await bench.ok('DeleteInputs', { ids: [a] })
      const rest = await bench.list({ input_ids: [a, b], list_all_annotations: true })
      expect(rest.map(({ input_id }) => input_id)).toEqual([b])
    },
  ],
]
