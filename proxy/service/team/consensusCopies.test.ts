import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { type Annotation, AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { knownSpeaker, markSame, onceEach, sameAs, speakerOf } from './consensusCopies.ts'

const by = (worker: string, speaker?: string, right = 0.5): Annotation =>
  create(AnnotationSchema, {
    id: `${worker}-${right}`,
    inputId: 'i',
    taskId: 't',
    worker: { worker: { case: 'user', value: { id: worker } } },
    data: { regions: [{ regionInfo: { boundingBox: { topRow: 0, leftCol: 0, bottomRow: 0.5, rightCol: right } } }] },
    ...(speaker && { consensusInfo: { group: 'g', marquee: { same_as: speaker } } }),
  })
const work = (worker: string, right: number) => ({ worker, annotations: [by(worker, undefined, right)] })
const workers = (list: readonly Annotation[]) => list.map(({ id }) => id.split('-')[0])

describe('one of several who agree', () => {
  it('is who agrees with the others best, of equals the first', () => {
    expect(speakerOf([work('a', 0.5), work('b', 0.55), work('c', 0.6)])).toBe('b')
    expect(speakerOf([work('a', 0.5), work('b', 0.5)])).toBe('a')
    expect(speakerOf([])).toBeUndefined()
  })

  it('stays the same for who comes later', () => {
    expect(knownSpeaker([{ worker: 'b', annotations: [by('b', 'c')] }, work('a', 0.5)])).toBe('c')
    expect(knownSpeaker([work('b', 0.5), work('a', 0.5)])).toBe('b')
  })

  it('is said and unsaid, and leaves what else is said of the group', () => {
    const annotation = by('a', 'b')
    markSame(annotation)
    expect(annotation.consensusInfo).toEqual({ group: 'g' })
    markSame(annotation, 'c')
    expect(annotation.consensusInfo).toEqual({ group: 'g', marquee: { same_as: 'c' } })
    markSame(annotation, 'a')
    expect(sameAs(annotation)).toBeUndefined()
    const plain = by('a')
    markSame(plain, 'b')
    markSame(plain)
    expect(plain.consensusInfo).toBeUndefined()
  })
})

describe('what is counted once', () => {
  it('is the speaker’s, all of it, and what says nothing of the kind', () => {
    const [first, second] = [by('a'), by('a', undefined, 0.9)]
    expect(onceEach([by('c', 'a'), first, by('b', 'a'), second, by('d')])).toEqual([first, second, by('d')])
  })

  it('is another’s where the speaker’s has gone', () => {
    expect(workers(onceEach([by('c', 'a'), by('b', 'a'), by('b', 'a', 0.9), by('d')]))).toEqual(['b', 'b', 'd'])
  })

  it('is never nobody’s, even where two name each other', () => {
    expect(workers(onceEach([by('a', 'b'), by('b', 'a')])).length).toBeGreaterThan(0)
  })

  it('is told apart by task and input', () => {
    const elsewhere = create(AnnotationSchema, { ...by('b', 'a'), taskId: 'other' })
    expect(onceEach([by('a'), elsewhere])).toHaveLength(2)
  })
})
