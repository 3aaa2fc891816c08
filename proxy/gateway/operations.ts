import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Log } from '#proxy/service/deps.ts'
import type { Metrics } from './observe.ts'

export interface OperationsOptions {
  /** Rejects when the server cannot serve: the database does not answer. */
  readonly healthy: () => Promise<void>
  readonly metrics: Metrics
  readonly metricsFor: 'loopback' | 'on' | 'off'
  readonly log: Log
}

/** What the people who run the server ask: /healthz and /metrics. */
export const operationsPlugin = (app: FastifyInstance, options: OperationsOptions): void => {
  app.get('/healthz', async (request, reply) => {
    request.exchange.method = 'healthz'
    reply.header('cache-control', 'no-store').type('text/plain; charset=utf-8')
    try {
      await options.healthy()
      return 'ok\n'
    } catch (error) {
      options.log.error({ id: request.exchange.id, err: error }, 'not healthy')
      return reply.code(503).send('the database does not answer\n')
    }
  })
  app.get('/metrics', async (request, reply) => {
    request.exchange.method = 'metrics'
    if (!mayRead(request, options.metricsFor)) return reply.code(404).type('text/plain').send('not found\n')
    reply.header('cache-control', 'no-store')
    return reply.type(options.metrics.registry.contentType).send(await options.metrics.registry.metrics())
  })
}

const mayRead = (request: FastifyRequest, who: OperationsOptions['metricsFor']): boolean => {
  if (who !== 'loopback') return who === 'on'
  // A reverse proxy on this machine is loopback for everybody behind it: what it forwards is not from here.
  const isForwarded = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined
  return !isForwarded && /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '')
}
