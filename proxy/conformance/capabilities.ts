import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type ApiClient, grpcOfficial, rest } from './clients.ts'
import { Bench, box, concept, micros, type StartTarget, type Stored, type Target, tinyPng } from './target.ts'

/** What the seed page states, sentence by sentence; the number is the row in the table of the API's capabilities. */
export const capabilities = (start: StartTarget): void => {
  let target: Target
  beforeAll(async () => {
    target = await start()
  }, 60_000)
  afterAll(() => target.stop())

  const clients: [string, () => ApiClient][] = [
    ['gRPC', () => grpcOfficial(target.port, target.ca)],
    ['REST', () => rest(target.url)],
  ]

  const items = (answer: Answer): Stored[] => answer.annotations as unknown as Stored[]
  const codes = (answer: Answer): number[] => items(answer).map(({ status }) => status.code)
  const ofConcept = (input_id: string, id = 'tree'): JsonObject => ({ input_id, data: { concepts: [concept(id)] } })
  const ofBox = (input_id: string, info = box(0.1, 0.1, 0.2, 0.2), id = 'car'): JsonObject => ({
    input_id,
    data: { regions: [{ region_info: info, data: { concepts: [concept(id)] } }] },
  })
  const MODEL = { worker: { model: { id: 'detector', model_version: { id: 'v1' } } } }

  describe.each(clients)('what the page states, over %s', (_, connect) => {
    let bench: Bench
    let client: ApiClient
    let input = ''
    const person = (who: 'annotator' | 'annotator-2') => (method: string, request: JsonObject) =>
      bench.call(method, request, who)
    const annotator = person('annotator')
    const second = person('annotator-2')

    beforeAll(async () => {
      client = connect()
      bench = await Bench.make(target, client)
      input = (await bench.inputs(1))[0] ?? ''
    })
    afterAll(() => client.close())

    it('rows 1, 2: an input gets one input-level annotation that carries the data it came with', async () => {
      const id = crypto.randomUUID()
      const data = {
        image: { base64: tinyPng },
        concepts: [concept('sunny'), concept('rainy', 0)],
        metadata: { camera: 'left', n: 3 },
        geo: { geo_point: { longitude: 13.5, latitude: 52.25 } },
      }
      await bench.ok('PostInputs', { inputs: [{ id, data }] })
      const listed = await bench.list({ input_ids: [id] })
      expect(listed).toHaveLength(1)
      expect(listed[0]?.input_level).toBe(true)
      expect(listed[0]?.data.concepts.map(({ id, value }) => [id, value])).toEqual([
        ['sunny', 1],
        ['rainy', 0],
      ])
      expect(listed[0]?.data).toMatchObject({
        metadata: { camera: 'left', n: 3 },
        geo: { geo_point: { longitude: 13.5, latitude: 52.25 } },
      })
    })

    it('row 4: an annotation on an input that is not there fails by itself', async () => {
      const answer = await bench.call('PostAnnotations', { annotations: [ofConcept('nowhere'), ofConcept(input)] })
      expect(answer.status.code).toBe(10010)
      expect(codes(answer)).toEqual([30102, 24150])
    })

    it('row 5: tags, boxes and frames', async () => {
      const frame = { frame_info: { time: '2000' }, data: { concepts: [concept('tree')] } }
      const posted = await bench.post([ofConcept(input), ofBox(input), { input_id: input, data: { frames: [frame] } }])
      expect(posted.map(({ status }) => status.code)).toEqual([24150, 24150, 24150])
      expect(posted[2]?.data.frames).toHaveLength(1)
    })

    it('row 7: one to 128 annotations a call, else nothing is stored', async () => {
      const [fresh] = await bench.inputs(1)
      const many = (n: number) => Array.from({ length: n }, () => ofConcept(fresh ?? ''))
      for (const n of [0, 129]) {
        const answer = await bench.call('PostAnnotations', { annotations: many(n) })
        expect(answer.status.code).toBe(11102)
        expect(answer.status.details).toContain('annotations')
      }
      expect(await bench.list({ input_ids: [fresh ?? ''] })).toHaveLength(1)
      expect(await bench.post(many(128))).toHaveLength(128)
    })

    it('rows 8, 9: at most one region, at most one frame', async () => {
      const region = { region_info: box(0.1, 0.1, 0.2, 0.2) }
      const frame = (number: number) => ({ frame_info: { number }, data: { concepts: [concept('tree')] } })
      const answer = await bench.call('PostAnnotations', {
        annotations: [
          { input_id: input, data: { regions: [region, region] } },
          { input_id: input, data: { frames: [frame(1), frame(2)] } },
        ],
      })
      expect(answer.status.code).toBe(10020)
      expect(codes(answer)).toEqual([24155, 24155])
    })

    it('row 10: several annotations in one frame, each its own region', async () => {
      const frame = (info: JsonObject) => ({
        input_id: input,
        data: { frames: [{ frame_info: { time: '40' }, data: { regions: [{ region_info: info }] } }] },
      })
      const posted = await bench.post([frame(box(0, 0, 0.1, 0.1)), frame(box(0.5, 0.5, 0.6, 0.6))])
      expect(new Set(posted.map(({ id }) => id)).size).toBe(2)
    })

    it('row 13: coordinates are fractions; what is outside is refused', async () => {
      const bad = [box(0, 0, 1.2, 0.5), box(-0.1, 0, 0.5, 0.5), box(0.5, 0, 0.4, 0.5), box(0.1, 0.1, 0.1, 0.2)]
      const answer = await bench.call('PostAnnotations', { annotations: bad.map((info) => ofBox(input, info)) })
      expect(codes(answer)).toEqual([24155, 24155, 24155, 24155])
      expect(items(answer)[0]?.status.details).toContain('annotations[0].data.regions[0].region_info.bounding_box')
    })

    it('rows 16, 17, 28, 30, 34, 35: model-made annotations, found by model version, labelled by region id', async () => {
      const [fresh = ''] = await bench.inputs(1)
      const [detected] = await bench.post([{ ...ofBox(fresh), ...MODEL }])
      expect(detected).toMatchObject({ model_version_id: 'v1', trusted: false, user_id: '' })
      const region = detected?.data.regions[0]?.id ?? ''
      expect(region).not.toBe('')
      expect((await bench.list({ input_ids: [fresh] })).map(({ input_level }) => input_level)).toEqual([true])
      expect(await bench.list({ input_ids: [fresh], list_all_annotations: true })).toHaveLength(2)
      expect((await bench.list({ model_version_ids: ['v1'] })).map(({ id }) => id)).toEqual([detected?.id])
      expect(await bench.list({ input_ids: [fresh], ids: [detected?.id ?? ''] })).toHaveLength(1)
      const label = { regions: [{ id: region, data: { concepts: [concept('truck')] } }] }
      const [mine] = await bench.post([{ input_id: fresh, data: label }])
      expect(mine?.data.regions[0]).toMatchObject({ id: region })
      expect(mine?.user_id).toBe('owner')
      expect((await bench.get(fresh, detected?.id ?? '')).data.regions[0]?.data?.concepts.map(({ id }) => id)).toEqual([
        'car',
      ])
      const unknown = { regions: [{ id: 'no-such-region', data: { concepts: [concept('truck')] } }] }
      const refused = await bench.call('PostAnnotations', { annotations: [{ input_id: fresh, data: unknown }] })
      expect(codes(refused)).toEqual([24155])
    })

    it('rows 20, 21, 24: tied to one worker; by default the caller, with status success', async () => {
      const [mine] = items(await annotator('PostAnnotations', { annotations: [ofConcept(input)] }))
      expect(mine).toMatchObject({ user_id: 'annotator', worker: { user: { id: 'annotator' } }, model_version_id: '' })
      expect(mine?.status.code).toBe(24150)
      const both = { ...ofConcept(input), user_id: 'owner', worker: { user: { id: 'annotator' } } }
      expect(codes(await bench.call('PostAnnotations', { annotations: [both] }))).toEqual([24155])
    })

    it('rows 22, 23: the owner posts for another, pending and without data; collaborators cannot', async () => {
      const order = { input_id: input, user_id: 'annotator', status: { code: 24151 } }
      const [posted] = await bench.post([order])
      expect(posted).toMatchObject({ user_id: 'annotator', status: { code: 24151 } })
      const before = (await bench.list({ user_ids: ['annotator-2'], per_page: 100 })).length
      const denied = await annotator('PostAnnotations', { annotations: [{ ...order, user_id: 'annotator-2' }] })
      expect(codes(denied)).toEqual([24156])
      expect(await bench.list({ user_ids: ['annotator-2'], per_page: 100 })).toHaveLength(before)
      const own = await annotator('PostAnnotations', { annotations: [{ ...ofConcept(input), user_id: 'annotator' }] })
      expect(codes(own)).toEqual([24150])
    })

    it('rows 25, 26: oldest first, twenty to a page', async () => {
      const [fresh = ''] = await bench.inputs(1)
      await bench.post(Array.from({ length: 24 }, () => ofConcept(fresh)))
      const first = await bench.list({ input_ids: [fresh] })
      const next = await bench.list({ input_ids: [fresh], page: 2 })
      expect([first.length, next.length]).toEqual([20, 5])
      const times = [...first, ...next].map(({ created_at }) => micros(created_at))
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(await bench.list({ input_ids: [fresh], page: 3 })).toEqual([])
    })

    it('rows 29, 31, 32: by inputs; everything without ids; ids only with inputs', async () => {
      const [a = '', b = ''] = await bench.inputs(2)
      expect((await bench.list({ input_ids: [a, b] })).map(({ input_id }) => input_id)).toEqual([a, b])
      expect((await bench.list({ per_page: 1000 })).length).toBeGreaterThan(2)
      expect((await bench.call('ListAnnotations', { ids: ['x'] })).status).toMatchObject({ code: 11102 })
    })

    it('row 33: by people, whatever the status; filtered by status when asked', async () => {
      const [fresh = ''] = await bench.inputs(1)
      await bench.post([{ ...ofConcept(fresh), user_id: 'reviewer', status: { code: 24151 } }])
      expect(await bench.list({ user_ids: ['reviewer'], input_ids: [fresh] })).toHaveLength(1)
      if (client.protocol === 'REST') return // lists of messages have no form in a query
      expect(await bench.list({ input_ids: [fresh], statuses: [{ code: 24151 }] })).toHaveLength(1)
      expect(await bench.list({ input_ids: [fresh], user_ids: ['reviewer'], statuses: [{ code: 24150 }] })).toEqual([])
    })

    it('rows 36, 39: a patch answers the whole new annotation and moves modified_at only', async () => {
      const [made] = await bench.post([ofBox(input)])
      const data = { regions: [{ id: made?.data.regions[0]?.id ?? '', region_info: box(0, 0.25, 0.5, 0.75) }] }
      const patch = { action: 'merge', annotations: [{ input_id: input, id: made?.id ?? '', data }] }
      const [patched] = items(await bench.ok('PatchAnnotations', patch))
      expect(patched?.data.regions[0]?.region_info?.bounding_box).toMatchObject({
        top_row: 0,
        left_col: 0.25,
        bottom_row: 0.5,
      })
      expect(patched?.data.regions[0]?.data?.concepts.map(({ id }) => id)).toEqual(['car'])
      expect(patched?.created_at).toBe(made?.created_at)
      expect(micros(patched?.modified_at)).toBeGreaterThan(micros(made?.modified_at))
    })

    it('rows 37, 38: the owner changes anybody’s; collaborators only their own', async () => {
      const [theirs] = items(await annotator('PostAnnotations', { annotations: [ofConcept(input)] }))
      const patch = {
        action: 'merge',
        annotations: [{ input_id: input, id: theirs?.id ?? '', data: { concepts: [concept('sky')] } }],
      }
      expect(codes(await second('PatchAnnotations', patch))).toEqual([24156])
      expect(codes(await annotator('PatchAnnotations', patch))).toEqual([24150])
      expect(codes(await bench.call('PatchAnnotations', patch))).toEqual([24150])
      const [owners] = await bench.post([ofConcept(input)])
      const change = {
        action: 'merge',
        annotations: [{ input_id: input, id: owners?.id ?? '', data: { concepts: [concept('sky')] } }],
      }
      expect(codes(await annotator('PatchAnnotations', change))).toEqual([24156])
    })

    it('row 40: an input holds any number of annotations', async () => {
      const [fresh = ''] = await bench.inputs(1)
      for (let i = 0; i < 8; i++) await bench.post(Array.from({ length: 125 }, () => ofBox(fresh)))
      const pages = await Promise.all([1, 2, 3].map((page) => bench.list({ input_ids: [fresh], page, per_page: 400 })))
      expect(pages.map(({ length }) => length)).toEqual([400, 400, 201])
      expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(1001)
    })

    it('rows 41, 42: merge, overwrite, remove; 1 to 128; anything else is refused', async () => {
      const [made] = await bench.post([{ input_id: input, data: { concepts: [concept('tree'), concept('apple')] } }])
      const at = (data: JsonObject): JsonObject => ({ input_id: input, id: made?.id ?? '', data })
      await bench.ok('PatchAnnotations', { action: 'remove', annotations: [at({ concepts: [concept('tree')] })] })
      expect((await bench.get(input, made?.id ?? '')).data.concepts.map(({ id }) => id)).toEqual(['apple'])
      await bench.ok('PatchAnnotations', { action: 'overwrite', annotations: [at({ concepts: [concept('pear')] })] })
      expect((await bench.get(input, made?.id ?? '')).data.concepts.map(({ id }) => id)).toEqual(['pear'])
      const many = (n: number) => Array.from({ length: n }, () => at({ concepts: [concept('pear')] }))
      for (const n of [0, 129])
        expect((await bench.call('PatchAnnotations', { action: 'merge', annotations: many(n) })).status.code).toBe(
          11102,
        )
      expect((await bench.call('PatchAnnotations', { action: 'merge', annotations: many(128) })).status.code).toBe(
        10000,
      )
      const unknown = await bench.call('PatchAnnotations', { action: 'append', annotations: many(1) })
      expect(unknown.status).toMatchObject({ code: 11102 })
      expect(unknown.status.details).toContain('action')
    })

    it('row 46: a status alone changes the status alone', async () => {
      const [made] = await bench.post([{ ...ofConcept(input), status: { code: 24151 } }])
      const annotations = [{ input_id: input, id: made?.id ?? '', status: { code: 24150 } }]
      await bench.ok('PatchAnnotations', { action: 'merge', annotations })
      expect(await bench.get(input, made?.id ?? '')).toMatchObject({
        status: { code: 24150 },
        data: { concepts: [{ id: 'tree' }] },
      })
    })

    it('rows 47, 48, 49: deletes one, pairs, or all of an input but what the input brought', async () => {
      const [fresh = '', other = ''] = await bench.inputs(2)
      const made = await bench.post([ofConcept(fresh), ofConcept(fresh), ofConcept(other)])
      await bench.ok('DeleteAnnotation', { input_id: fresh, annotation_id: made[0]?.id ?? '' })
      const gone = { input_id: fresh, annotation_id: made[0]?.id ?? '' }
      expect((await bench.call('GetAnnotation', gone)).status.code).toBe(11101)
      expect((await bench.call('DeleteAnnotations', { ids: [made[1]?.id ?? ''] })).status.code).toBe(11102)
      await bench.ok('DeleteAnnotations', { input_ids: [fresh, other] })
      const left = await bench.list({ input_ids: [fresh, other] })
      expect(left.map(({ input_level }) => input_level)).toEqual([true, true])
      const level = { input_id: fresh, annotation_id: left[0]?.id ?? '' }
      expect((await bench.call('DeleteAnnotation', level)).status.code).not.toBe(10000)
      await bench.ok('DeleteInputs', { ids: [fresh] })
      expect(await bench.list({ input_ids: [fresh], list_all_annotations: true })).toEqual([])
      expect((await bench.call('GetInput', { input_id: fresh })).status.code).toBe(11101)
    })

    it('rows 50, 51: a wrong key, no key, and a token without an app say so in the status', async () => {
      const wrong = await bench.call('ListAnnotations', {}, 'owner', { key: 'wrong' })
      expect(wrong.status).toMatchObject({
        code: 11008,
        description: 'Invalid API key or Invalid API key/application pair',
      })
      expect(wrong.status.req_id).toMatch(/^[0-9a-f]{32}$/)
      expect((await bench.call('ListAnnotations', {}, 'owner', { key: undefined })).status.code).toBe(11102)
      const bare = await client.call(
        'ListAnnotations',
        { user_app_id: { user_id: 'owner' } },
        { key: target.key('owner') },
      )
      expect(bare.status.code).toBe(11102)
    })
  })
}
