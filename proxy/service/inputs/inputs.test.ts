import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { create, type JsonObject } from '@bufbuild/protobuf'
import sharp from 'sharp'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { RestoreInputsRequestSchema } from '#gen/marquee/v1/marquee_pb.ts'
import { type Input, InputIDConflictResolution } from '#gen/proto/clarifai/api/resources_pb.ts'
import * as api from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { annotationMethods } from '#proxy/service/annotations/annotations.ts'
import { failure } from '#proxy/service/annotations/annotationTesting.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { studioMethods } from '#proxy/service/studio/studio.ts'
import { addApp, addCollaborator, addUser, callBy, memoryBlobs, testDeps, testNow } from '#proxy/service/testing.ts'
import type { Store } from '#proxy/store/open.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { inputMethods } from './inputs.ts'
import { mediaUrls, openMedia } from './media.ts'

const demo = { userId: 'owner', appId: 'demo' }

let photo: Uint8Array
let other: Uint8Array
let turned: Uint8Array
beforeAll(async () => {
  const plain = (background: string) => sharp({ create: { width: 30, height: 20, channels: 3, background } }).jpeg()
  photo = await plain('#808080').toBuffer()
  other = await plain('#202020').toBuffer()
  turned = await plain('#404040').withMetadata({ orientation: 6 }).toBuffer()
})

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})
const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const world = async (store: Store, change: Partial<Deps> = {}): Promise<Deps> => {
  for (const id of ['owner', 'ana', 'stranger']) await addUser(store, id, id.toUpperCase())
  const app = await addApp(store, 'owner', 'demo')
  await addCollaborator(store, app, 'ana', ['Apps_Get', 'Inputs_Get', 'Annotations_Add', 'Concepts_Get'])
  return testDeps(store, change)
}

const post = (deps: Deps, inputs: object[], by = 'owner', inputIdConflictResolution: InputIDConflictResolution = 1) =>
  inputMethods.postInputs(
    create(api.PostInputsRequestSchema, { userAppId: demo, inputs, inputIdConflictResolution }),
    callBy(by),
    deps,
  )
const image = (base64: Uint8Array = photo, more: object = {}) => ({ data: { image: { base64 }, ...more } })
const fromUrl = (url: string, more: object = {}) => ({ data: { image: { url, ...more } } })
const named = (filename: string): { metadata: JsonObject } => ({ metadata: { filename } })

const get = async (deps: Deps, inputId: string, by = 'owner'): Promise<Input> =>
  (await inputMethods.getInput(create(api.GetInputRequestSchema, { userAppId: demo, inputId }), callBy(by), deps))
    .input!
const list = async (deps: Deps, request: object = {}): Promise<string[]> =>
  (
    await inputMethods.listInputs(
      create(api.ListInputsRequestSchema, { userAppId: demo, ...request }),
      callBy('owner'),
      deps,
    )
  ).inputs.map(({ id }) => id)
const annotationsOf = async (deps: Deps, inputId: string) =>
  (
    await annotationMethods.listAnnotations(
      create(api.ListAnnotationsRequestSchema, { userAppId: demo, inputIds: [inputId] }),
      callBy('owner'),
      deps,
    )
  ).annotations
const remove = (deps: Deps, ids: string[], by = 'owner') =>
  inputMethods.deleteInputs(create(api.DeleteInputsRequestSchema, { userAppId: demo, ids }), callBy(by), deps)

const codes = (inputs: readonly Input[]) => inputs.map(({ status }) => status?.code)

