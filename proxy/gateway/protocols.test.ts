import { create, type DescMessage, fromBinary, toBinary } from '@bufbuild/protobuf'
import { Code, ConnectError, createClient, type Interceptor, type Transport } from '@connectrpc/connect'
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import grpc from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Account } from '#gen/marquee/v1/marquee_pb.ts'
import { AnnotationSchema, DataSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  GetUserRequestSchema,
  PostAnnotationsRequestSchema,
  SingleUserResponseSchema,
  V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { percentEncoded } from './grpcStatus.ts'
import { startTestGateway, type TestGateway } from './testing.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close(0))

const withHeaders =
  (headers: Record<string, string>): Interceptor =>
  (next) =>
  (request) => {
    for (const [name, value] of Object.entries(headers)) request.header.set(name, value)
    return next(request)
  }
const transports: Record<string, (headers: Record<string, string>) => Transport> = {
  'gRPC over h2c': (headers) => createGrpcTransport({ baseUrl: gateway.url, interceptors: [withHeaders(headers)] }),
  'gRPC-web over HTTP/1.1': (headers) =>
    createGrpcWebTransport({ baseUrl: gateway.url, httpVersion: '1.1', interceptors: [withHeaders(headers)] }),
  'gRPC-web over h2c': (headers) =>
    createGrpcWebTransport({ baseUrl: gateway.url, httpVersion: '2', interceptors: [withHeaders(headers)] }),
  'Connect, binary': (headers) =>
    createConnectTransport({
      baseUrl: gateway.url,
      httpVersion: '1.1',
      useBinaryFormat: true,
      interceptors: [withHeaders(headers)],
    }),
  'Connect, JSON': (headers) =>
    createConnectTransport({
      baseUrl: gateway.url,
      httpVersion: '1.1',
      useBinaryFormat: false,
      interceptors: [withHeaders(headers)],
    }),
}

const failure = async (call: Promise<unknown>): Promise<ConnectError> => {
  try {
    await call
  } catch (error) {
    return ConnectError.from(error)
  }
  throw new Error('the call went well')
}

const ana = { authorization: 'Key ana-key' }
const ask = { userAppId: { userId: 'me' } }

describe.each(Object.keys(transports))('%s', (name) => {
  const v2 = (headers: Record<string, string> = ana) => createClient(V2, transports[name]!(headers))

  it('answers with the request id, which is the header too, and the HTTP status', async () => {
    let requestId: string | null = null
    const answer = await v2().getUser(ask, {
      onHeader: (headers) => {
        requestId = headers.get('x-request-id')
      },
    })
    expect(answer.user?.firstName).toBe('ana')
    expect(answer.status?.code).toBe(StatusCode.SUCCESS)
    expect(answer.status?.reqId).toMatch(/^[\da-f]{32}$/)
    expect(answer.status?.reqId).toBe(requestId)
    if (name !== 'Connect, JSON')
      expect(answer.status?.$unknown).toEqual([{ no: 11, wireType: 0, data: Uint8Array.of(0xc8, 1) }])
  })

  it('takes Bearer and any case', async () => {
    expect((await v2({ authorization: 'bEARER ana-key' }).getUser(ask)).status?.code).toBe(StatusCode.SUCCESS)
  })

  it('tells a wrong key in the body, with the words clients wait for', async () => {
    const { status } = await v2({ authorization: 'Key wrong' }).getUser(ask)
    expect(status?.code).toBe(StatusCode.CONN_KEY_INVALID)
    expect(status?.description).toBe('Invalid API key or Invalid API key/application pair')
    expect(status?.reqId).toMatch(/^[\da-f]{32}$/)
  })

  it('tells a missing key in the body', async () => {
    expect((await v2({}).getUser(ask)).status?.code).toBe(StatusCode.CONN_INVALID_REQUEST)
  })

  it('lists the scopes a key lacks', async () => {
    const { status } = await v2({ authorization: 'Key get-key' }).postAnnotations({})
    expect(status?.code).toBe(StatusCode.CONN_INSUFFICIENT_SCOPES)
    expect(status?.details).toContain('Annotations_Add')
    expect(status?.details).not.toContain('Annotations_Get')
  })

  it('refuses an app-specific key where only personal access tokens work', async () => {
    expect((await v2({ authorization: 'Key app-key' }).listKeys({})).status?.code).toBe(StatusCode.CONN_KEY_INVALID)
    expect((await v2({ authorization: 'Key app-key' }).listAnnotations({})).status?.code).toBe(StatusCode.SUCCESS)
  })

  it('needs no key for NoAuth methods', async () => {
    expect((await v2({}).listStatusCodes({})).status?.code).toBe(StatusCode.SUCCESS)
  })

  it('says UNIMPLEMENTED for methods that are not', async () => {
    expect((await failure(v2().postModels({}))).code).toBe(Code.Unimplemented)
  })

  it('turns an expected failure into the body and hides an unexpected one', async () => {
    expect((await v2().listAnnotations({ page: 14 })).status).toMatchObject({
      code: StatusCode.CONN_DOES_NOT_EXIST,
      description: 'Resource does not exist',
      details: 'page: 14',
    })
    const { status } = await v2().listAnnotations({ page: 13 })
    expect(status).toMatchObject({ code: StatusCode.INTERNAL_UNCATEGORIZED, details: '' })
    expect(JSON.stringify({ ...status, $unknown: [] })).not.toContain('secret')
  })

  it('fails our own service with Connect errors that carry the code of the API', async () => {
    const account = createClient(Account, transports[name]!(ana))
    const error = await failure(account.changePassword({}))
    expect(error.code).toBe(Code.Unauthenticated)
    expect(error.metadata.get('x-clarifai-status-code')).toBe('11002')
    expect(error.findDetails(StatusSchema)[0]?.details).toBe('the password is another')
    expect((await failure(createClient(Account, transports[name]!({})).changePassword({}))).code).toBe(
      Code.Unauthenticated,
    )
    expect((await createClient(Account, transports[name]!({})).getSession({})).person).toBeUndefined()
  })

  it('sets several cookies', async () => {
    let cookies: string[] = []
    const account = createClient(Account, transports[name]!({}))
    await account.signIn(
      {},
      {
        onHeader: (headers) => {
          cookies = headers.getSetCookie()
        },
      },
    )
    expect(cookies).toEqual(['marquee_session_test=good-session; HttpOnly', 'second=2'])
  })

  it('answers 8 MB', async () => {
    const big = Array.from({ length: 8 }, () => ({ id: 'x'.repeat(2 ** 20) }))
    expect((await v2().postAnnotations({ annotations: big })).annotations).toHaveLength(8)
  })
})

describe('grpc-js, as the official client uses it', () => {
  const errorOf = async (path: string, sent: Uint8Array = Buffer.alloc(0), headers: Record<string, string> = ana) => {
    const client = new grpc.Client(gateway.address, grpc.credentials.createInsecure())
    const metadata = new grpc.Metadata()
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
    const bytes = (b: Buffer) => b
    const error = await new Promise<grpc.ServiceError | null>((resolve) =>
      client.makeUnaryRequest(path, bytes, bytes, Buffer.from(sent), metadata, resolve),
    )
    client.close()
    return error
  }

  it('says UNIMPLEMENTED for names nobody knows', async () => {
    expect((await errorOf('/clarifai.api.V2/Nonsense'))?.code).toBe(grpc.status.UNIMPLEMENTED)
  })

  it('shows messages as they were written: only what may not stand in a header is encoded', async () => {
    const error = await errorOf('/marquee.v1.Account/ChangePassword')
    expect(error?.code).toBe(grpc.status.UNAUTHENTICATED)
    expect(error?.details).toBe('Invalid credentials: the password is another')
    expect(percentEncoded('a: b/c, 100% “é”\n')).toBe('a: b/c, 100%25 %E2%80%9C%C3%A9%E2%80%9D%0A')
  })

  it('says INVALID_ARGUMENT for what nests too deeply', async () => {
    // google.protobuf.Value { list_value { values { … } } } in annotations[0].data.metadata
    const wrap = (field: number, bytes: Buffer): Buffer => {
      const { length } = bytes
      return Buffer.concat([Buffer.from([(field << 3) | 2, (length & 127) | 128, length >> 7]), bytes])
    }
    let value: Buffer = Buffer.alloc(0)
    for (let depth = 0; depth < 200; depth++) value = wrap(6, wrap(1, value))
    const entry = Buffer.concat([wrap(1, Buffer.from('k')), wrap(2, value)])
    const numberOf = (desc: DescMessage, name: string) => desc.field[name]!.number
    const data = wrap(numberOf(DataSchema, 'metadata'), wrap(1, entry))
    const annotation = wrap(numberOf(AnnotationSchema, 'data'), data)
    const sent = wrap(numberOf(PostAnnotationsRequestSchema, 'annotations'), annotation)
    expect((await errorOf('/clarifai.api.V2/PostAnnotations', sent))?.code).toBe(grpc.status.INVALID_ARGUMENT)
    const connect = await fetch(`${gateway.url}/clarifai.api.V2/PostAnnotations`, {
      method: 'POST',
      headers: { ...ana, 'content-type': 'application/proto' },
      body: Uint8Array.from(sent),
    })
    expect([connect.status, await connect.json()]).toMatchObject([400, { code: 'invalid_argument' }])
  })
})

describe('gRPC-web-text', () => {
  const frame = (bytes: Uint8Array) => {
    const head = Buffer.alloc(5)
    head.writeUInt32BE(bytes.byteLength, 1)
    return Buffer.concat([head, bytes])
  }
  const request = frame(toBinary(GetUserRequestSchema, create(GetUserRequestSchema, ask)))
  const post = (body: string, headers: Record<string, string> = ana) =>
    fetch(`${gateway.url}/clarifai.api.V2/GetUser`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/grpc-web-text', 'x-grpc-web': '1' },
      body,
    })
  const read = async (response: Response) => {
    const parts = (await response.text()).match(/[^=]+=*/g) ?? []
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')))
    const length = bytes.readUInt32BE(1)
    return {
      message: fromBinary(SingleUserResponseSchema, bytes.subarray(5, 5 + length)),
      trailers: bytes.subarray(10 + length).toString(),
    }
  }

  it('answers base64 to base64', async () => {
    const response = await post(request.toString('base64'))
    expect(response.headers.get('content-type')).toBe('application/grpc-web-text+proto')
    const { message, trailers } = await read(response)
    expect(message.user?.firstName).toBe('ana')
    expect(trailers).toContain('grpc-status: 0')
  })

  it('takes base64 with padding in the middle', async () => {
    const parts = [request.subarray(0, 5), request.subarray(5)].map((part) => part.toString('base64'))
    expect(parts[0]).toMatch(/=$/)
    expect((await read(await post(parts.join('')))).message.status?.code).toBe(StatusCode.SUCCESS)
  })

  it('refuses in the body without reading what was sent', async () => {
    const { message } = await read(await post('%%% no base64 at all', {}))
    expect(message.status?.code).toBe(StatusCode.CONN_INVALID_REQUEST)
  })
})
