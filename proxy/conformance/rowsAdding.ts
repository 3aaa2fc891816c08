import { createHash } from 'node:crypto'
import type { JsonObject } from '@bufbuild/protobuf'
import { expect, vi } from 'vitest'
import { type At, codes, many, post, type Row } from './capability.ts'
import { detectIn } from './detector.ts'
import { SEED_MASK } from './seedAdding.ts'
import { aBox, aTag, byModel, conceptsOf, listed, one, regionBox, regionConcepts } from './seedExample.ts'
import { Bench, box, concept, tinyPng } from './target.ts'

const f = Math.fround
const onFrame = (input_id: string, frame_info: JsonObject, data: JsonObject): JsonObject => ({
  input_id,
  data: { frames: [{ frame_info, data }] },
})
const order = (input_id: string, user_id: string): JsonObject => ({ input_id, user_id, status: { code: 24151 } })
const ofMask = (input_id: string, base64: string): JsonObject =>
  aBox(input_id, { mask: { image: { base64 } } }, 'thing')
const countOf = async ({ bench }: At, user_id: string): Promise<number> =>
  (await bench.list({ user_ids: [user_id], per_page: 1000 })).length

export const rowsAdding: readonly Row[] = [
  [
    1,
    'an input gets one input-level annotation, listed by default',
    async ({ bench }) => {
      const listed = await bench.list({ input_ids: [await one(bench)] })
      expect(listed.map(({ input_level }) => input_level)).toEqual([true])
    },
  ],
  [
    2,
    'the input-level annotation carries the data the input came with',
    async ({ bench }) => {
      const metadata = { camera: 'left', n: 3 }
      const geo = { geo_point: { longitude: 13.5, latitude: 52.25 } }
      const data = { image: { base64: tinyPng }, concepts: [concept('sunny'), concept('rainy', 0)], metadata, geo }
      const id = crypto.randomUUID()
      await bench.ok('PostInputs', { inputs: [{ id, data }] })
      const [level] = await bench.list({ input_ids: [id] })
      expect(conceptsOf(level)).toEqual([
        ['sunny', 1],
        ['rainy', 0],
      ])
      expect(level!.data).toMatchObject({ metadata, geo })
    },
  ],
  [
    3,
    'models in the default workflow write annotations',
    async ({ target, bench, detector }) => {
      const own = await Bench.make(target, bench.client)
      const version = await detectIn(own, detector.url)
      const input = await one(own)
      const found = await vi.waitFor(
        async () => {
          const all = await own.list({ input_ids: [input], list_all_annotations: true })
          expect(all).toHaveLength(2)
          return all.find(({ input_level }) => !input_level)!
        },
        { timeout: 15_000, interval: 30 },
      )
      expect(found).toMatchObject({ model_version_id: version, worker: { model: { id: 'detector' } } })
    },
  ],
  [
    4,
    'an input that was indexed takes annotations, one that is not there fails by itself',
    async ({ bench, input }) => {
      const { input: found } = await bench.ok('GetInput', { input_id: input })
      expect(found).toMatchObject({ status: { code: 30000 } })
      const answer = await post(bench, [aTag('nowhere', 'tree'), aTag(input, 'tree')])
      expect([answer.status.code, ...codes(answer)]).toEqual([10010, 30102, 24150])
    },
  ],
  [
    5,
    'a concept, a bounding box, a concept in a video frame',
    async ({ bench, input }) => {
      const inFrame = onFrame(input, { time: 2000 }, { concepts: [concept('tree')] })
      const posted = await bench.post([aTag(input, 'tree'), aBox(input, box(0.1, 0.1, 0.2, 0.2), 'car'), inFrame])
      expect(posted.map(({ status }) => status.code)).toEqual([24150, 24150, 24150])
      expect((await bench.get(input, posted[2]!.id)).data.frames).toMatchObject([
        { frame_info: { time: 2000 }, data: { concepts: [{ id: 'tree' }] } },
      ])
    },
  ],
  [
    6,
    'what was just added is found by a search, of annotations and of inputs',
    async ({ bench, input }) => {
      const word = `word-${crypto.randomUUID()}`
      const [made] = await bench.post([aTag(input, word)])
      const searches = [{ query: { filters: [{ annotation: { data: { concepts: [concept(word)] } } }] } }]
      const annotations = await bench.ok('PostAnnotationsSearches', { searches })
      expect(annotations.hits).toMatchObject([{ score: 1, annotation: { id: made!.id } }])
      const inputs = await bench.ok('PostInputsSearches', { searches })
      expect(inputs.hits).toMatchObject([{ score: 1, input: { id: input } }])
    },
  ],
  [
    7,
    '1 to 128 annotations a call; else nothing is stored',
    async ({ bench }) => {
      const input = await one(bench)
      for (const n of [0, 129]) {
        const { status } = await post(bench, many(n, aTag(input, 'tree')))
        expect(status).toMatchObject({ code: 11102, details: expect.stringContaining('annotations') })
      }
      expect(await bench.list({ input_ids: [input] })).toHaveLength(1)
      expect(await bench.post(many(128, aTag(input, 'tree')))).toHaveLength(128)
    },
  ],
  [
    8,
    'at most one region an annotation',
    async ({ bench, input }) => {
      const region = { region_info: box(0.1, 0.1, 0.2, 0.2) }
      const answer = await post(bench, [{ input_id: input, data: { regions: [region, region] } }])
      expect(codes(answer)).toEqual([24155])
      expect(listed(answer)[0]!.status.details).toContain('annotations[0].data.regions')
    },
  ],
  [
    9,
    'of a video, one frame an annotation',
    async ({ bench, input }) => {
      const frame = (number: number) => ({ frame_info: { number }, data: { concepts: [concept('tree')] } })
      const of = (...frames: JsonObject[]) => ({ input_id: input, data: { frames } })
      const answer = await post(bench, [of(frame(1), frame(2)), of(frame(3))])
      expect(codes(answer)).toEqual([24155, 24150])
      expect(listed(answer)[0]!.status.details).toContain('annotations[0].data.frames')
    },
  ],
  [
    10,
    'several annotations in one frame, each its own region',
    async ({ bench, input }) => {
      const inFrame = (info: JsonObject) => onFrame(input, { time: 40 }, { regions: [{ region_info: info }] })
      const posted = await bench.post([inFrame(box(0, 0, 0.25, 0.25)), inFrame(box(0.5, 0.5, 0.75, 0.75))])
      expect(new Set(posted.map(({ id }) => id)).size).toBe(2)
      const frames = await Promise.all(posted.map(async ({ id }) => (await bench.get(input, id)).data.frames[0]))
      expect(frames).toMatchObject([
        { frame_info: { time: 40 }, data: { regions: [{ region_info: box(0, 0, 0.25, 0.25) }] } },
        { frame_info: { time: 40 }, data: { regions: [{ region_info: box(0.5, 0.5, 0.75, 0.75) }] } },
      ])
    },
  ],
  [
    11,
    '1 means the concept is present, 0 that it is not',
    async ({ bench, input }) => {
      const data = { concepts: [concept('tree', 1), concept('water', 0)] }
      const [made] = await bench.post([{ input_id: input, data }])
      expect(conceptsOf(await bench.get(input, made!.id))).toEqual([
        ['tree', 1],
        ['water', 0],
      ])
    },
  ],
  [
    12,
    'several concepts in one annotation, in their order',
    async ({ bench, input }) => {
      const words = ['one', 'two', 'three', 'four', 'five', 'six']
      const [made] = await bench.post([aTag(input, ...words)])
      expect(conceptsOf(await bench.get(input, made!.id))).toEqual(words.map((word) => [word, 1]))
    },
  ],
  [
    13,
    'boxes are fractions of the image; what is outside is refused',
    async ({ bench, input }) => {
      const good = await bench.post([aBox(input, box(0, 0, 0.5, 0.5), 'a'), aBox(input, box(0, 0, 1, 1), 'b')])
      const stored = await Promise.all(good.map(({ id }) => bench.get(input, id)))
      expect(stored.map(regionBox)).toEqual([
        [0, 0, 0.5, 0.5],
        [0, 0, 1, 1],
      ])
      const bad = [box(0, 0, 1.2, 0.5), box(-0.1, 0, 0.5, 0.5)].map((info) => aBox(input, info, 'c'))
      const answer = await post(bench, bad)
      expect(codes(answer)).toEqual([24155, 24155])
      expect(listed(answer)[1]!.status.details).toContain(
        'annotations[1].data.regions[0].region_info.bounding_box.top_row',
      )
    },
  ],
  [
    14,
    'two boxes in a request, each its own annotation with its own concepts, in order',
    async ({ bench, input }) => {
      const boxes = [box(0, 0, 0.5, 0.5), box(0.6, 0.6, 0.8, 0.8)]
      const posted = await bench.post(boxes.map((info, n) => aBox(input, info, `c${n}`)))
      expect(posted.map(regionBox)).toEqual([[0, 0, 0.5, 0.5], [0.6, 0.6, 0.8, 0.8].map(f)])
      expect(posted.map(regionConcepts)).toEqual([[['c0', 1]], [['c1', 1]]])
      expect(posted[0]!.id).not.toBe(posted[1]!.id)
    },
  ],
  [
    15,
    'polygons, of half-filled points too, with their depth',
    async ({ bench, input }) => {
      const points: JsonObject[] = [{ row: 0.3 }, { col: 0.5 }, { z: 0.5 }]
      const [made] = await bench.post([aBox(input, { polygon: { points } }, 'tree')])
      const kept = (await bench.get(input, made!.id)).data.regions[0]!.region_info!.polygon!.points
      expect(kept.map(({ row, col, z }) => [f(row), f(col), f(z)])).toEqual([
        [f(0.3), 0, 0],
        [0, 0.5, 0],
        [0, 0, 0.5],
      ])
      const outside: JsonObject[] = [{ row: 0.3 }, { col: 1.5 }, {}]
      expect(codes(await post(bench, [aBox(input, { polygon: { points: outside } }, 'tree')]))).toEqual([24155])
    },
  ],
  [
    16,
    'ids of detected regions are found by listing the annotations of the model',
    async ({ bench }) => {
      await bench.post([byModel(await one(bench), 'row-16')])
      const [found] = await bench.list({ model_version_ids: ['row-16'] })
      expect(found!.data.regions[0]!.id).not.toBe('')
    },
  ],
  [
    17,
    'a label on an existing region: by its id alone, as a new annotation of the person',
    async ({ bench }) => {
      const input = await one(bench)
      const [detected] = await bench.post([byModel(input)])
      const { id } = detected!.data.regions[0]!
      const labelled = (region: string) => ({
        input_id: input,
        data: { regions: [{ id: region, data: { concepts: [concept('truck')] } }] },
      })
      const [mine] = await bench.post([labelled(id)])
      const stored = await bench.get(input, mine!.id)
      expect(stored).toMatchObject({ user_id: 'owner', data: { regions: [{ id }] } })
      expect(regionBox(stored)).toEqual(regionBox(detected))
      expect(regionConcepts(await bench.get(input, detected!.id))).toEqual([['car', 1]])
      expect(codes(await post(bench, [labelled('no-such-region')]))).toEqual([24155])
    },
  ],
  [
    18,
    'a mask: the bytes of a PNG, or their base64 text as the page sends it',
    async ({ bench, input }) => {
      const texts = [SEED_MASK, Buffer.from(SEED_MASK).toString('base64')]
      const posted = await bench.post(texts.map((text) => ofMask(input, text)))
      for (const { id } of posted) {
        const { base64 } = (await bench.get(input, id)).data.regions[0]!.region_info!.mask!.image
        const png = Buffer.from(base64, 'base64')
        expect([png.readUInt32BE(16), png.readUInt32BE(20), png.length]).toEqual([934, 587, 2857])
        expect(createHash('sha256').update(png).digest('hex').slice(0, 8)).toBe('5d2550f4')
      }
    },
  ],
  [
    19,
    'a concept on a mask',
    async ({ bench, input }) => {
      const [made] = await bench.post([ofMask(input, SEED_MASK)])
      expect(regionConcepts(await bench.get(input, made!.id))).toEqual([['thing', 1]])
    },
  ],
  [
    20,
    'each annotation is tied to a person or a model, never to both',
    async ({ bench }) => {
      const input = await one(bench)
      await bench.post([byModel(input), aTag(input, 'tree')])
      const all = await bench.list({ input_ids: [input], list_all_annotations: true })
      expect(all.map(({ worker }) => [worker.user?.id, worker.model?.model_version?.id])).toEqual([
        ['owner', undefined],
        [undefined, 'v1'],
        ['owner', undefined],
      ])
      const both = { ...aTag(input, 'tree'), user_id: 'owner', worker: { user: { id: 'annotator' } } }
      expect(codes(await post(bench, [both]))).toEqual([24155])
    },
  ],
  [
    21,
    'by default who posts an annotation is its owner',
    async ({ bench, input }) => {
      const [mine] = listed(await post(bench, [aTag(input, 'tree')], 'annotator'))
      expect(mine).toMatchObject({ user_id: 'annotator', worker: { user: { id: 'annotator' } }, model_version_id: '' })
    },
  ],
  [
    22,
    'the owner posts for another: pending, without data',
    async ({ bench, input }) => {
      const [made] = await bench.post([order(input, 'annotator')])
      const stored = await bench.get(input, made!.id)
      expect(stored).toMatchObject({ user_id: 'annotator', status: { code: 24151 } })
      expect([stored.data?.concepts ?? [], stored.data?.regions ?? []]).toEqual([[], []])
    },
  ],
  [
    23,
    'only the owner may post for another; collaborators cannot, and nothing is stored',
    async (at) => {
      const { bench, input } = at
      const before = await countOf(at, 'annotator-2')
      expect(codes(await post(bench, [order(input, 'annotator-2')], 'annotator'))).toEqual([24156])
      expect(await countOf(at, 'annotator-2')).toBe(before)
      expect(codes(await post(bench, [order(input, 'annotator')], 'annotator'))).toEqual([24151])
    },
  ],
  [
    24,
    'the status is success unless it is told',
    async ({ bench, input }) => {
      const [made] = await bench.post([aTag(input, 'tree')])
      expect((await bench.get(input, made!.id)).status.code).toBe(24150)
    },
  ],
]
