import { describe, expect, it } from 'vitest'
import { fromDeviceFirst, fromNetworkFirst, type Kept, kindOf, PAGE } from './shell.ts'

const ORIGIN = 'https://label.example'

/** A cache in memory, by address as it was put. */
function cacheOf(files: Record<string, string> = {}) {
  const texts = new Map(Object.entries(files))
  const kept: Kept = {
    match: async (key) => {
      const text = texts.get(key as string)
      return text === undefined ? undefined : new Response(text)
    },
    put: async (key, answer) => void texts.set(key as string, await answer.text()),
  }
  const works: Promise<unknown>[] = []
  return { kept, texts, later: (work: Promise<unknown>) => void works.push(work), settled: () => Promise.all(works) }
}

const page = (text: string, init: ResponseInit = {}): Response =>
  new Response(text, { headers: { 'content-type': 'text/html; charset=utf-8' }, ...init })
const place = { key: PAGE, type: 'text/html' }
const away = () => Promise.reject(new TypeError('Failed to fetch'))

describe('what the service worker takes', () => {
  const table = [
    ['a page', 'GET', 'navigate', '/apps/owner/demo/inputs/1?task=t', 'page'],
    ['the root', 'GET', 'navigate', '/', 'page'],
    ['a file of the build', 'GET', 'no-cors', '/assets/index-abc.js', 'asset'],
    ['what chooses the colours', 'GET', 'no-cors', '/color-scheme.js', 'page file'],
    ['a call of the API', 'POST', 'cors', '/clarifai.api.V2/ListInputs', undefined],
    ['REST', 'GET', 'cors', '/v2/users/owner/apps', undefined],
    ['REST in the address bar', 'GET', 'navigate', '/v2/users/owner/apps', undefined],
    ['a picture', 'GET', 'cors', '/media/owner/demo/1/display?sig=1', undefined],
    ['a download', 'GET', 'navigate', '/media/exports/1.zip', undefined],
    ['a call by another method', 'POST', 'navigate', '/apps', undefined],
    ['the health', 'GET', 'navigate', '/healthz', undefined],
    ['the worker itself', 'GET', 'same-origin', '/sw.js', undefined],
  ] as const
  it.each(table)('%s', (_, method, mode, path, kind) => {
    expect(kindOf({ method, mode, url: ORIGIN + path }, ORIGIN)).toBe(kind)
  })

  it('leaves other servers alone', () => {
    expect(kindOf({ method: 'GET', mode: 'no-cors', url: 'https://else.example/assets/a.js' }, ORIGIN)).toBeUndefined()
  })
})

describe('the page', () => {
  it('is the one of the server, whatever is kept, and is kept for the next time', async () => {
    const { kept, texts, later, settled } = cacheOf({ [PAGE]: 'old' })
    const answer = await fromNetworkFirst(Promise.resolve(page('new')), kept, place, later)
    expect(await answer.text()).toBe('new')
    await settled()
    expect(texts.get(PAGE)).toBe('new')
  })

  it('is the last one seen when there is no network, or nothing behind what answers', async () => {
    const { kept, later } = cacheOf({ [PAGE]: 'old' })
    for (const answer of [away(), Promise.resolve(page('bad gateway', { status: 502 }))])
      expect(await (await fromNetworkFirst(answer, kept, place, later)).text()).toBe('old')
  })

  it('is the failure itself when nothing is kept', async () => {
    const { kept, later } = cacheOf()
    await expect(fromNetworkFirst(away(), kept, place, later)).rejects.toThrow('Failed to fetch')
    expect((await fromNetworkFirst(Promise.resolve(page('', { status: 503 })), kept, place, later)).status).toBe(503)
  })

  it('never becomes an error or something that is no page', async () => {
    const { kept, texts, later, settled } = cacheOf({ [PAGE]: 'old' })
    for (const answer of [page('no', { status: 500 }), page('no', { status: 404 }), new Response('{}')])
      await fromNetworkFirst(Promise.resolve(answer), kept, place, later)
    await settled()
    expect(texts.get(PAGE)).toBe('old')
  })
})

describe('a file of the build', () => {
  const url = `${ORIGIN}/assets/index-abc.js`
  const request = new Request(url)

  it('is asked for once', async () => {
    const { kept, later, settled } = cacheOf()
    let asked = 0
    const send: typeof fetch = async () => {
      asked++
      return new Response('code')
    }
    await fromDeviceFirst(request, kept, send, later)
    await settled()
    expect(await (await fromDeviceFirst(request, kept, send, later)).text()).toBe('code')
    expect(asked).toBe(1)
  })

  it('that the server does not have is asked for again', async () => {
    const { kept, texts, later, settled } = cacheOf()
    await fromDeviceFirst(request, kept, async () => new Response('{}', { status: 404 }), later)
    await settled()
    expect(texts.size).toBe(0)
  })
})
