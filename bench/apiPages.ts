import { type Api, connectTo, type Echoes } from '#bench/apiClients.ts'
import { callFor, type Timing } from '#bench/apiMeasure.ts'
import { type ApiRow, atMost } from '#bench/apiReport.ts'
import { addBoxes, addInputs, makeApp, succeeded } from '#bench/apiSetup.ts'
import { inApp, postOf } from '#bench/apiWorkload.ts'

const APP = 'bench-pages'
const PER_PAGE = 1000

interface Pages {
  readonly byInput: Timing
  readonly first: Timing
  readonly last: Timing
}

/** ListAnnotations, 1,000 a page: by input, the first and the last of all, in a small app and when it has grown. */
export const measurePages = async (
  api: Api,
  echoes: Echoes,
  { counts, ms }: { counts: readonly [number, number]; ms: number },
): Promise<ApiRow[]> => {
  const [small, large] = counts
  await makeApp(api, APP)
  const inputs = await addInputs(api, APP, small / PER_PAGE)
  await addBoxes(api, APP, inputs)
  const before = await pagesOf(api, inputs, ms)
  const echo = await echoOfPage(echoes, ms)
  const more = await addInputs(api, APP, (large - small) / PER_PAGE)
  await addBoxes(api, APP, more)
  inputs.push(...more)
  const after = await pagesOf(api, inputs, ms)
  return [...rowsOf(before, after, echo, counts), ...(await searches(api, ms)), ...(await together(api, inputs, ms))]
}

const pagesOf = async (api: Api, inputs: readonly string[], ms: number): Promise<Pages> => {
  const page = async (n: number) => list(api, [], n)
  const lastPage = inputs.length + 1 // an input-level annotation for each makes one more
  const byInput = await callFor(ms, 1, (n) => list(api, [inputs[(n * 7919) % inputs.length]!], 1))
  return { byInput, first: await callFor(ms, 1, () => page(1)), last: await callFor(ms, 1, () => page(lastPage - 1)) }
}

const list = async (api: Api, inputIds: string[], page: number) => {
  const { annotations } = succeeded(
    await api.listAnnotations({ userAppId: inApp(APP), inputIds, page, perPage: PER_PAGE }),
  )
  if (annotations.length !== PER_PAGE) throw new Error(`${annotations.length} annotations on page ${page}`)
}

/** A page of the same size that nobody looks up. */
const echoOfPage = async (echoes: Echoes, ms: number): Promise<Timing> => {
  const api = connectTo(echoes.url, 'ana-key')
  await api.postAnnotations(postOf(APP, 'input', PER_PAGE, 1))
  return callFor(ms, 1, () => api.listAnnotations({ perPage: PER_PAGE }))
}

const rowsOf = (before: Pages, after: Pages, echo: Timing, [small, large]: readonly [number, number]): ApiRow[] => {
  const [few, many] = [small.toLocaleString('en'), large.toLocaleString('en')]
  const grown = (what: string, from: Timing, to: Timing): ApiRow[] => [
    { what: `${what}, ${few} in the app`, timing: from },
    { what: `${what}, ${many}`, timing: to, ratio: atMost(`p95 at ${few}`, to.p95 / from.p95, 1.5) },
  ]
  return [
    ...grown('ListAnnotations by input, 1,000 a page', before.byInput, after.byInput),
    ...grown('ListAnnotations, first page', before.first, after.first),
    { what: `ListAnnotations, last page, ${few}`, timing: before.last },
    {
      what: `ListAnnotations, last page, ${many}`,
      timing: after.last,
      ratio: atMost('p95 of the first', after.last.p95 / after.first.p95, 5),
    },
    {
      what: '  echo of a page through our edge',
      timing: echo,
      ratio: { to: 'by input', is: echo.perSecond / after.byInput.perSecond },
    },
  ]
}

/** By what a large part of the app has: a concept of ten, and the person who made all of it. */
const searches = async (api: Api, ms: number): Promise<ApiRow[]> => {
  const concept = { data: { concepts: [{ id: 'car', value: 1 }] } }
  const asked = (annotation: object) => async () =>
    succeeded(
      await api.postAnnotationsSearches({
        userAppId: inApp(APP),
        searches: [{ query: { filters: [{ annotation }] } }],
        pagination: { page: 1, perPage: 128 },
      }),
    )
  const rows: ApiRow[] = []
  for (const [what, annotation] of [
    ['a concept', concept],
    ['a person', { userId: 'owner' }],
    ['a concept and a person', { ...concept, userId: 'owner' }],
  ] as const)
    rows.push({ what: `Search by ${what}, first page`, timing: await callFor(ms, 1, asked(annotation)) })
  return rows
}

/** Four readers and one writer, each alone and then all at once. */
const together = async (api: Api, inputs: readonly string[], ms: number): Promise<ApiRow[]> => {
  const fresh = await addInputs(api, APP, 64)
  const read = (n: number) => list(api, [inputs[(n * 104_729) % inputs.length]!], 1)
  const write = async (n: number) => succeeded(await api.postAnnotations(postOf(APP, fresh[n % fresh.length]!, 128, n)))
  const reading = await callFor(ms, 4, read)
  const writing = await callFor(ms, 1, write)
  const [mixedReads, mixedWrites] = await Promise.all([callFor(ms, 4, read), callFor(ms, 1, (n) => write(n + 1e6))])
  return [
    { what: 'Four readers by input, alone', timing: reading },
    { what: 'One writer of 128 boxes, alone', timing: writing },
    {
      what: 'Four readers beside one writer',
      timing: mixedReads,
      ratio: { to: 'alone', is: mixedReads.perSecond / reading.perSecond },
    },
    {
      what: 'One writer beside four readers',
      timing: mixedWrites,
      ratio: { to: 'alone', is: mixedWrites.perSecond / writing.perSecond },
    },
  ]
}
