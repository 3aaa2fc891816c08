import { type CountRange, type DayRange, type InputQuery, type WorkState, workStates } from '#sync/inputQuery.ts'

export type Labelled = 'all' | 'unlabelled' | 'labelled'

/** The filters of the grid in the address: short texts, so that a link can be read and shared. */
export interface GridSearch {
  q?: string
  show?: Exclude<Labelled, 'all'>
  work?: WorkState
  assignee?: string
  author?: string
  concept?: string
  /** how many of the concept: `2..`, `..3`, `2..3` */
  n?: string
  /** how many regions, in the same form */
  regions?: string
  /** of a model's prediction, in percent, in the same form */
  score?: string
  /** `2026-01-31..2026-02-03`, days inclusive, one end may be missing */
  created?: string
  changed?: string
}

const texts = ['assignee', 'author', 'concept'] as const

/** What of an address is a filter; the rest is left out. */
export function gridSearchOf(search: Record<string, unknown>): GridSearch {
  const text = (key: string) =>
    typeof search[key] === 'string' || typeof search[key] === 'number' ? String(search[key]).trim() : ''
  const found: GridSearch = {}
  if (text('q')) found.q = text('q')
  if (search.show === 'unlabelled' || search.show === 'labelled') found.show = search.show
  const work = workStates.find((state) => state === search.work)
  if (work) found.work = work
  for (const key of texts) if (text(key)) found[key] = text(key)
  // work that is given to nobody has no assignee: the server refuses the two together
  if (found.work === 'none') delete found.assignee
  if (found.concept && countsOf(text('n'))) found.n = text('n')
  if (countsOf(text('regions'))) found.regions = text('regions')
  if (countsOf(text('score'))) found.score = text('score')
  for (const key of ['created', 'changed'] as const) if (daysOf(text(key))) found[key] = text(key)
  return found
}

/** `2..5` as a range; undefined for anything else. */
export function countsOf(text: string | undefined): CountRange | undefined {
  const [, from = '', to = ''] = /^(\d{0,7})\.\.(\d{0,7})$/.exec(text ?? '') ?? []
  if (from === '' && to === '') return undefined
  const [min, max] = [from === '' ? undefined : Number(from), to === '' ? undefined : Number(to)]
  if (min !== undefined && max !== undefined && min > max) return undefined
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
}

const day = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`
const days = new RegExp(`^(${day})?\\.\\.(${day})?$`)

export function daysOf(text: string | undefined): DayRange | undefined {
  const [, from, to] = days.exec(text ?? '') ?? []
  if ((!from && !to) || (from && to && from > to)) return undefined
  return { ...(from && { from }), ...(to && { to }) }
}

/** What the server is asked beyond text and labelled or not; undefined when nothing. */
export function queryOf(search: GridSearch): InputQuery | undefined {
  const [conceptCount, regions, score] = [search.n, search.regions, search.score].map(countsOf)
  const [created, labelled] = [daysOf(search.created), daysOf(search.changed)]
  const query: InputQuery = {
    ...(search.work && { work: search.work }),
    ...(search.assignee && { assignee: search.assignee }),
    ...(search.author && { author: search.author }),
    ...(search.concept && { concept: search.concept }),
    ...(conceptCount && { conceptCount }),
    ...(regions && { regions }),
    ...(score && { score }),
    ...(created && { created }),
    ...(labelled && { labelled }),
  }
  return Object.keys(query).length > 0 ? query : undefined
}

export const workLabels: Readonly<Record<WorkState, string>> = {
  none: 'Not assigned',
  pending: 'Pending',
  returned: 'Returned or denied',
  awaiting: 'Awaiting review',
  approved: 'Approved or done',
}

export interface Chip {
  readonly text: string
  /** What the address loses when it is removed. */
  readonly keys: readonly (keyof GridSearch)[]
}

/** One short text for each filter that the bar does not show itself; names by id. */
export function chipsOf(search: GridSearch, nameOf: (kind: 'person' | 'concept', id: string) => string): Chip[] {
  const chips: Chip[] = []
  if (search.work) chips.push({ text: workLabels[search.work], keys: ['work'] })
  if (search.assignee) chips.push({ text: `Assigned to ${nameOf('person', search.assignee)}`, keys: ['assignee'] })
  if (search.author) chips.push({ text: `Labelled by ${nameOf('person', search.author)}`, keys: ['author'] })
  if (search.concept) {
    const counts = countsOf(search.n)
    const name = nameOf('concept', search.concept)
    chips.push({ text: counts ? `${name} ${countWords(counts)}` : name, keys: ['concept', 'n'] })
  }
  const regions = countsOf(search.regions)
  if (regions) chips.push({ text: `Regions ${countWords(regions)}`, keys: ['regions'] })
  const score = countsOf(search.score)
  if (score) chips.push({ text: `Model score ${countWords(score)} %`, keys: ['score'] })
  for (const [key, name] of [
    ['created', 'Added'],
    ['changed', 'Labels changed'],
  ] as const) {
    const range = daysOf(search[key])
    if (range) chips.push({ text: `${name} ${dayWords(range)}`, keys: [key] })
  }
  return chips
}

function countWords({ min, max }: CountRange): string {
  if (min === max) return `= ${min}`
  if (max === undefined) return `≥ ${min}`
  return min === undefined ? `≤ ${max}` : `${min}–${max}`
}

function dayWords({ from, to }: DayRange): string {
  if (from === to) return `on ${from}`
  if (!to) return `since ${from}`
  return from ? `${from} to ${to}` : `until ${to}`
}

/** How a number is compared, and with what, as the form asks for it. */
export type Comparator = 'atLeast' | 'atMost' | 'exactly'

export const rangeText = (comparator: Comparator, number: number): string =>
  comparator === 'atLeast' ? `${number}..` : comparator === 'atMost' ? `..${number}` : `${number}..${number}`

export function comparisonOf(range: CountRange | undefined): { comparator: Comparator; number: number | undefined } {
  if (!range) return { comparator: 'atLeast', number: undefined }
  if (range.min === range.max) return { comparator: 'exactly', number: range.min }
  return range.min === undefined
    ? { comparator: 'atMost', number: range.max }
    : { comparator: 'atLeast', number: range.min }
}
