import type { UniversalHandlerFn, UniversalServerRequest } from '@connectrpc/connect/protocol'

/**
 * gRPC-web-text: the frames of gRPC-web as base64, which the official web clients send by default and Connect's
 * handlers answer with 415. Source: github.com/grpc/grpc, doc/PROTOCOL-WEB.md.
 */
export const isGrpcWebText = (contentType: string): boolean =>
  /^application\/grpc-web-text(\+proto)?\s*(;.*)?$/i.test(contentType)

/** The handler, answering base64 to base64. */
export const withGrpcWebText =
  (handler: UniversalHandlerFn): UniversalHandlerFn =>
  async (request) => {
    if (!isGrpcWebText(request.header.get('content-type') ?? '')) return handler(request)
    const header = new Headers(request.header)
    header.set('content-type', 'application/grpc-web+proto')
    const binary: UniversalServerRequest = { ...request, header, body: decode(bytesOf(request)) }
    const response = await handler(binary)
    response.header?.set('content-type', 'application/grpc-web-text+proto')
    return response.body === undefined ? response : { ...response, body: encode(response.body) }
  }

const bytesOf = (request: UniversalServerRequest): AsyncIterable<Uint8Array> =>
  request.body as AsyncIterable<Uint8Array>

/** Base64 is four characters for three bytes: what a chunk leaves over waits for the next. */
async function* decode(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array<ArrayBuffer>> {
  let rest = ''
  for await (const chunk of body) {
    rest += Buffer.from(chunk).toString('latin1')
    const whole = rest.length - (rest.length % 4)
    if (whole > 0) yield decodeParts(rest.slice(0, whole))
    rest = rest.slice(whole)
  }
  if (rest !== '') yield Buffer.from(rest, 'base64')
}

/** Padding may stand in the middle: each frame may have been encoded by itself. */
const decodeParts = (text: string): Buffer<ArrayBuffer> =>
  text.includes('=')
    ? Buffer.concat((text.match(/[^=]+=*/g) ?? []).map((part) => Buffer.from(part, 'base64')))
    : Buffer.from(text, 'base64')

async function* encode(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array<ArrayBuffer>> {
  for await (const chunk of body)
    if (chunk.byteLength > 0)
      yield Buffer.from(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('base64'), 'latin1')
}
