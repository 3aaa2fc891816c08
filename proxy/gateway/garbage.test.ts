import http2 from 'node:http2'
import net from 'node:net'
import { create, toBinary } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AnnotationSchema, DataSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { PostAnnotationsRequestSchema } from '#gen/proto/clarifai/api/service_pb.ts'
import { startTestGateway, type TestGateway } from './testing.ts'

// Hundreds of malformed bodies in every protocol: each is answered, and the server goes on.

let gateway: TestGateway
const unexpected: unknown[] = []
const onRejection = (reason: unknown) => unexpected.push(reason)
beforeAll(async () => {
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onRejection)
  gateway = await startTestGateway({ limits: { callsPerSecond: 0, bodyBytes: 2 ** 20 } })
})
afterAll(async () => {
  await gateway.close(0)
  process.off('unhandledRejection', onRejection)
  process.off('uncaughtException', onRejection)
  expect(unexpected).toEqual([])
})

/** The same every time: mulberry32. */
const randomOf = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

const good = toBinary(
  PostAnnotationsRequestSchema,
  create(PostAnnotationsRequestSchema, {
    userAppId: { userId: 'ana', appId: 'demo' },
    annotations: [{ inputId: 'i', data: { metadata: { a: [1, { b: null }] }, concepts: [{ id: 'tree', value: 1 }] } }],
  }),
)

const framed = (message: Uint8Array, flags = 0, length = message.byteLength) => {
  const head = Buffer.alloc(5)
  head[0] = flags
  head.writeUInt32BE(length >>> 0, 1)
  return Buffer.concat([head, message])
}

/** Random bytes, good messages with bytes changed or cut off, wrong lengths and flags. */
const bodies = (seed: number, isFramed: boolean): Buffer => {
  const random = randomOf(seed)
  const below = (n: number) => Math.floor(random() * n)
  const noise = Buffer.from(Array.from({ length: below(200) }, () => below(256)))
  const changed = Buffer.from(good)
  for (let i = 0; i <= below(4); i++) changed[below(changed.length)] = below(256)
  const kinds = isFramed
    ? [
        noise,
        framed(noise),
        framed(changed),
        framed(good, below(256)),
        framed(good, 0, below(2 ** 32)),
        framed(good).subarray(0, below(good.length)),
        Buffer.concat([framed(good), framed(changed)]),
      ]
    : [noise, changed, Buffer.from(good).subarray(0, below(good.length)), Buffer.concat([changed, noise])]
  return kinds[below(kinds.length)] ?? noise
}

const path = '/clarifai.api.V2/PostAnnotations'
const key = { authorization: 'Key ana-key' }

const post = async (url: string, type: string, body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
  const signal = AbortSignal.timeout(5000)
  const response = await fetch(gateway.url + url, {
    method: 'POST',
    headers: { ...key, 'content-type': type, ...headers },
    body,
    signal,
  })
  await response.arrayBuffer()
  return response.status
}

const overH2 = (body: Buffer, session: http2.ClientHttp2Session, headers: Record<string, string> = {}) =>
  new Promise<string>((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...key,
      ...headers,
    })
    let status = ''
    stream.setTimeout(5000, () => reject(new Error('no answer')))
    stream.on('response', (found) => {
      status ||= String(found['grpc-status'] ?? '')
    })
    stream.on('trailers', (found) => {
      status ||= String(found['grpc-status'] ?? '')
    })
    stream.on('error', () => undefined)
    stream.on('close', () => resolve(status))
    stream.resume()
    stream.end(body)
  })

