import { gzipSync } from 'node:zlib'
import type { JsonObject } from '@bufbuild/protobuf'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codes, many, patch, post } from './capability.ts'
import { aBox, aTag, byModel, idOf, listed, one } from './seedExample.ts'
import { Bench, box, concept, startEmbedded, type Target, tinyPng } from './target.ts'

// The table of api.md §8, "Bad input → answer", one test a row, and what the limits answer.

/** Four megapixels of nothing in 4 kB. */
const bomb = Buffer.from(encode({ width: 2000, height: 2000, data: new Uint8Array(4e6), channels: 1, depth: 8 }))

let target: Target
beforeAll(async () => {
  target = await startEmbedded({ RATE_LIMIT: '0', MAX_BODY_MB: '8', MAX_IMAGE_MB: '2', MAX_IMAGE_MEGAPIXELS: '1' })
}, 60_000)
afterAll(() => target?.stop())

describe.each(['gRPC', 'gRPC-web', 'REST'] as const)('bad input, over %s', (protocol) => {
  let bench: Bench
  let input = ''
  beforeAll(async () => {
    bench = await Bench.make(target, target.client(protocol))
    input = await one(bench)
  })

  const refused = async (method: string, request: JsonObject, code: number, ...words: string[]): Promise<void> => {
    const { status } = await bench.call(method, request)
    expect(status.code, status.details).toBe(code)
    for (const word of words) expect(status.details).toContain(word)
  }
  /** Each of these annotations is refused with 24155 and the path of its field. */
  const invalid = async (cases: [path: string, annotation: JsonObject][]): Promise<void> => {
    const answer = await post(
      bench,
      cases.map(([, annotation]) => annotation),
    )
    const items = listed(answer)
    expect([answer.status.code, ...codes(answer)]).toEqual([10020, ...many(cases.length, 24155)])
    for (const [n, [path]] of cases.entries()) expect(items[n]!.status.details).toContain(`annotations[${n}].${path}`)
  }
  const count = async (): Promise<number> => (await bench.list({ per_page: 1000, list_all_annotations: true })).length

  it('wrong key', async () => {
    const { status } = await bench.call('ListAnnotations', {}, 'owner', { key: 'wrong' })
    const description = 'Invalid API key or Invalid API key/application pair'
    expect(status).toMatchObject({ code: 11008, description })
  })

  it('no key', async () => {
    const { status } = await bench.call('ListAnnotations', {}, 'owner', { key: undefined })
    expect(status).toMatchObject({ code: 11102, description: 'Invalid request' })
  })

  it('0 or 129 annotations, unknown action, ids that do not pair, ids alone, a delete without inputs', async () => {
    const before = await count()
    for (const n of [0, 129]) {
      const annotations = many(n, aTag(input, 'x'))
      await refused('PostAnnotations', { annotations }, 11102, 'annotations')
      await refused('PatchAnnotations', { annotations, action: 'merge' }, 11102, 'annotations')
    }
    await refused('PatchAnnotations', { annotations: [aTag(input, 'x')], action: 'append' }, 11102, 'action')
    for (const method of ['ListAnnotations', 'DeleteAnnotations']) {
      await refused(method, { input_ids: [input], ids: ['a', 'b'] }, 11102, 'ids')
      await refused(method, { ids: ['a'] }, 11102, 'input_ids')
    }
    await refused('DeleteAnnotations', {}, 11102, 'input_ids')
    expect(await count()).toBe(before)
  })

  it('input_id unknown or empty', async () => {
    const answer = await post(bench, [aTag('nowhere', 'x'), aTag('', 'x')])
    expect([answer.status.code, ...codes(answer)]).toEqual([10020, 30102, 30102])
    expect(listed(answer)[1]!.status.details).toContain('annotations[1].input_id')
  })

  it('duplicate client id', async () => {
    const id = await idOf(bench, { ...aTag(input, 'x'), id: crypto.randomUUID() })
    expect(codes(await post(bench, [{ ...aTag(input, 'y'), id }]))).toEqual([40010])
    // decisions §3: the same again is a retry that went well
    expect(codes(await post(bench, [{ ...aTag(input, 'x'), id }]))).toEqual([24150])
    const twins = many(2, { ...aTag(input, 'x'), id: crypto.randomUUID() })
    expect(codes(await post(bench, [twins[0]!, { ...twins[1]!, ...aTag(input, 'z') }]))).toEqual([24150, 40010])
  })

  it('coordinates outside, no numbers, reversed boxes, two regions or frames, bad masks, unknown regions', async () => {
    const at = 'data.regions[0].region_info'
    const region = { region_info: box(0, 0, 1, 1) }
    const frame = { frame_info: { number: 1 }, data: { concepts: [concept('x')] } }
    const of = (data: JsonObject): JsonObject => ({ input_id: input, data })
    const boxed = (...sides: (number | string)[]) =>
      aBox(input, box(...(sides as [number, number, number, number])), 'x')
    const masked = (base64: string) => aBox(input, { mask: { image: { base64 } } }, 'x')
    await invalid([
      [`${at}.bounding_box.bottom_row`, boxed(0, 0, 1.2, 1)],
      [`${at}.bounding_box.top_row`, boxed(-0.1, 0, 1, 1)],
      [`${at}.bounding_box.left_col`, boxed(0, 'NaN', 1, 1)],
      [`${at}.bounding_box.right_col`, boxed(0, 0, 1, 'Infinity')],
      [`${at}.bounding_box.bottom_row`, boxed(0.5, 0, 0.2, 1)],
      [`${at}.bounding_box.right_col`, boxed(0, 0.5, 1, 0.5)],
      [`${at}.polygon.points[1].row`, aBox(input, { polygon: { points: [{}, { row: 2 }, {}] as JsonObject[] } }, 'x')],
      [`${at}.point.col`, aBox(input, { point: { col: -1 } }, 'x')],
      ['data.regions', of({ regions: [region, region] })],
      ['data.frames', of({ frames: [frame, frame] })],
      [`${at}.mask.image`, masked(Buffer.from('no picture').toString('base64'))],
      [`${at}.mask.image`, masked(Buffer.from(tinyPng, 'base64').subarray(0, 40).toString('base64'))],
      ['data.regions[0].id', of({ regions: [{ id: 'unknown', data: { concepts: [concept('x')] } }] })],
    ])
  })

  it('a status that annotations cannot have', async () => {
    await invalid([10000, 30000, 24154].map((code) => ['status', { ...aTag(input, 'x'), status: { code } }]))
    const id = await idOf(bench, aTag(input, 'x'))
    const wrong = await patch(bench, 'merge', [{ input_id: input, id, status: { code: 30000 } }])
    expect(codes(wrong)).toEqual([24155])
  })

  it('no permission', async () => {
    const id = await idOf(bench, aTag(input, 'x'))
    expect(codes(await patch(bench, 'merge', [{ ...aTag(input, 'y'), id }], 'annotator'))).toEqual([24156])
    expect(codes(await post(bench, [{ ...aTag(input, 'x'), user_id: 'owner' }], 'annotator'))).toEqual([24156])
  })

  it('a patch or delete of what is not there', async () => {
    expect(codes(await patch(bench, 'merge', [{ ...aTag(input, 'y'), id: 'nothing' }]))).toEqual([11101])
    await refused('DeleteAnnotation', { input_id: input, annotation_id: 'nothing' }, 11101)
    const id = await idOf(bench, aTag(input, 'x'))
    await bench.ok('DeleteAnnotations', { input_ids: [input, input], ids: ['nothing', id] })
    expect(await bench.list({ input_ids: [input], ids: [id] })).toEqual([])
    const bare = await one(bench)
    await bench.ok('DeleteAnnotations', { input_ids: [bare] })
    expect(await bench.list({ input_ids: [bare] })).toHaveLength(1)
  })

  it('a delete of an input-level annotation by its id', async () => {
    const bare = await one(bench)
    const [level] = await bench.list({ input_ids: [bare] })
    const words = 'delete the input instead'
    await refused('DeleteAnnotation', { input_id: bare, annotation_id: level!.id }, 24155, words)
    await refused('DeleteAnnotations', { input_ids: [bare], ids: [level!.id] }, 24155, words)
    expect(await bench.list({ input_ids: [bare] })).toHaveLength(1)
  })

  it('a page beyond the end', async () => {
    expect(await bench.list({ page: 1_000_000, per_page: 1000 })).toEqual([])
    expect((await bench.ok('ListInputs', { page: 4_000_000_000, per_page: 1000 })).inputs).toEqual([])
  })

  it('no data', async () => {
    const order = { input_id: input, user_id: 'annotator', status: { code: 24151 } }
    expect(codes(await post(bench, [order, { input_id: input }, { input_id: input, data: {} }]))).toEqual([
      24151, 24155, 24155,
    ])
  })

  it('one bad among good, and all bad', async () => {
    const bare = await one(bench)
    const mixed = await post(bench, [aTag(bare, 'a'), aBox(bare, box(0, 0, 2, 2), 'b'), aTag(bare, 'c')])
    expect([mixed.status.code, ...codes(mixed)]).toEqual([10010, 24150, 24155, 24150])
    expect(await bench.list({ input_ids: [bare] })).toHaveLength(3)
    const bad = await post(bench, [aTag('nowhere', 'a'), aBox(bare, box(0, 0, 2, 2), 'b')])
    expect([bad.status.code, ...codes(bad)]).toEqual([10020, 30102, 24155])
    expect(await bench.list({ input_ids: [bare] })).toHaveLength(3)
  })

  it('an input that was refused takes no annotation, for it is not there; models annotate what is', async () => {
    const id = crypto.randomUUID()
    const sent = { inputs: [{ id, data: { image: { base64: Buffer.from('no picture').toString('base64') } } }] }
    const answer = await bench.call('PostInputs', sent)
    expect([answer.status.code, answer.inputs]).toMatchObject([10020, [{ status: { code: 30101 } }]])
    expect(codes(await post(bench, [aTag(id, 'x'), byModel(input)]))).toEqual([30102, 24150])
  })

  it('an app that is not for the caller', async () => {
    const keys = [{ description: 'one app', scopes: ['All'], apps: [{ id: bench.app, user_id: 'owner' }] }]
    const made = await bench.ok('PostKeys', { user_app_id: { user_id: 'owner' }, keys })
    const [{ id: key }] = made.keys as unknown as [{ id: string }]
    const elsewhere = { user_app_id: { user_id: 'owner', app_id: 'demo' } }
    expect((await bench.client.call('ListAnnotations', elsewhere, { key })).status.code).toBe(11008)
    expect((await bench.client.call('ListAnnotations', {}, { key })).status.code).toBe(10000)
    const hidden = await bench.ok(
      'PostApps',
      { user_app_id: { user_id: 'annotator' }, apps: [{ id: bench.app }] },
      'annotator',
    )
    expect(hidden.status.code).toBe(10000)
    const theirs = { user_app_id: { user_id: 'annotator', app_id: bench.app } }
    await refused('ListAnnotations', theirs, 11101, 'user_app_id')
  })

  it('limits: lists, texts and filters', async () => {
    const ids = Array.from({ length: 10_001 }, (_, n) => `i${n}`)
    if (protocol !== 'REST') {
      // as a query they would be longer than any address may be
      for (const field of ['user_ids', 'model_version_ids', 'workflow_version_ids', 'input_ids'])
        await refused('ListAnnotations', { [field]: ids }, 11102, field, '10000')
      await refused('ListAnnotations', { statuses: many(10_001, { code: 24150 }) }, 11102, 'statuses')
      await refused('ListInputs', { ids }, 11102, 'ids')
      await refused('ListTasks', { ids }, 11102, 'ids')
    }
    await refused('DeleteAnnotations', { input_ids: ids }, 11102, 'input_ids')
    await refused('DeleteInputs', { ids: ids.slice(0, 129) }, 11102, 'ids', '128')
    const filter = { annotation: { data: { concepts: [concept('x')] } } }
    const searches = (filters: JsonObject[]): JsonObject => ({ searches: [{ query: { filters } }] })
    await refused('PostAnnotationsSearches', searches(many(101, filter)), 40002, 'searches[0].query.filters', '100')
    const name = 'x'.repeat(50_000)
    await refused('PostConceptsSearches', { concept_query: { name } }, 11102, 'concept_query.name')
  })

  it('limits: pages are of 1000', async () => {
    const bare = await one(bench)
    for (let n = 0; n < 8; n++) await bench.post(many(128, aTag(bare, 'x')))
    expect(await bench.list({ input_ids: [bare], per_page: 4_000_000_000 })).toHaveLength(1000)
  })

  it('limits: ids and names', async () => {
    await invalid([
      ['data.concepts[0].id', aTag(input, 'x'.repeat(129))],
      ['data.concepts[0].id', aTag(input, 'a/b')],
      ['id', { ...aTag(input, 'x'), id: 'x'.repeat(1000) }],
    ])
  })

  it('limits: pictures and masks, by bytes and by pixels, whatever they unpack to', async () => {
    const base64 = bomb.toString('base64')
    const answer = await post(bench, [aBox(input, { mask: { image: { base64 } } }, 'x')])
    expect(codes(answer)).toEqual([24155])
    expect(listed(answer)[0]!.status.details).toContain('more than 1000000 pixels')
    const post1 = async (image: JsonObject) =>
      (await bench.call('PostInputs', { inputs: [{ data: { image } }] })).inputs
    expect(await post1({ base64 })).toMatchObject([{ status: { code: 30105 } }])
    const heavy = Buffer.concat([Buffer.from(tinyPng, 'base64'), Buffer.alloc(3 * 2 ** 20)]).toString('base64')
    expect(await post1({ base64: heavy })).toMatchObject([{ status: { code: 30105 } }])
  })

  it('limits: bodies', async () => {
    const heavy = { ...aTag(input, 'x'), annotation_info: { text: 'x'.repeat(9 * 2 ** 20) } }
    const told = await bench.call('PostAnnotations', { annotations: [heavy] }).then(
      ({ status }) => `${status.code} ${status.details}`,
      (error: Error) => error.message,
    )
    expect(told).toMatch(protocol === 'REST' ? /^11006 the body exceeds/ : /resource_exhausted/i)
    expect((await bench.list({ per_page: 1 })).length).toBe(1)
  })
})

