import type { PageName } from '#bench/server.ts'

/** Medians of one page at one size. Missing = it could not be done. */
export interface Row {
  readonly page: PageName
  readonly count: number
  readonly failures: readonly string[]
  readonly load?: number | undefined
  readonly zoomFps?: number | undefined
  readonly zoomLongestTask?: number | undefined
  readonly panFps?: number | undefined
  readonly panLongestTask?: number | undefined
  readonly drag?: number | undefined
  readonly select?: number | undefined
  readonly hoverWork?: number | undefined
  readonly heap?: number | undefined
}

export const median = (values: readonly number[]): number | undefined => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  if (sorted.length === 0) return undefined
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1]! + sorted[middle]!) / 2
}

type Measure = Exclude<keyof Row, 'page' | 'count' | 'failures'>

/** What is printed, and which way is better. */
const COLUMNS: readonly { readonly name: Measure; readonly title: string; readonly better: 'more' | 'less' }[] = [
  { name: 'load', title: 'load ms', better: 'less' },
  { name: 'zoomFps', title: 'zoom fps', better: 'more' },
  { name: 'panFps', title: 'pan fps', better: 'more' },
  { name: 'drag', title: 'drag ms', better: 'less' },
  { name: 'select', title: 'select ms', better: 'less' },
  { name: 'hoverWork', title: 'hover ms/s', better: 'less' },
  { name: 'heap', title: 'heap MB', better: 'less' },
  { name: 'zoomLongestTask', title: 'zoom task', better: 'less' },
  { name: 'panLongestTask', title: 'pan task', better: 'less' },
]

const number = (value: number | undefined): string => {
  if (value === undefined) return '–'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

const printRows = (rows: readonly (readonly string[])[]): void => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  for (const row of rows)
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
}

/** Medians, then how many times better our canvas is than each of the others: 1 = alike, 2 = twice as good. */
export const printTables = (rows: readonly Row[]): void => {
  for (const count of new Set(rows.map((row) => row.count))) {
    const here = rows.filter((row) => row.count === count)
    console.log(`\n${count.toLocaleString('en')} regions`)
    printRows([
      ['', ...COLUMNS.map(({ title }) => title)],
      ...here.map((row) => [row.page, ...COLUMNS.map(({ name }) => number(row[name]))]),
    ])
    printRatios(here)
    for (const row of here) for (const failure of row.failures) console.log(`  ${row.page}: ${failure}`)
  }
}

const printRatios = (rows: readonly Row[]): void => {
  const ours = rows.find(({ page }) => page === 'ours')
  const others = rows.filter(({ page }) => page !== 'ours')
  if (!ours || others.length === 0) return
  const ratio = (other: Row, { name, better }: (typeof COLUMNS)[number]): string => {
    const [a, b] = [ours[name], other[name]]
    if (a === undefined || b === undefined || a === 0 || b === 0) return '–'
    return `${number(better === 'more' ? a / b : b / a)}×`
  }
  printRows([
    ['ours, better than', ...COLUMNS.map(({ title }) => title.split(' ')[0]!)],
    ...others.map((other) => [other.page, ...COLUMNS.map((column) => ratio(other, column))]),
  ])
}
