import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
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
