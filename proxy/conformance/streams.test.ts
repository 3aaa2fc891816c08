import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { createClient, type Transport } from '@connectrpc/connect'
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  SingleAnnotationResponseSchema,
  StreamTrackAnnotationsSearchesRequestSchema,
  V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { connectJson } from './clients.ts'
import { Bench, box, type StartTarget, startEmbedded, startForwarded, type Target } from './target.ts'

// StreamAnnotations over the wire, which streams from the server: over every protocol, kept here and passed on.

/** Ids of the annotations, or the code of the one answer that says why there are none. */
type Streamed = (input: string, from?: number) => Promise<(string | number)[]>

const told = (code: number, id: string | undefined) => (code === 10_000 ? (id ?? '') : code)

const overConnect =
  (transport: Transport, bench: Bench): Streamed =>
  async (inputId, frameNumberStart = 0) => {
    const found = []
    const asked = { userAppId: { userId: 'owner', appId: bench.app }, inputId, frameNumberStart }
    const headers = { authorization: `Key ${bench.target.key('owner')}` }
    for await (const { status, annotation } of createClient(V2, transport).streamTrackAnnotationsSearches(asked, {
      headers,
    }))
      found.push(told(status?.code ?? 0, annotation?.id))
    return found
  }

const overRest =
  (bench: Bench): Streamed =>
  async (input, from = 0) => {
    const answer = await fetch(
      `${bench.target.url}/v2/users/owner/apps/${bench.app}/inputs/${input}/track_annotations/searches/stream`,
      {
        method: 'POST',
        headers: { authorization: `Key ${bench.target.key('owner')}`, 'content-type': 'application/json' },
        body: JSON.stringify({ frame_number_start: from }),
      },
    )
    const lines = (await answer.text()).split('\n').filter((line) => line !== '')
    return lines.map((line) => {
      const { status, annotation } = JSON.parse(line) as { status: { code: number }; annotation?: { id: string } }
      return told(status.code, annotation?.id)
    })
  }

/** As the official web client: base64 of frames, of which each may be padded on its own. */
const overWebText =
  (bench: Bench): Streamed =>
  async (inputId, frameNumberStart = 0) => {
    const asked = create(StreamTrackAnnotationsSearchesRequestSchema, {
      userAppId: { userId: 'owner', appId: bench.app },
      inputId,
      frameNumberStart,
    })
    const message = toBinary(StreamTrackAnnotationsSearchesRequestSchema, asked)
    const frame = Buffer.alloc(5 + message.length)
    frame.writeUInt32BE(message.length, 1)
    frame.set(message, 5)
    const answer = await fetch(`${bench.target.url}/clarifai.api.V2/StreamTrackAnnotationsSearches`, {
      method: 'POST',
      headers: {
        authorization: `Key ${bench.target.key('owner')}`,
        'content-type': 'application/grpc-web-text',
        accept: 'application/grpc-web-text',
      },
      body: frame.toString('base64'),
    })
    const parts = (await answer.text()).match(/[^=]+=*/g) ?? []
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')))
    const found = []
    for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt32BE(at + 1)) {
      if (bytes[at] !== 0) break
      const body = bytes.subarray(at + 5, at + 5 + bytes.readUInt32BE(at + 1))
      const { status, annotation } = fromBinary(SingleAnnotationResponseSchema, body)
      found.push(told(status?.code ?? 0, annotation?.id))
    }
    return found
  }

const ways: [string, (bench: Bench) => Streamed][] = [
  ['gRPC', (bench) => overConnect(createGrpcTransport({ baseUrl: bench.target.url }), bench)],
  [
    'gRPC-web',
    (bench) => overConnect(createGrpcWebTransport({ baseUrl: bench.target.url, httpVersion: '1.1' }), bench),
  ],
  ['gRPC-web text', overWebText],
  ['Connect', (bench) => overConnect(createConnectTransport({ baseUrl: bench.target.url, httpVersion: '1.1' }), bench)],
  ['REST', overRest],
]

const targets: [string, StartTarget][] = [
  ['a server that keeps everything itself', startEmbedded],
  ['a server in front of another', startForwarded],
]

describe.each(targets)('StreamAnnotations of %s', (_, start) => {
  let target: Target
  let bench: Bench
  let input = ''
  const ids = Array.from({ length: 250 }, (_, i) => `frame-${String(i).padStart(3, '0')}`)
  beforeAll(async () => {
    target = await start({ RATE_LIMIT: '0' })
    bench = await Bench.make(target, connectJson(target.url))
    ;[input = ''] = await bench.inputs()
    const annotations = ids.map((id, number) => ({
      id,
      input_id: input,
      data: { frames: [{ frame_info: { number }, data: { regions: [{ region_info: box(0, 0, 0.5, 0.5) }] } }] },
    }))
    // the last first: the order is that of the video
    for (let end = ids.length; end > 0; end -= 125) await bench.post(annotations.slice(end - 125, end))
  }, 90_000)
  afterAll(() => target.stop())

  it.each(ways)('gives one after the other over %s, or says why not', async (_protocol, way) => {
    const stream = way(bench)
    const all = await stream(input)
    expect(all.slice(-250)).toEqual(ids)
    expect(all).toHaveLength(251) // the input-level one stands before them
    expect(await stream(input, 248)).toEqual(ids.slice(248))
    expect(await stream('no-such-input')).toEqual([11_101])
  })
})