describe('malformed bodies', () => {
  it.each([
    ['gRPC-web', 'application/grpc-web+proto', true],
    ['gRPC-web-text', 'application/grpc-web-text', true],
    ['gRPC-web-text with base64', 'application/grpc-web-text+proto', true],
    ['Connect', 'application/proto', false],
    ['Connect streaming', 'application/connect+proto', true],
    ['Connect JSON', 'application/json', false],
    ['gRPC over HTTP/1.1', 'application/grpc', true],
    ['a type nobody knows', 'application/nonsense', false],
  ])(
    'are answered over %s',
    async (name, type, isFramed) => {
      for (let seed = 0; seed < 60; seed++) {
        const body = bodies(seed, isFramed)
        const sent = name.endsWith('base64') ? Buffer.from(body.toString('base64')) : body
        expect(await post(path, type, Uint8Array.from(sent))).toBeLessThan(502)
      }
    },
    30_000,
  )

  it('are answered over gRPC, with and without a compression that is none', async () => {
    const session = http2.connect(gateway.url)
    session.on('error', () => undefined)
    for (let seed = 0; seed < 80; seed++) {
      const headers: Record<string, string> = seed % 3 === 0 ? { 'grpc-encoding': seed % 2 ? 'gzip' : 'nonsense' } : {}
      expect(await overH2(bodies(seed, true), session, headers)).toMatch(/^\d+$/)
    }
    session.close()
  }, 30_000)

  it('are answered over REST, also cut or changed JSON', async () => {
    const json = JSON.stringify({ annotations: [{ input_id: 'i', data: { concepts: [{ id: 'ä', value: 1 }] } }] })
    for (let seed = 0; seed < 80; seed++) {
      const random = randomOf(seed)
      const text = Buffer.from(json)
      text[Math.floor(random() * text.length)] = Math.floor(random() * 256)
      const body = seed % 2 ? text.subarray(0, Math.floor(random() * text.length)) : bodies(seed, false)
      const status = await post('/v2/annotations', 'application/json', Uint8Array.from(body))
      expect([200, 400]).toContain(status)
    }
  }, 30_000)

  it('are answered over REST, whatever the address', async () => {
    for (let seed = 0; seed < 80; seed++) {
      const random = randomOf(seed)
      const noise = Array.from({ length: 20 }, () => String.fromCharCode(33 + Math.floor(random() * 94))).join('')
      const response = await fetch(`${gateway.url}/v2/${noise}/../%${noise}`, { headers: key })
      await response.arrayBuffer()
      expect(response.status).toBeLessThan(500)
    }
  }, 30_000)

  it('may be broken off in the middle', async () => {
    for (const body of [framed(good, 0, 1000), good]) {
      await new Promise<void>((resolve) => {
        const socket = net.connect(Number(new URL(gateway.url).port), '127.0.0.1', () => {
          const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Key ana-key\r\nContent-Type: application/grpc-web\r\n`
          socket.write(`${head}Content-Length: 1005\r\n\r\n`)
          socket.write(body, () => socket.destroy())
        })
        socket.on('close', () => resolve())
      })
      const session = http2.connect(gateway.url)
      const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', ...key })
      stream.on('error', () => undefined)
      stream.write(body, () => stream.close(http2.constants.NGHTTP2_CANCEL))
      await new Promise((resolve) => stream.on('close', resolve))
      session.destroy()
    }
    expect(await post(path, 'application/proto', Uint8Array.from(good))).toBe(200)
  })

  it('cannot hide a large message in a small compressed one', async () => {
    const { gzipSync } = await import('node:zlib')
    const bomb = gzipSync(Buffer.alloc(50 * 2 ** 20))
    expect(await post(path, 'application/proto', Uint8Array.from(bomb), { 'content-encoding': 'gzip' })).toBe(429)
  })
})

describe('well-formed nonsense', () => {
  it('is refused when nested deeper than the limit, as protobuf', async () => {
    // A Value holds ListValue as 6, which holds Values as 1: around itself, from the inside out.
    const wrap = (field: number, bytes: Buffer): Buffer => {
      const head: number[] = [(field << 3) | 2]
      let left = bytes.length
      for (; left > 127; left >>>= 7) head.push((left & 127) | 128)
      return Buffer.concat([Buffer.from([...head, left]), bytes])
    }
    const number = ({ field }: { field: Record<string, { number: number } | undefined> }, name: string) =>
      field[name]?.number ?? 0
    const ofRequest = (value: Buffer) => {
      const entry = Buffer.concat([wrap(1, Buffer.from('k')), wrap(2, value)])
      const data = wrap(number(DataSchema, 'metadata'), wrap(1, entry))
      return wrap(number(PostAnnotationsRequestSchema, 'annotations'), wrap(number(AnnotationSchema, 'data'), data))
    }
    let value: Buffer = Buffer.alloc(0)
    const send = () => post(path, 'application/proto', Uint8Array.from(ofRequest(value)))
    for (let depth = 0; depth < 20; depth++) value = wrap(6, wrap(1, value))
    expect(await send()).toBe(200)
    for (let depth = 0; depth < 5000; depth++) value = wrap(6, wrap(1, value))
    expect(await send()).toBe(400)
  })

  it('is refused when nested deeper than the stack, as JSON', async () => {
    const nested = '['.repeat(200_000) + ']'.repeat(200_000)
    const body = Buffer.from(`{"annotations":[{"data":{"metadata":{"a":${nested}}}}]}`)
    expect(await post(path, 'application/json', Uint8Array.from(body))).toBe(400)
  })
})
