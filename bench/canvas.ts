import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from '@playwright/test'
import { type Driven, dragCorner, hover, NoEffect, pan, select, zoom } from '#bench/gestures.ts'
import { median, printTables, type Row } from '#bench/report.ts'
import { type BenchServer, PAGES, type PageName, startServer } from '#bench/server.ts'
import type { Kind } from '#bench/workload.ts'
import { browserArgs, findBrowser } from '#e2e/browser.ts'

export interface CanvasBench {
  readonly counts: readonly number[]
  readonly kind: Kind
  readonly pages: readonly PageName[]
  readonly repetitions: number
  /** Events of a gesture, 60 a second. */
  readonly ticks: number
  readonly ratio: number
}

/** These take minutes or give up long before this many. */
const SLOW_PAGES: ReadonlySet<PageName> = new Set(['naive', 'annotorious'])
const SLOW_LIMIT = 10_000

/** One page at one size, once. What could not be done is missing. */
export interface Sample {
  load?: number
  zoomFps?: number
  zoomLongestTask?: number
  panFps?: number
  panLongestTask?: number
  drag?: number
  select?: number
  hoverWork?: number
  heap?: number
  failures: string[]
}

/**
 * Measures every page at every size, one repetition of all before the next, so that whatever else the machine does
 * falls on all of them alike. Prints medians and ratios, and keeps everything as JSON in bench/results.
 */
export const benchCanvas = async (options: CanvasBench): Promise<void> => {
  const server = await startServer()
  const executablePath = findBrowser()
  const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: [...browserArgs] })
  const samples = new Map<string, Sample[]>()
  try {
    for (let repetition = 0; repetition < options.repetitions; repetition++) {
      for (const [page, count] of cases(options)) {
        process.stderr.write(`\r${repetition + 1}/${options.repetitions} ${page} ${count}            `)
        const sample = await measure(browser, server, page, count, options)
        const name = `${page}/${count}`
        samples.set(name, [...(samples.get(name) ?? []), sample])
      }
    }
  } finally {
    process.stderr.write('\n')
    await browser.close()
    await server.close()
  }
  const rows = cases(options).map(([page, count]) => summarise(page, count, samples.get(`${page}/${count}`) ?? []))
  printTables(rows)
  const file = await save(options, browser.version(), rows, samples)
  console.log(`\n${file}`)
}

const cases = ({ counts, pages }: CanvasBench): [PageName, number][] =>
  counts.flatMap((count) =>
    pages
      .filter((page) => count <= SLOW_LIMIT || !SLOW_PAGES.has(page))
      .map((page): [PageName, number] => [page, count]),
  )

/** A page of its own each time: no heap or cache is inherited. */
const measure = async (
  browser: Browser,
  server: BenchServer,
  name: PageName,
  count: number,
  options: CanvasBench,
): Promise<Sample> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: options.ratio })
  const page = await context.newPage()
  page.setDefaultTimeout(120_000)
  const driven: Driven = { page, session: await context.newCDPSession(page) }
  const sample: Sample = { failures: [] }
  try {
    await page.goto(`${server.address}${PAGES[name]}?n=${count}&kind=${options.kind}&driven=1`)
    await page.evaluate(() => window.__bench!.prepare())
    sample.load = await page.evaluate(() => window.__bench!.load())
    await page.waitForTimeout(600) // what the page does when idle after its first picture
    const { caps, shown } = await page.evaluate(() => ({ caps: window.__bench!.caps, shown: window.__bench!.count() }))
    if (shown !== count) throw new NoEffect(`${shown} regions instead of ${count}`)
    await gesturesOf(driven, sample, caps, options.ticks)
    await driven.session.send('HeapProfiler.collectGarbage')
    sample.heap = (await driven.session.send('Runtime.getHeapUsage')).usedSize / 2 ** 20
  } catch (error) {
    if (!(error instanceof Error)) throw error
    sample.failures.push(error.message.split('\n')[0]!)
  } finally {
    await context.close()
  }
  return sample
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
    sample.hoverWork = perSecond(await hover(driven, ticks))
  })
  await attempt(async () => {
    sample.select = median((await select(driven)).latencies)
  })
  await attempt(async () => {
    sample.drag = median((await dragCorner(driven, ticks)).latencies)
  })
  await attempt(async () => {
    const reading = await zoom(driven, ticks)
    sample.zoomFps = reading.frames / reading.seconds
    sample.zoomLongestTask = reading.longestTask
  })
  await attempt(async () => {
    const reading = await pan(driven, ticks, caps)
    sample.panFps = reading.frames / reading.seconds
    sample.panLongestTask = reading.longestTask
  })
}

/** ms of the main thread for a second of the gesture. */
const perSecond = ({ mainThread, seconds }: { mainThread: number; seconds: number }): number => mainThread / seconds

const MEASURES = [
  'load',
  'zoomFps',
  'zoomLongestTask',
  'panFps',
  'panLongestTask',
  'drag',
  'select',
  'hoverWork',
  'heap',
] as const

const summarise = (page: PageName, count: number, samples: readonly Sample[]): Row => ({
  page,
  count,
  failures: [...new Set(samples.flatMap(({ failures }) => failures))],
  ...Object.fromEntries(MEASURES.map((name) => [name, median(samples.flatMap((sample) => sample[name] ?? []))])),
})

const save = async (
  options: CanvasBench,
  browser: string,
  rows: readonly Row[],
  samples: ReadonlyMap<string, Sample[]>,
): Promise<string> => {
  const folder = new URL('./results/', import.meta.url)
  await mkdir(folder, { recursive: true })
  const at = new Date().toISOString()
  const file = new URL(`canvas-${at.replaceAll(/[:.]/g, '-')}.json`, folder)
  await writeFile(file, JSON.stringify({ at, browser, options, rows, samples: Object.fromEntries(samples) }, null, 2))
  return fileURLToPath(file)
}
