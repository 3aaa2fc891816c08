import { createHash } from 'node:crypto'
import { encode } from 'fast-png'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { openMemoryStore } from '#proxy/store/memory.ts'
import type { Store } from '#proxy/store/open.ts'
import { aBox, aTag, aWorld, boxInfo, items, type SentAnnotation, type World } from './annotationTesting.ts'

const region = (regionInfo: object): SentAnnotation => ({ inputId: 'i1', data: { regions: [{ regionInfo }] } })
const concept = (id: string, value = 1): SentAnnotation => ({ inputId: 'i1', data: { concepts: [{ id, value }] } })
const polygon = (...points: object[]) => region({ polygon: { points } })
const mask = (base64: Uint8Array) => region({ mask: { image: { base64 } } })
const png = encode({ width: 4, height: 3, data: new Uint8Array(12).fill(255), channels: 1, depth: 8 })
const box = 'data.regions[0].region_info.bounding_box'
const points = 'data.regions[0].region_info.polygon.points'
const picture = 'data.regions[0].region_info.mask.image.base64'

const broken = (change: (bytes: Uint8Array) => void) => {
  const bytes = Uint8Array.from(png)
  change(bytes)
  return bytes
}

// api.md §8: code 24155 and the field
const cases: [what: string, sent: SentAnnotation, details: string][] = [
  ['a box over the border', region(boxInfo(0, 0, 1.2, 1)), `${box}.bottom_row: 1.2 is outside [0, 1]`],
  ['a box before the border', region(boxInfo(-0.1, 0, 1, 1)), `${box}.top_row: -0.1 is outside [0, 1]`],
  ['no number', region(boxInfo(0, Number.NaN, 1, 1)), `${box}.left_col: NaN is no number`],
  ['infinity', region(boxInfo(0, 0, 1, Number.POSITIVE_INFINITY)), `${box}.right_col: Infinity is no number`],
  ['a reversed box', region(boxInfo(0.5, 0, 0.2, 1)), `${box}.bottom_row: must be greater than top_row`],
  ['a box reversed sideways', region(boxInfo(0, 0.5, 1, 0.2)), `${box}.right_col: must be greater than left_col`],
  ['an empty box', region(boxInfo(0.5, 0.5, 0.5, 0.7)), `${box}.bottom_row: must be greater than top_row`],
  ['a box that says nothing', region({ boundingBox: {} }), `${box}.bottom_row: must be greater than top_row`],
  ['a polygon of two points', polygon({ row: 0 }, { row: 1 }), `${points}: 2 points, at least 3`],
  ['a polygon over the border', polygon({}, { row: 1 }, { col: 2 }), `${points}[2].col: 2 is outside [0, 1]`],
  ['a depth that is none', polygon({}, { row: 1 }, { z: Number.NaN }), `${points}[2].z: NaN is no number`],
  [
    'a point over the border',
    region({ point: { row: -1 } }),
    'data.regions[0].region_info.point.row: -1 is outside [0, 1]',
  ],
  [
    'a box and a polygon in one region',
    region({ ...boxInfo(0, 0, 1, 1), polygon: { points: [{}, { row: 1 }, { col: 1 }] } }),
    'data.regions[0].region_info.polygon: a region has one shape, and there is its bounding_box',
  ],
  [
    'two regions',
    { inputId: 'i1', data: { regions: [{ regionInfo: boxInfo(0, 0, 1, 1) }, { regionInfo: boxInfo(0, 0, 1, 1) }] } },
    'data.regions: 2 regions, at most one each annotation',
  ],
  [
    'two regions in a frame',
    {
      inputId: 'i1',
      data: {
        frames: [{ data: { regions: [{ regionInfo: boxInfo(0, 0, 1, 1) }, { regionInfo: boxInfo(0, 0, 1, 1) }] } }],
      },
    },
    'data.frames[0].data.regions: 2 regions, at most one each annotation',
  ],
  [
    'a region without place',
    region({}),
    'data.regions[0].region_info: required, unless the id of an existing region is given',
  ],
  [
    'a span that ends before it begins',
    region({ span: { charStart: 5, charEnd: 2 } }),
    'data.regions[0].region_info.span.char_end: must not be less than char_start',
  ],
  [
    'a time that is none',
    { inputId: 'i1', data: { timeSegments: [{ timeInfo: { beginTime: Number.NaN } }] } },
    'data.time_segments[0].time_info.begin_time: NaN is no number',
  ],
  [
    'a time segment that ends before it begins',
    { inputId: 'i1', data: { timeSegments: [{ timeInfo: { beginTime: 2, endTime: 1 } }] } },
    'data.time_segments[0].time_info.end_time: must not be less than begin_time',
  ],
  [
    'a vector with a NaN in it',
    { inputId: 'i1', data: { embeddings: [{ vector: [0, 1, Number.NaN] }] } },
    'data.embeddings[0].vector[2]: NaN is no number',
  ],
  [
    'a concept with an endless name',
    { inputId: 'i1', data: { concepts: [{ id: 'a', name: 'a'.repeat(1025), value: 1 }] } },
    'data.concepts[0].name: longer than 1024 bytes',
  ],
  ['no mask in a mask', region({ mask: {} }), 'data.regions[0].region_info.mask.image: required'],
  ['an empty mask', mask(new Uint8Array()), `${picture}: required: a PNG or JPEG`],
  ['a mask that is text', mask(Buffer.from('no picture at all')), `${picture}: no PNG or JPEG, nor base64 text of one`],
  [
    'base64 of no picture',
    mask(Buffer.from(btoa('no picture at all!'))),
    `${picture}: no PNG or JPEG, nor base64 text of one`,
  ],
  ['a mask cut off', mask(png.subarray(0, png.length - 5)), `${picture}: the picture is broken or cut off`],
  [
    'a mask with a wrong bit',
    mask(
      broken((bytes) => {
        bytes[20]! ^= 1
      }),
    ),
    `${picture}: the picture is broken or cut off`,
  ],
  ['a concept without id', concept(''), 'data.concepts[0].id: required'],
  ['a concept with a slash', concept('a/b'), 'data.concepts[0].id: "a/b" holds a character ids may not have'],
  ['a concept with a line end', concept('a\nb'), 'data.concepts[0].id: "a\\nb" holds a character ids may not have'],
  ['a concept id too long', concept('é'.repeat(65)), 'data.concepts[0].id: longer than 128 bytes'],
  ['a concept twice', aTag('i1', 'car', 'car'), 'data.concepts[1].id: "car" is there twice'],
  ['a concept value over 1', concept('car', 1.5), 'data.concepts[0].value: 1.5 is outside [0, 1]'],
  [
    'more concepts than one annotation may have',
    aTag('i1', ...Array.from({ length: 2001 }, (_, i) => `c${i}`)),
    'data.concepts: more than 2000 in one annotation',
  ],
  [
    'the same, some of them on the region',
    {
      inputId: 'i1',
      data: {
        concepts: Array.from({ length: 1000 }, (_, i) => ({ id: `c${i}`, value: 1 })),
        regions: [
          {
            regionInfo: boxInfo(0, 0, 1, 1),
            data: { concepts: Array.from({ length: 1001 }, (_, i) => ({ id: `d${i}` })) },
          },
        ],
      },
    },
    'data.regions[0].data.concepts: more than 2000 in one annotation',
  ],
  [
    'more points than one annotation may have',
    polygon(...Array.from({ length: 100_001 }, () => ({}))),
    'data.regions[0].region_info: more than 100000 points in one annotation',
  ],
  [
    'too much metadata',
    { inputId: 'i1', data: { metadata: { notes: ['x'.repeat(2 ** 19), 'é'.repeat(2 ** 18)] } } },
    'data.metadata: more than 1048576 bytes of texts, metadata and annotation_info in one annotation',
  ],
  [
    'too much annotation_info, the metadata counted',
    {
      ...aTag('i1', 'a'),
      data: { metadata: { note: 'x'.repeat(2 ** 19) } },
      annotationInfo: { note: 'x'.repeat(2 ** 19) },
    },
    'annotation_info: more than 1048576 bytes of texts, metadata and annotation_info in one annotation',
  ],
  [
    'too long a text',
    { inputId: 'i1', data: { text: { raw: 'x'.repeat(2 ** 20 + 1) } } },
    'data.text.raw: more than 1048576 bytes of texts, metadata and annotation_info in one annotation',
  ],
  ['nothing at all', { inputId: 'i1' }, 'data: required, unless a status is given'],
  ['empty data', { inputId: 'i1', data: {} }, 'data: required, unless a status is given'],
  [
    'a state that is none',
    { ...aTag('i1', 'a'), status: { code: StatusCode.ANNOTATION_FAILED } },
    'status.code: 24152 is no state of an annotation',
  ],
  ['an id with a slash', { ...aTag('i1', 'a'), id: 'a/b' }, 'id: "a/b" holds a character ids may not have'],
  [
    'an id that is a step of an address',
    { ...aTag('i1', 'a'), id: '..' },
    'id: ".." means something else in addresses',
  ],
  ['a concept that is one', concept('.'), 'data.concepts[0].id: "." means something else in addresses'],
  [
    'a region that is one',
    { inputId: 'i1', data: { regions: [{ id: '..', regionInfo: boxInfo(0, 0, 1, 1) }] } },
    'data.regions[0].id: ".." means something else in addresses',
  ],
  [
    'workers that disagree',
    { ...aTag('i1', 'a'), userId: 'owner', modelVersionId: 'v' },
    'worker: worker, user_id and model_version_id disagree',
  ],
  [
    'a model without version',
    { ...aTag('i1', 'a'), worker: { worker: { case: 'model', value: { id: 'm' } } } },
    'worker.model.model_version.id: required',
  ],
]

