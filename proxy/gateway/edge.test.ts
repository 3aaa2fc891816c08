import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create, fromBinary } from '@bufbuild/protobuf'
import { createClient } from '@connectrpc/connect'
import { createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import grpc from '@grpc/grpc-js'
import { afterEach, describe, expect, it } from 'vitest'
import { SingleUserResponseSchema, V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ok } from '#proxy/service/status.ts'
import { startTestGateway, type TestGateway, type TestOptions } from './testing.ts'

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

/** What a raw connection answers to some text, until it is closed. */
const talk = (gateway: TestGateway, text: string, onData?: (socket: net.Socket, all: string) => void) =>
  new Promise<string>((resolve, reject) => {
    let all = ''
    const socket = net.connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => {
      all += chunk.toString('latin1')
      onData?.(socket, all)
    })
    socket.on('close', () => resolve(all))
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve(all) : reject(error)))
  })

describe('one port', () => {
  it('answers HTTP/1.1 and h2c, also when the preface comes in pieces', async () => {
    const gateway = await start()
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
    const session = http2.connect(gateway.url)
    const status = await new Promise((resolve, reject) => {
      session.on('error', reject)
      session
        .request({ ':path': '/healthz' })
        .on('response', (headers) => resolve(headers[':status']))
        .end()
    })
    session.close()
    expect(status).toBe(200)
    const inPieces = new Promise<Buffer>((resolve) => {
      const socket = net.connect(Number(new URL(gateway.url).port), '127.0.0.1', () => {
        socket.write('PRI * HT')
        setTimeout(() => socket.write(Buffer.from('TP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1')), 30)
      })
      socket.once('data', (chunk) => {
        resolve(chunk)
        socket.destroy()
      })
    })
    expect((await inPieces)[3]).toBe(4) // a SETTINGS frame
  })

  it('does not swallow Upgrade: h2c', async () => {
    const gateway = await start()
    const upgrade = 'Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__'
    const answer = await talk(gateway, `GET /healthz HTTP/1.1\r\nHost: a\r\n${upgrade}\r\n\r\n`, (socket, all) => {
      if (all.includes('ok\n')) socket.end()
    })
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('cuts connections that are slow with their headers, or say nothing', async () => {
    const gateway = await start({ listen: { headersTimeoutMs: 300 } })
    const began = performance.now()
    const slow = talk(gateway, 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ')
    const silent = talk(gateway, '')
    const undecided = talk(gateway, 'PRI * HT')
    expect(await slow).toMatch(/^(HTTP\/1\.1 408 |$)/)
    expect(await Promise.all([silent, undecided])).toEqual(['', ''])
    expect(performance.now() - began).toBeLessThan(3000)
  })

  it('answers garbage with 400 and goes on', async () => {
    const gateway = await start()
    expect(await talk(gateway, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
  })

  it('speaks TLS, with HTTP/1.1 and HTTP/2 by ALPN', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'marquee-tls-'))
    try {
      const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-days',
          '2',
          '-keyout',
          keyFile,
          '-out',
          certFile,
          ...subject,
        ],
        { stdio: 'ignore' },
      )
      const ca = readFileSync(certFile, 'utf8')
      const gateway = await start({ listen: { tls: { cert: ca, key: readFileSync(keyFile, 'utf8') } } })
      expect(gateway.url).toMatch(/^https:/)
      for (const transport of [
        createGrpcTransport({ baseUrl: gateway.url, nodeOptions: { ca } }),
        createGrpcWebTransport({ baseUrl: gateway.url, httpVersion: '1.1', nodeOptions: { ca } }),
      ]) {
        const answer = await createClient(V2, transport).getUser({}, { headers: key })
        expect(answer.status?.code).toBe(StatusCode.SUCCESS)
      }
      const official = new grpc.Client(
        gateway.address.replace('127.0.0.1', 'localhost'),
        grpc.credentials.createSsl(Buffer.from(ca)),
      )
      const metadata = new grpc.Metadata()
      metadata.set('authorization', key.authorization)
      const bytes = await new Promise<Buffer | undefined>((resolve, reject) => {
        const plain = (message: Buffer) => message
        const done = (error: grpc.ServiceError | null, answer?: Buffer) => (error ? reject(error) : resolve(answer))
        official.makeUnaryRequest('/clarifai.api.V2/GetUser', plain, plain, Buffer.alloc(0), metadata, done)
      })
      official.close()
      expect(fromBinary(SingleUserResponseSchema, bytes ?? Buffer.alloc(0)).status?.code).toBe(StatusCode.SUCCESS)
      const plain = await talk(gateway, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      expect(plain).not.toContain('200')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('stopping', () => {
  const slowly = () => {
    let finish: () => void = () => undefined
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    let began: () => void = () => undefined
    const begun = new Promise<void>((resolve) => {
      began = resolve
    })
    const getUser = async (_request: unknown, call: Parameters<typeof ok>[0]) => {
      began()
      await finished
      return create(SingleUserResponseSchema, { status: ok(call) })
    }
    return { finish, begun, getUser }
  }

  it.each(['gRPC', 'gRPC-web', 'REST'])('lets a running call over %s finish and takes no new one', async (protocol) => {
    const { finish, begun, getUser } = slowly()
    const gateway = await start({ methods: { getUser } })
    const calls: Record<string, () => Promise<unknown>> = {
      gRPC: () => createClient(V2, createGrpcTransport({ baseUrl: gateway.url })).getUser({}, { headers: key }),
      'gRPC-web': () =>
        createClient(V2, createGrpcWebTransport({ baseUrl: gateway.url, httpVersion: '1.1' })).getUser(
          {},
          { headers: key },
        ),
      REST: async () => (await fetch(gateway.url + me, { headers: key })).json(),
    }
    const call = calls[protocol]!()
    await begun
    const closed = gateway.close(5000)
    await expect(fetch(`${gateway.url}/healthz`)).rejects.toThrow()
    finish()
    expect(JSON.stringify(await call, (_, value) => (typeof value === 'bigint' ? 0 : value))).toContain('10000')
    await closed
  })

  it('does not wait for idle keep-alive connections', async () => {
    const gateway = await start()
    const agent = new http.Agent({ keepAlive: true })
    await new Promise<void>((resolve) => {
      http.get(`${gateway.url}/healthz`, { agent }, (response) => response.resume().on('end', resolve))
    })
    const began = performance.now()
    await gateway.close(5000)
    expect(performance.now() - began).toBeLessThan(1000)
    agent.destroy()
  })

  it('cuts calls that outlast the deadline', async () => {
    const { begun, getUser } = slowly()
    const gateway = await start({ methods: { getUser } })
    const call = fetch(gateway.url + me, { headers: key })
    const failed = expect(call).rejects.toThrow()
    await begun
    await gateway.close(100)
    await failed
  })
})

describe('sessions', () => {
  const cookie = { cookie: 'a=b; marquee_session_test=good-session' }
  const ask = async (gateway: TestGateway, headers: Record<string, string>, path = me) => {
    const response = await fetch(gateway.url + path, { headers })
    return [response.status, (await response.json()).status.code]
  }

  it("count for requests from the server's own pages only", async () => {
    const gateway = await start()
    expect(await ask(gateway, { ...cookie, origin: gateway.url })).toEqual([200, 10000])
    expect(await ask(gateway, { ...cookie, 'sec-fetch-site': 'same-origin' })).toEqual([200, 10000])
    const foreign: Record<string, string>[] = [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: gateway.url.replace('http:', 'https:') },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of foreign) expect(await ask(gateway, { ...cookie, ...headers })).toEqual([401, 11002])
  })

  it('take PUBLIC_URL for their own address', async () => {
    const gateway = await start({ publicUrl: 'https://labels.example.org' })
    expect(await ask(gateway, { ...cookie, origin: 'https://labels.example.org' })).toEqual([200, 10000])
  })

  it('are refused with bodies that a form can send', async () => {
    const gateway = await start()
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const response = await fetch(`${gateway.url}/v2/users/me/apps/demo/annotations`, {
        method: 'POST',
        headers: { ...cookie, origin: gateway.url, 'content-type': type },
        body: '{}',
      })
      expect(response.status).toBe(401)
    }
  })

  it('are beaten by a key, refused for another person, and told from no key at all', async () => {
    const gateway = await start()
    const own = { ...cookie, origin: gateway.url }
    expect(await ask(gateway, { ...own, authorization: 'Key wrong' })).toEqual([401, 11008])
    expect(await ask(gateway, { ...own, 'x-marquee-user': 'ana' })).toEqual([200, 10000])
    expect(await ask(gateway, { ...own, 'x-marquee-user': 'ben' })).toEqual([401, 11002])
    expect(await ask(gateway, { origin: gateway.url })).toEqual([401, 11002])
    expect(await ask(gateway, {})).toEqual([400, 11102])
  })
})

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

describe('pictures, pages and the rest', () => {
  it('serves pictures to signed addresses, keys and sessions, and 304 to who has them', async () => {
    const gateway = await start()
    const path = '/media/ana/demo/input%2F1/thumbnail'
    const signed = await fetch(`${gateway.url}${path}?signature=good`)
    expect([signed.status, await signed.text()]).toEqual([200, 'ana/demo/input%2F1/thumbnail'])
    expect(signed.headers.get('content-security-policy')).toContain('sandbox')
    expect(signed.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await fetch(gateway.url + path)).status).toBe(400)
    expect((await fetch(gateway.url + path, { headers: key })).status).toBe(200)
    const cookie = 'marquee_session_test=good-session'
    expect((await fetch(gateway.url + path, { headers: { cookie } })).status).toBe(200)
    expect((await fetch(gateway.url + path, { headers: { cookie, 'sec-fetch-site': 'cross-site' } })).status).toBe(401)
    const stale = { cookie: 'marquee_session_test=old' }
    expect((await fetch(`${gateway.url}${path}?signature=good`, { headers: stale })).status).toBe(200)
    expect((await fetch(gateway.url + path, { headers: stale })).status).toBe(401)
    const again = await fetch(gateway.url + path, { headers: { ...key, 'if-none-match': 'W/"x", "tag"' } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  it('serves the built app: pages for its paths, hashed files for ever, nothing for the rest', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'marquee-app-'))
    try {
      mkdirSync(join(folder, 'assets'))
      writeFileSync(join(folder, 'index.html'), '<title>Marquee</title>')
      writeFileSync(join(folder, 'assets', 'main-abc.js'), 'x()')
      const gateway = await start({ appFolder: folder })
      const html = { accept: 'text/html,*/*' }
      for (const path of ['/', '/sign-in', '/apps/ana/demo/inputs/photo.jpg?region=1']) {
        const page = await fetch(gateway.url + path, { headers: html })
        expect([page.status, await page.text()]).toEqual([200, '<title>Marquee</title>'])
        expect(page.headers.get('cache-control')).toBe('no-cache')
        expect(page.headers.get('content-security-policy')).toContain("script-src 'self' 'wasm-unsafe-eval'")
        expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      }
      const script = await fetch(`${gateway.url}/assets/main-abc.js`)
      expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      for (const path of ['/assets/main-old.js', '/v2/nonsense', '/../package.json'])
        expect((await fetch(gateway.url + path, { headers: { accept: 'application/json' } })).status).toBe(404)
      expect((await fetch(`${gateway.url}/assets/main-old.js`, { headers: html })).status).toBe(404)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('tells its health and its numbers', async () => {
    let healthy = true
    const gateway = await start({
      healthy: async () => {
        if (!healthy) throw new Error('gone')
      },
    })
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
    healthy = false
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(503)
    await fetch(gateway.url + me, { headers: key })
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text()
    expect(metrics).toContain('marquee_requests_total{method="GetUser",protocol="rest",code="10000",http="200"} 1')
    expect(metrics).toContain('process_cpu_seconds_total')
    expect((await fetch(`${gateway.url}/metrics`, { headers: { 'x-forwarded-for': '8.8.8.8' } })).status).toBe(404)
    const off = await start({ metricsFor: 'off' })
    expect((await fetch(`${off.url}/metrics`)).status).toBe(404)
  })

  it('lets listed origins call with a key, without cookies', async () => {
    const gateway = await start({ corsOrigins: ['https://friend.example'] })
    const preflight = (origin: string) =>
      fetch(`${gateway.url}/clarifai.api.V2/GetUser`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-grpc-web' },
      })
    const friend = await preflight('https://friend.example')
    expect(friend.headers.get('access-control-allow-origin')).toBe('https://friend.example')
    expect(friend.headers.get('access-control-allow-headers')).toMatch(/authorization.*x-grpc-web/)
    expect(friend.headers.get('access-control-allow-credentials')).toBeNull()
    const other = await preflight('https://evil.example')
    expect(other.headers.get('access-control-allow-origin')).not.toBe('https://evil.example')
    const answer = await fetch(gateway.url + me, { headers: { ...key, origin: 'https://friend.example' } })
    expect(answer.headers.get('access-control-expose-headers')).toContain('grpc-status')
    const rpc = await fetch(`${gateway.url}/clarifai.api.V2/GetUser`, {
      method: 'POST',
      headers: { ...key, origin: 'https://friend.example', 'content-type': 'application/json' },
      body: '{}',
    })
    expect(rpc.headers.get('access-control-allow-origin')).toBe('https://friend.example')
  })
})
