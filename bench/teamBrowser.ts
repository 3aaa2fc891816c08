import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import { percentile } from '#bench/apiMeasure.ts'
import { type ApiRow, atLeast } from '#bench/apiReport.ts'
import { type Driven, play } from '#bench/gestures.ts'
import { traced } from '#bench/trace.ts'
import { submitting } from '#bench/turns.ts'
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
