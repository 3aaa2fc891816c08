import type { Message } from '@bufbuild/protobuf'
import { Code, ConnectError, createContextKey, type HandlerContext } from '@connectrpc/connect'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Log } from '#proxy/service/deps.ts'
import type { Dispatch, Endpoint } from './dispatch.ts'
import type { EdgeCall } from './edgeCall.ts'
import { roundFloats } from './json.ts'
import { asOpaque, statusInOpaque } from './opaque.ts'
import {
  completeStatus,
  failureMessage,
  failureStatus,
  isTransportFailure,
  statusOf,
  toConnectError,
} from './status.ts'

/** What a handler must know besides its message. */
export interface Passing {
  readonly request: FastifyRequest
  readonly refusal: ApiError | undefined
}
export const passing = createContextKey<Passing | undefined>(undefined)

interface HandlerOptions {
  readonly dispatch: Dispatch
  readonly log: Log
}

/**
 * The implementation Connect calls, by the kind of method. A failure becomes the body's Status, or a Connect error, as
 * the service has it; in a stream the Status is that of one last message.
 */
export const implementationOf = (endpoint: Endpoint, options: HandlerOptions) => {
  switch (endpoint.wire.methodKind) {
    case 'unary':
      return (message: Message, context: HandlerContext) => answer(endpoint, message, context, options)
    case 'server_streaming':
      return (message: Message, context: HandlerContext) => stream(endpoint, just(message), context, options)
    case 'client_streaming':
      return async (messages: AsyncIterable<Message>, context: HandlerContext) => {
        for await (const message of stream(endpoint, messages, context, options)) return message
        throw new ConnectError('there is no answer', Code.Internal)
      }
    case 'bidi_streaming':
      return (messages: AsyncIterable<Message>, context: HandlerContext) => stream(endpoint, messages, context, options)
  }
}

async function* just(message: Message) {
  yield message
}

const answer = async (endpoint: Endpoint, message: Message, context: HandlerContext, options: HandlerOptions) => {
  const { request, refusal } = context.values.get(passing) as Passing
  try {
    if (refusal !== undefined) throw refusal
    const read = received(endpoint, message, request)
    return finished(endpoint, await options.dispatch.answer(endpoint, read, callOf(request, context)), request)
  } catch (error) {
    return told(endpoint, error, request, options)
  }
}

async function* stream(
  endpoint: Endpoint,
  messages: AsyncIterable<Message>,
  context: HandlerContext,
  options: HandlerOptions,
) {
  const { request, refusal } = context.values.get(passing) as Passing
  try {
    if (refusal !== undefined) throw refusal
    const read = eachReceived(endpoint, messages, request)
    request.exchange.code = 0
    for await (const message of options.dispatch.stream(endpoint, read, callOf(request, context)))
      yield finished(endpoint, message, request)
  } catch (error) {
    yield told(endpoint, error, request, options)
  }
}

/** Floats of JSON become what they are on the wire. */
const received = (endpoint: Endpoint, message: Message, request: FastifyRequest): Message => {
  if (/json/i.test(request.headers['content-type'] ?? '')) roundFloats(endpoint.wire.input, message)
  return message
}

async function* eachReceived(endpoint: Endpoint, messages: AsyncIterable<Message>, request: FastifyRequest) {
  for await (const message of messages) yield received(endpoint, message, request)
}

/** What is forwarded goes out as it came; into our own we write what only the gateway knows. */
const finished = (endpoint: Endpoint, message: Message, { exchange }: FastifyRequest): Message => {
  exchange.code = statusFor(endpoint, message, exchange.id)?.code ?? 0
  return message
}

const statusFor = ({ method, wire, forward }: Endpoint, message: Message, requestId: string) => {
  if (forward === undefined) return completeStatus(message, requestId)
  return wire === method ? statusOf(message) : statusInOpaque(method.output, message)
}

/** A failure as an answer. @throws ConnectError when it cannot be one */
const told = (endpoint: Endpoint, error: unknown, { exchange }: FastifyRequest, { log }: HandlerOptions): Message => {
  if (!(error instanceof ApiError)) {
    exchange.code = error instanceof ConnectError ? error.code : Code.Internal
    if (!(error instanceof ConnectError)) log.error({ id: exchange.id, err: error }, 'unexpected error')
    throw error
  }
  exchange.code = error.code
  const { method, wire } = endpoint
  const message =
    endpoint.failures === 'body' && !isTransportFailure(error.code)
      ? failureMessage(method.output, failureStatus(error.code, error.details, exchange.id))
      : undefined
  if (message === undefined) throw toConnectError(error, exchange.id)
  return wire === method ? message : asOpaque(method.output, message)
}

const callOf = (request: FastifyRequest, context: HandlerContext): EdgeCall => ({
  caller: request.exchange.caller,
  requestId: request.exchange.id,
  signal: context.signal,
  requestHeaders: context.requestHeader,
  timeoutMs: context.timeoutMs,
  header: (name) => context.requestHeader.get(name) ?? undefined,
  setHeader: (name, value) => context.responseHeader.append(name, value),
  remoteAddress: request.ip,
})
