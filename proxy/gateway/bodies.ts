import { constants, type ServerHttp2Stream } from 'node:http2'
import type { FastifyInstance, FastifyRequest } from 'fastify'

// What becomes of bodies that are not read to their end, or do not arrive.

/** The stream of a request over HTTP/2. */
export const streamOf = ({ raw }: FastifyRequest): ServerHttp2Stream | undefined =>
  'stream' in raw ? (raw.stream as ServerHttp2Stream) : undefined

const discardingMs = 10_000

/**
 * Lets what was not read of a body run into nothing once the answer is out, for a while. Left alone, the stream stays
 * open and holds what has arrived, and the client waits for its end; over HTTP/1.1 the connection stands still with
 * it, and the client's next call on it is never read. (Node throws away only bodies of which nothing was read.)
 */
export const discardUnread = (app: FastifyInstance): void => {
  app.addHook('onRequest', async (request, reply) => {
    const stream = streamOf(request)
    if (stream !== undefined) stream.once('finish', () => discardRest(stream))
    else reply.raw.once('finish', () => discardRestOfHttp1(request))
  })
}

const discardRest = (stream: ServerHttp2Stream) => {
  if (stream.readableEnded) return
  stream.removeAllListeners('data') // Node's own hands the bytes to a request that takes no more of them, and pauses
  stream.resume()
  const enough = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), discardingMs)
  stream.once('close', () => clearTimeout(enough))
}

const discardRestOfHttp1 = ({ raw }: FastifyRequest) => {
  if (raw.complete && raw.readableEnded) return
  raw.removeAllListeners('data')
  raw.resume()
  const enough = setTimeout(() => raw.socket.destroy(), discardingMs)
  for (const event of ['end', 'close']) raw.once(event, () => clearTimeout(enough))
}

/**
 * A body to read, perhaps not to its end: stopping breaks nothing, and {@link discardUnread} sees to the rest. (Left
 * early, Node's usual iterator takes the request off its connection, which nobody reads then: the next call hangs.)
 */
export const unbroken = ({ raw }: FastifyRequest): AsyncIterable<Uint8Array> => raw.iterator({ destroyOnReturn: false })

/** Cuts a body that stops arriving: HTTP/2 has no request timeout, and its memory would be held for ever. */
export const limitIdle = (request: FastifyRequest, ms: number): void => {
  const stream = streamOf(request)
  if (stream === undefined) return
  stream.setTimeout(ms, () => stream.close(constants.NGHTTP2_CANCEL))
  request.raw.once('end', () => stream.setTimeout(0))
}
