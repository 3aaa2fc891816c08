import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { AnnotationSchema, RegionSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { copyOfRegion, missingRegions, regionMessage, regionsAtSamePixels, sameRegionMessage } from './copyRegion.ts'
import { rememberMask } from './readMasks.ts'

const region = (left: number, concept = 'car', value = 1) =>
  create(RegionSchema, {
    id: 'r',
    trackId: 't',
    value: 0.7,
    regionInfo: { boundingBox: { leftCol: left, topRow: 0.1, rightCol: left + 0.2, bottomRow: 0.4 } },
    data: { concepts: [{ id: concept, value }], metadata: { attributes: { colour: 'red' }, theirs: [1] } },
  })

it('copies a region with all it carries, as what this person says', () => {
  let n = 0
  const copy = copyOfRegion(region(0.25, 'car', 0.8), { inputId: 'next', userId: 'ana' }, () => `id${++n}`)
  expect(copy).toMatchObject({ id: 'id2', inputId: 'next', userId: 'ana', status: { code: 24150 } })
  const [made] = copy.data?.regions ?? []
  expect(made).toMatchObject({ id: 'id1', trackId: '', value: 0 })
  expect(made?.data?.concepts[0]).toMatchObject({ id: 'car', value: 1 })
  expect(made?.data?.metadata).toEqual({ attributes: { colour: 'red' }, theirs: [1] })
  expect(made?.regionInfo?.boundingBox).toEqual(region(0.25).regionInfo?.boundingBox)
})

it('knows what an image has already', () => {
  const there = create(AnnotationSchema, { id: 'a', data: { regions: [region(0.25)] } })
  expect(sameRegionMessage(region(0.25), region(0.25000001))).toBe(true)
  expect(sameRegionMessage(region(0.25), region(0.26))).toBe(false)
  expect(sameRegionMessage(region(0.25), region(0.25, 'bus'))).toBe(false)
  expect(missingRegions([region(0.25), region(0.5)], [there])).toEqual([region(0.5)])
  expect(regionMessage(there, 'r')).toBe(there.data?.regions[0])
  expect(regionMessage(there, 'x')).toBeUndefined()
})

it('knows a mask by its pixels, however they are packed', () => {
  const size = { width: 4, height: 2 }
  const mask = (...bytes: number[]) =>
    create(RegionSchema, { regionInfo: { mask: { image: { base64: Uint8Array.from(bytes) } } } })
  const read = (runs: number[], ...bytes: number[]) =>
    rememberMask(Uint8Array.from(bytes), size, {
      mask: { kind: 'mask', x: 0, y: 0, w: 4, h: 2, runs: Uint32Array.from(runs) },
    })
  expect(sameRegionMessage(mask(1, 2), mask(1, 2), size)).toBe(true)
  // nobody has read them: only their bytes can say
  expect(sameRegionMessage(mask(1, 2), mask(3, 4), size)).toBe(false)
  read([0, 8], 1, 2)
  expect(sameRegionMessage(mask(1, 2), mask(3, 4), size)).toBe(false)
  read([0, 8], 3, 4)
  read([0, 7, 1], 5, 6)
  expect(sameRegionMessage(mask(1, 2), mask(3, 4), size)).toBe(true)
  expect(sameRegionMessage(mask(1, 2), mask(5, 6), size)).toBe(false)
})

it('puts regions at the same pixels of an image of another size, cut at its border', () => {
  const there = create(AnnotationSchema, { id: 'a', userId: 'ana', data: { regions: [region(0.25), region(0.75)] } })
  const [from, to] = [
    { width: 1000, height: 100 },
    { width: 500, height: 200 },
  ]
  // 250 … 450 px of 1,000 are inside of 500; 750 … 950 are not
  const [first, ...more] = regionsAtSamePixels(there, from, to)
  expect(more).toEqual([])
  expect(first!.region.shape).toMatchObject({ x: 250, w: 200 })
  expect(first).toMatchObject({ cut: false, message: { id: 'r', data: { metadata: { theirs: [1] } } } })
  const box = first!.message.regionInfo?.boundingBox
  expect([box?.leftCol, box?.rightCol, box?.topRow, box?.bottomRow]).toEqual([0.5, 0.9, 0.05, 0.2].map(near))
  const [cut] = regionsAtSamePixels(there, from, { width: 300, height: 100 })
  expect(cut).toMatchObject({ cut: true, region: { shape: { x: 250, w: 50 } } })
  // of one size, or where one is not known, they are the very messages
  for (const size of [from, { width: 0, height: 0 }])
    expect(regionsAtSamePixels(there, from, size).map(({ message }) => message)).toEqual(there.data?.regions)
})

const near = (value: number) => expect.closeTo(value, 6)
