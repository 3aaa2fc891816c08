import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { threadsOf } from '#sync/notes.ts'
import { aBox, aRegion, me } from '#testing/builders.ts'
import { type Labelled, unansweredPins } from './openPins.ts'

const aNote = (id: string, seconds: number, note: object, userId = 'rosa') =>
  create(AnnotationSchema, {
    id,
    userId,
    createdAt: { seconds: BigInt(seconds) },
    annotationInfo: { marquee: { note: { thread: 't', text: 'too loose', ...note } as never } },
  })

/** Sent back at 100 s; its one region was last written then, by that. */
const labelled = (change: Partial<Labelled> = {}): Labelled => ({
  me,
  regions: [aRegion('car', aBox(100, 100, 200, 100))],
  size: { width: 1000, height: 1000 },
  since: 100_000,
  annotation: () => create(AnnotationSchema, { modifiedAt: { seconds: 100n } }),
  unsent: () => false,
  ...change,
})
const waits = (notes: Parameters<typeof threadsOf>[0], change?: Partial<Labelled>) =>
  unansweredPins(threadsOf(notes), labelled(change)).length

const onRegion = aNote('a', 90, { region: 'car' })

it('keeps a pin on a region that nobody has dealt with', () => {
  expect(waits([onRegion])).toBe(1)
})

it('lets it go once the region was changed, there or here, or is gone', () => {
  expect(waits([onRegion], { annotation: () => create(AnnotationSchema, { modifiedAt: { seconds: 101n } }) })).toBe(0)
  expect(waits([onRegion], { unsent: () => true })).toBe(0)
  expect(waits([onRegion], { regions: [] })).toBe(0)
})

it('lets it go once it was answered or resolved, and keeps it again after another word', () => {
  const answer = aNote('b', 110, { text: 'so it is' }, me)
  expect(waits([onRegion, answer])).toBe(0)
  expect(waits([onRegion, aNote('b', 110, { resolved: true })])).toBe(0)
  expect(waits([onRegion, answer, aNote('c', 120, { text: 'no' })])).toBe(1)
})

it('takes a change of what lies around a point as dealing with it', () => {
  const point = aNote('a', 90, { at: [0.15, 0.2] })
  expect(waits([point])).toBe(1)
  expect(waits([point], { unsent: () => true })).toBe(0)
  expect(waits([aNote('a', 90, { at: [0.9, 0.9] })], { unsent: () => true })).toBe(1)
})

it('keeps nobody for a word that points at nothing', () => {
  expect(waits([aNote('a', 90, {})])).toBe(0)
})
