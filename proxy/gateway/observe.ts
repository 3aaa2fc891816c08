import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import pino, { type Logger } from 'pino'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { beginExchange } from './exchange.ts'

/**
 * JSON lines on stderr; stdout is for the ready line. Only fields we name are logged, never headers or bodies, so
 * that no key, cookie or password can get in; what an error object carries is cut to type, message and stack.
 */
export const createLog = (level: string): Logger =>
  pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorFields },
    },
    pino.destination({ dest: 2, sync: true }),
  )

const errorFields = (error: unknown): object => {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack, cause } = error
  return { type: name, message, stack, ...(cause === undefined ? {} : { cause: errorFields(cause) }) }
}

/** Prometheus numbers of one server; not global, so that several servers live in one test. */
export class Metrics {
  readonly registry = new Registry()
  readonly #calls = new Counter({
    name: 'marquee_requests_total',
    help: 'Requests answered, by RPC, protocol, code of the API and HTTP status.',
    labelNames: ['method', 'protocol', 'code', 'http'],
    registers: [this.registry],
  })
  readonly #seconds = new Histogram({
    name: 'marquee_request_seconds',
    help: 'Time from the request line to the end of the answer.',
    labelNames: ['method', 'protocol'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  })

  constructor() {
    collectDefaultMetrics({ register: this.registry })
  }

  answered(request: FastifyRequest, reply: FastifyReply): void {
    const { method, protocol, code } = request.exchange
    this.#calls.inc({ method, protocol, code: code ?? 0, http: reply.raw.statusCode })
    this.#seconds.observe({ method, protocol }, reply.elapsedTime / 1000)
  }
}

/** One line and one count a request, and its id in `x-request-id`. */
export const observe = (app: FastifyInstance, log: Logger, metrics: Metrics): void => {
  app.decorateRequest('exchange')
  app.addHook('onRequest', async (request, reply) => {
    request.exchange = beginExchange(request)
    reply.header('x-request-id', request.exchange.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    metrics.answered(request, reply)
    const { id, method, protocol, caller, code } = request.exchange
    const fields = {
      id,
      method,
      protocol,
      caller: caller?.userId,
      credential: caller?.credentialId,
      code,
      http: reply.raw.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    }
    // Pictures and pages come by the hundred: they matter when something is being looked for.
    if (protocol === 'media' || protocol === 'page') log.debug(fields, 'answered')
    else log.info(fields, 'answered')
  })
}
