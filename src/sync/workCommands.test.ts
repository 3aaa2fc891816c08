import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { addedInReview } from './workCommands.ts'

const { ANNOTATION_SUCCESS, ANNOTATION_PENDING, ANNOTATION_AWAITING_REVIEW, ANNOTATION_REVIEW_DENIED } = StatusCode

type Init = Partial<Omit<MessageInitShape<typeof AnnotationSchema>, '$typeName'>>
const order = (userId: string, code: StatusCode) =>
  create(AnnotationSchema, { id: `o-${userId}`, inputId: 'i', userId, status: { code } })
const label = (id: string, userId: string, code: StatusCode, more: Init = {}) =>
  create(AnnotationSchema, {
    id,
    inputId: 'i',
    userId,
    status: { code },
    data: { concepts: [{ id: 'car', value: 1 }] },
    ...more,
  })

describe('what a reviewer added to an order', () => {
  const all = [
    order('w', ANNOTATION_AWAITING_REVIEW),
    label('theirs', 'w', ANNOTATION_AWAITING_REVIEW),
    label('fix', 'r', ANNOTATION_AWAITING_REVIEW),
    label('before', 'r', ANNOTATION_PENDING),
    label('free', 'r', ANNOTATION_SUCCESS),
    label('denied', 'r', ANNOTATION_REVIEW_DENIED),
    label('in a task', 'r', ANNOTATION_AWAITING_REVIEW, { taskId: 't' }),
    label('of the input', 'r', ANNOTATION_AWAITING_REVIEW, { inputLevel: true }),
    label('of another', 'other', ANNOTATION_AWAITING_REVIEW),
  ]
  const added = (verdict: 'approve' | 'changes' | 'deny', more: typeof all = []) =>
    addedInReview([...all, ...more], 'r', { verdict, worker: 'w' }).map(({ id }) => id)

  it('goes with every verdict; what was returned before is approved, too', () => {
    expect(added('approve')).toEqual(['fix', 'before'])
    expect(added('changes')).toEqual(['fix'])
    expect(added('deny')).toEqual(['fix'])
  })
  it('is sent back or denied only when nothing else on the image waits', () => {
    const more = [order('v', ANNOTATION_AWAITING_REVIEW)]
    expect([added('changes', more), added('deny', more)]).toEqual([[], []])
    expect(added('approve', more)).toEqual(['fix', 'before'])
    expect(added('changes', [order('v', ANNOTATION_PENDING)])).toEqual(['fix'])
  })
  it('is nothing where they have an order of their own on the image', () => {
    expect(added('approve', [order('r', ANNOTATION_PENDING)])).toEqual([])
  })
})
