import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@connectrpc/connect'
import { createGrpcWebTransport } from '@connectrpc/connect-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OfficialClient } from '#e2e/officialClient.ts'
import { Account } from '#gen/marquee/v1/marquee_pb.ts'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'

// The program itself, as a person starts it.

const folder = mkdtempSync(join(tmpdir(), 'marquee-server-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Started {
  readonly process: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  readonly ended: Promise<number | null>
}

const start = (settings: Record<string, string>): Started => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: join(folder, 'data'), ...settings },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  return { process: child, stdout: () => stdout, stderr: () => stderr, ended }
}

const addressOf = async (server: Started): Promise<string> => {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 50) {
    const url = /^Marquee is ready at (\S+)$/m.exec(server.stdout())?.[1]
    if (url !== undefined) return url
    if (server.process.exitCode !== null) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`not ready: ${server.stdout()}${server.stderr()}`)
}

describe('a server with the demo', () => {
  let server: Started
  let url: string
  beforeAll(async () => {
    server = start({})
    url = await addressOf(server)
  }, 30_000)
  afterAll(() => server.process.kill('SIGKILL'))

  const keys = (): Record<string, { pat: string; password: string }> =>
    JSON.parse(readFileSync(join(folder, 'data', 'demo-keys.json'), 'utf8'))

  it('prints how to sign in, and keeps the keys to its owner', () => {
    expect(server.stdout()).toContain(keys().annotator?.password)
    expect(server.stdout()).toContain(join(folder, 'data', 'demo-keys.json'))
    expect(statSync(join(folder, 'data', 'demo-keys.json')).mode & 0o777).toBe(0o600)
    expect(server.stdout().trim().split('\n').at(-1)).toBe(`Marquee is ready at ${url}`)
  })

  it('signs a browser in by cookie, and out', async () => {
    const transport = createGrpcWebTransport({ baseUrl: url, httpVersion: '1.1' })
    const account = createClient(Account, transport)
    let cookie = ''
    const credentials = { userId: 'annotator', password: keys().annotator?.password ?? '' }
    await account.signIn(credentials, {
      onHeader: (headers) => {
        cookie = headers.getSetCookie()[0] ?? ''
      },
    })
    expect(cookie).toMatch(/HttpOnly/)
    const headers = { cookie: cookie.split(';', 1)[0] ?? '', origin: url }
    expect((await account.getSession({}, { headers })).person?.id).toBe('annotator')
    const v2 = createClient(V2, transport)
    const apps = await v2.getApp({ userAppId: { userId: 'owner', appId: 'demo' } }, { headers })
    expect(apps.status?.code).toBe(StatusCode.SUCCESS)
    const rest = await fetch(`${url}/v2/users/owner/apps/demo/inputs`, { headers })
    expect(rest.status).toBe(200)
    const foreign = { cookie: headers.cookie, origin: 'https://evil.example' }
    expect((await fetch(`${url}/v2/users/owner/apps/demo/inputs`, { headers: foreign })).status).toBe(401)
    await account.signOut({}, { headers })
    expect((await account.getSession({}, { headers })).person).toBeUndefined()
    const wrong = account.signIn({ ...credentials, password: 'wrong' })
    await expect(wrong).rejects.toThrow('unauthenticated')
  })

  it('keeps what the official client posts, and gives it over REST', async () => {
    const authorization = `Key ${keys().annotator?.pat}`
    const inputs = await (await fetch(`${url}/v2/users/owner/apps/demo/inputs`, { headers: { authorization } })).json()
    const inputId: string = inputs.inputs[0].id

    const box = { top_row: 0.1, left_col: 0.2, bottom_row: 0.5, right_col: 0.75 }
    const data = { regions: [{ region_info: { bounding_box: box } }] }
    const client = new OfficialClient(Number(new URL(url).port), keys().annotator?.pat ?? '')
    const { annotations } = await client.call<{ annotations: { id: string }[] }>('PostAnnotations', {
      annotations: [{ input_id: inputId, data }],
    })
    const id = annotations[0]?.id

    const read = await fetch(`${url}/v2/users/owner/apps/demo/inputs/${inputId}/annotations/${id}`, {
      headers: { authorization },
    })
    const { annotation: kept } = await read.json()
    expect(kept.data.regions[0].region_info.bounding_box).toEqual(box)
    expect(kept.status.code).toBe(StatusCode.ANNOTATION_SUCCESS)
    expect(kept.user_id).toBe('annotator')
    expect(kept.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  })

  it('serves the pictures whose addresses it gives', async () => {
    const authorization = `Key ${keys().owner?.pat}`
    const { inputs } = await (await fetch(`${url}/v2/users/me/apps/demo/inputs`, { headers: { authorization } })).json()
    const picture = await fetch(inputs[0].data.image.url)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    expect((await picture.arrayBuffer()).byteLength).toBe(Number(picture.headers.get('content-length')))
    const etag = picture.headers.get('etag') ?? ''
    expect((await fetch(inputs[0].data.image.url, { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  it('logs a line a call without its key', async () => {
    const authorization = `Key ${keys().owner?.pat}`
    const answer = await (await fetch(`${url}/v2/users/me`, { headers: { authorization } })).json()
    await expect.poll(() => server.stderr()).toContain(answer.status.req_id)
    const line =
      server
        .stderr()
        .split('\n')
        .find((text) => text.includes(answer.status.req_id)) ?? '{}'
    expect(JSON.parse(line)).toMatchObject({
      method: 'GetUser',
      protocol: 'rest',
      caller: 'owner',
      code: 10000,
      http: 200,
    })
    for (const { pat, password } of Object.values(keys())) {
      expect(server.stderr()).not.toContain(pat)
      expect(server.stderr()).not.toContain(password)
    }
  })

  it('stops on SIGTERM with 0, and starts again on what it kept', async () => {
    server.process.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    const again = start({})
    await addressOf(again)
    expect(again.stdout()).not.toContain('password')
    again.process.kill('SIGINT')
    expect(await again.ended).toBe(0)
  })
})

describe('a server that cannot start', () => {
  it.each([
    ['a malformed setting', { PORT: 'eighty' }, 'PORT'],
    ['a data folder that is a file', { DATA_DIR: join(import.meta.dirname, 'main.ts') }, 'DATA_DIR'],
    [
      'a database of another kind',
      { DATABASE_URL: join(import.meta.dirname, 'main.ts'), DATA_DIR: join(folder, 'x') },
      'DATABASE_URL',
    ],
    ['a certificate that is not there', { TLS_CERT: '/nowhere.pem', TLS_KEY: '/nowhere.pem' }, 'TLS_CERT'],
    [
      'a certificate that is none',
      { TLS_CERT: join(folder, 'none.pem'), TLS_KEY: join(folder, 'none.pem'), DEMO: 'off' },
      'TLS_CERT',
    ],
    ['a host that is not here', { HOST: '203.0.113.7', DEMO: 'off' }, 'HOST'],
  ])('says why in one line: %s', async (_what, settings, name) => {
    writeFileSync(join(folder, 'none.pem'), 'no certificate')
    const server = start({ DATA_DIR: join(folder, 'cannot'), LOG_LEVEL: 'warn', ...settings })
    expect(await server.ended).toBe(1)
    expect(server.stderr()).toMatch(new RegExp(`^${name}[^\\n]*: [^\\n]+\\n$`))
    expect(server.stdout()).toBe('')
  })

  it('says so when the port is taken', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as net.AddressInfo
    const server = start({ DATA_DIR: join(folder, 'taken'), DEMO: 'off', LOG_LEVEL: 'warn', PORT: String(port) })
    expect(await server.ended).toBe(1)
    expect(server.stderr()).toBe(`PORT: ${port} on 127.0.0.1 is in use by another program\n`)
    taken.close()
  })
})
