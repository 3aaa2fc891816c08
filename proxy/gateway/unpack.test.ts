import { gzipSync } from 'node:zlib'
import type { UniversalServerRequest } from '@connectrpc/connect/protocol'
import { describe, expect, it } from 'vitest'
import { unpacked } from './unpack.ts'

async function* pieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const read = async (headers: Record<string, string>, bytes: Uint8Array, size = 1000, most = 1000) => {
  const request = { header: new Headers(headers), body: pieces(bytes, size) } as unknown as UniversalServerRequest
  const { header, body } = unpacked(request, most)
  return { header, bytes: Buffer.concat(await Array.fromAsync(body as AsyncIterable<Uint8Array>)) }
}
const envelope = (flags: number, message: Uint8Array) => {
  const head = Buffer.from([flags, 0, 0, 0, 0])
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}
const connect = { 'content-type': 'application/proto', 'content-encoding': 'gzip' }
const grpc = { 'content-type': 'application/grpc', 'grpc-encoding': 'gzip' }
const message = Buffer.from('a message')

describe('packed bodies', () => {
  it('are unpacked whole', async () => {
    const { header, bytes } = await read(connect, gzipSync(message), 7)
    expect([bytes.toString(), header.has('content-encoding')]).toEqual(['a message', false])
  })

  it('are unpacked message by message, however they are cut', async () => {
    const sent = Buffer.concat([envelope(1, gzipSync(message)), envelope(0, message), envelope(1, gzipSync(message))])
    for (const size of [1, 4, 7, 1000]) {
      const { header, bytes } = await read(grpc, sent, size)
      expect(bytes).toEqual(Buffer.concat([1, 2, 3].map(() => envelope(0, message))))
      expect(header.has('grpc-encoding')).toBe(false)
    }
  })

  it('cannot become more than the limit, nor be what they are not', async () => {
    await expect(read(connect, gzipSync(Buffer.alloc(5000)))).rejects.toMatchObject({
      details: 'the body unpacks to more than the limit of 1000 bytes',
    })
    await expect(read(connect, message)).rejects.toThrow('the body is no gzip')
  })

  it('of a compression nobody knows are left as they are', async () => {
    const headers = { ...connect, 'content-encoding': 'nonsense' }
    expect((await read(headers, message)).header.get('content-encoding')).toBe('nonsense')
  })
})
