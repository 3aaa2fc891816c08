import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { Code, ConnectError, createClient, type HandlerContext, type Transport } from '@connectrpc/connect'
import {
  connectNodeAdapter,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Annotation, AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { MultiAnnotationResponseSchema, PostAnnotationsRequestSchema, V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { connectUpstream, type UpstreamConnection } from './forward.ts'
import { startTestGateway, type TestGateway } from './testing.ts'

// A gateway in front of a server of a few lines: what arrives there, and what comes back.

/** What the upstream saw of the last call. */
let seen: { headers: Headers; timeoutMs: number | undefined; aborted: Promise<void>; annotations: Annotation[] }
const look = (context: HandlerContext, annotations: Annotation[] = []) => {
  const aborted = new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()))
  seen = { headers: context.requestHeader, timeoutMs: context.timeoutMs(), aborted, annotations }
}
const forever = (context: HandlerContext) =>
  new Promise<never>((_, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason)))
const success = { code: StatusCode.SUCCESS, description: 'Ok', reqId: 'of-the-upstream' }

const server = http2.createServer(
  connectNodeAdapter({
    routes: (router) =>
      router.service(V2, {
        postAnnotations(request, context) {
          look(context, request.annotations)
          context.responseHeader.set('x-clarifai-quota', '7')
          context.responseHeader.set('x-other', 'kept back')
          return { status: success, annotations: request.annotations }
        },
        async listAnnotations(request, context) {
          look(context)
          if (request.page === 1) return forever(context)
          throw new ConnectError('the disk is full', Code.DataLoss, { 'x-clarifai-disk': 'b' }, [
            { desc: StatusSchema, value: { code: StatusCode.FAILURE, details: 'disk b' } },
          ])
        },
        async *generateModelOutputs(request, context) {
          look(context)
          for (let i = 0; i < 3; i++) yield { status: { ...success, details: `${request.modelId} ${i}` } }
          if (request.versionId === 'stuck') await forever(context)
          if (request.versionId === 'broken') throw new ConnectError('the model fell over', Code.Aborted)
        },
        async *streamModelOutputs(requests, context) {
          look(context)
          for await (const { modelId } of requests) yield { status: { ...success, details: modelId } }
        },
      }),
  }),
)

let gateway: TestGateway
let upstream: UpstreamConnection
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  upstream = connectUpstream({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerBytes: 2 ** 26,
  })
  gateway = await startTestGateway({ forward: upstream })
})
afterAll(async () => {
  await gateway.close(0)
  upstream.close()
  server.close()
})
beforeEach(() => {
  seen = { headers: new Headers(), timeoutMs: undefined, aborted: Promise.resolve(), annotations: [] }
})

const transports: Record<string, () => Transport> = {
  gRPC: () => createGrpcTransport({ baseUrl: gateway.url }),
  'gRPC-web': () => createGrpcWebTransport({ baseUrl: gateway.url, httpVersion: '1.1' }),
  Connect: () => createConnectTransport({ baseUrl: gateway.url, httpVersion: '1.1', useBinaryFormat: true }),
  'Connect, JSON': () => createConnectTransport({ baseUrl: gateway.url, httpVersion: '1.1', useBinaryFormat: false }),
}
const key = { authorization: 'Key whatever the upstream takes' }
const ask = { annotations: [{ id: 'a', inputId: 'i', data: { concepts: [{ id: 'tree', value: Math.fround(0.1) }] } }] }
const failure = async (call: Promise<unknown>): Promise<ConnectError> => {
  try {
    await call
  } catch (error) {
    return ConnectError.from(error)
  }
  throw new Error('the call went well')
}

