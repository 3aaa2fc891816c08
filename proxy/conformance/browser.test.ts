import { Code, ConnectError } from '@connectrpc/connect'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser } from '#e2e/browser.ts'
import { rest } from './clients.ts'
import { OfficialWeb } from './officialWeb.ts'
import { examples } from './seedExamples.ts'
import { Bench, startForwarded, type Target } from './target.ts'

// The official web client in a page of another origin, against a server and against a proxy in front of it.

const browser = findBrowser()
const why = browser === undefined ? ' (skipped: there is no browser)' : ''

describe.skipIf(browser === undefined)(`the official web client in a browser${why}`, () => {
  let web: OfficialWeb
  let target: Target
  beforeAll(async () => {
    web = await OfficialWeb.open(browser!)
    target = await startForwarded({ CORS_ORIGINS: web.origin })
  }, 90_000)
  afterAll(async () => {
    await web?.close()
    await target?.stop()
  })

  describe.each(['a server', 'a proxy in front of it'])('against %s', (which) => {
    let shared: Bench
    const url = () => (which === 'a server' ? target.behind!.url : target.url)
    beforeAll(async () => {
      shared = await Bench.make(target, rest(target.behind!.url))
    })

    it.each(examples.map((example) => [example.heading, example] as const))('%s', async (_, example) => {
      const bench = example.fresh ? await Bench.make(target, rest(target.behind!.url)) : shared
      const fill = await example.prepare(bench)
      const request = { user_app_id: { user_id: 'owner', app_id: bench.app }, ...example.request(fill) }
      const answer = await web.client(url()).call(example.method, request, { key: target.key('owner') })
      expect(answer.status).toMatchObject({ code: 10000, description: 'Ok' })
      await example.check(bench, answer, fill)
    })

    it('a wrong key is told in the status', async () => {
      const request = { user_app_id: { user_id: 'owner', app_id: shared.app } }
      const answer = await web.client(url()).call('ListAnnotations', request, { key: 'wrong' })
      expect(answer.status).toMatchObject({
        code: 11008,
        description: 'Invalid API key or Invalid API key/application pair',
      })
    })

    it('what is not there is gRPC’s UNIMPLEMENTED, which the page may read', async () => {
      const call = web.client(url()).call('PostStatValues', {}, { key: target.key('owner') })
      const error = await call.catch((failure: unknown) => ConnectError.from(failure))
      expect(error).toMatchObject({ code: Code.Unimplemented })
    })
  })

  it('a page of an origin that is not configured hears nothing', async () => {
    const stranger = await OfficialWeb.open(browser!)
    const call = stranger.client(target.url).call('ListAnnotations', {}, { key: target.key('owner') })
    await expect(call).rejects.toThrow()
    await stranger.close()
  })
})
