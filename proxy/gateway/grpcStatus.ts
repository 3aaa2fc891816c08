import { Code } from '@connectrpc/connect'
import {
  createAsyncIterable,
  type UniversalHandlerFn,
  type UniversalServerResponse,
} from '@connectrpc/connect/protocol'

/**
 * The handler, its gRPC trailers as the specification has them: of `grpc-message` only what is outside 0x20–0x7E, and
 * the percent sign, is encoded. Connect encodes all that encodeURIComponent does, and clients that decode with
 * decodeURI (grpc-js) showed "too many requests%3A …". A message that nests too deeply is the caller's fault (3, as in
 * JSON) and not ours (13); over Connect, so is whatever cannot be parsed (400 and not 500).
 * Source: github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md, Responses.
 */
export const withGrpcStatus =
  (handler: UniversalHandlerFn): UniversalHandlerFn =>
  async (request) => {
    const response = await handler(request)
    const { body, trailer } = response
    const type = request.header.get('content-type') ?? ''
    if (/^application\/proto(;|$)/i.test(type)) return withConnectStatus(response)
    if (!/^application\/grpc(\+|;|$)/i.test(type)) return response
    if (trailer === undefined || body === undefined || body instanceof Uint8Array) return response
    return { ...response, body: before(body, () => mend(trailer)) }
  }

const withConnectStatus = async (response: UniversalServerResponse): Promise<UniversalServerResponse> => {
  const { status, header, body } = response
  if (status !== 500 || !header || !body || header.has('content-encoding')) return response
  const sent = Buffer.concat(await Array.fromAsync(body))
  const error = JSON.parse(sent.toString()) as { readonly code: string; readonly message?: string }
  const unread = error.code === 'internal' && error.message?.startsWith('parse binary: ')
  const bytes = unread ? Buffer.from(JSON.stringify({ ...error, code: 'invalid_argument' })) : sent
  header.set('content-length', String(bytes.length))
  return { ...response, status: unread ? 400 : status, body: createAsyncIterable([bytes]) }
}

/** What comes after the body is known when it has ended. */
async function* before<T>(body: AsyncIterable<T>, then: () => void): AsyncIterable<T> {
  yield* body
  then()
}

const mend = (trailer: Headers): void => {
  const encoded = trailer.get('grpc-message')
  if (!encoded) return
  const message = decodeURIComponent(encoded)
  trailer.set('grpc-message', percentEncoded(message))
  const code = trailer.get('grpc-status')
  if (code === String(Code.Internal) && /^parse binary: .*recursion depth/.test(message))
    trailer.set('grpc-status', String(Code.InvalidArgument))
}

export const percentEncoded = (message: string): string =>
  message.replace(/[^\x20-\x24\x26-\x7e]/gu, encodeURIComponent)
