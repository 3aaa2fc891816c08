import { Readable } from 'node:stream'
import {
  type DescMessage,
  type DescMethod,
  fromJson,
  getOption,
  type JsonObject,
  type Message,
} from '@bufbuild/protobuf'
import { ConnectError } from '@connectrpc/connect'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { http } from '#gen/google/api/annotations_pb.ts'
import type { HttpRule } from '#gen/google/api/http_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Log } from '#proxy/service/deps.ts'
import { limitIdle, unbroken } from './bodies.ts'
import { counted, JsonElements } from './bodyElements.ts'
import { type Dispatch, type Endpoint, endpointsOf, isThere, notImplemented, type ServiceEntry } from './dispatch.ts'
import type { EdgeCall } from './edgeCall.ts'
import { fieldNamed, messageToJson, roundFloats, withDefaults } from './json.ts'
import type { BodyBudget } from './limits.ts'
import { type Match, Routes } from './pathTemplate.ts'
import { setFromText } from './query.ts'
import { completeStatus, failureOfConnect, failureStatus, httpStatusOf, statusJson, statusOf } from './status.ts'

export interface TranscodeOptions {
  readonly services: readonly ServiceEntry[]
  readonly dispatch: Dispatch
  readonly bodies: BodyBudget
  /** As for RPC. */
  readonly bodyIdleMs: number
  readonly log: Log
}

/** A binding of google.api.http: the method, and whether its message is the body. */
export interface Binding {
  readonly endpoint: Endpoint
  readonly takesBody: boolean
}

/** REST from the descriptors alone: every binding of every service, with the handlers of the other protocols. */
export const transcodePlugin = (app: FastifyInstance, options: TranscodeOptions): void => {
  const routes = routesOf(options.services.flatMap(endpointsOf))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null)) // read after the caller is known
  app.setErrorHandler((error, request, reply) => sendFailure(request, reply, asFailure(error, request, options.log)))
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    request.exchange.protocol = 'rest'
    const body = options.bodies.open()
    try {
      const { target, variables } = find(routes, request, reply)
      const { endpoint } = target
      request.exchange.method = endpoint.method.name
      const refusal = await options.dispatch.admit(request, endpoint)
      if (refusal !== undefined) throw refusal
      if (!isThere(endpoint)) throw notImplemented(endpoint)
      limitIdle(request, options.bodyIdleMs)
      const json = target.takesBody
        ? await readBody(request, counted(body.meter(unbroken(request)), new JsonElements()))
        : {}
      const message = toMessage(endpoint.method, json, request, { variables, readQuery: !target.takesBody })
      const call = callOf(request, reply)
      if (endpoint.method.methodKind !== 'unary')
        return await sendLines(request, reply, endpoint, options.dispatch.stream(endpoint, just(message), call))
      return await send(request, reply, endpoint, await options.dispatch.answer(endpoint, message, call))
    } finally {
      body.release()
    }
  }
  app.route({ method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], url: '/v2', handler })
  app.route({ method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], url: '/v2/*', handler })
}

/**
 * Main bindings first, then additional ones of the main one's verb, so that none takes the place of another method's
 * own: service.proto gives `GET /v2/pipelines` to PostPipelines, too.
 */
export const routesOf = (endpoints: readonly Endpoint[]): Routes<Binding> => {
  const routes = new Routes<Binding>()
  const rules = endpoints.map((endpoint) => ({ endpoint, rule: getOption(endpoint.method, http) }))
  for (const { endpoint, rule } of rules) addRule(routes, endpoint, rule)
  const additional = rules.flatMap(({ endpoint, rule }) =>
    rule.additionalBindings.map((own) => ({ endpoint, rule: own, isUsual: own.pattern.case === rule.pattern.case })),
  )
  for (const { endpoint, rule } of additional.filter(({ isUsual }) => isUsual)) addRule(routes, endpoint, rule)
  for (const { endpoint, rule } of additional.filter(({ isUsual }) => !isUsual)) addRule(routes, endpoint, rule)
  return routes
}

const addRule = (routes: Routes<Binding>, endpoint: Endpoint, { pattern, body }: HttpRule) => {
  if (pattern.case === undefined || pattern.case === 'custom') return
  if (body !== '' && body !== '*') throw new Error(`${endpoint.method.name}: a body of "${body}" is not supported`)
  const verb = pattern.case.toUpperCase()
  routes.add({ verb, template: pattern.value, target: { endpoint, takesBody: body === '*' } })
}

const find = (routes: Routes<Binding>, request: FastifyRequest, reply: FastifyReply): Match<Binding> => {
  const verb = request.method === 'HEAD' ? 'GET' : request.method
  const path = request.url.split('?', 1)[0] ?? ''
  let found: ReturnType<typeof routes.find>
  try {
    found = routes.find(verb, path)
  } catch (cause) {
    throw new ApiError(StatusCode.CONN_BAD_REQUEST_FORMAT, 'the path is not percent-encoded UTF-8', { cause })
  }
  if (found === undefined) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, 'there is no such path')
  if ('target' in found) return found
  reply.header('allow', found.verbs.join(', '))
  throw new ApiError(StatusCode.CONN_METHOD_NOT_ALLOWED, `this path takes ${found.verbs.join(', ')}`)
}

