import http from 'node:http'
import http2 from 'node:http2'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer } from '#e2e/server.ts'
import { memoryOf, throwBodies } from './badBodies.ts'

// One server through all of it, with its usual limits; its memory is measured last.

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ RATE_LIMIT: '0' })
}, 60_000)
afterAll(() => server?.remove())

const MB = 2 ** 20
const key = () => ({ authorization: `Key ${server.credentials('owner').pat}` })
/** Parts, so often, that make a body. */
interface Large {
  readonly path: string
  readonly type: string
  readonly parts: readonly (readonly [bytes: Buffer, times: number])[]
}
const api = '/clarifai.api.V2/'
const inApp = '"userAppId":{"userId":"owner","appId":"demo"}'
const length = (n: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(n)
  return bytes
}
/** Base64 that is no picture, `mb` of it. */
const filler = (mb: number): readonly [Buffer, number] => [Buffer.alloc(MB, 'A'), mb]
const json = (path: string, head: string, parts: Large['parts'][number], tail: string): Large => ({
  path,
  type: 'application/json',
  parts: [[Buffer.from(head), 1], parts, [Buffer.from(tail), 1]],
})

/** Sends it; how the answer begins: its HTTP status and some of its text. A connection that breaks is an answer, too. */
const send = ({ path, type, parts }: Large): Promise<string> =>
  new Promise((resolve) => {
    const request = http.request(server.url + path, { method: 'POST', headers: { ...key(), 'content-type': type } })
    const read = async (response: http.IncomingMessage) => {
      const bytes = Buffer.concat(await Array.fromAsync(response as AsyncIterable<Buffer>).catch(() => []))
      resolve(`${response.statusCode} ${bytes.toString().slice(0, 200)}`)
    }
    request.on('response', (response) => void read(response))
    request.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)))
    const write = async () => {
      for (const [bytes, times] of parts)
        for (let n = 0; n < times && !request.destroyed; n++)
          if (!request.write(bytes)) await Promise.race(['drain', 'close'].map((event) => onceOf(request, event)))
      request.end()
    }
    write().catch((error: unknown) => resolve(String(error)))
  })
const onceOf = (emitter: NodeJS.EventEmitter, event: string) =>
  new Promise<void>((resolve) => emitter.once(event, () => resolve()))

it('bodies that would become more objects than there is memory for are refused, in every form', async () => {
  const pairs = Buffer.from('12001200'.repeat(MB / 4), 'hex')
  const small: Large[] = [
    { path: `${api}PostAnnotations`, type: 'application/proto', parts: [[pairs, 12]] },
    {
      path: `${api}PostAnnotations`,
      type: 'application/grpc-web+proto',
      parts: [
        [Buffer.concat([Buffer.alloc(1), length(12 * MB)]), 1],
        [pairs, 12],
      ],
    },
    json(`${api}PostAnnotations`, `{${inApp},"annotations":[`, [Buffer.from('{},'.repeat(MB / 4)), 12], '{}]}'),
    json('/v2/users/owner/apps/demo/annotations', '{"annotations":[', [Buffer.from('{},'.repeat(MB / 4)), 12], '{}]}'),
  ]
  for (const large of small) {
    const said = await send(large)
    expect(said, large.type).toMatch(/more(%20| )than(%20| )2000000|EPIPE|ECONNRESET/)
  }
  expect(await fetch(`${server.url}/healthz`)).toMatchObject({ status: 200 })
}, 60_000)

it('many large bodies in flight: what is over the cap is told so, and the rest is answered', async () => {
  const one = (mb: number): Large[] => [
    json('/v2/users/owner/apps/demo/inputs', '{"inputs":[{"data":{"image":{"base64":"', filler(mb), '"}}}]}'),
    json(`${api}PostInputs`, `{${inApp},"inputs":[{"data":{"image":{"base64":"`, filler(mb), '"}}}]}'),
  ]
  const said = await Promise.all(
    Array.from({ length: 6 }, () => one(64))
      .flat()
      .map(send),
  )
  const kinds = said.map((text) => /10020|FAILURE|busy reading|EPIPE|ECONNRESET/.exec(text)?.[0] ?? text)
  expect(kinds.filter((kind) => !['10020', 'FAILURE', 'busy reading', 'EPIPE', 'ECONNRESET'].includes(kind))).toEqual(
    [],
  )
  expect(kinds).toContain('busy reading')
  expect(await send(one(130)[0]!)).toMatch(/^429 .*11006|EPIPE|ECONNRESET/)
  expect(await fetch(`${server.url}/healthz`)).toMatchObject({ status: 200 })
}, 240_000)

// After what needs the app: one of these deletes it.
it('random and mutated bodies are answered over every protocol, by every method', async () => {
  const { answers, failures } = await throwBodies(server, { bodies: 10_000, seed: 7 })
  expect(failures).toEqual([])
  expect([...answers.values()].reduce((sum, n) => sum + n, 0)).toBe(10_000)
}, 240_000)

it('streams over HTTP/2 that are opened and left lying hold no more than they sent', async () => {
  const session = http2.connect(server.url)
  session.on('error', () => undefined)
  const headers = { ':method': 'POST', ':path': `${api}PostInputs`, 'content-type': 'application/grpc', ...key() }
  const streams = Array.from({ length: 50 }, () => {
    const stream = session.request(headers)
    stream.on('error', () => undefined)
    stream.write(Buffer.concat([Buffer.alloc(1), length(120 * MB), Buffer.alloc(1000)]))
    return stream
  })
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(await fetch(`${server.url}/healthz`)).toMatchObject({ status: 200 })
  for (const stream of streams) stream.destroy()
  session.destroy()
})

it('and through all of it the server’s memory stays under 1.5 GB', () => {
  const peak = memoryOf(server.pid ?? 0)
  if (peak === undefined) return // only Linux tells
  console.warn(`peak memory of the server: ${Math.round(peak / MB)} MB`)
  expect(peak).toBeLessThan(1.5 * 2 ** 30)
})
