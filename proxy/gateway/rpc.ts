import type { DescMethodUnary, DescService } from '@bufbuild/protobuf'
import { Code, ConnectError, createConnectRouter, createContextValues } from '@connectrpc/connect'
import type { UniversalHandler, UniversalHandlerFn, UniversalServerRequest } from '@connectrpc/connect/protocol'
import {
  compressionBrotli,
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AuthType } from '#gen/proto/clarifai/auth/types/types_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Limits, Log } from '#proxy/service/deps.ts'
import { limitIdle, streamOf, unbroken } from './bodies.ts'
import { counted, JsonElements, WireElements } from './bodyElements.ts'
import { type Dispatch, type Endpoint, endpointsOf, isThere, type ServiceEntry } from './dispatch.ts'
import type { Exchange, Protocol } from './exchange.ts'
import { withGrpcStatus } from './grpcStatus.ts'
import { isGrpcWebText, withGrpcWebText } from './grpcWebText.ts'
import type { BodyBudget } from './limits.ts'
import { newerMethod, opaqueMethod } from './opaque.ts'
import { implementationOf, passing } from './rpcHandlers.ts'
import { toConnectError } from './status.ts'
import { unpacked } from './unpack.ts'

export interface RpcOptions {
  readonly services: readonly ServiceEntry[]
  readonly dispatch: Dispatch
  readonly bodies: BodyBudget
  readonly limits: Limits
  readonly log: Log
  /** A body over HTTP/2 that stops arriving for so long is cut; over HTTP/1.1 the listener sees to it. */
  readonly bodyIdleMs: number
}

/**
 * gRPC over HTTP/2, gRPC-web (binary and text) and Connect for all services, under `/<service>/<method>`.
 * Who is refused is refused before the body is read: the handler gets an empty message in its place.
 */
export const rpcPlugin = (app: FastifyInstance, options: RpcOptions): void => {
  const paths = new Map<string, Served>()
  const unknown = new Map(options.services.map(({ service }) => [service, unknownMethod(service)]))
  for (const entry of options.services)
    for (const endpoint of endpointsOf(entry))
      paths.set(`/${entry.service.typeName}/${endpoint.method.name}`, servedOf(endpoint, options))

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null)) // Connect reads the body itself
  for (const entry of options.services) {
    const { service } = entry
    app.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url: `/${service.typeName}/:method`,
      handler: async (request, reply) => {
        const type = request.headers['content-type'] ?? ''
        const known = paths.get(pathOf(request))
        const served = known ?? newerOf(entry, request, options)
        const handler = (isJson(type) ? served?.json : served?.binary) ?? unknown.get(service)
        request.exchange.protocol = protocolOf(type)
        request.exchange.method = known?.endpoint.method.name ?? 'unknown' // never a client's word: metrics stay few
        if (handler === undefined) return reply.callNotFound()
        const answers = served !== undefined && isThere(served.endpoint)
        const refusal = answers ? await options.dispatch.admit(request, served.endpoint) : undefined
        if (!answers) request.exchange.code = Code.Unimplemented
        const skipBody = refusal !== undefined || !answers
        reply.hijack()
        await serve({ handler, endpoint: served?.endpoint, request, reply, refusal, skipBody }, options)
        return reply
      },
    })
  }
}

/** A path and what answers there. What is forwarded is decoded only to turn JSON into protobuf and back. */
interface Served {
  readonly endpoint: Endpoint
  readonly binary: UniversalHandler | undefined
  readonly json: UniversalHandler | undefined
}

const servedOf = (endpoint: Endpoint, options: RpcOptions): Served => {
  const typed = handlerOf(endpoint, options)
  const opaque = { ...endpoint, wire: opaqueMethod(endpoint.method) }
  return { endpoint, json: typed, binary: endpoint.forward === undefined ? typed : handlerOf(opaque, options) }
}

/** What our .proto files do not know the upstream may: it is asked, except in JSON, which nobody here can read. */
const newerOf = (
  { service, failures, forward }: ServiceEntry,
  request: FastifyRequest,
  options: RpcOptions,
): Served | undefined => {
  const name = pathOf(request).slice(service.typeName.length + 2)
  const type = request.headers['content-type'] ?? ''
  if (forward === undefined || isJson(type) || !/^[A-Z]\w{0,99}$/.test(name)) return undefined
  const method = newerMethod(service, name, /^application\/(grpc|connect\+)/i.test(type))
  const requirement = failures === 'connect' ? { auth: AuthType.KeyAuth, scopes: [] } : undefined
  const endpoint = { method, wire: method, failures, requirement, run: undefined, forward }
  return { endpoint, json: undefined, binary: handlerOf(endpoint, options) }
}

