import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { type Annotation, AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { regionsOf, withRegion } from '#model/region.ts'
import { aBox, aRegion } from '#testing/builders.ts'
import { annotationChange } from './annotationChange.ts'

const size = { width: 1000, height: 800 }
const context = (annotations: readonly Annotation[], removed: readonly Annotation[] = []) => ({
  annotation: (id: string) => annotations.find((annotation) => annotation.id === id),
  removed: (id: string) => removed.find((annotation) => annotation.id === id),
  size,
  inputId: 'photo',
  userId: 'ana',
})
const one = aRegion('one', aBox(100, 80, 200, 160), { concept: 'car' })
const message = withRegion(undefined, one, size, { inputId: 'photo', userId: 'ana' })

describe('annotationChange', () => {
  it('makes an annotation of the person for a region that was drawn', () => {
    const edits = annotationChange(new Map([[one.key, { after: one }]]), context([]))
    const { before, after } = edits.get('one')!
    expect(before).toBeUndefined()
    expect(after).toMatchObject({ id: 'one', inputId: 'photo', userId: 'ana' })
    expect(after && regionsOf(after, size)[0]?.concepts).toEqual([{ id: 'car', value: 1 }])
  })

  it('deletes an annotation with its last region, and brings back the very message', () => {
    const stored = create(AnnotationSchema, { ...message, modelVersionId: 'kept' })
    const gone = annotationChange(new Map([[one.key, { before: one }]]), context([stored]))
    expect(gone.get('one')).toEqual({ before: stored, after: undefined })
    const back = annotationChange(new Map([[one.key, { after: one }]]), context([], [stored]))
    expect(back.get('one')?.after).toEqual(stored)
  })

  it('leaves the other regions of an annotation as they are', () => {
    const two = { ...aRegion('two', aBox(500, 400, 100, 80)), annotation: 'one', key: 'one/two' }
    const both = withRegion(message, two, size, { inputId: 'photo', userId: 'ana' })
    const edits = annotationChange(new Map([[one.key, { before: one }]]), context([both]))
    expect(edits.get('one')?.after?.data?.regions).toEqual([both.data?.regions[1]])
  })

  it('makes one edit of several regions of one annotation', () => {
    const two = { ...aRegion('two', aBox(500, 400, 100, 80)), annotation: 'one', key: 'one/two' }
    const both = withRegion(message, two, size, { inputId: 'photo', userId: 'ana' })
    const change = new Map([
      [one.key, { before: one }],
      [two.key, { before: two }],
    ])
    expect(annotationChange(change, context([both]))).toEqual(new Map([['one', { before: both, after: undefined }]]))
  })
})
