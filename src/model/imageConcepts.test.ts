import { toBinary } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { imageAnnotationId, imageConcepts, isMarkedEmpty, markEmpty, withImageConcept } from './imageConcepts.ts'

const context = { owner: 'olga', app: 'demo', inputId: 'photo', userId: 'ana' }

it('has one annotation per person and image, whose id everybody finds', () => {
  const first = withImageConcept(undefined, 'street', 1, context)
  expect(first).toMatchObject({
    id: imageAnnotationId(context),
    inputId: 'photo',
    userId: 'ana',
    status: { code: 24150 },
  })
  expect(markEmpty(undefined, true, context).id).toBe(first.id)
  expect(imageAnnotationId({ ...context, userId: 'ben' })).not.toBe(first.id)
})

it('sets, changes and takes off a concept, leaving the others and the message given', () => {
  const street = withImageConcept(undefined, 'street', 1, context)
  const both = withImageConcept(street, 'night', 1, context)
  const negative = withImageConcept(both, 'street', 0, context)
  expect(imageConcepts(negative)).toEqual([
    { id: 'street', value: 0 },
    { id: 'night', value: 1 },
  ])
  expect(imageConcepts(withImageConcept(negative, 'street', undefined, context))).toEqual([{ id: 'night', value: 1 }])
  expect(imageConcepts(both)).toHaveLength(2)
})

it('marks as looked at and empty, and takes it back, keeping the rest', () => {
  const street = withImageConcept(undefined, 'street', 1, context)
  street.annotationInfo = { batch: 7, marquee: { note: 'x' } }
  expect(isMarkedEmpty(street)).toBe(false)
  const empty = markEmpty(street, true, context)
  expect(isMarkedEmpty(empty)).toBe(true)
  expect(empty.annotationInfo).toEqual({ batch: 7, marquee: { note: 'x', empty: true } })
  expect(imageConcepts(empty)).toEqual([{ id: 'street', value: 1 }])
  expect(isMarkedEmpty(markEmpty(empty, false, context))).toBe(false)
  expect(toBinary(AnnotationSchema, markEmpty(empty, true, context))).toEqual(toBinary(AnnotationSchema, empty))
})
