import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fromBinary, fromJson, toBinary } from '@bufbuild/protobuf'
import { ConnectError } from '@connectrpc/connect'
import { type Browser, chromium, type Page } from '@playwright/test'
import { build } from 'vite'
import { browserArgs } from '#e2e/browser.ts'
import { type ApiClient, answerOf, methodNamed } from './clients.ts'
import type { OfficialCall } from './webClient/page.ts'

/** The official web client, bundled as its users bundle it, in a page of its own origin in a real browser. */
export class OfficialWeb {
  /** Of the page. */
  readonly origin: string
  readonly #site: Server
  readonly #browser: Browser
  readonly #page: Page

  private constructor(origin: string, site: Server, browser: Browser, page: Page) {
    this.origin = origin
    this.#site = site
    this.#browser = browser
    this.#page = page
  }

  /** @param executablePath of a Chromium */
  static async open(executablePath: string): Promise<OfficialWeb> {
    const script = await bundle()
    const site = createServer((request, response) => {
      const isScript = request.url === '/page.js'
      response.setHeader('content-type', `${isScript ? 'text/javascript' : 'text/html'}; charset=utf-8`)
      response.end(isScript ? script : '<!doctype html><title>Somebody’s page</title><script src="/page.js"></script>')
    })
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
    const browser = await chromium.launch({ executablePath, args: [...browserArgs] })
    const page = await browser.newPage()
    await page.goto(origin)
    return new OfficialWeb(origin, site, browser, page)
  }

  /** It speaks to this server from the page. */
  client(url: string): ApiClient {
    return {
      protocol: 'gRPC-web, official web client in a browser',
      call: async (name, request, { key, headers } = {}) => {
        const { input, output } = methodNamed(name)
        const sent = Buffer.from(toBinary(input, fromJson(input, request))).toString('base64')
        const metadata = { ...(key !== undefined && { authorization: `Key ${key}` }), ...headers }
        const heard = await this.#page.evaluate(
          ([url, name, sent, metadata]) =>
            (window as unknown as { call: OfficialCall }).call(url, name, sent, metadata),
          [url, name, sent, metadata] as const,
        )
        if ('code' in heard) throw new ConnectError(heard.message, heard.code)
        return answerOf(output, fromBinary(output, Buffer.from(heard.answer, 'base64')))
      },
      close: () => undefined,
    }
  }

  async close(): Promise<void> {
    await this.#browser.close()
    this.#site.close().closeAllConnections()
  }
}

const bundle = async (): Promise<string> => {
  const entry = path.join(import.meta.dirname, 'webClient/page.ts')
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'official' } },
  })
  const [made] = Array.isArray(built) ? built : [built]
  if (!made || !('output' in made)) throw new Error('vite built nothing')
  return made.output[0].code
}
