import type { Browser } from '@playwright/test'
import { type Driven, dragCorner, dragVertex, hover, NoEffect, pan, select, zoom } from '#bench/gestures.ts'
import { processMemory } from '#bench/processMemory.ts'
import { median, percentile } from '#bench/report.ts'
import { type BenchServer, PAGES, type PageName } from '#bench/server.ts'
import type { Kind } from '#bench/workload.ts'
import type {} from '#canvas/workerRenderer.ts'

/** One page with one workload. */
export interface Case {
  readonly page: PageName
  readonly kind: Kind
  readonly count: number
}

export interface Driving {
  /** Events of a gesture, 60 a second. */
  readonly ticks: number
  /** Device pixels in a CSS pixel. */
  readonly ratio: number
}

/** What is measured of every page; ms unless named otherwise. */
export const MEASURES = [
  'load',
  'zoomFps',
  'zoomFrame',
  'zoomLongestTask',
  'zoomLongestWork',
  'panFps',
  'panLongestTask',
  'drag',
  'vertex',
  'vertex95',
  'select',
  'hoverWork',
  'redraw',
  'hit',
  'heap',
  'memory',
] as const

export type Measure = (typeof MEASURES)[number]

/** One case, once. What could not be done is missing. */
export type Sample = { [name in Measure]?: number } & { readonly failures: string[] }

/** Opens a page of its own, so that no heap or cache is inherited, and closes it when `use` is done. */
export const withPage = async <T>(
  browser: Browser,
  server: BenchServer,
  address: string,
  ratio: number,
  use: (driven: Driven) => Promise<T>,
): Promise<T> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: ratio })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(120_000)
    const session = await context.newCDPSession(page)
    await page.goto(`${server.address}${address}&driven=1`)
    await page.evaluate(() => window.__bench!.prepare())
    return await use({ page, session })
  } finally {
    // there is nothing left to close after the browser was
    await context.close().catch(() => undefined)
  }
}

/** Loads a page and does every gesture on it. */
export const measure = async (
  browser: Browser,
  server: BenchServer,
  { page: name, kind, count }: Case,
  { ticks, ratio }: Driving,
): Promise<Sample> => {
  const sample: Sample = { failures: [] }
  const address = `${PAGES[name]}?n=${count}&kind=${kind}`
  try {
    await withPage(browser, server, address, ratio, async (driven) => {
      const { page, session } = driven
      sample.load = await page.evaluate(() => window.__bench!.load())
      await page.waitForTimeout(600) // what the page does when idle after its first picture
      const { caps, shown } = await page.evaluate(() => ({
        caps: window.__bench!.caps,
        shown: window.__bench!.count(),
      }))
      if (shown !== count) throw new NoEffect(`${shown} regions instead of ${count}`)
      await gesturesOf(driven, sample, caps, ticks)
      // before the collection that is forced below, and throws compiled code away: nobody hovers right after one
      assign(sample, 'hit', await page.evaluate(() => window.__bench!.hits?.(2000)))
      await session.send('HeapProfiler.collectGarbage')
      sample.heap = (await session.send('Runtime.getHeapUsage')).usedSize / 2 ** 20
      assign(sample, 'memory', await processMemory(browser))
    })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    sample.failures.push(error.message.split('\n')[0]!)
  }
  return sample
}

const assign = (sample: Sample, name: Measure, value: number | undefined): void => {
  if (value !== undefined) sample[name] = value
}

/** Each gesture on its own: one that fails leaves the others. */
const gesturesOf = async (
  driven: Driven,
  sample: Sample,
  caps: { zoom: string; pan: 'drag' | 'middle' | 'none' },
  ticks: number,
): Promise<void> => {
  const attempt = async (gesture: () => Promise<void>) => {
    try {
      await gesture()
    } catch (error) {
      if (!(error instanceof NoEffect)) throw error
      sample.failures.push(error.message)
    }
  }
  await attempt(async () => {
    const { mainThread, seconds } = await hover(driven, ticks)
    sample.hoverWork = mainThread / seconds
  })
  await attempt(async () => assign(sample, 'select', median((await select(driven)).latencies)))
  await attempt(async () => assign(sample, 'drag', median((await dragCorner(driven, ticks)).latencies)))
  await attempt(async () => {
    const { latencies } = await dragVertex(driven, ticks)
    assign(sample, 'vertex', median(latencies))
    assign(sample, 'vertex95', percentile(latencies, 0.95))
  })
  await attempt(async () => {
    const redraws = await listenToRedraws(driven)
    const reading = await zoom(driven, ticks)
    sample.zoomFps = reading.frames / reading.seconds
    if (reading.frames > 0) sample.zoomFrame = (1000 * reading.seconds) / reading.frames
    sample.zoomLongestTask = reading.longestTask
    sample.zoomLongestWork = reading.longestWork
    assign(sample, 'redraw', median(await redraws()))
  })
  await attempt(async () => {
    const reading = await pan(driven, ticks, caps)
    sample.panFps = reading.frames / reading.seconds
    sample.panLongestTask = reading.longestTask
  })
}

/** Collects what the page says of pictures drawn off the main thread; ms each. */
const listenToRedraws = async ({ page }: Driven): Promise<() => Promise<number[]>> => {
  await page.evaluate(() => {
    const times: number[] = []
    Object.assign(window, { redraws: times })
    window.__benchContentFrame = (ms) => {
      if (ms !== undefined) times.push(ms)
    }
  })
  return () => page.evaluate(() => (window as unknown as { redraws: number[] }).redraws)
}
