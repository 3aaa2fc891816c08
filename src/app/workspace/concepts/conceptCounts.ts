import type { Region } from '#model/region.ts'
import { drawnRegions } from '#model/suggestions.ts'

const memo = new WeakMap<ReadonlyMap<string, Region>, ReadonlyMap<string, number>>()

/** How many regions, suggestions aside, bear each concept, by concept id; the same object for the same regions. */
export function conceptCounts(regions: ReadonlyMap<string, Region>): ReadonlyMap<string, number> {
  const known = memo.get(regions)
  if (known) return known
  const counts = new Map<string, number>()
  for (const region of drawnRegions(regions).values()) {
    for (const { id, value } of region.concepts) if (value > 0) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  memo.set(regions, counts)
  return counts
}
