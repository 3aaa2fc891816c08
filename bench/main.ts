import { parseArgs } from 'node:util'
import { benchApi } from '#bench/api.ts'
import { benchCanvas, isBearable } from '#bench/canvas.ts'
import { benchNext } from '#bench/next.ts'
import type { Case } from '#bench/sample.ts'
import { SCENARIOS, type ScenarioName } from '#bench/scenarios.ts'
import { PAGES, type PageName, startServer } from '#bench/server.ts'
import { benchTeam } from '#bench/team.ts'
import { SHARED_KINDS } from '#bench/workload.ts'

const USAGE = `npm run bench                      everything
npm run bench -- canvas            the canvas against the image alone, Konva and Annotorious
  --quick                          one repetition, short gestures, 1,000 and 10,000 regions, no naive react-konva
  --n 100,1000                     numbers of regions
  --only ours,image                these pages: ${Object.keys(PAGES).join(', ')}
  --kind mixed,poly200,crowded     the workloads; polygons of 200 corners and crowded ones at 1,000 alone
  --rows ${Object.keys(SCENARIOS).join(',')}  also these (masks, brush, memory): all, or none
  --repetitions 3  --ticks 90  --ratio 1
npm run bench -- api               the annotation API against echoes of the same messages
  --quick                          once, and 100,000 annotations in place of 1,000,000
  --n 10000,1000000                annotations in the app, a small number and a large one (thousands)
npm run bench -- team              boards, lists and queues of 50 people, 100,000 inputs, 1,000,000 annotations
  --quick                          a tenth of the inputs and annotations
npm run bench -- next              the next image in the whole product, with 20 and with 1,000 regions
npm run bench -- serve [--port N]  only serves the pages, to be looked at`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean' },
    quick: { type: 'boolean', default: false },
    n: { type: 'string' },
    only: { type: 'string' },
    kind: { type: 'string' },
    rows: { type: 'string' },
    repetitions: { type: 'string' },
    ticks: { type: 'string' },
    ratio: { type: 'string', default: '1' },
    port: { type: 'string', default: '0' },
  },
})

const fail = (message: string): never => {
  console.error(`${message}\n\n${USAGE}`)
  process.exit(2)
}

const whole = (name: string, text: string): number => {
  const value = Number(text)
  return Number.isInteger(value) && value >= 0 ? value : fail(`--${name}: "${text}" is not a whole number`)
}

/** Those of a comma-separated list, which must all be known, in the known order; without a list: `standard`. */
const listed = <T extends string>(name: string, text: string | undefined, known: readonly T[], standard = known) => {
  if (text === undefined || text === 'all') return standard
  const wanted = text === 'none' || text === '' ? [] : text.split(',')
  const unknown = wanted.find((each) => !(known as readonly string[]).includes(each))
  return unknown === undefined
    ? known.filter((each) => wanted.includes(each))
    : fail(`--${name}: there is no "${unknown}"; there are ${known.join(', ')}`)
}

const casesOf = (pages: readonly PageName[]): Case[] => {
  const counts = values.n?.split(',').map((text) => whole('n', text))
  const usual = values.quick ? [1_000, 10_000] : [100, 1_000, 10_000, 100_000]
  return listed('kind', values.kind, SHARED_KINDS, values.quick ? ['mixed'] : SHARED_KINDS)
    .flatMap((kind) =>
      (counts ?? (kind === 'mixed' ? usual : [1_000])).flatMap((count) => pages.map((page) => ({ page, kind, count }))),
    )
    .filter(isBearable)
}

const canvas = (): Promise<void> => {
  const { quick } = values
  const known = Object.keys(PAGES) as PageName[]
  const pages = listed('only', values.only, known, quick ? known.filter((page) => page !== 'naive') : known)
  return benchCanvas({
    cases: casesOf(pages),
    scenarios: pages.includes('ours') ? listed('rows', values.rows, Object.keys(SCENARIOS) as ScenarioName[]) : [],
    repetitions: whole('repetitions', values.repetitions ?? (quick ? '1' : '3')),
    ticks: whole('ticks', values.ticks ?? (quick ? '48' : '90')),
    ratio: Number(values.ratio),
    quick,
  })
}

const api = (n = values.n): Promise<void> => {
  const { quick } = values
  const counts = (n || undefined)?.split(',').map((text) => whole('n', text)) ?? [10_000, quick ? 100_000 : 1_000_000]
  const [small, large] = counts
  if (counts.length !== 2 || !small || !large || small % 1000 || large % 1000 || large <= small)
    return fail('--n: two numbers of thousands, the smaller first')
  const repetitions = whole('repetitions', values.repetitions ?? (quick ? '1' : '3'))
  return benchApi({ counts: [small, large], ms: quick ? 2000 : 4000, repetitions })
}

const team = (): Promise<void> => {
  const { quick } = values
  const inputs = quick ? 10_000 : 100_000
  return benchTeam({ inputs, annotations: inputs * 10, people: 50, ms: quick ? 1000 : 3000 })
}

const everything = async (): Promise<void> => {
  await canvas()
  await benchNext()
  await api('')
  await team()
}

const serve = async (): Promise<void> => {
  const server = await startServer(whole('port', values.port))
  console.log(`${server.address}canvas.html?n=10000`)
  for (const page of Object.values(PAGES)) if (page !== 'canvas.html') console.log(`${server.address}${page}?n=1000`)
  const stop = () => {
    void server.close().then(() => process.exit(0))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

const [command] = positionals
if (values.help) console.log(USAGE)
else if (command === undefined) await everything()
else if (command === 'canvas') await canvas()
else if (command === 'api') await api()
else if (command === 'team') await team()
else if (command === 'next') await benchNext()
else if (command === 'serve') await serve()
else fail(`there is no benchmark "${command}"`)
