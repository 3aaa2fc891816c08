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

const me = '/v2/users/me'

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
