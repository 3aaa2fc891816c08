import { gzipSync } from 'node:zlib'
import { expect, type Page, test } from '@playwright/test'
import { FIRST_PICTURE_LIMIT } from '#bench/firstLoad.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

/** The scripts that the page asks for from now on, by name, with their sizes as sent with gzip, in kB. */
function watchScripts(page: Page): Map<string, Promise<number>> {
  const scripts = new Map<string, Promise<number>>()
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (pathname.endsWith('.js') && response.status() === 200) scripts.set(pathname, sizeOf(response.url()))
  })
  return scripts
}

/** Asked for again: a browser has not always kept what it was answered, and keeps nothing of a page that is closed. */
const sizeOf = async (url: string): Promise<number> =>
  gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length / 1000

test('shows the first picture before the editor is loaded, with little JavaScript, and where the canvas will show it', async ({
  page,
  browser,
}) => {
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server)

  // another window of the same person, with nothing in its cache; what comes after the picture is held back
  const context = await browser.newContext({ storageState: await page.context().storageState() })
  const first = await context.newPage()
  let letGo = () => {}
  const held = new Promise<void>((done) => {
    letGo = done
  })
  await first.route(/StudioView.*\.js$/, async (route) => {
    await held
    await route.continue()
  })
  const scripts = watchScripts(first)
  // what had arrived when the editor was asked for: its own parts are asked for in the same moment and are not held back
  const needed = new Promise<Map<string, Promise<number>>>((resolve) => {
    first.on('request', (request) => {
      if (/StudioView.*\.js$/.test(request.url())) resolve(new Map(scripts))
    })
  })
  await first.goto(`${server.url}/apps/owner/demo/inputs/${input}`)
  const picture = first.locator('[data-first-picture=whole] canvas')
  await expect(picture).toBeVisible()

  const sizes = await Promise.all((await needed).values())
  const total = sizes.reduce((sum, size) => sum + size, 0)
  expect(total).toBeGreaterThan(100) // it was measured at all
  expect(total).toBeLessThan(FIRST_PICTURE_LIMIT)
  const before = await picture.screenshot()

  letGo()
  const opened = new Workspace(first)
  await opened.ready()
  await expect(picture).toHaveCount(0)
  const after = await opened.canvas.screenshot()
  expect(after.length / before.length).toBeGreaterThan(0.9)
  expect(await samePixels(first, before, after)).toBeGreaterThan(0.97)
  await context.close()
})

/** The share of pixels that are alike in two PNGs of the same size. */
const samePixels = (page: Page, a: Buffer, b: Buffer): Promise<number> =>
  page.evaluate(
    async (pngs) => {
      const read = async (base64: string) => {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
        const bitmap = await createImageBitmap(new Blob([bytes]))
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
        context.drawImage(bitmap, 0, 0)
        return context.getImageData(0, 0, bitmap.width, bitmap.height).data
      }
      const [p, q] = [await read(pngs[0]!), await read(pngs[1]!)]
      if (p.length !== q.length) return 0
      let same = 0
      for (let i = 0; i < p.length; i += 4) {
        const apart = Math.abs(p[i]! - q[i]!) + Math.abs(p[i + 1]! - q[i + 1]!) + Math.abs(p[i + 2]! - q[i + 2]!)
        if (apart < 48) same++
      }
      return (4 * same) / p.length
    },
    [a.toString('base64'), b.toString('base64')],
  )
