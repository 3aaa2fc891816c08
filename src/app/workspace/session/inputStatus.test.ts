import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { InputSummarySchema } from '#gen/marquee/v1/marquee_pb.ts'
import { AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { markEmpty, withImageConcept } from '#model/imageConcepts.ts'
import { currentDot, dotOf } from './inputStatus.ts'

const whole = { owner: 'olga', app: 'cars', inputId: 'photo', userId: 'ana' }

describe('the dot of an input', () => {
  it('follows what the server counts, and first what waits here', () => {
    const summary = (fields: object) => create(InputSummarySchema, fields)
    expect(dotOf(summary({}), undefined)).toBe('unlabelled')
    expect(dotOf(summary({ regions: 1 }), undefined)).toBe('labelled')
    expect(dotOf(summary({ imageConcepts: 1, markedEmpty: true }), undefined)).toBe('labelled')
    expect(dotOf(summary({ markedEmpty: true }), undefined)).toBe('empty')
    expect(dotOf(summary({ regions: 1 }), 'waiting')).toBe('unsent')
  })
  it('follows what is seen of the open one, but not what came with the image or from a model', () => {
    const given = create(AnnotationSchema, { inputLevel: true, data: { concepts: [{ id: 'car', value: 1 }] } })
    const model = create(AnnotationSchema, { modelVersionId: 'v1', data: { regions: [{ id: 'r' }] } })
    expect(currentDot([given, model], undefined)).toBe('unlabelled')
    expect(currentDot([withImageConcept(undefined, 'car', 1, whole)], undefined)).toBe('labelled')
    expect(currentDot([markEmpty(undefined, true, whole)], undefined)).toBe('empty')
    expect(currentDot([markEmpty(undefined, false, whole)], undefined)).toBe('unlabelled')
  })
})
