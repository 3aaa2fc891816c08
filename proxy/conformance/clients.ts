import {
  type DescField,
  type DescMessage,
  type DescMethod,
  fromBinary,
  fromJson,
  getOption,
  type JsonObject,
  type JsonValue,
  type Message,
  toBinary,
  toJson,
} from '@bufbuild/protobuf'
import { Code, ConnectError, type Transport } from '@connectrpc/connect'
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import { OfficialClient } from '#e2e/officialClient.ts'
import { http } from '#gen/google/api/annotations_pb.ts'
import type { HttpRule } from '#gen/google/api/http_pb.ts'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'

/**
 * One way to speak to a server of the Clarifai V2 API. Requests and answers are proto3 JSON with the field names of the
 * .proto files, enums as numbers and every field printed, so that all protocols can be held to the same expectations.
 */
export interface ApiClient {
  readonly protocol: string
  /** @throws ConnectError when the call fails as a call (gRPC status other than OK). */
  call(method: string, request: JsonObject, options?: CallOptions): Promise<Answer>
  close(): void
}
export interface CallOptions {
  /** Personal access token or API key; none when absent. */
  readonly key?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}
export type Answer = JsonObject & { status: { code: number; description: string; details: string; req_id: string } }

export const methodNamed = (name: string): DescMethod => {
  const method = V2.methods.find((candidate) => candidate.name === name)
  if (!method) throw new Error(`there is no method ${name}`)
  return method
}

const headersOf = ({ key, headers }: CallOptions = {}): Record<string, string> => ({
  ...(key !== undefined && { authorization: `Key ${key}` }),
  ...headers,
})

/** Every field, as numbers and strings: absent scalars are their zero, as a protobuf client sees them. */
export const answerOf = (schema: DescMessage, message: Message): Answer =>
  toJson(schema, message, { alwaysEmitImplicit: true, enumAsInteger: true, useProtoFieldName: true }) as Answer

function overTransport(protocol: string, transport: Transport): ApiClient {
  return {
    protocol,
    async call(name, request, options) {
      const method = methodNamed(name)
      if (method.methodKind !== 'unary') throw new Error(`${name} is no unary method`)
      const message = fromJson(method.input, request) as never
      const unary = method as DescMethod & { methodKind: 'unary' }
      const answer = await transport.unary(unary, undefined, 30_000, headersOf(options), message)
      return answerOf(method.output, answer.message)
    },
    close: () => undefined,
  }
}

export const connectJson = (url: string): ApiClient =>
  overTransport('Connect, JSON', createConnectTransport({ baseUrl: url, httpVersion: '1.1', useBinaryFormat: false }))
export const connectBinary = (url: string): ApiClient =>
  overTransport('Connect', createConnectTransport({ baseUrl: url, httpVersion: '1.1' }))
export const grpcWeb = (url: string): ApiClient =>
  overTransport('gRPC-web', createGrpcWebTransport({ baseUrl: url, httpVersion: '1.1' }))

/** gRPC through the official Node client: its codec and its channel, both ways. */
export function grpcOfficial(port: number, ca?: string): ApiClient {
  const channel = OfficialClient.channel(port, ca)
  return {
    protocol: 'gRPC, official Node client',
    async call(name, request, options) {
      const method = methodNamed(name)
      const sent = toBinary(method.input, fromJson(method.input, request))
      const received = await channel.bytes(name, sent, headersOf(options))
      return answerOf(method.output, fromBinary(method.output, received))
    },
    close: () => channel.close(),
  }
}

/** gRPC-web in text mode, as the official web client speaks it: base64 of length-prefixed frames. */
export function grpcWebText(url: string): ApiClient {
  return {
    protocol: 'gRPC-web text',
    async call(name, request, options) {
      const method = methodNamed(name)
      const message = toBinary(method.input, fromJson(method.input, request))
      const frame = Buffer.alloc(5 + message.length)
      frame.writeUInt32BE(message.length, 1)
      frame.set(message, 5)
      const answer = await fetch(`${url}/clarifai.api.V2/${name}`, {
        method: 'POST',
        headers: {
          ...headersOf(options),
          'content-type': 'application/grpc-web-text',
          accept: 'application/grpc-web-text',
        },
        body: frame.toString('base64'),
      })
      const text = await answer.text()
      const bytes = Buffer.concat((text.match(/[^=]+=*/g) ?? []).map((part) => Buffer.from(part, 'base64')))
      return answerOf(method.output, fromBinary(method.output, firstMessage(bytes, answer.headers)))
    },
    close: () => undefined,
  }
}