eachDialect('posting inputs', (store) => {
  it('stores an image with its size, and one input-level annotation that carries what was said (api.md §1 rows 1, 2)', async () => {
    const deps = await world(store())
    const answer = await post(deps, [
      {
        id: 'first',
        ...image(photo, {
          concepts: [{ id: 'boat', value: 1 }],
          geo: { geoPoint: { latitude: 1.5, longitude: 2.5 } },
          ...named('harbour.jpg'),
        }),
      },
    ])
    expect(answer.status?.code).toBe(StatusCode.SUCCESS)
    const expected = {
      id: 'first',
      status: { code: StatusCode.INPUT_SUCCESS, description: 'Download complete' },
      data: {
        image: { imageInfo: { width: 30, height: 20, format: 'JPEG', colorMode: 'YUV' } },
        concepts: [{ id: 'boat', name: 'boat', value: 1, appId: 'demo' }],
        metadata: { filename: 'harbour.jpg' },
        geo: { geoPoint: { latitude: 1.5 } },
      },
    }
    expect(answer.inputs).toMatchObject([expected])
    expect(await get(deps, 'first')).toMatchObject(expected)
    expect(answer.inputs[0]!.data?.image?.base64).toHaveLength(0)
    expect(await annotationsOf(deps, 'first')).toMatchObject([
      {
        inputLevel: true,
        userId: 'owner',
        status: { code: StatusCode.ANNOTATION_SUCCESS },
        data: { concepts: [{ id: 'boat' }], metadata: { filename: 'harbour.jpg' } },
      },
    ])
    const [row] = await deps.store.read.selectFrom('input').selectAll().execute()
    expect(row).toMatchObject({ filename: 'harbour.jpg', search_text: 'harbour.jpg\nfirst', labelled: 1 })
    const lines = await deps.store.read.selectFrom('history').select(['kind', 'rev']).orderBy('rev').execute()
    expect(lines.map(({ kind, rev }) => [kind, Number(rev)])).toEqual([
      ['concept', 1],
      ['input', 2],
      ['annotation', 3],
    ])
  })

  it('takes the displayed size as the truth and keeps the original beside a turned rendition', async () => {
    const deps = await world(store())
    const { inputs } = await post(deps, [image(turned)])
    expect(inputs[0]!.data?.image?.imageInfo).toMatchObject({ width: 20, height: 30 })
    const row = await deps.store.read.selectFrom('input').selectAll().executeTakeFirstOrThrow()
    expect(row.display).not.toBe(row.original)
    expect(Buffer.from(await deps.blobs.get(row.original!))).toEqual(Buffer.from(turned))
    expect(await sharp(await deps.blobs.get(row.display!)).metadata()).toMatchObject({ width: 20, height: 30 })
  })

  it('takes 1 to 128 at a time, and nothing of a call with more', async () => {
    const deps = await world(store())
    expect(await failure(post(deps, []))).toMatchObject({ code: StatusCode.CONN_INVALID_REQUEST })
    const many = Array.from({ length: 129 }, (_, i) => ({ id: `i${i}`, ...image() }))
    expect(await failure(post(deps, many))).toMatchObject({ code: StatusCode.CONN_INVALID_REQUEST })
    expect(await list(deps)).toEqual([])
    expect((await post(deps, many.slice(1))).inputs.map(({ id }) => id)).toEqual(many.slice(1).map(({ id }) => id))
    expect(await list(deps, { perPage: 2, page: 2 })).toEqual(['i3', 'i4'])
    expect(await list(deps)).toHaveLength(128)
    expect(await list(deps, { page: 9 })).toEqual([])
  })

  it('refuses bad items one by one, with the code and the field, and writes the good ones', async () => {
    const blobs = memoryBlobs()
    const deps = await world(store(), { blobs, limits: { ...testDeps(store()).limits, imagePixels: 700 } })
    const bad: [object, StatusCode, string][] = [
      [{}, StatusCode.INPUT_INVALID_ARGUMENT, 'inputs[1].data'],
      [{ data: {} }, StatusCode.INPUT_INVALID_ARGUMENT, 'data'],
      [{ data: { image: {} } }, StatusCode.INPUT_INVALID_ARGUMENT, 'data.image'],
      [{ data: { text: { raw: '' } } }, StatusCode.INPUT_INVALID_ARGUMENT, 'data.text'],
      [{ data: { image: { base64: photo }, text: { raw: 'x' } } }, StatusCode.INPUT_INVALID_ARGUMENT, 'exactly one'],
      [{ id: 'a/b', ...image() }, StatusCode.INPUT_INVALID_ARGUMENT, '.id'],
      [image(Buffer.from('no picture')), StatusCode.INPUT_UNSUPPORTED_FORMAT, 'JPEG'],
      [image(photo.subarray(0, photo.length / 2)), StatusCode.INPUT_FAILED, 'damaged'],
      [image(await sharp(photo).resize(100, 100).toBuffer()), StatusCode.INPUT_OVER_LIMIT, '100 × 100'],
      [image(photo, { concepts: [{ id: 'x', value: 2 }] }), StatusCode.INPUT_INVALID_ARGUMENT, 'concepts[0].value'],
      [image(photo, { concepts: [{ id: '' }] }), StatusCode.INPUT_INVALID_ARGUMENT, 'concepts[0].id'],
      [
        image(photo, { geo: { geoPoint: { latitude: 91, longitude: 0 } } }),
        StatusCode.INPUT_INVALID_ARGUMENT,
        'geo_point',
      ],
      [image(photo, { regions: [{}, {}] }), StatusCode.INPUT_INVALID_ARGUMENT, 'regions'],
      [fromUrl('ftp://example.org/x.jpg'), StatusCode.INPUT_INVALID_URL, 'data.image.url'],
      [fromUrl('http://169.254.169.254/latest/meta-data'), StatusCode.INPUT_INVALID_URL, 'private'],
      [{ data: { video: { base64: photo } } }, StatusCode.INPUT_UNSUPPORTED_FORMAT, 'data.video'],
    ]
    const answer = await post(deps, [{ id: 'good', ...image() }, ...bad.map(([input]) => input)])
    expect(answer.status?.code).toBe(StatusCode.MIXED_STATUS)
    expect(codes(answer.inputs)).toEqual([StatusCode.INPUT_SUCCESS, ...bad.map(([, code]) => code)])
    for (const [i, [, , details]] of bad.entries()) {
      expect(answer.inputs[i + 1]!.status?.details).toContain(details)
      expect(answer.inputs[i + 1]!.status?.details).toContain(`inputs[${i + 1}]`)
    }
    expect(await list(deps)).toEqual(['good'])
    const all = await post(deps, [bad[0]![0]])
    expect(all.status?.code).toBe(StatusCode.FAILURE)
  })

  it('answers a repeat with what is stored, and another input under a taken id with 40010', async () => {
    const deps = await world(store())
    const input = { id: 'mine', ...image(photo, named('a.jpg')) }
    await post(deps, [input])
    const again = await post(deps, [input])
    expect(again).toMatchObject({ status: { code: StatusCode.SUCCESS }, inputs: [{ id: 'mine' }] })
    for (const different of [
      { id: 'mine', ...image(other, named('a.jpg')) },
      { id: 'mine', ...image(photo, named('b.jpg')) },
    ])
      expect(codes((await post(deps, [different])).inputs)).toEqual([StatusCode.DATABASE_DUPLICATE_KEY])
    expect(await annotationsOf(deps, 'mine')).toHaveLength(1)
    await remove(deps, ['mine'])
    const [gone] = (await post(deps, [input])).inputs
    expect(gone!.status).toMatchObject({
      code: StatusCode.DATABASE_DUPLICATE_KEY,
      details: expect.stringContaining('deleted'),
    })
    const twice = await post(deps, [
      { id: 'x', ...image() },
      { id: 'x', ...image() },
    ])
    expect(codes(twice.inputs)).toEqual([StatusCode.INPUT_SUCCESS, StatusCode.DATABASE_DUPLICATE_KEY])
  })

  it('finds a suffix for taken ids when asked to', async () => {
    const deps = await world(store())
    for (let i = 0; i < 11; i++) await post(deps, [{ id: 'x', ...image() }], 'owner', InputIDConflictResolution.SUFFIX)
    const ids = await list(deps)
    expect(ids.slice(0, 10)).toEqual(['x', ...Array.from({ length: 9 }, (_, i) => `x-${i + 1}`)])
    expect(ids[10]).toMatch(/^x-[0-9a-f]{12}$/)
    const twice = await post(
      deps,
      [
        { id: 'y', ...image() },
        { id: 'y', ...image() },
      ],
      'owner',
      InputIDConflictResolution.SUFFIX,
    )
    expect(codes(twice.inputs)).toEqual([StatusCode.INPUT_SUCCESS, StatusCode.DATABASE_DUPLICATE_KEY])
  })

  it('copies what an address holds, once for each address unless duplicates are allowed', async () => {
    let asked = 0
    const base = await serve((_request, response) => {
      asked++
      response.end(photo)
    })
    const deps = await world(store())
    const refused = await post(deps, [fromUrl(`${base}/p.jpg`)])
    expect(codes(refused.inputs)).toEqual([StatusCode.INPUT_INVALID_URL])
    expect(asked).toBe(0)
    const open = { ...deps, settings: { ...deps.settings, allowPrivateInputUrls: true } }
    const url = `${base}/photos/my%20boat.jpg?x=1`
    const { inputs } = await post(open, [
      { id: 'a', ...fromUrl(url) },
      { id: 'b', ...fromUrl(url) },
    ])
    expect(codes(inputs)).toEqual([StatusCode.INPUT_SUCCESS, StatusCode.INPUT_DUPLICATE])
    expect(inputs[0]!.data?.image).toMatchObject({ url, imageInfo: { width: 30 } })
    expect((await deps.store.read.selectFrom('input').select('filename').executeTakeFirst())?.filename).toBe(
      'my boat.jpg',
    )
    const before = asked
    expect(codes((await post(open, [{ id: 'c', ...fromUrl(url) }])).inputs)).toEqual([StatusCode.INPUT_DUPLICATE])
    expect(asked).toBe(before)
    expect(codes((await post(open, [{ id: 'a', ...fromUrl(url) }])).inputs)).toEqual([StatusCode.INPUT_SUCCESS])
    const allowed = await post(open, [{ id: 'd', ...fromUrl(url, { allowDuplicateUrl: true }) }])
    expect(codes(allowed.inputs)).toEqual([StatusCode.INPUT_SUCCESS])
    await remove(open, ['a', 'd'])
    expect(codes((await post(open, [{ id: 'e', ...fromUrl(url) }])).inputs)).toEqual([StatusCode.INPUT_SUCCESS])
  })

  it('says why an address brought nothing', async () => {
    const base = await serve((_request, response) => response.writeHead(404).end())
    const deps = await world(store())
    const open = { ...deps, settings: { ...deps.settings, allowPrivateInputUrls: true } }
    const { inputs } = await post(open, [fromUrl(`${base}/x.jpg`)])
    expect(inputs[0]!.status).toMatchObject({ code: StatusCode.INPUT_FAILED, details: expect.stringContaining('404') })
  })

  it('keeps texts, and lists them beside images', async () => {
    const deps = await world(store())
    const long = 'long '.repeat(20_000)
    const { inputs } = await post(deps, [
      { id: 'short', data: { text: { raw: 'Grüße' } } },
      { id: 'long', data: { text: { raw: long } } },
    ])
    expect(codes(inputs)).toEqual([StatusCode.INPUT_SUCCESS, StatusCode.INPUT_SUCCESS])
    expect(inputs[0]!.data?.text?.raw).toBe('Grüße')
    expect(inputs[1]!.data?.text).toMatchObject({ raw: '', hosted: { sizes: expect.arrayContaining(['orig']) } })
    const opened = await openMedia('owner/demo/long/original', new URLSearchParams(), callBy('owner').caller, deps)
    expect(opened).toMatchObject({ type: 'text/plain; charset=utf-8', size: long.length })
  })

  it('needs the right to add', async () => {
    const deps = await world(store())
    expect(await failure(post(deps, [image()], 'ana'))).toMatchObject({ code: StatusCode.CONN_INSUFFICIENT_SCOPES })
    expect(await failure(post(deps, [image()], 'stranger'))).toMatchObject({ code: StatusCode.CONN_DOES_NOT_EXIST })
  })
})

