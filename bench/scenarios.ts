import type { Browser } from '@playwright/test'
import { type Driven, dragVertex, NoEffect } from '#bench/gestures.ts'
import { canvasToBlob, paintOn, pressBrush, releaseBrush } from '#bench/painting.ts'
import { processMemory } from '#bench/processMemory.ts'
import { median, percentile } from '#bench/report.ts'
import { type Driving, withPage } from '#bench/sample.ts'
import type { BenchServer } from '#bench/server.ts'
import type { TraceReading } from '#bench/trace.ts'
import { IMAGE, makeRegions, TARGET_RING_ID } from '#bench/workload.ts'

/** What only our canvas does; ms unless named otherwise. */
export interface Scenario {
  readonly name: string
  readonly run: (bench: Bench) => Promise<Readonly<Record<string, number | undefined>>>
}

export interface Bench extends Driving {
  readonly browser: Browser
  readonly server: BenchServer
  readonly quick: boolean
}

const ours = <T>({ browser, server, ratio }: Bench, query: string, use: (driven: Driven) => Promise<T>): Promise<T> =>
  withPage(browser, server, `canvas.html?${query}`, ratio, async (driven) => {
    const load = await driven.page.evaluate(() => window.__bench!.load())
    await driven.page.waitForTimeout(600)
    return use(Object.assign(driven, { load }))
  })

const heapOf = async ({ session }: Driven): Promise<number> => {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize, backingStorageSize = 0 } = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number
    backingStorageSize?: number
  }
  return (usedSize + backingStorageSize) / 2 ** 20
}

/** Frames enough that one in twenty of them is more than the first, for which the browser takes new memory. */
const RING_TICKS = 240

const ringOf10000: Scenario = {
  name: 'one polygon of 10,000 vertices',
  run: (bench) =>
    ours(bench, 'n=10000&kind=ring', async (driven) => {
      const [ring] = makeRegions(10_000, 'ring')
      if (!ring || ring.type === 'box') throw new NoEffect('there is no ring')
      const { latencies, frameWork } = await dragVertex(
        driven,
        Math.max(bench.ticks, RING_TICKS),
        { ...ring, id: TARGET_RING_ID },
        [2000, 1500],
      )
      return {
        vertex: median(latencies),
        vertex95: percentile(latencies, 0.95),
        frameWork95: percentile(frameWork, 0.95),
      }
    }),
}

const masks: Scenario = {
  name: '200 masks on 4000 × 3000',
  run: (bench) =>
    withPage(bench.browser, bench.server, 'canvas.html?n=200&kind=masks', bench.ratio, async (driven) => {
      const open = await driven.page.evaluate(() => window.__bench!.load())
      await driven.page.waitForTimeout(600)
      const path = { size: IMAGE, px: 60 }
      await pressBrush(driven, path)
      const { frameWork, latencies } = await paintOn(driven, path, bench.ticks, 0)
      await releaseBrush(driven)
      return {
        open,
        stroke95: percentile(frameWork, 0.95),
        strokeLatency: median(latencies),
        submit: await driven.page.evaluate(() => window.__bench!.encodeAll!()),
      }
    }),
}

const finishing: Scenario = {
  name: 'finish and encode a mask of 12 MP',
  run: (bench) =>
    ours(bench, 'n=0&kind=blank', async (driven) => {
      const path = { size: IMAGE, px: 200 }
      const strokes: { ms: number; reading: TraceReading; bytes: number }[] = []
      const work: number[] = []
      for (let i = 0; i < 3; i++) {
        await pressBrush(driven, path)
        work.push(...(await paintOn(driven, path, bench.ticks, 400 * i)).frameWork)
        const { ms, bytes, reading } = await releaseBrush(driven)
        strokes.push({ ms, bytes, reading })
      }
      const toBlob = await canvasToBlob(driven, IMAGE)
      const typical = median(strokes.map(({ ms }) => ms))
      return {
        encode: typical,
        first: strokes[0]?.ms,
        blocked: Math.max(...strokes.map(({ reading }) => reading.longestTask)),
        blockedWork: Math.max(...strokes.map(({ reading }) => reading.longestWork)),
        toBlob,
        timesFaster: typical === undefined ? undefined : toBlob / typical,
        stroke95: percentile(work, 0.95),
        kB: median(strokes.map(({ bytes }) => bytes / 1024)),
      }
    }),
}

const minute: Scenario = {
  name: 'a minute of painting on 8000 × 8000, one stroke',
  run: (bench) =>
    ours(bench, 'n=0&kind=blank&size=8000', async (driven) => {
      const path = { size: { width: 8000, height: 8000 }, px: 120 }
      const parts = bench.quick ? 2 : 6
      const ticks = bench.quick ? 300 : 600
      const before = await heapOf(driven)
      await pressBrush(driven, path)
      const work: number[][] = []
      const latencies: (number | undefined)[] = []
      for (let part = 0; part < parts; part++) {
        const reading = await paintOn(driven, path, ticks, part * ticks)
        work.push([...reading.frameWork])
        latencies.push(median(reading.latencies))
      }
      await releaseBrush(driven)
      const growth = (await heapOf(driven)) - before
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
      return {
        first10s: mean(work[0]!),
        last10s: mean(work.at(-1)!),
        slowerAtTheEnd: mean(work.at(-1)!) / mean(work[0]!),
        latencyFirst: latencies[0],
        latencyLast: latencies.at(-1),
        frame95: percentile(work.at(-1)!, 0.95),
        heapGrowthMB: growth,
      }
    }),
}

const turning: Scenario = {
  name: 'from image to image, 1,000 regions each, prefetched',
  run: (bench) =>
    ours(bench, 'n=1000&kind=mixed', async (driven) => {
      const turns: number[] = []
      const turn = async (times: number) => {
        for (let i = 0; i < times; i++) turns.push(await driven.page.evaluate(() => window.__bench!.next!()))
      }
      const settled = async () => {
        await driven.page.waitForTimeout(1500)
        return { heap: await heapOf(driven), memory: await processMemory(bench.browser) }
      }
      await turn(20)
      const before = await settled()
      const more = bench.quick ? 40 : 200
      await turn(more)
      const after = await settled()
      return {
        next: median(turns),
        next95: percentile(turns, 0.95),
        turns: more,
        heapGrowthMB: after.heap - before.heap,
        memoryGrowthMB:
          before.memory === undefined || after.memory === undefined ? undefined : after.memory - before.memory,
        workersLeft: driven.page.workers().length,
      }
    }),
}

export const SCENARIOS = { ring: ringOf10000, masks, finish: finishing, minute, turn: turning } as const

export type ScenarioName = keyof typeof SCENARIOS
