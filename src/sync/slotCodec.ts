import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { type Annotation, AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Edit } from '#model/change.ts'
import type { Slot, Step } from './slot.ts'

/** A slot as it lies in IndexedDB and goes between tabs: messages as protobuf bytes, so unknown fields survive. */
export type StoredSlot = Slot<Uint8Array>

export const encodeSlot = (slot: Slot<Annotation>): StoredSlot => mapSlot(slot, encodeAnnotation)

export const decodeSlot = (stored: StoredSlot): Slot<Annotation> => mapSlot(stored, decodeAnnotation)

export const encodeAnnotation = (annotation: Annotation): Uint8Array => toBinary(AnnotationSchema, annotation)

export const decodeAnnotation = (bytes: Uint8Array): Annotation => fromBinary(AnnotationSchema, bytes)

/** The same slot with every value replaced; one value that stands in several places is converted once. */
function mapSlot<A extends object, B>(slot: Slot<A>, convert: (value: A) => B): Slot<B> {
  const known = new Map<A, B>()
  const once = (value: A): B => {
    const found = known.get(value) ?? convert(value)
    known.set(value, found)
    return found
  }
  const edit = ({ before, after }: Edit<A>): Edit<B> => ({
    before: before && once(before),
    after: after && once(after),
  })
  const step = (s: Step<A>): Step<B> => ('value' in s ? { ...s, value: once(s.value) } : s)
  const { belief, queued, sending, rejected, trail, doubts } = slot
  return {
    belief: belief.at === 'present' ? { ...belief, value: once(belief.value) } : belief,
    queued: queued && edit(queued),
    sending: sending && { ...sending, edit: edit(sending.edit), step: step(sending.step) },
    rejected: rejected && { ...rejected, edit: edit(rejected.edit), theirs: rejected.theirs && once(rejected.theirs) },
    trail: trail.map(once),
    doubts,
  }
}
