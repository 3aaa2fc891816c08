import type { AddressInfo } from 'node:net'
import compress from '@fastify/compress'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { Authenticate } from './auth.ts'
import { discardUnread } from './bodies.ts'
import { createDispatch, type ServiceEntry } from './dispatch.ts'
import { beginExchange, newRequestId } from './exchange.ts'
import { BodyBudget, RateLimit } from './limits.ts'
import { createDualServer, type DualServer, type ListenOptions } from './listen.ts'
import { mediaPlugin, type OpenMedia } from './media.ts'
import { Metrics, observe } from './observe.ts'
import { operationsPlugin } from './operations.ts'
import { rpcPlugin } from './rpc.ts'
import { secure } from './security.ts'
import { staticPlugin } from './static.ts'
import { sendFailure, transcodePlugin } from './transcode.ts'

export interface GatewayOptions {
  readonly services: readonly ServiceEntry[]
  readonly deps: Deps
  readonly authenticate: Authenticate
  readonly openMedia: OpenMedia
  readonly healthy: () => Promise<void>
  readonly log: Logger
  /** Of the session cookie; asked at every request, since it may hold the port, which is known after listening. */
  readonly cookieName: () => string
  /** Folder of the built app. */
  readonly appFolder: string
  readonly publicUrl?: string | undefined
  readonly corsOrigins?: readonly string[]
  readonly trustProxy?: boolean | number | readonly string[]
  readonly metricsFor?: 'loopback' | 'on' | 'off'
  readonly listen?: ListenOptions
  /** A body that stops arriving for so long is cut; 60 s. */
  readonly bodyIdleMs?: number
}

/** The edge of the server, not listening yet. */
export interface Gateway {
  /** @returns `http(s)://host:port`. Rejects as `net.Server` fails: EADDRINUSE, EACCES … */
  listen(host: string, port: number): Promise<string>
  /** Stops accepting; running calls have `deadlineMs` to finish. */
  close(deadlineMs: number): Promise<void>
}

/** Everything on one port: RPC, REST, pictures, the app, health and metrics. */
export const createGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const { log } = options
  let server: DualServer | undefined
  const app: FastifyInstance = fastify({
    logger: false, // observe() writes the lines
    genReqId: newRequestId,
    trustProxy: trustOf(options.trustProxy ?? false),
    serverFactory: (handler) => {
      server = createDualServer(handler, options.listen)
      return server
    },
    frameworkErrors: (error, request, reply) => {
      request.exchange ??= beginExchange(request) // no hook has run yet
      reply.header('x-request-id', request.exchange.id)
      void sendFailure(request, reply, ofFastify(error))
    },
    routerOptions: { maxParamLength: 1024 },
  })
  app.setErrorHandler((error: FastifyError, request, reply) => handleError(error, request, reply, log))
  const metrics = new Metrics()
  observe(app, log, metrics)
  discardUnread(app)
  await secure(app, { corsOrigins: options.corsOrigins ?? [], secure: options.listen?.tls !== undefined })
  await app.register(compress, { customTypes: /^(text\/|application\/(json|javascript)|image\/svg)/, threshold: 1024 })
  await mount(app, options, metrics)
  await app.ready()
  return {
    listen: (host, port) => listen(server as DualServer, host, port, options.listen?.tls !== undefined),
    close: async (deadlineMs) => {
      if (server?.listening) await server.drain(deadlineMs)
      await app.close()
    },
  }
}

const trustOf = (trust: boolean | number | readonly string[]) => {
  if (typeof trust === 'boolean') return trust
  return typeof trust === 'number' ? (_address: string, hop: number) => hop < trust : [...trust]
}

const mount = async (app: FastifyInstance, options: GatewayOptions, metrics: Metrics) => {
  const { deps, log, services, authenticate, cookieName, publicUrl } = options
  const { limits } = deps
  const { bodyIdleMs = 60_000 } = options
  const rate = new RateLimit(limits.callsPerSecond)
  const dispatch = createDispatch({ deps, log, authenticate, cookieName, rate, publicUrl })
  const bodies = new BodyBudget(limits)
  await app.register(async (scope) => rpcPlugin(scope, { services, dispatch, bodies, bodyIdleMs, limits, log }))
  const inBody = services.filter(({ failures }) => failures === 'body')
  await app.register(async (scope) => transcodePlugin(scope, { services: inBody, dispatch, bodies, bodyIdleMs, log }))
  const { openMedia } = options
  await app.register(async (scope) => mediaPlugin(scope, { openMedia, authenticate, cookieName, publicUrl, log }))
  const { healthy, metricsFor = 'loopback' } = options
  await app.register(async (scope) => operationsPlugin(scope, { healthy, metrics, metricsFor, log }))
  await staticPlugin(app, options.appFolder)
}

const listen = (server: DualServer, host: string, port: number, isSecure: boolean): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      const { port: actual } = server.address() as AddressInfo
      const name = host.includes(':') ? `[${host}]` : host
      resolve(`${isSecure ? 'https' : 'http'}://${name}:${actual}`)
    })
  })

const handleError = (error: FastifyError, request: FastifyRequest, reply: FastifyReply, log: Logger) => {
  if (error instanceof ApiError) return sendFailure(request, reply, error)
  if ((error.statusCode ?? 500) < 500) return sendFailure(request, reply, ofFastify(error))
  log.error({ id: request.exchange.id, err: error }, 'unexpected error')
  return sendFailure(request, reply, new ApiError(StatusCode.INTERNAL_UNCATEGORIZED, '', { cause: error }))
}

const ofFastify = (error: FastifyError): ApiError =>
  new ApiError(StatusCode.CONN_BAD_REQUEST_FORMAT, error.message, { cause: error })
