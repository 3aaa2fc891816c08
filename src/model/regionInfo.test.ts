import { create, toBinary } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BoundingBoxSchema,
  MaskSchema,
  PointSchema,
  PolygonSchema,
  RegionInfoSchema,
  SpanSchema,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { toBoundingBox, toRegionInfo, toShape } from './regionInfo.ts'

const side = fc.integer({ min: 1, max: 65_535 })
/** every float32 of [0, 1] can come, the tiniest included */
const fraction = fc.oneof(
  fc.float({ min: 0, max: 1, noNaN: true }),
  fc.integer({ min: 0, max: 0x3f80_0000 }).map((bits) => new Float32Array(Uint32Array.of(bits).buffer)[0]!),
  fc.constantFrom(0, 1, Math.fround(1 / 3), 2 ** -149, 1 - 2 ** -24),
)
const size = fc.record({ width: side, height: side })
const point = fc.tuple(fraction, fraction).map(([row, col]) => create(PointSchema, { row, col }))

describe('what is not touched is the same bit for bit', () => {
  it('for boxes', () => {
    fc.assert(
      fc.property(size, fraction, fraction, fraction, fraction, (image, a, b, c, d) => {
        const boundingBox = create(BoundingBoxSchema, {
          topRow: Math.min(a, b),
          bottomRow: Math.max(a, b),
          leftCol: Math.min(c, d),
          rightCol: Math.max(c, d),
        })
        const info = create(RegionInfoSchema, { boundingBox })
        const shape = toShape(info, image)
        expect(shape.kind).toBe('box')
        expect(toBinary(RegionInfoSchema, toRegionInfo(shape, image))).toEqual(toBinary(RegionInfoSchema, info))
      }),
      { numRuns: 20_000 },
    )
  })

  it('for polygons and points', () => {
    fc.assert(
      fc.property(size, fc.array(point, { minLength: 3, maxLength: 12 }), (image, points) => {
        const polygon = create(RegionInfoSchema, { polygon: create(PolygonSchema, { points }) })
        const back = toRegionInfo(toShape(polygon, image), image)
        expect(toBinary(RegionInfoSchema, back)).toEqual(toBinary(RegionInfoSchema, polygon))
        const one = create(RegionInfoSchema, { point: points[0]! })
        expect(toBinary(RegionInfoSchema, toRegionInfo(toShape(one, image), image))).toEqual(
          toBinary(RegionInfoSchema, one),
        )
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('toShape', () => {
  const image = { width: 200, height: 100 }

  it('takes rows for y and columns for x', () => {
    const boundingBox = create(BoundingBoxSchema, { topRow: 0.25, leftCol: 0.5, bottomRow: 0.75, rightCol: 1 })
    expect(toShape(create(RegionInfoSchema, { boundingBox }), image)).toEqual({
      kind: 'box',
      x: 100,
      y: 25,
      w: 100,
      h: 50,
    })
  })

  it('keeps as received what cannot be edited, as far as it can be drawn', () => {
    const two = [create(PointSchema, { row: 0.5, col: 0.5 }), create(PointSchema, { row: 1, col: 0 })]
    const polygon = create(PolygonSchema, { points: two })
    const points = [
      [100, 50],
      [0, 100],
    ]
    expect(toShape(create(RegionInfoSchema, { polygon }), image)).toEqual({
      kind: 'asReceived',
      what: 'polygon',
      why: 'it has fewer than three points',
      points,
    })
    expect(toShape(create(RegionInfoSchema, { keypointLocations: two }), image)).toEqual({
      kind: 'asReceived',
      what: 'keypoints',
      points,
    })
    const mask = create(RegionInfoSchema, { mask: create(MaskSchema) })
    expect(toShape(mask, image)).toEqual({ kind: 'asReceived', what: 'mask', points: [], why: 'it has no picture' })
    expect(toShape(create(RegionInfoSchema, { span: create(SpanSchema) }), image)).toMatchObject({ what: 'span' })
    expect(toShape(undefined, image)).toMatchObject({ kind: 'asReceived', what: 'nothing' })
  })

  it.each([
    ['inside out', { topRow: 0.5, leftCol: 0.5, bottomRow: 0.25, rightCol: 1 }],
    ['not a number', { topRow: Number.NaN, leftCol: 0, bottomRow: 1, rightCol: 1 }],
    ['endless', { topRow: 0, leftCol: 0, bottomRow: Number.POSITIVE_INFINITY, rightCol: 1 }],
  ])('keeps as received a box that is %s', (_, sides) => {
    const info = create(RegionInfoSchema, { boundingBox: create(BoundingBoxSchema, sides) })
    expect(toShape(info, image)).toMatchObject({ kind: 'asReceived', what: 'box' })
  })

  it('shows where a box lies that is inside out, and says that it is', () => {
    const sides = { topRow: 0.5, leftCol: 0.5, bottomRow: 0.25, rightCol: 1 }
    const shape = toShape(create(RegionInfoSchema, { boundingBox: create(BoundingBoxSchema, sides) }), image)
    const [left, right, top, bottom] = [image.width / 2, image.width, image.height / 2, image.height / 4]
    expect(shape).toMatchObject({
      points: [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
        [left, top],
      ],
    })
    expect(shape).toMatchObject({ why: 'its sides are swapped' })
  })
})

it('never sends what is outside [0, 1], though pixels may miss the border by rounding', () => {
  const b = toBoundingBox({ kind: 'box', x: -1e-12, y: 0.1 + 0.2, w: 300 + 1e-9, h: 99.7 }, { width: 300, height: 100 })
  expect([b.leftCol, b.rightCol, b.bottomRow]).toEqual([0, 1, 1])
})
