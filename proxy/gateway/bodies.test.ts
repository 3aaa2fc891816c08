import http from 'node:http'
import http2 from 'node:http2'
import { createClient } from '@connectrpc/connect'
import { createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import { afterEach, describe, expect, it } from 'vitest'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { startTestGateway, type TestGateway, type TestOptions, talk } from './testing.ts'

const open: TestGateway[] = []
const start = async (options: TestOptions = {}) => {
  const gateway = await startTestGateway(options)
  open.push(gateway)
  return gateway
}
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close(0)
})

const key = { authorization: 'Key ana-key' }
const me = '/v2/users/me'

describe('limits', () => {
  it('throttle a caller in every protocol, and nobody else', async () => {
    const gateway = await start({ limits: { callsPerSecond: 2 } })
    const answers = await Promise.all(Array.from({ length: 6 }, () => fetch(gateway.url + me, { headers: key })))
    const throttled = answers.filter(({ status }) => status === 429)
    expect(throttled.length).toBeGreaterThanOrEqual(3)
    expect((await throttled[0]!.json()).status).toMatchObject({
      code: 11005,
      description: 'Making too many requests',
      details: 'exceeded limit of 2 requests per second',
    })
    const grpc = createClient(V2, createGrpcTransport({ baseUrl: gateway.url }))
    await expect(Promise.all([1, 2, 3, 4].map(() => grpc.getUser({}, { headers: key })))).rejects.toThrow(
      /resource_exhausted.*too many requests/,
    )
    expect((await fetch(gateway.url + me, { headers: { authorization: 'Key get-key' } })).status).toBe(200)
  })

  it('refuse bodies that are too large, one or all together', async () => {
    const gateway = await start({ limits: { bodyBytes: 100_000, bodiesInFlightBytes: 150_000 } })
    const body = JSON.stringify({ annotations: [{ id: 'x'.repeat(120_000) }] })
    const response = await fetch(`${gateway.url}/v2/annotations`, { method: 'POST', headers: key, body })
    expect([response.status, (await response.json()).status.code]).toEqual([429, 11006])
    for (const transport of [
      createGrpcTransport({ baseUrl: gateway.url }),
      createGrpcWebTransport({ baseUrl: gateway.url, httpVersion: '1.1' }),
    ])
      await expect(
        createClient(V2, transport).postAnnotations({ annotations: [{ id: 'x'.repeat(120_000) }] }, { headers: key }),
      ).rejects.toThrow('resource_exhausted')
    expect((await fetch(gateway.url + me, { headers: key })).status).toBe(200)
  })

  it.each([
    ['REST', '/v2/annotations', {}],
    ['Connect', '/clarifai.api.V2/PostAnnotations', { 'content-type': 'application/json' }],
    ['gRPC-web', '/clarifai.api.V2/PostAnnotations', { 'content-type': 'application/grpc-web+proto' }],
  ])(
    'leave the connection of HTTP/1.1 good for the next call, though a body of %s was not read to its end',
    async (protocol, path, type) => {
      const gateway = await start({ limits: { bodyBytes: 100_000 } })
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
      const call = (method: string, to: string, headers: Record<string, string>, body: Buffer | string = '') =>
        new Promise<{ status: number | undefined; port: number | undefined; trailers: string }>((resolve, reject) => {
          const request = http.request(`${gateway.url}${to}`, { method, agent, headers }, (answer) => {
            const port = answer.socket.localPort
            let trailers = String(answer.headers['grpc-status'] ?? '')
            answer.on('data', (bytes: Buffer) => (trailers += bytes.toString('latin1')))
            answer.once('end', () => resolve({ status: answer.statusCode, port, trailers }))
          })
          request.once('error', reject).end(body)
        })
      const json = `{"x": "${'x'.repeat(4_000_000)}"}`
      const frame = Buffer.alloc(4_000_005)
      frame.writeUInt32BE(4_000_000, 1)
      const refused = await call('POST', path, { ...key, ...type }, protocol === 'gRPC-web' ? frame : json)
      if (protocol === 'gRPC-web') expect(refused.trailers).toMatch(/grpc-status: ?8|^8/)
      else expect(refused.status).toBe(429)
      expect(await call('GET', me, key)).toMatchObject({ status: 200, port: refused.port })
      agent.destroy()
    },
  )

  it('do not read the body of who is refused', async () => {
    const gateway = await start()
    const head = 'POST /v2/annotations HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n{'
    const answer = await talk(gateway, head, (socket) => socket.destroy())
    expect(answer).toContain('11102')
  })

  it('forget bodies that were answered, in every protocol', async () => {
    const gateway = await start({ limits: { bodiesInFlightBytes: 1_500_000 } })
    const message = { annotations: [{ id: 'x'.repeat(1_000_000) }] }
    const rpc = [
      createGrpcTransport({ baseUrl: gateway.url }),
      createGrpcWebTransport({ baseUrl: gateway.url, httpVersion: '1.1' }),
    ].map((transport) => createClient(V2, transport))
    for (let i = 0; i < 4; i++) {
      for (const client of rpc) {
        expect((await client.postAnnotations(message, { headers: key })).status?.code).toBe(StatusCode.SUCCESS)
        await new Promise((resolve) => setTimeout(resolve, 20)) // the answer is read before its stream is closed
      }
      const rest = { method: 'POST', headers: key, body: JSON.stringify(message) }
      expect((await fetch(`${gateway.url}/v2/annotations`, rest)).status).toBe(200)
    }
  })

  it('end the stream of a body that was too large over REST and HTTP/2, too', async () => {
    const gateway = await start({ limits: { bodyBytes: 100_000 } })
    const session = http2.connect(gateway.url)
    for (let i = 0; i < 5; i++) {
      const stream = session.request({ ':method': 'POST', ':path': '/v2/annotations', ...key })
      const status = new Promise((resolve) => stream.on('response', (headers) => resolve(headers[':status'])))
      stream.on('error', () => undefined)
      stream.resume().end(Buffer.alloc(2 ** 20, ' '))
      expect(await status).toBe(429)
      await new Promise((resolve) => stream.on('close', resolve))
    }
    session.close()
  })

  it('cut a body over HTTP/2 that stops arriving', async () => {
    const gateway = await start({ bodyIdleMs: 200 })
    const session = http2.connect(gateway.url)
    for (const path of ['/clarifai.api.V2/PostAnnotations', '/v2/annotations']) {
      const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', ...key }
      const stream = session.request(headers)
      stream.on('error', () => undefined)
      stream.resume().write(Buffer.from([0, 0, 0, 1, 0, 1]))
      await new Promise((resolve) => stream.on('close', resolve))
    }
    session.close()
  })

  it('leave the connection usable when large bodies were refused on it', async () => {
    const gateway = await start({ limits: { bodyBytes: 2 * 2 ** 20 } })
    const client = createClient(V2, createGrpcTransport({ baseUrl: gateway.url }))
    const large = { annotations: [{ id: 'x'.repeat(2 ** 20) }] }
    for (let i = 0; i < 20; i++) {
      const refused = await client.postAnnotations(large, { headers: { authorization: 'Key wrong' } })
      expect(refused.status?.code).toBe(StatusCode.CONN_KEY_INVALID)
      const tooLarge = { annotations: [{ id: 'x'.repeat(3 * 2 ** 20) }] }
      await expect(client.postAnnotations(tooLarge, { headers: key })).rejects.toThrow('resource_exhausted')
    }
    expect((await client.postAnnotations(large, { headers: key })).annotations).toHaveLength(1)
  })
})
