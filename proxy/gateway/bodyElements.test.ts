import { create, type DescMessage, toBinary, toJsonString } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { PostAnnotationsRequestSchema } from '#gen/proto/clarifai/api/service_pb.ts'
import { type ElementCount, JsonElements, WireElements } from './bodyElements.ts'

const desc: DescMessage = PostAnnotationsRequestSchema

/** The least limit that lets the bytes pass, in pieces of this size. */
const countOf = (make: (most: number) => ElementCount, bytes: Uint8Array, piece: number): number => {
  for (let most = 0; ; most++) {
    const elements = make(most)
    try {
      for (let at = 0; at < bytes.length; at += piece) elements.push(bytes.subarray(at, at + piece))
      return most
    } catch (error) {
      expect(error).toMatchObject({ details: `the body has more than ${most} fields` })
    }
  }
}
const asJson = (text: string, piece = 7) => countOf((most) => new JsonElements(most), Buffer.from(text), piece)
const asWire = (bytes: Uint8Array, piece = 7, isEnveloped = false) =>
  countOf((most) => new WireElements(desc, isEnveloped, most), bytes, piece)

const request = create(PostAnnotationsRequestSchema, {
  userAppId: { userId: 'owner', appId: 'demo' },
  annotations: [
    {
      inputId: 'i "quoted\\" {,[',
      data: {
        metadata: { a: [1, { b: 'x' }] },
        regions: [{ regionInfo: { polygon: { points: [{ row: 0.5 }, { row: 0.5, col: 0.5 }, {}] } } }],
      },
    },
    {},
  ],
})

describe('the elements of a body', () => {
  it('of JSON: objects, lists and commas, but in strings; however the bytes are cut', () => {
    expect(asJson('{"a":[1,2,{"b":"},{[,"}],"c":"\\\\\\"{","d":{}}')).toBe(8)
    for (const piece of [1, 2, 3, 1000]) expect(asJson(toJsonString(desc, request), piece)).toBe(26)
  })

  it('of protobuf: every field of every message; however the bytes are cut', () => {
    const bytes = toBinary(PostAnnotationsRequestSchema, request)
    for (const piece of [1, 2, 3, 1000]) expect(asWire(bytes, piece)).toBe(asWire(bytes))
    expect(asWire(bytes)).toBe(29)
    expect(asWire(Buffer.from('12001200120012001200', 'hex'))).toBe(5)
  })

  it('of enveloped messages: all of them together', () => {
    const message = Buffer.from('12001200', 'hex')
    const envelope = Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message])
    expect(asWire(Buffer.concat([envelope, envelope]), 3, true)).toBe(4)
  })

  it('cares little for what is malformed', () => {
    for (const hex of ['ff'.repeat(20), '0f', '12ffffffff7f00', '1280'])
      expect(asWire(Buffer.from(hex, 'hex'))).toBeLessThan(3)
  })
})
