import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { isPublicAddress } from './addressRule.ts'
import { ApiError } from './apiError.ts'
import { type DownloadOptions, download } from './download.ts'

const options: DownloadOptions = { mostBytes: 1000, allowPrivate: false, timeoutMs: 2000 }
const open: DownloadOptions = { ...options, allowPrivate: true }

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

const serve = async (listener: RequestListener, address = '127.0.0.1'): Promise<string> => {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  return `http://${address}:${(server.address() as AddressInfo).port}`
}

const failure = async (call: Promise<unknown>): Promise<{ code: number; details: string }> => {
  const error: unknown = await call.then(
    () => new Error('it was downloaded'),
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(ApiError)
  return error as ApiError
}

/** Every name resolves to this. */
const resolving =
  (...addresses: string[]): LookupFunction =>
  (_host, { all }, done) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    if (all) done(null, found)
    else done(null, found[0]!.address, found[0]!.family)
  }

describe('the address rule', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
  ])('closes %s', (address) => expect(isPublicAddress(address)).toBe(false))

  it.each(['8.8.8.8', '172.15.255.255', '172.32.0.1', '100.63.0.1', '1.1.1.1', '2606:4700::1111', '2a00:1450::1'])(
    'opens %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )
})

describe('downloading', () => {
  it('brings the bytes', async () => {
    const base = await serve((_request, response) => response.end('a picture'))
    expect(Buffer.from(await download(`${base}/x.jpg`, open)).toString()).toBe('a picture')
  })

  it.each([
    'http://127.0.0.1/',
    'http://localhost:1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'https://10.0.0.1/',
    'http://127.0.0.1.:80/',
  ])('never asks %s', async (url) => {
    const asked: unknown[] = []
    const base = await serve((request, response) => {
      asked.push(request.url)
      response.end('secret')
    })
    expect((await failure(download(url.replace(':1/', `:${new URL(base).port}/`), options))).code).toBe(
      StatusCode.INPUT_INVALID_URL,
    )
    expect(asked).toEqual([])
  })

  it.each([
    'file:///etc/passwd',
    'ftp://example.org/x',
    'data:image/png;base64,AA',
    'x',
    '',
    'http://a:b@example.org/',
  ])('refuses the address "%s"', async (url) =>
    expect((await failure(download(url, open))).code).toBe(StatusCode.INPUT_INVALID_URL),
  )

  it('refuses a public name that leads to a private address, and one of whose addresses does', async () => {
    const base = await serve((_request, response) => response.end('secret'))
    const { port } = new URL(base)
    for (const addresses of [['127.0.0.1'], ['::1'], ['8.8.8.8', '127.0.0.1']]) {
      const call = download(`http://pictures.example:${port}/`, { ...options, resolve: resolving(...addresses) })
      expect((await failure(call)).code).toBe(StatusCode.INPUT_INVALID_URL)
    }
  })

  it('connects to the very address that was checked: each connection looks up once', async () => {
    const base = await serve((_request, response) => response.end('fine'))
    let lookUps = 0
    const resolve: LookupFunction = (host, lookUpOptions, done) => {
      lookUps++
      resolving('127.0.0.1')(host, lookUpOptions, done)
    }
    await download(`http://pictures.example:${new URL(base).port}/`, { ...open, resolve })
    expect(lookUps).toBe(1)
  })

  it('judges every redirect anew', async () => {
    const inside: unknown[] = []
    const secret = await serve((request, response) => {
      inside.push(request.url)
      response.end('secret')
    })
    const front = await serve((request, response) => {
      const location = request.url === '/name' ? `${secret.replace('127.0.0.1', 'inside.example')}/x` : `${secret}/x`
      response.writeHead(302, { location }).end()
    }, '127.0.0.2')
    // as if 127.0.0.2 were a public address
    const rule = { ...options, isPublic: (address: string) => address === '127.0.0.2', resolve: resolving('127.0.0.1') }
    for (const path of ['/address', '/name'])
      expect((await failure(download(front + path, rule))).code).toBe(StatusCode.INPUT_INVALID_URL)
    expect(inside).toEqual([])
    await download(`${front}/address`, open)
    expect(inside).toEqual(['/x'])
  })

  it('gives up after five redirects', async () => {
    const base = await serve((_request, response) => response.writeHead(302, { location: '/again' }).end())
    expect(await failure(download(base, open))).toMatchObject({ details: expect.stringContaining('redirects') })
  })

  it('stops at the limit, whether the size was said or not', async () => {
    const said = await serve((_request, response) => response.end(Buffer.alloc(2000)))
    expect((await failure(download(said, open))).code).toBe(StatusCode.INPUT_OVER_LIMIT)
    const endless = await serve((_request, response) => {
      const pump = setInterval(() => response.write(Buffer.alloc(400)), 1)
      response.on('close', () => clearInterval(pump))
    })
    expect((await failure(download(endless, open))).code).toBe(StatusCode.INPUT_OVER_LIMIT)
  })

  it('gives up on what takes too long, and names no address of the inside', async () => {
    const silent = await serve(() => {})
    const late = await failure(download(silent, { ...open, timeoutMs: 50 }))
    expect(late).toMatchObject({ code: StatusCode.INPUT_FAILED, details: 'url: it took too long' })
    const closed = await failure(download('http://127.0.0.1:1/', open))
    expect(closed.details).not.toContain('127.0.0.1')
  })

  it('refuses failures and packed answers', async () => {
    const missing = await serve((_request, response) => response.writeHead(404).end('no'))
    expect((await failure(download(missing, open))).details).toContain('404')
    const packed = await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'))
    expect((await failure(download(packed, open))).code).toBe(StatusCode.INPUT_FAILED)
  })
})
