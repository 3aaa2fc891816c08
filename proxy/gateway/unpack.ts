import { promisify } from 'node:util'
import { brotliDecompress, gunzip } from 'node:zlib'
import { Code, ConnectError } from '@connectrpc/connect'
import type { UniversalServerRequest } from '@connectrpc/connect/protocol'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'

const unpackers = { gzip: promisify(gunzip), br: promisify(brotliDecompress) }
type Encoding = keyof typeof unpackers

/** Where each protocol says how its messages are compressed. */
const headerOf = (type: string): string => {
  if (/^application\/grpc/i.test(type)) return 'grpc-encoding'
  return /^application\/connect\+/i.test(type) ? 'connect-content-encoding' : 'content-encoding'
}

/**
 * The request with its messages unpacked, so that they can be counted before they are decoded. Compressions that we do
 * not know are left for Connect to refuse.
 * @param most bytes a message may unpack to; more is CONN_EXCEEDS_LIMITS
 */
export const unpacked = (request: UniversalServerRequest, most: number): UniversalServerRequest => {
  const type = request.header.get('content-type') ?? ''
  const name = headerOf(type)
  const encoding = request.header.get(name)
  if (encoding === null || !(encoding in unpackers)) return request
  const unpack = (bytes: Uint8Array) => unpackOne(bytes, encoding as Encoding, most)
  const header = new Headers(request.header)
  for (const gone of [name, 'content-length']) header.delete(gone)
  const body = request.body as AsyncIterable<Uint8Array>
  return { ...request, header, body: name === 'content-encoding' ? whole(body, unpack) : enveloped(body, unpack) }
}

type Unpack = (bytes: Uint8Array) => Promise<Uint8Array>

const unpackOne = async (bytes: Uint8Array, encoding: Encoding, most: number): Promise<Uint8Array> => {
  try {
    return bytes.length === 0 ? bytes : await unpackers[encoding](bytes, { maxOutputLength: most })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new ApiError(StatusCode.CONN_EXCEEDS_LIMITS, `the body unpacks to more than the limit of ${most} bytes`)
    throw new ConnectError(`the body is no ${encoding}`, Code.InvalidArgument, undefined, undefined, cause)
  }
}

async function* whole(body: AsyncIterable<Uint8Array>, unpack: Unpack): AsyncIterable<Uint8Array> {
  yield await unpack(Buffer.concat(await Array.fromAsync(body)))
}

/** Flags and length go before each message; the lowest flag says that it is compressed. */
async function* enveloped(body: AsyncIterable<Uint8Array>, unpack: Unpack): AsyncIterable<Uint8Array> {
  let held: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    held.push(chunk)
    size += chunk.length
    if (size < needed(held)) continue
    let bytes = Buffer.concat(held)
    while (bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt32BE(1)) {
      const end = 5 + bytes.readUInt32BE(1)
      const flags = bytes[0]!
      const message = flags & 1 ? await unpack(bytes.subarray(5, end)) : bytes.subarray(5, end)
      const head = Buffer.from([flags & ~1, 0, 0, 0, 0])
      head.writeUInt32BE(message.length, 1)
      yield head
      yield message
      bytes = bytes.subarray(end)
    }
    held = [bytes]
    size = bytes.length
  }
  if (size > 0) yield Buffer.concat(held)
}

/** Bytes there must be before the first message is whole. */
const needed = ([first = new Uint8Array(), ...rest]: readonly Uint8Array[]): number => {
  if (first.length < 5 && rest.length > 0) return 5 // put together, it will be known
  return first.length < 5 ? 5 : 5 + Buffer.from(first.subarray(0, 5)).readUInt32BE(1)
}
