import { answerKey, type Tags } from './imageTags.ts'
import type { ConceptTag, Region, RegionKey } from './region.ts'

/** What a model found: a person takes it over or turns it down, and never changes it (decisions §13). */
export const isSuggestion = ({ madeBy }: Region): boolean => madeBy.kind === 'model'

/** A region without an id goes by its place in its message, which no other region can share. */
const hasOwnId = ({ id }: Region): boolean => !id.startsWith('#')

/**
 * The id of the region that takes a suggestion's place: the suggestion's own, so that everybody sees that it was
 * taken; undefined where it has none, and its answer must be written down instead.
 */
export const acceptedId = (suggestion: Region): string | undefined => (hasOwnId(suggestion) ? suggestion.id : undefined)

/** What a person says who accepts it: the concept the model thought most likely. */
export function likeliest(concepts: readonly ConceptTag[]): readonly ConceptTag[] {
  const [best] = concepts.filter(({ value }) => value > 0).toSorted((a, b) => b.value - a.value)
  return best ? [{ id: best.id, value: 1 }] : []
}

/**
 * The regions without suggestions that are settled: somebody here has made a region of that id of it, or this person
 * has answered it.
 * @param own id of this person's annotation about the whole image, which holds their answers
 */
export function withoutAnswered(regions: readonly Region[], tags: Tags, own: string): readonly Region[] {
  if (!regions.some(isSuggestion)) return regions
  const made = new Set(regions.filter((region) => !isSuggestion(region)).map(({ id }) => id))
  return regions.filter(
    (region) =>
      !isSuggestion(region) || !((hasOwnId(region) && made.has(region.id)) || tags.has(answerKey(own, region.key))),
  )
}

const drawn = new WeakMap<ReadonlyMap<RegionKey, Region>, ReadonlyMap<RegionKey, Region>>()

/** Those that are no suggestions; the same object for the same regions. */
export function drawnRegions(regions: ReadonlyMap<RegionKey, Region>): ReadonlyMap<RegionKey, Region> {
  let known = drawn.get(regions)
  if (!known) {
    const all = [...regions.values()]
    known = all.some(isSuggestion)
      ? new Map(all.flatMap((region) => (isSuggestion(region) ? [] : [[region.key, region] as const])))
      : regions
    drawn.set(regions, known)
  }
  return known
}

/** Those that are, the surest first. */
export const suggestionsIn = (regions: Iterable<Region>): readonly Region[] =>
  [...regions].filter(isSuggestion).sort((a, b) => (b.score ?? 0) - (a.score ?? 0))
