import { createHash } from 'node:crypto'
import type { DescMethod, DescService, Message } from '@bufbuild/protobuf'
import { ConnectError } from '@connectrpc/connect'
import type { FastifyRequest } from 'fastify'
import type { UserAppIDSet } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { AuthType } from '#gen/proto/clarifai/auth/types/types_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Call, Caller } from '#proxy/service/call.ts'
import type { Deps, Log } from '#proxy/service/deps.ts'
import { checkInvitation } from '#proxy/service/people/access.ts'
import type { Credential } from '#proxy/service/people/authenticate.ts'
import { checkRequest } from '#proxy/service/requestLimits.ts'
import {
  type Authenticate,
  checkOrigin,
  checkPerson,
  credentialOf,
  isOwnPage,
  type Provenance,
  personHeader,
} from './auth.ts'
import type { EdgeCall, Forward } from './edgeCall.ts'
import type { RateLimit } from './limits.ts'
import { checkRequirement, type Requirement, requirementOf } from './scopes.ts'

/** An RPC as the gateway calls it, whatever its messages are; a stream when it is a streaming one. */
export type AnyMethod = (request: Message, call: Call, deps: Deps) => Promise<Message> | AsyncIterable<Message>

/** One service at the edge. */
export interface ServiceEntry {
  readonly service: DescService
  /** By protobuf-es's local name; what is missing answers UNIMPLEMENTED. */
  readonly methods: Readonly<Record<string, AnyMethod>>
  /**
   * How failures are told: `body` = in the Status of a good answer, with scopes and kinds of keys from the
   * descriptors (the Clarifai API); `connect` = as Connect errors, each method judging its caller itself (ours).
   */
  readonly failures: 'body' | 'connect'
  /** Of a service with `connect` failures: local names of the methods that need nobody to be signed in. */
  readonly open?: readonly string[]
  /** Where every method goes that is not in `methods`. */
  readonly forward?: Forward | undefined
}

/** One method at the edge. */
export interface Endpoint {
  readonly method: DescMethod
  /** What is read and written: `method`, or it with messages of bytes that are passed on undecoded. */
  readonly wire: DescMethod
  readonly failures: ServiceEntry['failures']
  /** Undefined = not judged here but by the upstream. */
  readonly requirement: Requirement | undefined
  readonly run: AnyMethod | undefined
  readonly forward: Forward | undefined
}

/** Whether something answers it. */
export const isThere = ({ run, forward }: Endpoint): boolean => run !== undefined || forward !== undefined

export const endpointsOf = (entry: ServiceEntry): Endpoint[] =>
  entry.service.methods.map((method) => {
    const run = entry.methods[method.localName]
    const forward = run === undefined ? entry.forward : undefined
    return {
      method,
      wire: method,
      failures: entry.failures,
      requirement: requirement(entry, method, forward),
      run,
      forward,
    }
  })

const requirement = (entry: ServiceEntry, method: DescMethod, forward: Forward | undefined) => {
  if (entry.failures === 'connect') return ownRequirement(entry, method)
  return forward === undefined ? requirementOf(method) : undefined
}

const ownRequirement = ({ open = [] }: ServiceEntry, { localName }: DescMethod): Requirement => ({
  auth: open.includes(localName) ? AuthType.NoAuth : AuthType.KeyAuth,
  scopes: [],
})

export interface DispatchOptions {
  readonly deps: Deps
  readonly log: Log
  readonly authenticate: Authenticate
  /** The session cookie's. */
  readonly cookieName: () => string
  readonly rate: RateLimit
  /** Origin people reach us at, when that is not what the Host header says. */
  readonly publicUrl: string | undefined
}

/** What goes before and around every call, whatever protocol it came over. */
export interface Dispatch {
  /**
   * Before the body is read: who is asking, may they call this, have they called too often.
   * @returns why not, or undefined when the call may go on; the caller is in `request.exchange`
   */
  admit(request: FastifyRequest, endpoint: Endpoint): Promise<ApiError | undefined>
  /**
   * The answer. Bugs are logged with the request id and told as INTERNAL_UNCATEGORIZED, without their text.
   * @throws ApiError for every failure of the whole call; ConnectError as the method threw it
   */
  answer(endpoint: Endpoint, message: Message, call: EdgeCall): Promise<Message>
  /** The same for a streaming method, whichever side streams. */
  stream(endpoint: Endpoint, messages: AsyncIterable<Message>, call: EdgeCall): AsyncIterable<Message>
}

