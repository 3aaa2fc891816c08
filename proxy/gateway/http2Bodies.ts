import { constants, type ServerHttp2Stream } from 'node:http2'
import type { FastifyInstance, FastifyRequest } from 'fastify'

// What Node does for the bodies of HTTP/1.1 by itself and leaves to us for HTTP/2.

/** The stream of a request over HTTP/2. */
export const streamOf = ({ raw }: FastifyRequest): ServerHttp2Stream | undefined =>
  'stream' in raw ? (raw.stream as ServerHttp2Stream) : undefined

const discardingMs = 10_000

/**
 * Lets what was not read of a body run into nothing once the answer is out, for a while. Left alone, the stream stays
 * open and holds what has arrived, and the client waits for its end.
 */
export const discardUnread = (app: FastifyInstance): void => {
  app.addHook('onRequest', async (request) => {
    const stream = streamOf(request)
    stream?.once('finish', () => discardRest(stream))
  })
}

const discardRest = (stream: ServerHttp2Stream) => {
  if (stream.readableEnded) return
  stream.removeAllListeners('data') // Node's own hands the bytes to a request that takes no more of them, and pauses
  stream.resume()
  const enough = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), discardingMs)
  stream.once('close', () => clearTimeout(enough))
}

/** Cuts a body that stops arriving: HTTP/2 has no request timeout, and its memory would be held for ever. */
export const limitIdle = (request: FastifyRequest, ms: number): void => {
  const stream = streamOf(request)
  if (stream === undefined) return
  stream.setTimeout(ms, () => stream.close(constants.NGHTTP2_CANCEL))
  request.raw.once('end', () => stream.setTimeout(0))
}
