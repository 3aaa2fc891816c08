import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { budgetsOf } from '#bench/budgets.ts'
import { NoEffect } from '#bench/gestures.ts'
import { median, printBudgets, printScenarios, printTables, type Row, type ScenarioRow } from '#bench/report.ts'
import { type Case, type Driving, MEASURES, measure, type Sample } from '#bench/sample.ts'
import { type Bench, SCENARIOS, type ScenarioName } from '#bench/scenarios.ts'
import { type PageName, startServer } from '#bench/server.ts'
import { browserArgs, findBrowser } from '#e2e/browser.ts'

export interface CanvasBench extends Driving {
  readonly cases: readonly Case[]
  readonly scenarios: readonly ScenarioName[]
  readonly repetitions: number
  readonly quick: boolean
}

/** These take minutes or give up long before this many. */
const SLOW_PAGES: ReadonlySet<PageName> = new Set(['naive', 'annotorious'])
export const SLOW_LIMIT = 10_000

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

export const isBearable = ({ page, count }: Case): boolean => count <= SLOW_LIMIT || !SLOW_PAGES.has(page)

/**
 * Measures every case and scenario, one repetition of all before the next, so that whatever else the machine does falls
 * on all of them alike. Prints medians, ratios and budgets, and keeps everything as JSON in bench/results; so does a run
 * that is ended early (Ctrl+C, SIGTERM) with what it has.
 */
export const benchCanvas = async (options: CanvasBench): Promise<void> => {
  const server = await startServer()
  const executablePath = findBrowser()
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [...browserArgs],
    // else they would end this process before it has told anything
    handleSIGINT: false,
    handleSIGTERM: false,
  })
  const bench: Bench = { ...options, browser, server }
  const samples = new Map<Case, Sample[]>(options.cases.map((each) => [each, []]))
  const scenarios = new Map<ScenarioName, ScenarioSample[]>(options.scenarios.map((name) => [name, []]))
  let stopped = false
  let stop = () => {}
  const ended = new Promise<undefined>((done) => {
    stop = () => {
      stopped = true
      done(undefined)
    }
  })
  /** Nothing as soon as the run is ended: a page that hangs, as those of peers do, answers nobody. */
  const unlessEnded = <T>(run: Promise<T>): Promise<T | undefined> => Promise.race([run, ended])
  for (const signal of SIGNALS) process.once(signal, stop)
  try {
    for (let repetition = 1; repetition <= options.repetitions && !stopped; repetition++) {
      const say = (what: string) => process.stderr.write(`\r${repetition}/${options.repetitions} ${what.padEnd(50)}`)
      for (const [each, taken] of samples) {
        if (stopped) break
        say(`${each.page} ${each.kind} ${each.count}`)
        const sample = await unlessEnded(measure(browser, server, each, options))
        if (sample) taken.push(sample)
      }
      for (const [name, taken] of scenarios) {
        if (stopped) break
        say(SCENARIOS[name].name)
        const sample = await unlessEnded(play(name, bench))
        if (sample) taken.push(sample)
      }
    }
    process.stderr.write('\n')
    await tell(options, browser.version(), samples, scenarios)
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop)
    await browser.close()
    await server.close()
  }
}

/** Prints what was measured, and keeps it. */
const tell = async (
  options: CanvasBench,
  version: string,
  samples: ReadonlyMap<Case, Sample[]>,
  scenarios: ReadonlyMap<ScenarioName, ScenarioSample[]>,
): Promise<void> => {
  const rows = [...samples].map(([each, taken]) => summarise(each, taken))
  const scenarioRows = [...scenarios].map(([name, taken]) => summariseScenario(name, taken))
  printTables(rows)
  printScenarios(scenarioRows)
  const budgets = budgetsOf(rows, scenarioRows)
  printBudgets(budgets)
  const kept = { options, browser: version, rows, scenarios: scenarioRows, budgets }
  console.log(`\n${await save({ ...kept, samples: [...samples].map(([each, taken]) => ({ ...each, taken })) })}`)
}

interface ScenarioSample {
  readonly values: Readonly<Record<string, number | undefined>>
  readonly failure?: string
}

const play = async (name: ScenarioName, bench: Bench): Promise<ScenarioSample> => {
  try {
    return { values: await SCENARIOS[name].run(bench) }
  } catch (error) {
    if (!(error instanceof NoEffect)) throw error
    return { values: {}, failure: error.message }
  }
}

const summarise = (each: Case, samples: readonly Sample[]): Row => ({
  ...each,
  failures: [...new Set(samples.flatMap(({ failures }) => failures))],
  ...Object.fromEntries(MEASURES.map((name) => [name, median(samples.flatMap((sample) => sample[name] ?? []))])),
})

const summariseScenario = (name: ScenarioName, samples: readonly ScenarioSample[]): ScenarioRow => {
  const names = [...new Set(samples.flatMap(({ values }) => Object.keys(values)))]
  return {
    name,
    title: SCENARIOS[name].name,
    failures: [...new Set(samples.flatMap(({ failure }) => failure ?? []))],
    values: Object.fromEntries(
      names.map((each) => [each, median(samples.flatMap(({ values }) => values[each] ?? []))]),
    ),
  }
}

const save = async (results: object): Promise<string> => {
  const folder = new URL('./results/', import.meta.url)
  await mkdir(folder, { recursive: true })
  const at = new Date().toISOString()
  const file = new URL(`canvas-${at.replaceAll(/[:.]/g, '-')}.json`, folder)
  await writeFile(file, JSON.stringify({ at, ...results }, null, 2))
  return fileURLToPath(file)
}