export const createDispatch = (options: DispatchOptions): Dispatch => ({
  admit: async (request, endpoint) => {
    try {
      await identify(request, endpoint, options)
      return undefined
    } catch (error) {
      return asApiError(error, request.exchange.id, endpoint, options.log)
    }
  },
  answer: async (endpoint, message, call) => {
    const { run, forward, wire } = endpoint
    try {
      if (forward !== undefined) return await forward.unary(wire, message, call)
      if (run === undefined) throw notImplemented(endpoint)
      await checkMessage(endpoint, message, call, options.deps)
      return await (run(message, call, options.deps) as Promise<Message>)
    } catch (error) {
      if (error instanceof ConnectError) throw error
      throw asApiError(error, call.requestId, endpoint, options.log)
    }
  },
  stream: async function* (endpoint, messages, call) {
    const { run, forward, wire } = endpoint
    try {
      if (forward !== undefined) yield* forward.stream(wire, messages, call)
      else if (run === undefined) throw notImplemented(endpoint)
      else {
        const message = await first(messages)
        await checkMessage(endpoint, message, call, options.deps)
        yield* run(message, call, options.deps) as AsyncIterable<Message>
      }
    } catch (error) {
      if (error instanceof ConnectError) throw error
      throw asApiError(error, call.requestId, endpoint, options.log)
    }
  },
})

/** What can be judged of any request once it is read: its size, and scopes again, this time of who was invited. */
const checkMessage = async ({ method, failures, requirement }: Endpoint, message: Message, call: Call, deps: Deps) => {
  checkRequest(method.input, message, deps.limits)
  if (failures !== 'body' || requirement === undefined) return
  const { userAppId } = message as Message & { readonly userAppId?: UserAppIDSet | undefined }
  await checkInvitation(deps, call, userAppId, { name: method.name, scopes: requirement.scopes })
}

const first = async (messages: AsyncIterable<Message>): Promise<Message> => {
  for await (const message of messages) return message
  throw new ApiError(StatusCode.CONN_BAD_REQUEST_FORMAT, 'there is no message')
}

export const notImplemented = ({ method }: Endpoint): ApiError =>
  new ApiError(StatusCode.NOT_IMPLEMENTED, `${method.parent.typeName}/${method.name} is not implemented`)

const identify = async (request: FastifyRequest, endpoint: Endpoint, options: DispatchOptions) => {
  const { exchange } = request
  try {
    exchange.caller = await callerOf(request, endpoint, options)
  } catch (error) {
    options.rate.take(`address ${request.ip}`) // tries with wrong keys count too
    throw error
  }
  options.rate.take(exchange.caller ? `credential ${exchange.caller.credentialId}` : `address ${request.ip}`)
  if (endpoint.requirement !== undefined) checkRequirement(endpoint.requirement, exchange.caller)
}

const callerOf = async (
  request: FastifyRequest,
  endpoint: Endpoint,
  { authenticate, cookieName, publicUrl }: DispatchOptions,
): Promise<Caller | undefined> => {
  const { headers } = request
  const from = provenanceOf(request)
  if (endpoint.forward !== undefined && headers.authorization !== undefined) return unjudged(headers.authorization)
  const credential = credentialOf(headers, cookieName())
  const isOpen = endpoint.requirement?.auth === AuthType.NoAuth
  if (isOpen && endpoint.failures === 'body') return undefined
  if (credential === undefined) {
    const needsSession = endpoint.failures === 'connect' || headers[personHeader] !== undefined
    if (!isOpen && (needsSession || isOwnPage(from, publicUrl)))
      throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'nobody is signed in')
    return undefined
  }
  if (credential.kind === 'session') checkOrigin(from, publicUrl)
  try {
    const caller = await authenticate(credential)
    checkPerson(headers, caller)
    return caller
  } catch (error) {
    // A page whose session has ended may ask who is signed in, and sign in again.
    if (isOpen && isStaleSession(error, credential)) return undefined
    throw error
  }
}

/** Whoever shows a key for the upstream, in whatever form it takes them. The key itself is in no log. */
const unjudged = (authorization: string): Caller => ({
  userId: '',
  via: 'personal_access_token',
  scopes: 'all',
  credentialId: `upstream-${createHash('sha256').update(authorization).digest('hex').slice(0, 16)}`,
})

const isStaleSession = (error: unknown, { kind }: Credential): boolean =>
  kind === 'session' && error instanceof ApiError && error.code === StatusCode.CONN_CREDENTIALS_INVALID

export const provenanceOf = (request: FastifyRequest): Provenance => ({
  method: request.method,
  headers: request.headers,
  host: request.host,
  secure: request.protocol === 'https',
})

const asApiError = (error: unknown, requestId: string, { method }: Endpoint, log: Log): ApiError => {
  if (error instanceof ApiError) return error
  log.error({ id: requestId, method: method.name, err: error }, 'unexpected error')
  return new ApiError(StatusCode.INTERNAL_UNCATEGORIZED, '', { cause: error })
}