describe.each(Object.keys(transports))('forwarding over %s', (name) => {
  const client = () => createClient(V2, transports[name]!())

  it('brings message and answer across, with the credentials, whatever their form', async () => {
    const answer = await client().postAnnotations(ask, {
      headers: { ...key, 'x-clarifai-user-id': 'ana', 'x-secret': 'x', cookie: 'session=1' },
    })
    expect(answer.annotations[0]?.data?.concepts[0]?.value).toBe(Math.fround(0.1))
    expect(answer.status).toMatchObject({ code: StatusCode.SUCCESS, reqId: 'of-the-upstream' })
    expect(seen.annotations[0]?.inputId).toBe('i')
    expect(seen.headers.get('authorization')).toBe(key.authorization)
    expect(seen.headers.get('x-clarifai-user-id')).toBe('ana')
    expect(seen.headers.get('x-secret')).toBeNull()
    expect(seen.headers.get('cookie')).toBeNull()
  })

  it('brings back the headers that are meant for the client', async () => {
    let headers = new Headers()
    const onHeader = (found: Headers) => {
      headers = found
    }
    await client().postAnnotations(ask, { headers: key, onHeader })
    expect(headers.get('x-clarifai-quota')).toBe('7')
    expect(headers.get('x-other')).toBeNull()
    expect(headers.get('x-request-id')).toMatch(/^[\da-f]{32}$/)
  })

  it('keeps code, message and details of an error', async () => {
    const error = await failure(client().listAnnotations({ page: 2 }, { headers: key }))
    expect(error).toMatchObject({ code: Code.DataLoss, rawMessage: 'the disk is full' })
    expect(error.findDetails(StatusSchema)[0]?.details).toBe('disk b')
    expect(error.metadata.get('x-clarifai-disk')).toBe('b')
  })

  it('passes the deadline on', async () => {
    const error = await failure(client().listAnnotations({ page: 1 }, { headers: key, timeoutMs: 300 }))
    expect(error.code).toBe(Code.DeadlineExceeded)
    expect(seen.timeoutMs).toBeGreaterThan(0)
    expect(seen.timeoutMs).toBeLessThanOrEqual(300)
  })

  it('passes on that the client has gone', async () => {
    const abort = new AbortController()
    const call = failure(client().listAnnotations({ page: 1 }, { headers: key, signal: abort.signal }))
    await expect.poll(() => seen.headers.get('authorization')).toBe(key.authorization)
    abort.abort()
    await call
    await seen.aborted
  })

  it('forwards streams as they come, with their errors', async () => {
    const collect = async (versionId: string) => {
      const got: (string | undefined)[] = []
      try {
        for await (const { status } of client().generateModelOutputs({ modelId: 'm', versionId }, { headers: key }))
          got.push(status?.details)
      } catch (error) {
        got.push(ConnectError.from(error).message)
      }
      return got
    }
    expect(await collect('')).toEqual(['m 0', 'm 1', 'm 2'])
    expect(await collect('broken')).toEqual(['m 0', 'm 1', 'm 2', '[aborted] the model fell over'])
  })

  it('passes on that the reader of a stream has gone', async () => {
    const abort = new AbortController()
    const options = { headers: key, signal: abort.signal }
    const reading = failure(
      (async () => {
        for await (const { status } of client().generateModelOutputs({ modelId: 'm', versionId: 'stuck' }, options))
          if (status?.details === 'm 2') abort.abort()
      })(),
    )
    expect((await reading).code).toBe(Code.Canceled)
    await seen.aborted
  })
})