eachDialect('inputs', (store) => {
  it('are listed by ids and by status', async () => {
    const deps = await world(store())
    await post(deps, [
      { id: 'a', ...image() },
      { id: 'b', ...image() },
      { id: 'c', ...image() },
    ])
    expect(await list(deps, { ids: ['c', 'a', 'nothing'] })).toEqual(['a', 'c'])
    expect(await list(deps, { status: { code: StatusCode.INPUT_SUCCESS } })).toEqual(['a', 'b', 'c'])
    expect(await list(deps, { status: { code: StatusCode.INPUT_PENDING } })).toEqual([])
  })

  it('go with all their annotations, and come back with those that went along', async () => {
    const deps = await world(store())
    await post(deps, [
      { id: 'a', ...image() },
      { id: 'b', ...image() },
    ])
    const box = { regionInfo: { boundingBox: { topRow: 0.1, leftCol: 0.1, bottomRow: 0.5, rightCol: 0.5 } } }
    const annotations = ['gone', 'kept'].map((id) => ({ id, inputId: 'a', data: { regions: [box] } }))
    await annotationMethods.postAnnotations(
      create(api.PostAnnotationsRequestSchema, { userAppId: demo, annotations }),
      callBy('owner'),
      deps,
    )
    const single = create(api.DeleteAnnotationRequestSchema, { userAppId: demo, inputId: 'a', annotationId: 'gone' })
    await annotationMethods.deleteAnnotation(single, callBy('owner'), deps)
    await remove(deps, ['a', 'b', 'never was'])
    expect(await list(deps)).toEqual([])
    expect(await failure(get(deps, 'a'))).toMatchObject({ code: StatusCode.CONN_DOES_NOT_EXIST })
    expect(await annotationsOf(deps, 'a')).toEqual([])
    await remove(deps, ['a'])
    const restore = create(RestoreInputsRequestSchema, { userId: 'owner', appId: 'demo', inputIds: ['a'] })
    expect((await studioMethods.restoreInputs(restore, callBy('owner'), deps)).restored).toEqual(['a'])
    expect(await list(deps)).toEqual(['a'])
    expect((await annotationsOf(deps, 'a')).map(({ id, inputLevel }) => inputLevel || id)).toEqual([true, 'kept'])
  })

  it('are deleted one by one too; an unknown one is an error', async () => {
    const deps = await world(store())
    await post(deps, [{ id: 'a', ...image() }])
    const one = (by = 'owner') =>
      inputMethods.deleteInput(
        create(api.DeleteInputRequestSchema, { userAppId: demo, inputId: 'a' }),
        callBy(by),
        deps,
      )
    expect(await failure(one('ana'))).toMatchObject({ code: StatusCode.CONN_INSUFFICIENT_SCOPES })
    await one()
    expect(await failure(one())).toMatchObject({ code: StatusCode.CONN_DOES_NOT_EXIST })
    expect(await failure(remove(deps, []))).toMatchObject({ code: StatusCode.CONN_INVALID_REQUEST })
  })
})

