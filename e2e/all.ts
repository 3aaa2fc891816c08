/**
 * `npm test`: every check, one after the other, and at the end what ran, failed and was skipped, and why.
 * A failing step does not hide the ones after it, except those that need what it makes.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ensureBrowser } from '#e2e/browser.ts'
import { ensurePythonTools } from '#e2e/python.ts'

interface Counts {
  passed: number
  failed: number
  skipped: number
  /** One line a skipped test, with its reason. */
  reasons?: string[]
}
interface Result extends Counts {
  step: string
  seconds: number
}

const root = path.resolve(import.meta.dirname, '..')
const reports = mkdtempSync(path.join(tmpdir(), 'marquee-test-'))
const bin = (name: string): string => path.join(root, 'node_modules/.bin', name)

function run(command: string, args: string[], env: Record<string, string> = {}): boolean {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  if (error) console.error(String(error))
  return status === 0
}

const one = (ok: boolean): Counts => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 })

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  numFailedTestSuites: number
  testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[]
}

async function unit(): Promise<Counts> {
  const browser = await ensureBrowser().catch((error: unknown) => `none, ${String(error)}`)
  console.log(`Browser: ${browser}`)
  const python = ensurePythonTools()
  console.log(typeof python === 'string' ? `No official Python classes: ${python}` : `Python: ${python.python}`)
  const file = path.join(reports, 'unit.json')
  const ok = run(bin('vitest'), ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`])
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
  const skipped = report.testResults
    .flatMap((suite) => suite.assertionResults)
    .filter((test) => test.status === 'pending' || test.status === 'skipped' || test.status === 'todo')
  const failed = Math.max(report.numFailedTests, ok ? 0 : 1)
  return {
    passed: report.numPassedTests,
    failed,
    skipped: skipped.length,
    reasons: skipped.map((test) => test.fullName),
  }
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  suites: PlaywrightSuite[]
}
interface PlaywrightSuite {
  suites?: PlaywrightSuite[]
  specs: { title: string; tests: { status: string; annotations: { type: string; description?: string }[] }[] }[]
}

const specsOf = (suite: PlaywrightSuite): PlaywrightSuite['specs'] => [
  ...suite.specs,
  ...(suite.suites ?? []).flatMap(specsOf),
]

async function endToEnd(): Promise<Counts> {
  const browser = await ensureBrowser()
  const file = path.join(reports, 'e2e.json')
  const args = ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json']
  const ok = run(bin('playwright'), args, { CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: file })
  const report = JSON.parse(readFileSync(file, 'utf8')) as PlaywrightReport
  const skipped = report.suites.flatMap(specsOf).filter((spec) => spec.tests.some((test) => test.status === 'skipped'))
  return {
    passed: report.stats.expected + report.stats.flaky,
    failed: Math.max(report.stats.unexpected, ok ? 0 : 1),
    skipped: report.stats.skipped,
    reasons: skipped.map((spec) => {
      const reason = spec.tests[0]?.annotations.find((note) => note.type === 'skip')?.description
      return `${spec.title}: ${reason ?? 'no reason given'}`
    }),
  }
}

const steps: { name: string; needs?: string; run: () => Counts | Promise<Counts> }[] = [
  { name: 'generate', run: () => one(run(process.execPath, ['proto/generate.ts'])) },
  { name: 'types', needs: 'generate', run: () => one(run('npm', ['run', '--silent', 'types'])) },
  { name: 'lint and layers', run: () => one(run('npm', ['run', '--silent', 'lint'])) },
  { name: 'unit and service', needs: 'generate', run: unit },
  { name: 'build', needs: 'generate', run: () => one(run(bin('vite'), ['build', '--logLevel', 'warn'])) },
  { name: 'end to end', needs: 'build', run: endToEnd },
]

const results: Result[] = []
for (const step of steps) {
  console.log(`\n── ${step.name}`)
  const started = performance.now()
  const blocked = results.some((result) => result.step === step.needs && result.failed > 0)
  let counts: Counts
  if (blocked) counts = { passed: 0, failed: 0, skipped: 1, reasons: [`${step.name}: ${step.needs} failed`] }
  else
    try {
      counts = await step.run()
    } catch (error) {
      console.error(error)
      counts = one(false)
    }
  results.push({ step: step.name, seconds: (performance.now() - started) / 1000, ...counts })
}
rmSync(reports, { recursive: true, force: true })

const total = (key: 'passed' | 'failed' | 'skipped'): number => results.reduce((sum, result) => sum + result[key], 0)
console.log('\n── summary')
for (const { step, passed, failed, skipped, seconds } of results) {
  const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`
  console.log(`${step.padEnd(18)} ${counts.padEnd(36)} ${seconds.toFixed(0).padStart(4)} s`)
}
for (const reason of results.flatMap((result) => result.reasons ?? [])) console.log(`skipped: ${reason}`)
console.log(`\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`)
process.exit(total('failed') > 0 || results.some((result) => result.passed === 0) ? 1 : 0)