function firstMessage(frames: Buffer, headers: Headers): Uint8Array {
  let trailer = ''
  for (let at = 0; at + 5 <= frames.length; ) {
    const length = frames.readUInt32BE(at + 1)
    const body = frames.subarray(at + 5, at + 5 + length)
    if (frames[at] === 0) return body
    trailer += body.toString()
    at += 5 + length
  }
  const status = /grpc-status:\s*(\d+)/i.exec(trailer)?.[1] ?? headers.get('grpc-status') ?? '2'
  const text = /grpc-message:\s*([^\r\n]*)/i.exec(trailer)?.[1] ?? headers.get('grpc-message') ?? 'no message'
  throw new ConnectError(decodeURIComponent(text), Number(status) as Code)
}

/** REST by plain fetch on the route of google.api.http that names the most path parameters. */
export function rest(url: string): ApiClient {
  return {
    protocol: 'REST',
    async call(name, request, options) {
      const method = methodNamed(name)
      const { verb, path, body } = routeFor(method, request)
      const response = await fetch(url + path, {
        method: verb,
        headers: { ...headersOf(options), ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (response.status === 501) throw new ConnectError(text, Code.Unimplemented)
      const json = JSON.parse(text) as JsonValue
      return answerOf(method.output, fromJson(method.output, json, { ignoreUnknownFields: true }))
    },
    close: () => undefined,
  }
}

interface Route {
  readonly verb: string
  readonly path: string
  readonly body: JsonObject | undefined
}

function routeFor(method: DescMethod, request: JsonObject): Route {
  const rule = getOption(method, http)
  const routes = [rule, ...rule.additionalBindings].flatMap((binding) => fillRoute(method, binding, request) ?? [])
  const best = routes.sort((a, b) => b.filled - a.filled)[0]
  if (!best) throw new Error(`${method.name} has no route for ${JSON.stringify(request)}`)
  return best
}

function fillRoute(method: DescMethod, rule: HttpRule, request: JsonObject): (Route & { filled: number }) | undefined {
  const { case: verb, value: template } = rule.pattern
  if (!verb || verb === 'custom') return undefined
  const rest = structuredClone(request)
  let filled = 0
  let missing = false
  const path = template.replace(/\{([^}=]+)(=[^}]*)?\}/g, (_, name: string) => {
    const value = take(rest, name.split('.'))
    if (typeof value !== 'string' || value === '') missing = true
    else filled++
    return encodeURIComponent(String(value))
  })
  if (missing) return undefined
  if (rule.body === '*') return { verb: verb.toUpperCase(), path, body: rest, filled }
  const query = new URLSearchParams(flatten(rest, method.input))
  return { verb: verb.toUpperCase(), path: query.size > 0 ? `${path}?${query}` : path, body: undefined, filled }
}

function take(from: JsonObject, [name, ...rest]: string[]): JsonValue | undefined {
  if (name === undefined) return undefined
  const value = from[name]
  if (rest.length === 0) {
    delete from[name]
    return value
  }
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? take(value, rest) : undefined
}

/** Query parameters: dotted names, a key repeated for each item of a list. */
function flatten(value: JsonObject, schema: DescMessage, prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([name, part]): [string, string][] => {
    const field: DescField | undefined = schema.fields.find((candidate) => candidate.name === name)
    if (Array.isArray(part)) return part.map((item) => [prefix + name, String(item)])
    if (part !== null && typeof part === 'object')
      return field?.fieldKind === 'message' ? flatten(part, field.message, `${prefix}${name}.`) : []
    return [[prefix + name, String(part)]]
  })
}
