import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Caller } from '#proxy/service/call.ts'
import type { Log } from '#proxy/service/deps.ts'
import { type Authenticate, checkPictureOrigin, credentialOf } from './auth.ts'
import { provenanceOf } from './dispatch.ts'
import { type Part, partOf } from './ranges.ts'
import { sendFailure } from './transcode.ts'

export interface Media {
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
  /** Bytes `first` to `last`, both in it; absent where it comes as a whole only. */
  readonly part?: (part: Part) => Promise<AsyncIterable<Uint8Array>>
  readonly type: string
  /** Bytes. */
  readonly size: number
  /** With its quotes. */
  readonly etag: string
  readonly cacheControl: string
  readonly filename?: string | undefined
  /** Of a picture that has several, of which the first is sent: told in the header `x-marquee-frames`. */
  readonly frames?: number | undefined
}

/**
 * The service's: judges the signature in the query, or the caller.
 * @param path what stands after `/media/`, percent-encoded as it came
 * @throws ApiError
 */
export type OpenMedia = (path: string, query: URLSearchParams, caller: Caller | undefined) => Promise<Media>

export interface MediaOptions {
  readonly openMedia: OpenMedia
  readonly authenticate: Authenticate
  readonly cookieName: () => string
  readonly publicUrl: string | undefined
  readonly log: Log
}

/** `/media/<owner>/<app>/<input>/<rendition>`: pictures, by signed address, session or key. */
export const mediaPlugin = (app: FastifyInstance, options: MediaOptions): void => {
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof ApiError) return sendFailure(request, reply, error)
    options.log.error({ id: request.exchange.id, err: error }, 'unexpected error')
    return sendFailure(request, reply, new ApiError(StatusCode.INTERNAL_UNCATEGORIZED))
  })
  app.route({
    method: ['GET'],
    url: '/media/*',
    handler: async (request, reply) => {
      request.exchange.protocol = 'media'
      request.exchange.method = 'media'
      const { pathname, searchParams } = new URL(request.url, 'http://localhost')
      const { caller, refusal } = await identify(request, options)
      request.exchange.caller = caller
      try {
        return await send(
          request,
          reply,
          await options.openMedia(pathname.slice('/media/'.length), searchParams, caller),
        )
      } catch (error) {
        throw refusal !== undefined && error instanceof ApiError ? refusal : error
      }
    },
  })
}

/** A signed address needs no caller, so a stale cookie does not spoil it. */
const identify = async (
  request: FastifyRequest,
  { authenticate, cookieName, publicUrl }: MediaOptions,
): Promise<{ caller?: Caller; refusal?: ApiError }> => {
  try {
    const credential = credentialOf(request.headers, cookieName())
    if (credential === undefined) return {}
    if (credential.kind === 'session') checkPictureOrigin(provenanceOf(request), publicUrl)
    return { caller: await authenticate(credential) }
  } catch (error) {
    if (error instanceof ApiError) return { refusal: error }
    throw error
  }
}

const send = async (request: FastifyRequest, reply: FastifyReply, media: Media) => {
  request.exchange.code = StatusCode.SUCCESS
  reply.headers({
    etag: media.etag,
    'cache-control': media.cacheControl,
    // What is stored is never run: a picture that is a document gets neither scripts nor our origin.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    ...(media.part && { 'accept-ranges': 'bytes' }),
  })
  if (media.frames !== undefined && media.frames > 1) reply.header('x-marquee-frames', media.frames)
  if (media.filename !== undefined)
    reply.header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(media.filename)}`)
  const whole = Readable.from(media.body instanceof Uint8Array ? [media.body] : media.body, { objectMode: false })
  if (isKnown(media.etag, request.headers['if-none-match'])) {
    whole.destroy()
    return reply.code(304).send()
  }
  const part = media.part && partOf(request.headers, media)
  if (!part || !media.part) return reply.type(media.type).header('content-length', media.size).send(whole)
  whole.destroy()
  if (part === 'beyond') return reply.code(416).header('content-range', `bytes */${media.size}`).send()
  const { first, last } = part
  reply.code(206).type(media.type)
  reply.headers({ 'content-range': `bytes ${first}-${last}/${media.size}`, 'content-length': last - first + 1 })
  return reply.send(Readable.from(await media.part(part), { objectMode: false }))
}

const isKnown = (etag: string, ifNoneMatch: string | undefined): boolean =>
  ifNoneMatch
    ?.split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === etag || tag === '*') ?? false
