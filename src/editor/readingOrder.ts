import { bounds } from '#geometry/shape.ts'
import type { Region, RegionKey } from '#model/region.ts'

/** Top to bottom, then left to right, by the top left corner; ties by key. */
function compare(a: Region, b: Region): number {
  const p = bounds(a.shape)
  const q = bounds(b.shape)
  return p.y - q.y || p.x - q.x || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
}

/** The region after (or before) `from` in reading order, going round at the end. `from` undefined: the first or last. */
export function neighbour(regions: Iterable<Region>, from: Region | undefined, step: 1 | -1): RegionKey | undefined {
  let first: Region | undefined
  let next: Region | undefined
  for (const region of regions) {
    if (!first || compare(region, first) * step < 0) first = region
    if (!from || compare(region, from) * step <= 0) continue
    if (!next || compare(region, next) * step < 0) next = region
  }
  return (next ?? first)?.key
}
