import { create, toBinary } from '@bufbuild/protobuf'
import { decode, encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import {
  AnnotationSchema,
  BoundingBoxSchema,
  ConceptSchema,
  DataSchema,
  MaskSchema,
  ModelSchema,
  ModelVersionSchema,
  RegionInfoSchema,
  RegionSchema,
  WorkerSchema,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusSchema } from '#gen/web/proto/clarifai/api/status/status_pb.ts'
import { sameMask } from '#geometry/mask.ts'
import { bounds, type Mask, type Polygon, type Shape } from '#geometry/shape.ts'
import { aBox, aRegion } from '#testing/builders.ts'
import { maskFromPng } from './maskPng.ts'
import { rememberMask } from './readMasks.ts'
import { regionsOf, unreadMasks, withoutRegion, withRegion } from './region.ts'

const size = { width: 333, height: 777 }
const context = { inputId: 'photo', userId: 'ana' }

function annotation() {
  const info = (leftCol: number) =>
    create(RegionInfoSchema, {
      boundingBox: create(BoundingBoxSchema, { topRow: 0.1, leftCol, bottomRow: 0.7, rightCol: 0.9 }),
    })
  const region = (id: string, leftCol: number) =>
    create(RegionSchema, {
      id,
      regionInfo: info(leftCol),
      value: 0.75,
      trackId: 'track',
      data: create(DataSchema, {
        concepts: [create(ConceptSchema, { id: 'car', name: 'Car', value: 1, language: 'en' })],
        metadata: { colour: 'red', marquee: { z: 3, angle: 12 } },
      }),
    })
  return create(AnnotationSchema, {
    id: 'a1',
    inputId: 'photo',
    userId: 'ben',
    status: create(StatusSchema, { code: 24157 }),
    annotationInfo: { batch: 7 },
    data: create(DataSchema, { regions: [region('r1', 0.3), region('', 0.2)] }),
  })
}

describe('regionsOf', () => {
  it('reads place, concepts, order, status and author', () => {
    const [first, second] = regionsOf(annotation(), size)
    expect(first).toMatchObject({
      key: 'a1/r1',
      id: 'r1',
      annotation: 'a1',
      concepts: [{ id: 'car', value: 1 }],
      status: 24157,
      madeBy: { kind: 'user', id: 'ben' },
      score: undefined,
      z: 3,
    })
    expect(second!.key).toBe('a1/#1')
  })

  it('gives the same objects for the same message', () => {
    const message = annotation()
    expect(regionsOf(message, size)).toBe(regionsOf(message, { ...size }))
    expect(regionsOf(message, { width: 10, height: 10 })).not.toBe(regionsOf(message, size))
  })

  it('gives a model’s regions their score', () => {
    const message = annotation()
    const version = create(ModelVersionSchema, { id: 'v2' })
    const model = create(ModelSchema, { id: 'detector', modelVersion: version })
    message.worker = create(WorkerSchema, { worker: { case: 'model', value: model } })
    expect(regionsOf(message, size)[0]).toMatchObject({
      score: 0.75,
      madeBy: { kind: 'model', id: 'detector', version: 'v2' },
    })
  })
})

describe('withRegion', () => {
  it('is the same message, bit for bit, when nothing differs', () => {
    const message = annotation()
    for (const region of regionsOf(message, size)) {
      const next = withRegion(message, region, size, context)
      expect(toBinary(AnnotationSchema, next)).toEqual(toBinary(AnnotationSchema, message))
    }
  })

  it('changes the shape of one region and nothing else', () => {
    const message = annotation()
    const [first] = regionsOf(message, size)
    const next = withRegion(message, { ...first!, shape: aBox(33.3, 77.7, 66.6, 77.7) }, size, context)
    const expected = annotation()
    expected.data!.regions[0]!.regionInfo = create(RegionInfoSchema, {
      boundingBox: create(BoundingBoxSchema, {
        topRow: Math.fround(0.1),
        leftCol: Math.fround(0.1),
        bottomRow: Math.fround(0.2),
        rightCol: Math.fround(0.3),
      }),
    })
    expect(toBinary(AnnotationSchema, next)).toEqual(toBinary(AnnotationSchema, expected))
    expect(toBinary(AnnotationSchema, message)).toEqual(toBinary(AnnotationSchema, annotation()))
  })

  it('changes concepts and order of a mask and keeps its bytes', () => {
    const mask = create(RegionInfoSchema, { mask: create(MaskSchema, { image: { base64: Uint8Array.of(1, 2, 3) } }) })
    const message = annotation()
    message.data!.regions[0]!.regionInfo = mask
    const [first] = regionsOf(message, size)
    const next = withRegion(message, { ...first!, concepts: [{ id: 'bus', value: 1 }], z: 0 }, size, context)
    const region = next.data!.regions[0]!
    expect(toBinary(RegionInfoSchema, region.regionInfo!)).toEqual(toBinary(RegionInfoSchema, mask))
    expect(region.data!.concepts).toMatchObject([{ id: 'bus', value: 1, name: '' }])
    expect(region.data!.metadata).toEqual({ colour: 'red', marquee: { angle: 12 } })
  })

  it('makes a new annotation of the person', () => {
    const region = aRegion('r9', aBox(0, 0, 333, 777), { concept: 'car', annotation: 'a9', key: 'a9/r9' })
    const next = withRegion(undefined, region, size, context)
    expect(next).toMatchObject({ id: 'a9', inputId: 'photo', userId: 'ana', status: { code: 24150 } })
    expect(regionsOf(next, size)).toEqual([{ ...region, score: undefined }])
  })

  it.each([
    [{ task: 't' }, 24151],
    [{ task: 't', review: true }, 24157],
    [{ task: '', review: true }, 24157],
  ] as const)('begins as part of the work it is drawn in: %j', (work, code) => {
    const region = aRegion('r9', aBox(0, 0, 333, 777), { concept: 'car', annotation: 'a9', key: 'a9/r9' })
    expect(withRegion(undefined, region, size, { ...context, work }).status?.code).toBe(code)
  })

  it('keeps holes over the wire’s single ring', () => {
    const shape: Polygon = {
      kind: 'polygon',
      points: [
        [0, 0],
        [300, 0],
        [300, 700],
        [0, 700],
      ],
      holes: [
        [
          [10, 10],
          [50, 10],
          [50, 50],
        ],
        [
          [100, 100],
          [150, 100],
          [150, 150],
          [100, 150],
        ],
      ],
    }
    const next = withRegion(undefined, aRegion('r', shape), size, context)
    expect(next.data!.regions[0]!.regionInfo!.polygon!.points).toHaveLength(4 + 3 + 4 + 2 * 2)
    const [back] = regionsOf(next, size)
    if (back?.shape.kind !== 'polygon') throw new Error('no polygon')
    expect(back.shape.holes!.map((hole) => hole.map(([x, y]) => [Math.round(x), Math.round(y)]))).toEqual(shape.holes)
    const again = withRegion(next, { ...back, shape: { ...back.shape } }, size, context)
    expect(toBinary(AnnotationSchema, again)).toEqual(toBinary(AnnotationSchema, next))
  })
})

describe('masks', () => {
  const image = { width: 40, height: 30 }
  const png = encode({ width: 20, height: 15, data: new Uint8Array(300).fill(9, 21, 27), channels: 1, depth: 8 })
  const masked = (bytes: Uint8Array, box = false) => {
    const message = annotation()
    message.data!.regions[0]!.regionInfo = create(RegionInfoSchema, {
      mask: create(MaskSchema, { image: { base64: bytes } }),
      ...(box && { boundingBox: { topRow: 0, leftCol: 0.5, bottomRow: 0.5, rightCol: 1 } }),
    })
    return message
  }
  const read = (message: ReturnType<typeof masked>) => {
    for (const bytes of unreadMasks(message, image)) {
      const mask = maskFromPng(bytes, image)
      rememberMask(bytes, image, mask ? { mask } : { why: 'nothing is inside' })
    }
  }

  it('are as received, in their box, until they have been read', () => {
    const message = masked(png, true)
    const [first, second] = regionsOf(message, image)
    expect(first!.shape).toMatchObject({ kind: 'asReceived', what: 'mask', why: 'it is being read' })
    expect(bounds(first!.shape)).toMatchObject({ x: 20, y: 0, w: 20, h: 15 })
    expect(regionsOf(message, image)[1]).toBe(second)
    read(message)
    expect(regionsOf(message, image)[0]!.shape).toMatchObject({ kind: 'mask', x: 2, y: 2, w: 12, h: 2 })
    expect(regionsOf(message, image)).toBe(regionsOf(message, image))
  })

  it('keep their bytes whatever else changes, read or not', () => {
    const strange = encode({ width: 3, height: 3, data: new Uint8Array(9).fill(1), channels: 1, depth: 8 })
    const message = masked(strange)
    const [unread] = regionsOf(message, image)
    read(message)
    const [known] = regionsOf(message, image)
    for (const region of [unread!, known!]) {
      const next = withRegion(message, { ...region, concepts: [{ id: 'bus', value: 1 }], z: 9 }, image, context)
      const info = next.data!.regions[0]!.regionInfo!
      expect(toBinary(RegionInfoSchema, info)).toEqual(
        toBinary(RegionInfoSchema, message.data!.regions[0]!.regionInfo!),
      )
    }
  })

  it('that were changed are 8-bit grey of the image’s size, and are read at once', () => {
    const message = masked(png, true)
    read(message)
    const [first] = regionsOf(message, image)
    const shape: Shape = { kind: 'mask', x: 4, y: 6, w: 8, h: 3, runs: Uint32Array.of(1, 6, 5, 1, 11) }
    const next = withRegion(message, { ...first!, shape }, image, context)
    const info = next.data!.regions[0]!.regionInfo!
    expect(decode(info.mask!.image!.base64)).toMatchObject({ width: 40, height: 30, depth: 8, channels: 1 })
    expect(info.mask!.image!.imageInfo).toMatchObject({ width: 40, height: 30, format: 'PNG' })
    expect(info.boundingBox).toMatchObject({ leftCol: Math.fround(4 / 40), bottomRow: Math.fround(9 / 30) })
    expect(unreadMasks(next, image)).toEqual([])
    const [back] = regionsOf(next, image)
    expect(sameMask(back!.shape as Mask, shape)).toBe(true)
  })

  it('that cannot be read say why, and are not lost', () => {
    const message = masked(Uint8Array.of(1, 2, 3))
    rememberMask(Uint8Array.of(1, 2, 3), image, { why: 'the mask is no PNG or JPEG' })
    const [first] = regionsOf(message, image)
    expect(first!.shape).toMatchObject({ kind: 'asReceived', what: 'mask', why: 'the mask is no PNG or JPEG' })
    expect(withRegion(message, { ...first!, z: 4 }, image, context).data!.regions[0]!.regionInfo!.mask).toMatchObject({
      image: { base64: Uint8Array.of(1, 2, 3) },
    })
  })
})

describe('withoutRegion', () => {
  it('takes one region out of several', () => {
    const next = withoutRegion(annotation(), 'r1')
    expect(next!.data!.regions.map(({ id }) => id)).toEqual([''])
  })

  it('is undefined when nothing is left', () => {
    const once = withoutRegion(annotation(), 'r1')!
    expect(withoutRegion(once, '#0')).toBeUndefined()
  })

  it('keeps the input-level annotation, and concepts of the image', () => {
    const once = withoutRegion(annotation(), 'r1')!
    once.inputLevel = true
    expect(withoutRegion(once, '#0')).toBeDefined()
    once.inputLevel = false
    once.data!.concepts.push(create(ConceptSchema, { id: 'street', value: 1 }))
    expect(withoutRegion(once, '#0')!.data!.concepts).toHaveLength(1)
  })
})
