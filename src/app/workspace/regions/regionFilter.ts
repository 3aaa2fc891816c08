import type { JsonValue } from '@bufbuild/protobuf'
import { bounds } from '#geometry/shape.ts'
import { attributeText } from '#model/attributes.ts'
import type { Region, RegionKey } from '#model/region.ts'

export type RegionOrder = 'top' | 'number' | 'concept' | 'author' | 'size'

/** Which regions the list shows, and how they stand in it. What is left empty lets all through. */
export interface RegionFilter {
  /** in the name of its concepts, of its author or in its attributes */
  readonly text: string
  /** a concept's id; `''` = regions without one */
  readonly concept?: string | undefined
  /** as {@link authorOf} */
  readonly author?: string | undefined
  readonly status?: number | undefined
  /** as {@link attributePairs} */
  readonly attribute?: string | undefined
  readonly order: RegionOrder
}

export const everyRegion: RegionFilter = { text: '', order: 'top' }

/** Who made it: a person's id, or `model <id>`. */
export const authorOf = ({ madeBy }: Region): string => (madeBy.kind === 'model' ? `model ${madeBy.id}` : madeBy.id)

/** Each thing a region says of itself as `name: value`. */
export const attributePairs = ({ attributes }: Region): readonly string[] =>
  Object.entries(attributes ?? {}).map(([name, value]) => `${name}: ${attributeText(value as JsonValue)}`)

export const conceptsOf = ({ concepts }: Region): readonly string[] =>
  concepts.length > 0 ? concepts.map(({ id }) => id) : ['']

export interface Names {
  readonly labelOf: (region: Region) => string
  readonly authorName: (author: string) => string
}

export const isFiltered = ({ text, concept, author, status, attribute }: RegionFilter): boolean =>
  text.trim() !== '' || [concept, author, status, attribute].some((part) => part !== undefined)

function matches(region: Region, filter: RegionFilter, names: Names): boolean {
  const { concept, author, status, attribute } = filter
  if (concept !== undefined && !conceptsOf(region).includes(concept)) return false
  if (author !== undefined && authorOf(region) !== author) return false
  if (status !== undefined && region.status !== status) return false
  if (attribute !== undefined && !attributePairs(region).includes(attribute)) return false
  const text = filter.text.trim().toLocaleLowerCase()
  if (text === '') return true
  const said = [names.labelOf(region), names.authorName(authorOf(region)), ...attributePairs(region)]
  return said.some((part) => part.toLocaleLowerCase().includes(text))
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/**
 * The keys of the regions that the filter lets through, in its order.
 * @param regions by age, @param order by paint, lowest first; others in it are left out
 */
export function listedRegions(
  regions: ReadonlyMap<RegionKey, Region>,
  order: readonly RegionKey[],
  filter: RegionFilter,
  names: Names,
): readonly RegionKey[] {
  const keys = filter.order === 'top' ? order.filter((key) => regions.has(key)).reverse() : [...regions.keys()]
  const listed = isFiltered(filter) ? keys.filter((key) => matches(regions.get(key)!, filter, names)) : keys
  const compare = comparison(filter.order, names)
  return compare ? listed.toSorted((a, b) => compare(regions.get(a)!, regions.get(b)!)) : listed
}

/** Undefined: they stand as they should. Equal ones stay in the order of their age. */
function comparison(order: RegionOrder, names: Names): ((a: Region, b: Region) => number) | undefined {
  switch (order) {
    case 'top':
    case 'number':
      return undefined
    case 'concept':
      return (a, b) => collator.compare(names.labelOf(a), names.labelOf(b))
    case 'author':
      return (a, b) => collator.compare(names.authorName(authorOf(a)), names.authorName(authorOf(b)))
    case 'size':
      return (a, b) => areaOf(b) - areaOf(a)
  }
}

function areaOf({ shape }: Region): number {
  const { w, h } = bounds(shape)
  return w * h
}

/** The numbers regions are called by, #1 the oldest. */
export const numbersOf = (regions: ReadonlyMap<RegionKey, Region>): ReadonlyMap<RegionKey, number> =>
  new Map([...regions.keys()].map((key, i) => [key, i + 1]))

export interface Facet<T> {
  readonly value: T
  readonly count: number
}

export interface Facets {
  readonly concepts: readonly Facet<string>[]
  readonly authors: readonly Facet<string>[]
  readonly statuses: readonly Facet<number>[]
  readonly attributes: readonly Facet<string>[]
}

/** What there is to filter by, the most frequent first. */
export function facetsOf(regions: Iterable<Region>): Facets {
  const all = [...regions]
  return {
    concepts: counted(all, conceptsOf),
    authors: counted(all, (region) => [authorOf(region)]),
    statuses: counted(all, ({ status }) => [status]),
    attributes: counted(all, attributePairs),
  }
}

/** A list of values that is longer helps nobody. */
const MOST = 200

function counted<T>(regions: readonly Region[], valuesOf: (region: Region) => readonly T[]): readonly Facet<T>[] {
  const counts = new Map<T, number>()
  for (const region of regions) for (const value of valuesOf(region)) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST)
}
