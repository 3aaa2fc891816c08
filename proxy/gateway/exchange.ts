import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Caller } from '#proxy/service/call.ts'

export type Protocol = 'grpc' | 'grpc-web' | 'grpc-web-text' | 'connect' | 'rest' | 'media' | 'page'

/** What the edge knows of one request: filled as it goes through, read by log and metrics at its end. */
export interface Exchange {
  /** 32 hex; `req_id` of the answer, `x-request-id`, id of the log line. */
  readonly id: string
  protocol: Protocol
  /** Name of the RPC, `media`, `page`; never a path, so that metrics stay few and logs hold no names of files. */
  method: string
  caller: Caller | undefined
  /** The API's code, or the gRPC code where there is no Status. */
  code: number | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange
  }
}

/** The id of a request: always ours, since a client could repeat one or write into our logs. */
export const newRequestId = (): string => randomBytes(16).toString('hex')

export const beginExchange = (request: FastifyRequest): Exchange => ({
  id: request.id,
  protocol: 'page',
  method: 'other',
  caller: undefined,
  code: undefined,
})
