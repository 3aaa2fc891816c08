import type { Row, ScenarioRow } from '#bench/report.ts'
import type { Measure } from '#bench/sample.ts'
import type { ScenarioName } from '#bench/scenarios.ts'
import type { PageName } from '#bench/server.ts'

/** A goal of the design beside what was measured; missing = not measured in this run. */
export interface Budget {
  readonly scenario: string
  readonly goal: string
  readonly measured: number | undefined
  readonly unit: string
  readonly met: boolean | undefined
}

type Limit = { readonly atLeast: number } | { readonly atMost: number }

const meets = (value: number, limit: Limit): boolean =>
  'atLeast' in limit ? value >= limit.atLeast : value <= limit.atMost

const wordsOf = (limit: Limit, unit: string): string =>
  'atLeast' in limit ? `≥ ${limit.atLeast}${unit}` : `≤ ${limit.atMost}${unit}`

/** Every goal that `npm run bench -- canvas` can measure, against these results. */
export const budgetsOf = (rows: readonly Row[], scenarios: readonly ScenarioRow[]): readonly Budget[] => {
  const at = (page: PageName, count: number, name: Measure, kind = 'mixed') =>
    rows.find((row) => row.page === page && row.count === count && row.kind === kind)?.[name]
  const of = (name: ScenarioName, value: string) => scenarios.find((row) => row.name === name)?.values[value]
  const over = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined || b === 0 ? undefined : a / b
  const less = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? undefined : a - b
  const vsImage = (name: Measure, count: number, kind = 'mixed') =>
    over(at('ours', count, name, kind), at('image', count, name, kind))
  const timesBetter = (page: PageName, name: Measure, count: number) =>
    over(at(page, count, name), at('ours', count, name))
  const n = (count: number) => count.toLocaleString('en')

  const budgets: Budget[] = []
  const goal = (scenario: string, limit: Limit, measured: number | undefined, unit = ''): void => {
    const met = measured === undefined ? undefined : meets(measured, limit)
    budgets.push({ scenario, goal: wordsOf(limit, unit), measured, unit, met })
  }

  for (const [count, least] of [
    [1_000, 0.9],
    [10_000, 0.9],
    [100_000, 0.85],
  ] as const) {
    goal(`zoom, frames against the image alone, ${n(count)}`, { atLeast: least }, vsImage('zoomFps', count), '×')
    goal(`pan, frames against the image alone, ${n(count)}`, { atLeast: least }, vsImage('panFps', count), '×')
    goal(
      `longest task while zooming, its own time, ${n(count)}`,
      { atMost: 50 },
      at('ours', count, 'zoomLongestWork'),
      ' ms',
    )
  }
  goal('zoom frame time at 10,000: tuned Konva', { atLeast: 5 }, timesBetter('tuned', 'zoomFrame', 10_000), '×')
  goal('zoom frame time at 10,000: Annotorious', { atLeast: 3 }, timesBetter('annotorious', 'zoomFrame', 10_000), '×')
  goal('zoom frame time at 10,000: naive react-konva', { atLeast: 15 }, timesBetter('naive', 'zoomFrame', 10_000), '×')
  goal('zoom frame time at 100,000: tuned Konva', { atLeast: 40 }, timesBetter('tuned', 'zoomFrame', 100_000), '×')
  goal('load at 10,000: tuned Konva', { atLeast: 2.5 }, timesBetter('tuned', 'load', 10_000), '×')
  goal('load at 10,000: Annotorious', { atLeast: 2.5 }, timesBetter('annotorious', 'load', 10_000), '×')
  goal('load at 10,000: naive react-konva', { atLeast: 4 }, timesBetter('naive', 'load', 10_000), '×')
  for (const count of [1_000, 10_000, 100_000]) {
    goal(`corner drag against the image alone, ${n(count)}`, { atMost: 1.15 }, vsImage('drag', count), '×')
    goal(`vertex drag against the image alone, ${n(count)}`, { atMost: 1.15 }, vsImage('vertex', count), '×')
  }
  for (const count of [1_000, 10_000, 100_000])
    goal(`hover, main thread against the image alone, ${n(count)}`, { atMost: 1.3 }, vsImage('hoverWork', count), '×')
  const hit = at('ours', 100_000, 'hit')
  goal('a hit test at 100,000', { atMost: 5 }, hit === undefined ? undefined : 1000 * hit, ' µs')
  const extra = less(at('ours', 100_000, 'memory'), at('image', 100_000, 'memory'))
  goal('memory over the image alone at 100,000', { atMost: 60 }, extra, ' MB')
  goal('redraw in the worker while zooming, 10,000', { atMost: 33 }, at('ours', 10_000, 'redraw'), ' ms')
  goal('redraw in the worker while zooming, 100,000', { atMost: 66 }, at('ours', 100_000, 'redraw'), ' ms')
  goal('a stroke: work of a frame, p95', { atMost: 16.7 }, of('finish', 'stroke95'), ' ms')
  goal('finish and encode 12 MP: canvas.toBlob', { atLeast: 8 }, of('finish', 'timesFaster'), '×')
  goal('finish and encode 12 MP: longest task, its own time', { atMost: 16 }, of('finish', 'blockedWork'), ' ms')
  goal('polygon of 10,000 vertices: vertex drag p95', { atMost: 33 }, of('ring', 'vertex95'), ' ms')
  goal('200 masks: open', { atMost: 1000 }, of('masks', 'open'), ' ms')
  goal('200 masks: stroke, work of a frame, p95', { atMost: 16.7 }, of('masks', 'stroke95'), ' ms')
  goal('200 masks: all messages made anew', { atMost: 200 }, of('masks', 'submit'), ' ms')
  goal('8000 × 8000: the last 10 s against the first', { atMost: 1.15 }, of('minute', 'slowerAtTheEnd'), '×')
  goal('8000 × 8000: heap growth', { atMost: 100 }, of('minute', 'heapGrowthMB'), ' MB')
  goal('next image, prefetched', { atMost: 100 }, of('turn', 'next'), ' ms')
  goal('200 image switches: memory of the browser grows', { atMost: 20 }, of('turn', 'memoryGrowthMB'), ' MB')
  return budgets
}