describe('bad annotations', () => {
  let store: Store
  let world: World
  beforeEach(async () => {
    store = await openMemoryStore()
    world = await aWorld(store)
  })
  afterEach(() => store.close())

  it.each(cases)('%s: refused with the field, the others written', async (_, sent, details) => {
    const answer = await world.owner.post(aBox('i1'), sent, aTag('i1', 'tree'))
    expect(answer.status?.code).toBe(StatusCode.MIXED_STATUS)
    expect(items(answer)).toEqual([
      { code: StatusCode.ANNOTATION_SUCCESS, details: '' },
      { code: StatusCode.ANNOTATION_INVALID_ARGUMENT, details: `annotations[1].${details}` },
      { code: StatusCode.ANNOTATION_SUCCESS, details: '' },
    ])
    expect(await world.owner.list()).toHaveLength(2)
  })

  it('a merge may not make more of an annotation than it may be', async () => {
    const many = (letter: string) => ({
      concepts: Array.from({ length: 1500 }, (_, i) => ({ id: `${letter}${i}`, value: 1 })),
    })
    await world.owner.post({ inputId: 'i1', id: 'a1', data: many('a') })
    const answer = await world.owner.patch('merge', [{ inputId: 'i1', id: 'a1', data: many('b') }])
    const details = 'annotations[0].data.concepts: more than 2000 in one annotation'
    expect(items(answer)).toEqual([{ code: StatusCode.ANNOTATION_INVALID_ARGUMENT, details }])
  })

  it('accepts coordinates that miss the border by rounding only', async () => {
    const answer = await world.owner.post(region(boxInfo(0, 0, 1.0000001, 1)), region(boxInfo(-1e-7, 0, 1, 1)))
    expect(answer.status?.code).toBe(StatusCode.SUCCESS)
  })

  it('all bad is FAILURE, with the first reason at the top, and the ids sent are echoed', async () => {
    const answer = await world.owner.post({ ...concept(''), id: 'mine' })
    expect(answer.status).toMatchObject({
      code: StatusCode.FAILURE,
      details: 'Annotation invalid argument: annotations[0].data.concepts[0].id: required',
      reqId: 'f'.repeat(32),
    })
    expect(answer.annotations[0]).toMatchObject({ id: 'mine', inputId: 'i1' })
    expect(await store.read.selectFrom('history').selectAll().execute()).toEqual([])
  })

  it('leaves no concept behind of what was refused', async () => {
    await world.owner.post({ ...aBox('nowhere', '', ['ghost']) })
    expect(await store.read.selectFrom('concept').select('id').execute()).toEqual([])
  })
})

