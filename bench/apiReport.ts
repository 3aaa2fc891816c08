import type { Timing } from '#bench/apiMeasure.ts'

/** One line of the table. */
export interface ApiRow {
  readonly what: string
  /** Missing where what is measured is no rate of calls. */
  readonly timing?: Timing
  /** Another figure, with its unit. */
  readonly figure?: string
  /** What this line is compared with, and by how much. */
  readonly ratio?: {
    readonly to: string
    readonly is: number
    readonly goal?: { readonly text: string; readonly met: boolean }
  }
}

const round = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

const cellsOf = ({ what, timing, figure, ratio }: ApiRow): string[] => [
  what,
  timing ? round(timing.perSecond) : '',
  timing ? round(timing.p50) : '',
  timing ? round(timing.p95) : '',
  figure ?? '',
  ratio ? `${round(ratio.is)} × ${ratio.to}` : '',
  ratio?.goal ? `${ratio.goal.text} ${ratio.goal.met ? 'met' : 'MISSED'}` : '',
]

const TITLES = ['', 'calls/s', 'p50 ms', 'p95 ms', '', 'ratio', 'goal']

export const printApi = (rows: readonly ApiRow[]): void => {
  const table = [TITLES, ...rows.map(cellsOf)]
  const widths = TITLES.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  console.log('')
  for (const row of table)
    console.log(
      row
        .map((cell, i) => (i === 0 || i > 4 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
}

export const atLeast = (to: string, is: number, goal: number): NonNullable<ApiRow['ratio']> => ({
  to,
  is,
  goal: { text: `≥ ${goal}`, met: is >= goal },
})
export const atMost = (to: string, is: number, goal: number): NonNullable<ApiRow['ratio']> => ({
  to,
  is,
  goal: { text: `≤ ${goal}`, met: is <= goal },
})
