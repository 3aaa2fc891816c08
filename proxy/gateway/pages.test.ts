import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
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
      writeFileSync(join(folder, 'assets', 'main-abc.js.br'), brotliCompressSync('x() // packed before'))
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
      const packed = { headers: { 'accept-encoding': 'br' } }
      const better = await fetch(`${gateway.url}/assets/main-abc.js`, packed)
      expect(better.headers.get('content-encoding')).toBe('br')
      expect(better.headers.get('content-type')).toMatch(/^text\/javascript|^application\/javascript/)
      expect(better.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(await better.text()).toBe('x() // packed before')
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