eachDialect('media', (store) => {
  const open = async (deps: Deps, path: string, by?: string) => {
    const url = new URL(path, 'http://localhost')
    const caller = by === undefined ? undefined : callBy(by).caller
    return openMedia(url.pathname.replace('/media/', ''), url.searchParams, caller, deps)
  }

  it('opens signed addresses without a session for one to two hours; they change on the hour', async () => {
    let now = testNow + 1
    const deps = await world(store(), { now: () => now })
    await post(deps, [{ id: 'ä b', ...image() }])
    const { image: address, thumbnail } = mediaUrls(deps, 'owner', 'demo', 'ä b')
    expect(await open(deps, address)).toMatchObject({
      type: 'image/jpeg',
      size: photo.length,
      cacheControl: expect.stringContaining('immutable'),
    })
    expect(await open(deps, thumbnail)).toMatchObject({ type: 'image/webp' })
    now += 3599_000_000
    expect(mediaUrls(deps, 'owner', 'demo', 'ä b').image).toBe(address)
    now += 1_000_000
    expect(mediaUrls(deps, 'owner', 'demo', 'ä b').image).not.toBe(address)
    await open(deps, address)
    now += 3600_000_000
    expect((await failure(open(deps, address))).code).toBe(StatusCode.CONN_CREDENTIALS_INVALID)
  })

  it('refuses changed signatures, and those of another input', async () => {
    const deps = await world(store())
    await post(deps, [
      { id: 'a', ...image() },
      { id: 'b', ...image() },
    ])
    const { image: address } = mediaUrls(deps, 'owner', 'demo', 'a')
    for (const wrong of [
      address.replace('/a/', '/b/'),
      address.replace(/until=\d+/, `until=${2 ** 40}`),
      address.replace(/signature=./, 'signature=_'),
      address.replace(/&signature=.*/, ''),
      '/media/owner/demo/a/display',
    ])
      expect((await failure(open(deps, wrong))).code).toBe(StatusCode.CONN_CREDENTIALS_INVALID)
  })

  it('opens for those who may read the app, and for nobody else', async () => {
    const deps = await world(store())
    await post(deps, [{ id: 'a', ...image(turned) }])
    const display = await open(deps, '/media/owner/demo/a/display', 'ana')
    expect(display.cacheControl).toBe('private, no-cache')
    const original = await open(deps, '/media/owner/demo/a/original', 'owner')
    expect(original.size).toBe(turned.length)
    expect(original.etag).not.toBe(display.etag)
    expect(Buffer.concat(await Array.fromAsync(original.body as AsyncIterable<Uint8Array>))).toEqual(
      Buffer.from(turned),
    )
    for (const path of ['owner/demo/a/original', 'owner/demo/none/original', 'owner/none/a/original'])
      expect((await failure(open(deps, `/media/${path}`, 'stranger'))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
  })

  it('says of how many frames the first is shown', async () => {
    const deps = await world(store())
    const raw = { width: 4, height: 4, channels: 3, pageHeight: 2 } as const
    const pages = sharp(Buffer.concat([Buffer.alloc(24, 90), Buffer.alloc(24, 200)]), { raw })
    const gif = await pages.gif({ delay: [100, 100] }).toBuffer()
    await post(deps, [
      { id: 'gif', ...image(gif) },
      { id: 'still', ...image() },
    ])
    const framesOf = async (id: string) => (await open(deps, `/media/owner/demo/${id}/display`, 'owner')).frames
    expect(await framesOf('gif')).toBe(2)
    expect((await framesOf('still')) ?? 1).toBe(1)
  })

  it('has the addresses that the API answers with, prefix/size/suffix', async () => {
    const deps = await world(store())
    const [{ data }] = (await post(deps, [image()])).inputs as [Input]
    const { prefix, suffix, sizes } = data!.image!.hosted!
    expect(prefix).toBe('http://127.0.0.1:8080/media')
    for (const size of sizes) expect((await open(deps, `/media/${size}/${suffix}`)).size).toBeGreaterThan(0)
    expect(await open(deps, data!.image!.url)).toMatchObject({ size: photo.length })
  })

  it('makes small pictures again when they are gone', async () => {
    const blobs = memoryBlobs()
    const deps = await world(store(), { blobs })
    await post(deps, [{ id: 'a', ...image(turned) }])
    const bare = { ...deps, blobs: { ...blobs, getDerived: async () => undefined } }
    const small = await open(bare, '/media/owner/demo/a/small', 'owner')
    expect(await sharp(small.body as Uint8Array).metadata()).toMatchObject({ width: 20, height: 30, format: 'webp' })
  })

  it('knows no other paths, nor deleted inputs', async () => {
    const deps = await world(store())
    await post(deps, [{ id: 'a', ...image() }])
    for (const path of [
      '',
      'owner/demo/a',
      'owner/demo/a/huge',
      'owner/demo/a/constructor',
      'owner/demo/a/small/x',
      '%',
      'orig/users/owner/apps/demo/inputs',
      'constructor/users/owner/apps/demo/inputs/a',
    ])
      expect((await failure(openMedia(path, new URLSearchParams(), callBy('owner').caller, deps))).code).toBe(
        StatusCode.CONN_DOES_NOT_EXIST,
      )
    const { image: address } = mediaUrls(deps, 'owner', 'demo', 'a')
    await remove(deps, ['a'])
    expect((await failure(open(deps, address))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
  })
})
