import type { Budget } from '#bench/budgets.ts'
import type { Case, Measure } from '#bench/sample.ts'
import type { ScenarioName } from '#bench/scenarios.ts'

/** Medians of one case. Missing = it could not be done. */
export type Row = Case & { readonly failures: readonly string[] } & { readonly [name in Measure]?: number | undefined }

/** Medians of what only our canvas does. */
export interface ScenarioRow {
  readonly name: ScenarioName
  readonly title: string
  readonly failures: readonly string[]
  readonly values: Readonly<Record<string, number | undefined>>
}

export const median = (values: readonly number[]): number | undefined => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  if (sorted.length === 0) return undefined
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The value that this part of all lies below, by the nearest rank. */
export const percentile = (values: readonly number[], part: number): number | undefined =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * part) - 1)]

/** What is printed, and which way is better. */
const COLUMNS: readonly { readonly name: Measure; readonly title: string; readonly better: 'more' | 'less' }[] = [
  { name: 'load', title: 'load ms', better: 'less' },
  { name: 'zoomFps', title: 'zoom fps', better: 'more' },
  { name: 'panFps', title: 'pan fps', better: 'more' },
  { name: 'drag', title: 'drag ms', better: 'less' },
  { name: 'vertex', title: 'vertex ms', better: 'less' },
  { name: 'select', title: 'select ms', better: 'less' },
  { name: 'hoverWork', title: 'hover ms/s', better: 'less' },
  { name: 'heap', title: 'heap MB', better: 'less' },
  { name: 'memory', title: 'memory MB', better: 'less' },
  { name: 'zoomLongestTask', title: 'zoom task', better: 'less' },
  { name: 'panLongestTask', title: 'pan task', better: 'less' },
]

const number = (value: number | undefined): string => {
  if (value === undefined) return '–'
  const size = Math.abs(value)
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2)
}

const printRows = (rows: readonly (readonly string[])[]): void => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  for (const row of rows)
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
}

/** Medians, then how many times better our canvas is than each of the others: 1 = alike, 2 = twice as good. */
export const printTables = (rows: readonly Row[]): void => {
  const titles = new Set(rows.map(titleOf))
  for (const title of titles) {
    const here = rows.filter((row) => titleOf(row) === title)
    console.log(`\n${title}`)
    printRows([
      ['', ...COLUMNS.map((column) => column.title)],
      ...here.map((row) => [row.page, ...COLUMNS.map(({ name }) => number(row[name]))]),
    ])
    printRatios(here)
    for (const row of here) for (const failure of row.failures) console.log(`  ${row.page}: ${failure}`)
  }
}

const titleOf = ({ kind, count }: Case): string =>
  `${count.toLocaleString('en')} regions${kind === 'mixed' ? '' : `, ${kind}`}`

/** A line for each scenario. */
export const printScenarios = (rows: readonly ScenarioRow[]): void => {
  for (const { title, values, failures } of rows) {
    const told = Object.entries(values).map(([name, value]) => `${name} ${number(value)}`)
    console.log(`\n${title}\n  ${told.join(' · ')}`)
    for (const failure of failures) console.log(`  ${failure}`)
  }
}

/** Goals and what became of them; those that were not measured in this run are left out. */
export const printBudgets = (budgets: readonly Budget[]): void => {
  const measured = budgets.filter(({ met }) => met !== undefined)
  if (measured.length === 0) return
  console.log('')
  printRows([
    ['budgets', 'goal', 'measured', ''],
    ...measured.map(({ scenario, goal, measured: value, unit, met }) => [
      scenario,
      goal,
      `${number(value)}${unit}`,
      met ? 'met' : 'MISSED',
    ]),
  ])
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