/** @throws ApiError CONN_BAD_REQUEST_FORMAT unless the body is empty or one JSON object in UTF-8 */
const readBody = async (request: FastifyRequest, body: AsyncIterable<Uint8Array>): Promise<JsonObject> => {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') throw badFormat(`Content-Encoding ${encoding.slice(0, 20)} is not supported`)
  const bytes = Buffer.concat(await Array.fromAsync(body))
  if (bytes.length === 0) return {}
  try {
    const json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json
  } catch (cause) {
    throw badFormat('the body is not JSON', { cause })
  }
  throw badFormat('the body is not a JSON object')
}

const badFormat = (details: string, options?: ErrorOptions) =>
  new ApiError(StatusCode.CONN_BAD_REQUEST_FORMAT, details, options)

interface FromAddress {
  readonly variables: ReadonlyMap<string, string>
  readonly readQuery: boolean
}

/**
 * Of what deletes and changes, nothing is passed over: misspelt, what narrows a request down would widen it.
 * @throws ApiError CONN_BAD_REQUEST_FORMAT naming the field
 */
const checkKnown = (input: DescMessage, body: JsonObject): void => {
  const unknown = Object.keys(body).find((name) => fieldNamed(input, name) === undefined)
  if (unknown !== undefined) throw badFormat(`${unknown}: no field of this request`)
}

const toMessage = ({ input }: DescMethod, body: JsonObject, request: FastifyRequest, address: FromAddress): Message => {
  try {
    if (request.method === 'DELETE' || request.method === 'PATCH') checkKnown(input, body)
    const json = withDefaults(input, body) as JsonObject
    if (address.readQuery) {
      const query = new URL(request.url, 'http://localhost').searchParams
      for (const name of new Set(query.keys())) setFromText(json, input, name, query.getAll(name))
    }
    for (const [path, value] of address.variables) setFromText(json, input, path, [value])
    const message = fromJson(input, json, { ignoreUnknownFields: true })
    roundFloats(input, message)
    return message
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw badFormat(error instanceof Error ? error.message : '', { cause: error })
  }
}

const callOf = (request: FastifyRequest, reply: FastifyReply): EdgeCall => {
  const abort = new AbortController()
  reply.raw.once('close', () => abort.abort())
  return {
    caller: request.exchange.caller,
    requestId: request.exchange.id,
    signal: abort.signal,
    requestHeaders: universalHeaders(request),
    timeoutMs: () => undefined,
    header: (name) => [request.headers[name]].flat()[0],
    setHeader: (name, value) => void reply.header(name, value),
    remoteAddress: request.ip,
  }
}

const universalHeaders = ({ headers }: FastifyRequest): Headers => {
  const universal = new Headers()
  for (const [name, value] of Object.entries(headers))
    if (!name.startsWith(':')) for (const one of [value ?? []].flat()) universal.append(name, one)
  return universal
}

const send = (request: FastifyRequest, reply: FastifyReply, endpoint: Endpoint, answer: Message) => {
  const { json, code } = printed(request, endpoint, answer)
  return reply.code(httpStatusOf(code)).type('application/json; charset=utf-8').send(JSON.stringify(json))
}

const printed = (request: FastifyRequest, { method, forward }: Endpoint, answer: Message) => {
  const status = forward === undefined ? completeStatus(answer, request.exchange.id) : statusOf(answer)
  const code = status?.code ?? StatusCode.SUCCESS
  request.exchange.code = code
  const json = messageToJson(method.output, answer) as JsonObject
  return { json: status === undefined ? json : { ...json, status: statusJson(status) }, code }
}

/** A stream: one JSON object a line. A failure before the first of them is an ordinary answer, a later one the last line. */
const sendLines = async (
  request: FastifyRequest,
  reply: FastifyReply,
  endpoint: Endpoint,
  answers: AsyncIterable<Message>,
) => {
  const rest = answers[Symbol.asyncIterator]()
  const first = await rest.next()
  const line = (answer: Message) => `${JSON.stringify(printed(request, endpoint, answer).json)}\n`
  const lines = async function* () {
    try {
      for (let next = first; !next.done; next = await rest.next()) yield line(next.value)
    } catch (error) {
      const failure = error instanceof ApiError ? error : failureOfConnect(ConnectError.from(error))
      request.exchange.code = failure.code
      yield `${JSON.stringify({ status: statusJson(failureStatus(failure.code, failure.details, request.exchange.id)) })}\n`
    } finally {
      await rest.return?.()
    }
  }
  const http = first.done ? 200 : httpStatusOf(printed(request, endpoint, first.value).code)
  return reply
    .code(http)
    .type('application/x-ndjson; charset=utf-8')
    .send(Readable.from(lines(), { objectMode: false }))
}

async function* just(message: Message) {
  yield message
}

/** A failure in the form of the API, for whatever path. */
export const sendFailure = (request: FastifyRequest, reply: FastifyReply, error: ApiError) => {
  request.exchange.code = error.code
  const status = failureStatus(error.code, error.details, request.exchange.id)
  return reply
    .code(httpStatusOf(error.code))
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ status: statusJson(status) }))
}

const asFailure = (error: unknown, request: FastifyRequest, log: Log): ApiError => {
  if (error instanceof ApiError) return error
  if (error instanceof ConnectError) return failureOfConnect(error)
  log.error({ id: request.exchange.id, method: request.exchange.method, err: error }, 'unexpected error')
  return new ApiError(StatusCode.INTERNAL_UNCATEGORIZED, '', { cause: error })
}