describe('bad input, as bytes', () => {
  const send = async (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string>,
    method = 'POST',
  ) => {
    const authorization = `Key ${target.key('owner')}`
    const answer = await fetch(target.url + path, { method, headers: { authorization, ...headers }, body })
    return { http: answer.status, text: await answer.text() }
  }
  const annotations = '/v2/users/owner/apps/demo/annotations'
  const connect = '/clarifai.api.V2/PostAnnotations'
  const json = { 'content-type': 'application/json' }

  it('fields that a delete or a patch does not have', async () => {
    // it is `ids` and `annotations`: passed over, all annotations of the input would go
    for (const [method, field] of [
      ['DELETE', 'annotation_ids'],
      ['PATCH', 'input_ids'],
    ]) {
      const body = JSON.stringify({ input_ids: ['i'], annotation_ids: ['a'] })
      const { http, text } = await send(annotations, body, json, method)
      const { code, details } = JSON.parse(text).status
      expect([http, code, details]).toEqual([400, 11100, `${field}: no field of this request`])
    }
  })

  it('no JSON', async () => {
    const { http, text } = await send(annotations, '{"annotations": [', json)
    expect([http, JSON.parse(text).status]).toMatchObject([400, { code: 11100 }])
  })

  it('limits: messages nest 100 deep', async () => {
    const nested = (depth: number) =>
      `{"annotations":[{"data":{"metadata":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}}]}`
    for (const depth of [101, 5000, 200_000]) {
      const rest = await send(annotations, nested(depth), json)
      expect([rest.http, JSON.parse(rest.text).status]).toMatchObject([400, { code: 11100 }])
      const rpc = await send(connect, nested(depth), json)
      expect([rpc.http, JSON.parse(rpc.text).code]).toEqual([400, 'invalid_argument'])
    }
    expect((await send(annotations, nested(20), json)).text).toContain('30102')
  })

  it('limits: what a compressed body unpacks to', async () => {
    const packed = Uint8Array.from(gzipSync(Buffer.alloc(64 * 2 ** 20)))
    expect(packed.length).toBeLessThan(100_000)
    const headers = { 'content-type': 'application/proto', 'content-encoding': 'gzip' }
    const rpc = await send(connect, packed, headers)
    expect([rpc.http, JSON.parse(rpc.text).code]).toEqual([429, 'resource_exhausted'])
    const rest = await send(annotations, packed, { ...json, 'content-encoding': 'gzip' })
    expect([rest.http, JSON.parse(rest.text).status]).toMatchObject([400, { code: 11100 }])
  })

  it('limits: what a body has in it', async () => {
    const many = `{"annotations":[${'{},'.repeat(1_100_000)}{}]}`
    const rest = await send(annotations, many, json)
    expect([rest.http, JSON.parse(rest.text).status]).toMatchObject([429, { code: 11006 }])
    const rpc = await send(connect, Uint8Array.from(Buffer.from('1200'.repeat(2_100_000), 'hex')), {
      'content-type': 'application/proto',
    })
    expect([rpc.http, JSON.parse(rpc.text).code]).toEqual([429, 'resource_exhausted'])
  })
})
