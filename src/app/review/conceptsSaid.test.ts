import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { conceptsSaid } from './conceptsSaid.ts'

const box = (...ids: string[]) => ({ data: { concepts: ids.map((id) => ({ id, value: 1 })) } })

it('counts the concepts of regions and of the whole image, the most frequent first', () => {
  const annotations = [
    create(AnnotationSchema, { data: { regions: [box('car'), box('van', 'red'), box()] } }),
    create(AnnotationSchema, { data: { regions: [box('van')], concepts: [{ id: 'night', value: 0 }] } }),
  ]
  expect(conceptsSaid(annotations).map(({ id, count, absent }) => [id, count, absent])).toEqual([
    ['van', 2, false],
    ['', 1, false],
    ['car', 1, false],
    ['night', 1, true],
    ['red', 1, false],
  ])
  expect(conceptsSaid([create(AnnotationSchema, {})])).toEqual([])
})
