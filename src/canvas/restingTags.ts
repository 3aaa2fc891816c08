import type { Region } from '#model/region.ts'
import type { Frame } from './frame.ts'
import { GONE, HIDDEN_BY_PERSON, type RegionArrays } from './regionArrays.ts'

// names stop being readable long before this
const MOST_TAGS = 200
// a region smaller than this on screen (CSS px) is hidden by its own name
const LEAST_SIDE = 8

/**
 * Slots of the regions in view that have room for a name, in paint order; of too many the upper ones. `hidden` says
 * which reasons for not being painted here keep a name away, too.
 */
export const slotsToName = (
  regions: RegionArrays,
  { k, x, y, width, height, ratio }: Frame,
  hidden: number,
  regionAt: (slot: number) => Region | undefined,
): number[] => {
  const { bounds, count } = regions
  const [left, top] = [-x / k, -y / k]
  const [right, bottom] = [(width - x) / k, (height - y) / k]
  const least = (LEAST_SIDE * ratio) / k
  const found: number[] = []
  for (let slot = count - 1, b = 4 * slot; slot >= 0 && found.length < MOST_TAGS; slot--, b -= 4) {
    if (bounds[b]! > right || bounds[b + 2]! < left || bounds[b + 1]! > bottom || bounds[b + 3]! < top) continue
    if (regions.hidden[slot]! & (hidden | GONE | HIDDEN_BY_PERSON)) continue
    const isSmall = bounds[b + 2]! - bounds[b]! < least && bounds[b + 3]! - bounds[b + 1]! < least
    if (isSmall && regionAt(slot)?.shape.kind !== 'point') continue
    found.push(slot)
  }
  return found.reverse()
}
