import type { Browser, Page } from '@playwright/test'
import { percentile } from '#bench/apiMeasure.ts'
import { type ApiRow, atMost } from '#bench/apiReport.ts'
import { type PhotoSet, photoSet } from '#bench/photos.ts'
import { traced } from '#bench/trace.ts'
import type { TestServer } from '#e2e/server.ts'
import { signIn } from '#e2e/workspace.ts'

/** From a key to the frame with the next image and its regions, both fetched ahead, in the product. */

const viewport = { width: 1440, height: 900 }
const TURNS = 9
/** Long enough for the neighbours to be fetched and decoded, ms. */
const REST_MS = 1200

/** To be submitted one after the other, in two measurements. */
export const submitted = photoSet('photos', 2 * TURNS + 3, { width: 1600, height: 1200 }, 20)
/** To be looked through. */
export const few = photoSet('few', TURNS + 3, { width: 1600, height: 1200 }, 20)
export const many = photoSet('many', TURNS + 3, { width: 4000, height: 3000 }, 1000)

export const submitting = async (browser: Browser, server: TestServer): Promise<ApiRow[]> => {
  const { page, session } = await opened(browser, server, submitted)
  const near = await turns(page, session, 'Control+Enter')
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 100,
    downloadThroughput: -1,
    uploadThroughput: -1,
  })
  const far = await turns(page, session, 'Control+Enter')
  await page.context().close()
  return [
    { what: 'Submit until the next image is on the screen, 20 boxes on 2 MP', ...near },
    { what: 'the same, 100 ms from the server and back', ...far },
  ]
}

export const lookingThrough = async (browser: Browser, server: TestServer): Promise<ApiRow[]> => {
  const rows: ApiRow[] = []
  for (const set of [few, many]) {
    const { page, session } = await opened(browser, server, set)
    const { width, height } = set.size
    const what = `D until the next image is on the screen, ${set.regions} regions on ${Math.round((width * height) / 1e6)} MP`
    rows.push({ what, ...(await turns(page, session, 'd')) })
    await page.context().close()
  }
  return rows
}

const opened = async (browser: Browser, server: TestServer, { id, photos }: PhotoSet) => {
  const context = await browser.newContext({ viewport })
  context.setDefaultTimeout(120_000)
  const page = await context.newPage()
  await signIn(page, server, 'annotator')
  await page.goto(`${server.url}/apps/owner/demo/inputs/${photos[0]}?task=${id}`)
  await page.locator('[role=application][data-ready=true]').waitFor()
  await page.evaluate(watchTurns)
  const session = await context.newCDPSession(page)
  await page.waitForTimeout(2500)
  return { page, session }
}

declare global {
  interface Window {
    /** ms of each turn */
    turns?: number[]
  }
}

/** Runs in the page. */
function watchTurns() {
  const turns: number[] = []
  window.turns = turns
  window.addEventListener(
    'keydown',
    (event) => {
      if (!(event.key === 'Enter' && event.ctrlKey) && event.key !== 'd') return
      const before = location.pathname
      const look = () => {
        const shown = document.querySelector<HTMLAnchorElement>('nav[aria-label=Images] a[aria-current=page]')
        const canvas = document.querySelector<HTMLElement>('[role=application]')
        const done = shown?.pathname !== before && shown?.pathname === location.pathname
        if (done && canvas?.dataset.ready === 'true') turns.push(performance.now() - event.timeStamp)
        else requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    },
    true,
  )
}

const turns = async (
  page: Page,
  session: Parameters<typeof traced>[0],
  key: string,
): Promise<Pick<ApiRow, 'figure' | 'ratio'>> => {
  const work: number[] = []
  const before = await page.evaluate(() => window.turns?.length ?? 0)
  for (let turn = 1; turn <= TURNS; turn++) {
    const { mainThread } = await traced(session, 'KEY', async () => {
      await page.keyboard.press(key)
      await page.waitForFunction((count) => (window.turns?.length ?? 0) >= count, before + turn)
    })
    work.push(mainThread)
    await page.waitForTimeout(REST_MS)
  }
  const taken = (await page.evaluate(() => window.turns ?? [])).slice(before)
  const half = percentile(taken, 0.5)
  return {
    figure: `${half.toFixed(0)} ms (p95 ${percentile(taken, 0.95).toFixed(0)}), ${percentile(work, 0.5).toFixed(0)} ms of work`,
    ratio: atMost('100 ms', half / 100, 1),
  }
}
