import { create, fromBinary, type JsonObject, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import {
  MultiSearchResponseSchema,
  PostAnnotationsRequestSchema,
  PostConceptsRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { checkRequest } from './requestLimits.ts'

const limits = { listLength: 1000 }
/** That many objects in each other. */
const nested = (depth: number): JsonObject => (depth === 1 ? { v: 1 } : { o: nested(depth - 1) })
const post = (annotation: object) =>
  checkRequest(
    PostAnnotationsRequestSchema,
    create(PostAnnotationsRequestSchema, { annotations: [{}, annotation] } as MessageInitShape<
      typeof PostAnnotationsRequestSchema
    >),
    limits,
  )

describe('free-form values', () => {
  it('nest as deep as can be read again, in what finds them', () => {
    const metadata = nested(40)
    expect(() => post({ annotationInfo: metadata })).not.toThrow()
    const found = create(MultiSearchResponseSchema, {
      hits: [{ input: { data: { regions: [{ data: { metadata } }] } } }],
    })
    const read = fromBinary(MultiSearchResponseSchema, toBinary(MultiSearchResponseSchema, found))
    expect(read.hits[0]?.input?.data?.regions[0]?.data?.metadata).toEqual(metadata)
  })

  it('are refused when they nest deeper, wherever they stand', () => {
    const deep = nested(41)
    const tooDeep = (path: string) => `${path}: nests more than 40 deep`
    expect(() => post({ annotationInfo: deep })).toThrow(tooDeep('annotations[1].annotation_info'))
    expect(() => post({ data: { metadata: deep } })).toThrow(tooDeep('annotations[1].data.metadata'))
    expect(() => post({ data: { regions: [{}, { data: { metadata: deep } }] } })).toThrow(
      tooDeep('annotations[1].data.regions[1].data.metadata'),
    )
    const lists = Array.from({ length: 40 }).reduce<unknown>((inner) => [inner], 1)
    expect(() => post({ annotationInfo: { lists } })).toThrow(tooDeep('annotations[1].annotation_info'))
    const concepts = create(PostConceptsRequestSchema, { concepts: [{ id: 'a', metadata: deep }] })
    expect(() => checkRequest(PostConceptsRequestSchema, concepts, limits)).toThrow(tooDeep('concepts[0].metadata'))
  })
})