describe('forwarding', () => {
  it('forwards streams both ways over gRPC', async () => {
    const client = createClient(V2, createGrpcTransport({ baseUrl: gateway.url }))
    const ids = async function* () {
      yield { modelId: 'one' }
      yield { modelId: 'two' }
    }
    const got: (string | undefined)[] = []
    for await (const { status } of client.streamModelOutputs(ids(), { headers: key })) got.push(status?.details)
    expect(got).toEqual(['one', 'two'])
  })

  it('keeps what our .proto files do not know, byte for byte', async () => {
    const annotation = create(AnnotationSchema, { id: 'a' })
    annotation.$unknown = [{ no: 5000, wireType: 0, data: Uint8Array.of(42) }]
    const request = create(PostAnnotationsRequestSchema, { annotations: [annotation] })
    request.$unknown = [{ no: 6000, wireType: 2, data: Uint8Array.of(2, 7, 8) }]
    const response = await fetch(`${gateway.url}/clarifai.api.V2/PostAnnotations`, {
      method: 'POST',
      headers: { ...key, 'content-type': 'application/proto' },
      body: Uint8Array.from(toBinary(PostAnnotationsRequestSchema, request)),
    })
    const answer = fromBinary(MultiAnnotationResponseSchema, new Uint8Array(await response.arrayBuffer()))
    expect(answer.annotations[0]?.$unknown).toEqual(annotation.$unknown)
    expect(seen.annotations[0]?.$unknown).toEqual(annotation.$unknown)
  })

  it('asks the upstream for methods our .proto files do not have', async () => {
    const transport = createGrpcTransport({ baseUrl: gateway.url })
    const newer = { ...V2.method.listKeys, name: 'ListKeysOfTomorrow', localName: 'listKeysOfTomorrow' }
    const call = transport.unary(newer, undefined, undefined, key, {})
    expect(await failure(call)).toMatchObject({ code: Code.Unimplemented })
  })

  it('answers REST with what the upstream says', async () => {
    const post = (path: string, body: object) =>
      fetch(`${gateway.url}${path}`, { method: 'POST', headers: key, body: JSON.stringify(body) })
    const good = await post('/v2/users/ana/apps/demo/annotations', {
      annotations: [{ id: 'a', data: { concepts: [{ id: 'c' }] } }],
    })
    expect(good.status).toBe(200)
    expect(await good.json()).toMatchObject({
      status: { code: 10000, req_id: 'of-the-upstream' },
      annotations: [{ data: { concepts: [{ id: 'c', value: 1 }] } }],
    })
    const failed = await fetch(`${gateway.url}/v2/annotations?page=2`, { headers: key })
    expect(failed.status).toBe(500)
    expect(await failed.json()).toMatchObject({ status: { details: 'the disk is full' } })
    const missing = await fetch(`${gateway.url}/v2/inputs/i`, { headers: key })
    expect(missing.status).toBe(501)
  })

  it('answers REST streams line by line', async () => {
    const path = '/v2/users/u/apps/a/models/m/versions/broken/outputs/generate'
    const response = await fetch(gateway.url + path, { method: 'POST', headers: key, body: '{}' })
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).status.details)
    expect(response.headers.get('content-type')).toMatch(/^application\/x-ndjson/)
    expect(lines).toEqual(['m 0', 'm 1', 'm 2', 'the model fell over'])
  })

  it('says that the upstream cannot be reached, not where it is', async () => {
    const nowhere = connectUpstream({ url: 'http://127.0.0.1:9', answerBytes: 1000 })
    const other = await startTestGateway({ forward: nowhere })
    try {
      const client = createClient(V2, createGrpcTransport({ baseUrl: other.url }))
      expect(await failure(client.listKeys({}, { headers: key }))).toMatchObject({
        code: Code.Unavailable,
        rawMessage: 'the upstream cannot be reached',
      })
      const rest = await fetch(`${other.url}/v2/inputs/i`, { headers: key })
      expect(rest.status).toBe(503)
    } finally {
      await other.close(0)
      nowhere.close()
    }
  })

  it('lets a session stand for its token, and refuses a page whose session has ended', async () => {
    const own = await startTestGateway({
      forward: upstream,
      authenticate: async () => ({
        userId: 'ana',
        via: 'session',
        scopes: 'all',
        credentialId: 's',
        upstreamKey: 'token-of-ana',
      }),
    })
    try {
      const post = (headers: Record<string, string>) =>
        fetch(`${own.url}/v2/annotations`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: own.url, ...headers },
          body: '{}',
        })
      expect((await post({ cookie: 'marquee_session_test=t' })).status).toBe(200)
      expect(seen.headers.get('authorization')).toBe('Key token-of-ana')
      const foreign = await post({ cookie: 'marquee_session_test=t', origin: 'http://evil.example' })
      expect(await foreign.json()).toMatchObject({ status: { code: StatusCode.CONN_CREDENTIALS_INVALID } })
      expect(await (await post({})).json()).toMatchObject({ status: { code: StatusCode.CONN_CREDENTIALS_INVALID } })
    } finally {
      await own.close(0)
    }
  })
})