const handlerOf = (endpoint: Endpoint, options: RpcOptions): UniversalHandler | undefined => {
  if (!isThere(endpoint)) return undefined
  const router = createConnectRouter({
    readMaxBytes: options.limits.bodyBytes,
    acceptCompression: [compressionGzip, compressionBrotli],
    compressMinBytes: 0xffff_ffff, // read compressed bodies, answer plain: pictures and masks are compressed already
  })
  router.rpc(endpoint.wire as DescMethodUnary, implementationOf(endpoint, options) as never)
  return router.handlers[0]
}

const isJson = (contentType: string): boolean => /^application\/(connect\+)?json/i.test(contentType)

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? ''

const protocolOf = (contentType: string): Protocol => {
  if (isGrpcWebText(contentType)) return 'grpc-web-text'
  if (/^application\/grpc-web/i.test(contentType)) return 'grpc-web'
  return /^application\/grpc/i.test(contentType) ? 'grpc' : 'connect'
}

/** What answers for names a service does not have: UNIMPLEMENTED, in the form of each protocol. */
const unknownMethod = (service: DescService): UniversalHandler | undefined => {
  const unary = service.methods.find(({ methodKind }) => methodKind === 'unary')
  if (unary === undefined) return undefined
  const router = createConnectRouter().rpc(unary as DescMethodUnary, () => {
    throw new ConnectError('there is no such method', Code.Unimplemented)
  })
  return router.handlers[0]
}

interface Serving {
  readonly handler: UniversalHandler
  /** Undefined for a method that no service has. */
  readonly endpoint: Endpoint | undefined
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly refusal: ApiError | undefined
  readonly skipBody: boolean
}

const serve = async ({ handler, endpoint, request, reply, refusal, skipBody }: Serving, options: RpcOptions) => {
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
  const body = options.bodies.open()
  // By events: the promise of universalResponseToNodeResponse waits for an "end" that Node's responses never say, and
  // over HTTP/2 a response says "finish" only when its stream is closed.
  const out = streamOf(request) ?? reply.raw
  for (const event of ['finish', 'close']) out.once(event, () => body.release())
  try {
    const values = createContextValues().set(passing, { request, refusal })
    const whole = universalRequestFromNodeRequest(request.raw, reply.raw, undefined, values)
    request.exchange.code ??= Code.Internal // when it cannot be decoded; the handler, once reached, knows better
    limitIdle(request, options.bodyIdleMs)
    const answering = skipBody
      ? withoutBody(whole)
      : { ...whole, body: asConnectErrors(body.meter(unbroken(request)), request.exchange) }
    const response = await withGrpcWebText(
      withGrpcStatus(countingElements(handler, endpoint, request.exchange, options.limits.bodyBytes)),
    )(answering)
    await universalResponseToNodeResponse(response, reply.raw)
  } catch (error) {
    if (ConnectError.from(error).code !== Code.Aborted)
      options.log.info({ id: request.exchange.id, err: error }, 'the answer could not be delivered')
    reply.raw.destroy()
  }
}

/** The handler, given bodies that hold no more than can be decoded. What is only passed on is not decoded here. */
const countingElements =
  (handler: UniversalHandlerFn, endpoint: Endpoint | undefined, exchange: Exchange, most: number): UniversalHandlerFn =>
  (packed) => {
    const type = packed.header.get('content-type') ?? ''
    if (endpoint === undefined || (endpoint.forward !== undefined && !isJson(type))) return handler(packed)
    const request = unpacked(packed, most)
    const isEnveloped = /^application\/(grpc|connect\+)/i.test(type)
    const elements = isJson(type) ? new JsonElements() : new WireElements(endpoint.method.input, isEnveloped)
    const body = counted(request.body as AsyncIterable<Uint8Array>, elements)
    return handler({ ...request, body: asConnectErrors(body, exchange) })
  }

async function* asConnectErrors(body: AsyncIterable<Uint8Array>, exchange: Exchange) {
  try {
    yield* body
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    exchange.code = error.code
    throw toConnectError(error, exchange.id)
  }
}

/**
 * The request with an empty message for its body: nothing of what was sent is read. Node throws the rest away after
 * the answer.
 */
const withoutBody = (request: UniversalServerRequest): UniversalServerRequest => {
  const header = new Headers(request.header)
  const type = header.get('content-type') ?? ''
  for (const name of ['content-encoding', 'content-length', 'grpc-encoding', 'connect-content-encoding'])
    header.delete(name)
  const message = /json/i.test(type) ? Buffer.from('{}') : Buffer.alloc(0)
  const isEnveloped = /^application\/(grpc|connect\+)/i.test(type)
  const prefix = Buffer.alloc(isEnveloped ? 5 : 0)
  if (isEnveloped) prefix.writeUInt32BE(message.length, 1)
  const bytes = Buffer.concat([prefix, message])
  return { ...request, header, body: once(isGrpcWebText(type) ? Buffer.from(bytes.toString('base64')) : bytes) }
}

async function* once(bytes: Uint8Array<ArrayBuffer>) {
  if (bytes.byteLength > 0) yield bytes
}