describe('masks', () => {
  let store: Store
  let world: World
  beforeEach(async () => {
    store = await openMemoryStore()
    world = await aWorld(store)
  })
  afterEach(() => store.close())

  const noise = createHash('shake256', { outputLength: 120 * 80 })
    .update('noise')
    .digest()
  const bigPng = encode({ width: 120, height: 80, data: Uint8Array.from(noise), channels: 1, depth: 8 })
  const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080007000901011100ffd9', 'hex')

  const imageOf = async (bytes: Uint8Array) => {
    const made = await world.owner.posted({ ...mask(bytes), id: 'm' })
    const image = made.data?.regions[0]?.regionInfo?.mask?.image
    const read = (await world.owner.get('i1', 'm')).data?.regions[0]?.regionInfo?.mask?.image
    expect(read).toEqual(image)
    return image!
  }

  it('row 18: base64 text in the bytes field is unwrapped, size and format are told', async () => {
    const image = await imageOf(Buffer.from(Buffer.from(png).toString('base64')))
    expect(Buffer.from(image.base64)).toEqual(Buffer.from(png))
    expect(image.imageInfo).toMatchObject({ width: 4, height: 3, format: 'PNG' })
  })

  it('bytes are kept as received; a data address and line ends in the text are fine', async () => {
    expect(Buffer.from((await imageOf(png)).base64)).toEqual(Buffer.from(png))
    const text = `data:image/png;base64,${Buffer.from(png)
      .toString('base64')
      .replaceAll(/(.{20})/g, '$1\n')}`
    expect((await world.owner.post({ ...mask(Buffer.from(text)), id: 'm2' })).status?.code).toBe(StatusCode.SUCCESS)
  })

  it('over 4 kB they live in blobs by hash and come back whole, in lists and in the answer', async () => {
    expect(bigPng.length).toBeGreaterThan(4096)
    const image = await imageOf(bigPng)
    expect(Buffer.from(image.base64)).toEqual(Buffer.from(bigPng))
    expect(image.url).toBe('')
    const row = await store.read.selectFrom('annotation').selectAll().executeTakeFirstOrThrow()
    expect(row.mask).toMatch(/^[0-9a-f]{64}$/)
    expect(row.message.length).toBeLessThan(1000)
    expect(row.region_kind).toBe('mask')
    const [listed] = await world.owner.list()
    expect(Buffer.from(listed!.data!.regions[0]!.regionInfo!.mask!.image!.base64)).toEqual(Buffer.from(bigPng))
  })

  it('a repeated post with a big mask is a repeat', async () => {
    await world.owner.posted({ ...mask(bigPng), id: 'm' })
    expect((await world.owner.post({ ...mask(bigPng), id: 'm' })).status?.code).toBe(StatusCode.SUCCESS)
  })

  it('a JPEG will do', async () => {
    expect((await imageOf(jpeg)).imageInfo).toMatchObject({ width: 9, height: 7, format: 'JPEG' })
  })

  it('row 19: a concept on a mask region is kept', async () => {
    const sent = mask(png) as { data: { regions: object[] } }
    const made = await world.owner.posted({
      inputId: 'i1',
      data: { regions: [{ ...sent.data.regions[0], data: { concepts: [{ id: 'sky', value: 1 }] } }] },
    })
    expect(made.data?.regions[0]?.data?.concepts[0]).toMatchObject({ id: 'sky', value: 1 })
  })

  it('over the limits they are refused', async () => {
    const small = await openMemoryStore()
    const limits = { ...world.deps.limits, maskPixels: 10 }
    const { owner } = await aWorld(small, { limits })
    expect(items(await owner.post(mask(png)))[0]?.details).toContain('more than 10 pixels')
    await small.close()
  })
})
