import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import { percentile } from '#bench/apiMeasure.ts'
import { type ApiRow, atLeast, atMost } from '#bench/apiReport.ts'
import { type Driven, play } from '#bench/gestures.ts'
import { PHOTOS, TURNS } from '#bench/teamPhotos.ts'
import { traced } from '#bench/trace.ts'
import { browserArgs, findBrowser } from '#e2e/browser.ts'
import type { TestServer } from '#e2e/server.ts'
import { signIn } from '#e2e/workspace.ts'

const viewport = { width: 1440, height: 900 }

/** What a person sees of it, in a browser: the grid while it is scrolled, and from Submit to the next image. */
export const browserRows = async (server: TestServer): Promise<ApiRow[]> => {
  const executablePath = findBrowser()
  const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: [...browserArgs] })
  try {
    return [...(await submitting(browser, server)), ...(await scrolling(browser, server))]
  } finally {
    await browser.close()
  }
}

const drive = async (context: BrowserContext, page: Page): Promise<Driven> => ({
  page,
  session: await context.newCDPSession(page),
})

/** As tall as the grid, and nothing in it but the place it is at: what can be had. */
const emptyList = `<style>body{margin:0}#list{height:100vh;overflow-y:scroll}#tall{height:2000000px}
  p{position:fixed;left:20px;top:20px;font:14px sans-serif}</style>
  <div id="list"><div id="tall"></div></div><p>0</p>
  <script>list.onscroll = () => { document.querySelector('p').textContent = String(list.scrollTop) }</script>`

const scrollTicks = 150
const scrollRounds = 3

const scrolling = async (browser: Browser, server: TestServer): Promise<ApiRow[]> => {
  const context = await browser.newContext({ viewport })
  const [grid, empty] = [await context.newPage(), await context.newPage()]
  await signIn(grid, server, 'owner')
  await grid.goto(`${server.url}/apps/owner/demo/inputs`)
  await grid.getByRole('gridcell').first().waitFor()
  await empty.setContent(emptyList)
  const fast = await scrolled([grid, empty], 100)
  const slow = await scrolled([grid, empty], 25)
  await context.close()
  return [
    {
      what: 'The grid, scrolled past, 6,000 px a second',
      figure: figureOf(fast[0]!),
      ratio: atLeast('an empty list', middle(fast[0]!, 'perSecond') / middle(fast[1]!, 'perSecond'), 0.9),
    },
    { what: 'An empty list of that height', figure: figureOf(fast[1]!) },
    {
      what: 'The grid, looked through, 1,500 px a second',
      figure: figureOf(slow[0]!),
      ratio: atLeast('an empty list, of all frames', middle(slow[0]!, 'all') / middle(slow[1]!, 'all'), 0.9),
    },
    { what: 'An empty list of that height', figure: figureOf(slow[1]!) },
  ]
}

interface Scrolled {
  /** frames with what the page had drawn; and with those that only moved what was drawn before */
  readonly perSecond: number
  readonly all: number
  /** ms */
  readonly longest: number
  /** ms a second */
  readonly work: number
}

const middle = (taken: readonly Scrolled[], of: keyof Scrolled) =>
  percentile(
    taken.map((one) => one[of]),
    0.5,
  )

const figureOf = (taken: readonly Scrolled[]) =>
  `${middle(taken, 'perSecond').toFixed(1)} frames/s (${middle(taken, 'all').toFixed(1)} with those of the scrolling alone), ${middle(taken, 'work').toFixed(0)} ms/s of work, longest task ${middle(taken, 'longest').toFixed(0)} ms`

/** What each page does in turns while its wheel is turned, so many px in every sixtieth of a second. */
const scrolled = async (pages: readonly Page[], deltaY: number): Promise<Scrolled[][]> => {
  const taken = pages.map((): Scrolled[] => [])
  for (let round = 0; round < scrollRounds; round++)
    for (const [i, page] of pages.entries()) {
      await page.bringToFront()
      const driven = await drive(page.context(), page)
      const ticks = Array.from({ length: scrollTicks }, () => ({
        type: 'mouseWheel' as const,
        x: 700,
        y: 500,
        deltaY,
      }))
      const reading = await traced(driven.session, 'MOUSE_WHEEL', () => play(driven, ticks))
      await driven.session.detach()
      taken[i]!.push({
        perSecond: reading.frames / reading.seconds,
        all: reading.presented / reading.seconds,
        longest: reading.longestWork,
        work: reading.mainThread / reading.seconds,
      })
    }
  return taken
}

/** From the key to the frame with the next image and its regions, both fetched ahead; ms. */
const submitting = async (browser: Browser, server: TestServer): Promise<ApiRow[]> => {
  const context = await browser.newContext({ viewport })
  context.setDefaultTimeout(120_000)
  const page = await context.newPage()
  await signIn(page, server, 'annotator')
  await page.goto(`${server.url}/apps/owner/demo/inputs/${PHOTOS[0]}?task=photos`)
  await page.locator('[role=application][data-ready=true]').waitFor()
  await page.evaluate(watchTurns)
  const { session } = await drive(context, page)
  await page.waitForTimeout(2500)
  const near = await turns(page, session)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 100,
    downloadThroughput: -1,
    uploadThroughput: -1,
  })
  const far = await turns(page, session)
  await context.close()
  return [
    { what: 'Submit until the next image is on the screen', ...near },
    { what: 'the same, 100 ms from the server and back', ...far },
  ]
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
      if (event.key !== 'Enter' || !event.ctrlKey) return
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

const turns = async (page: Page, session: Driven['session']): Promise<Pick<ApiRow, 'figure' | 'ratio'>> => {
  const work: number[] = []
  const before = await page.evaluate(() => window.turns?.length ?? 0)
  for (let turn = 1; turn <= TURNS; turn++) {
    const { mainThread } = await traced(session, 'KEY', async () => {
      await page.keyboard.press('Control+Enter')
      await page.waitForFunction((count) => (window.turns?.length ?? 0) >= count, before + turn)
    })
    work.push(mainThread)
    await page.waitForTimeout(1200)
  }
  const taken = (await page.evaluate(() => window.turns ?? [])).slice(before)
  const half = percentile(taken, 0.5)
  return {
    figure: `${half.toFixed(0)} ms (p95 ${percentile(taken, 0.95).toFixed(0)}), ${percentile(work, 0.5).toFixed(0)} ms of work`,
    ratio: atMost('100 ms', half / 100, 1),
  }
}
