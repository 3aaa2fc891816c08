import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { problemName } from './problemName.ts'

const box = { regionInfo: { boundingBox: { topRow: 0, leftCol: 0, bottomRow: 1, rightCol: 1 } } }

it('names an edit by concept and shape', () => {
  const named = (...regions: object[]) => problemName(create(AnnotationSchema, { data: { regions } }))
  expect(named({ ...box, data: { concepts: [{ id: 'car', name: 'Car' }] } })).toBe('Car, box')
  expect(named({ ...box, data: { concepts: [{ id: 'car' }] } })).toBe('car, box')
  expect(named(box, box, box)).toBe('Unlabelled, box, and 2 more')
  expect(named({ regionInfo: { polygon: { points: [{ row: 0, col: 0 }] } } })).toBe('Unlabelled, polygon')
  expect(named({ regionInfo: { mask: {} } })).toBe('Unlabelled, mask')
  expect(named({ regionInfo: { point: { row: 0.5, col: 0.5 } } })).toBe('Unlabelled, point')
  expect(named()).toBe('Of the whole image')
})
