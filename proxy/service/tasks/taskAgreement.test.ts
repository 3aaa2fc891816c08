import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { type Annotation, AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { aBox, aTag, boxInfo } from '#proxy/service/annotations/annotationTesting.ts'
import { agree, groupOf } from './taskAgreement.ts'

const said = (...annotations: Omit<MessageInitShape<typeof AnnotationSchema>, '$typeName'>[]): Annotation[] =>
  annotations.map((annotation) => create(AnnotationSchema, annotation))

const box = (left: number, right: number, ...concepts: string[]) =>
  aBox('i', '', concepts.length ? concepts : ['car'], boxInfo(0.2, left, 0.4, right))

const outline = (...points: (readonly [col: number, row: number])[]) => ({
  inputId: 'i',
  data: {
    regions: [
      { regionInfo: { polygon: { points: points.map(([col, row]) => ({ col, row })) } }, data: { concepts: [] } },
    ],
  },
})

describe('agree', () => {
  it('wants the same concepts of the whole, however they are spread over annotations', () => {
    expect(agree(said(aTag('i', 'day', 'sea')), said(aTag('i', 'sea'), aTag('i', 'day')), 0.5)).toBe(true)
    expect(agree(said(aTag('i', 'day')), said(aTag('i', 'day', 'sea')), 0.5)).toBe(false)
    const absent = { inputId: 'i', data: { concepts: [{ id: 'day', value: 0 }] } }
    expect(agree(said(aTag('i', 'day')), said(absent), 0.5)).toBe(false)
  })

  it('wants boxes of the same concept to overlap by half', () => {
    // 0.2 wide each; moved by d the overlap is (0.2 − d) / (0.2 + d): a half at d = 0.0667
    expect(agree(said(box(0.1, 0.3)), said(box(0.16, 0.36)), 0.5)).toBe(true)
    expect(agree(said(box(0.1, 0.3)), said(box(0.17, 0.37)), 0.5)).toBe(false)
    expect(agree(said(box(0.1, 0.3)), said(box(0.17, 0.37)), 0.4)).toBe(true)
    expect(agree(said(box(0.1, 0.3)), said(box(0.1, 0.3, 'van')), 0.5)).toBe(false)
    expect(agree(said(box(0.1, 0.3)), said(box(0.1, 0.3), box(0.1, 0.3)), 0.5)).toBe(false)
    expect(agree(said(box(0.1, 0.3)), said(), 0.5)).toBe(false)
  })

  it('finds the pairs even where the nearest of one is wanted by another', () => {
    const [a, b] = [box(0.1, 0.3), box(0.15, 0.35)]
    const [c, d] = [box(0.14, 0.34), box(0.05, 0.25)]
    // c suits both a and b, d only a
    expect(agree(said(a, b), said(c, d), 0.55)).toBe(true)
  })

  it('measures polygons by their area, and boxes against polygons', () => {
    const square = outline([0.1, 0.1], [0.3, 0.1], [0.3, 0.3], [0.1, 0.3])
    const triangle = outline([0.1, 0.1], [0.3, 0.1], [0.1, 0.3])
    expect(agree(said(square), said(triangle), 0.49)).toBe(true)
    expect(agree(said(square), said(triangle), 0.51)).toBe(false)
    const same = { inputId: 'i', data: { regions: [{ regionInfo: boxInfo(0.1, 0.1, 0.3, 0.3), data: {} }] } }
    expect(agree(said(square), said(same), 0.99)).toBe(true)
  })

  it('compares frame by frame, and points by nearness', () => {
    const inFrame = (time: number, concept: string) => ({
      inputId: 'i',
      data: { frames: [{ frameInfo: { time }, data: { concepts: [{ id: concept, value: 1 }] } }] },
    })
    expect(agree(said(inFrame(40, 'car')), said(inFrame(40, 'car')), 0.5)).toBe(true)
    expect(agree(said(inFrame(40, 'car')), said(inFrame(80, 'car')), 0.5)).toBe(false)
    const point = (row: number) => ({ inputId: 'i', data: { regions: [{ regionInfo: { point: { row, col: 0.5 } } }] } })
    expect(agree(said(point(0.5)), said(point(0.51)), 0.5)).toBe(true)
    expect(agree(said(point(0.5)), said(point(0.53)), 0.5)).toBe(false)
  })

  it('takes two who found nothing for agreeing, and leaves notes aside', () => {
    const note = { inputId: 'i', annotationInfo: { marquee: { note: { thread: 't', text: 'look' } } } }
    expect(agree(said(), said(note), 0.5)).toBe(true)
  })
})

describe('groupOf', () => {
  const near = (values: number[]) => (i: number, j: number) => Math.abs(values[i]! - values[j]!) <= 1

  it('finds a group of the size in which all agree', () => {
    expect(groupOf(3, 2, near([5, 1, 1]))).toEqual([1, 2])
    expect(groupOf(3, 3, near([1, 2, 3]))).toBeUndefined()
    expect(groupOf(4, 3, near([1, 9, 2, 2]))).toEqual([0, 2, 3])
    expect(groupOf(2, 3, near([1, 1]))).toBeUndefined()
  })
})
