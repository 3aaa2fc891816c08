import { sameShape } from '#geometry/shape.ts'
import { sameAttributes } from './attributes.ts'
import type { ConceptTag, Region, RegionKey } from './region.ts'

/** What became of a region between two states of somebody's work. */
export type RegionChange =
  | { readonly is: 'added'; readonly after: Region }
  | { readonly is: 'removed'; readonly before: Region }
  /** another place or form; perhaps other concepts too */
  | { readonly is: 'moved'; readonly before: Region; readonly after: Region }
  /** the same place, other concepts or attributes */
  | { readonly is: 'relabelled'; readonly before: Region; readonly after: Region }

/** A region is the same by annotation and region id, however far it moved; one drawn anew is another. */
export function regionDiff(before: Iterable<Region>, after: Iterable<Region>): readonly RegionChange[] {
  const old = new Map<RegionKey, Region>([...before].map((region) => [region.key, region]))
  const now = [...after]
  const changes = now.flatMap((region): RegionChange[] => {
    const was = old.get(region.key)
    if (!was) return [{ is: 'added', after: region }]
    if (!sameShape(was.shape, region.shape)) return [{ is: 'moved', before: was, after: region }]
    const same = sameConcepts(was.concepts, region.concepts) && sameAttributes(was.attributes, region.attributes)
    return same ? [] : [{ is: 'relabelled', before: was, after: region }]
  })
  const there = new Set(now.map(({ key }) => key))
  const removed = [...old.values()].filter(({ key }) => !there.has(key))
  return [...changes, ...removed.map((region): RegionChange => ({ is: 'removed', before: region }))]
}

const sameConcepts = (a: readonly ConceptTag[], b: readonly ConceptTag[]): boolean =>
  a.length === b.length && a.every(({ id, value }) => b.some((other) => other.id === id && other.value === value))
