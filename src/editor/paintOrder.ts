import type { Edit } from '#model/change.ts'
import type { Region, RegionKey } from '#model/region.ts'
import type { RegionChange } from './history.ts'

/** Keys by z, lowest first; ties by age, which is the order of the map. */
export function paintOrder(regions: ReadonlyMap<RegionKey, Region>): readonly RegionKey[] {
  const all = [...regions.values()]
  let sorted = true
  for (let i = 1; i < all.length && sorted; i++) sorted = all[i - 1]!.z <= all[i]!.z
  // the sort is stable, and usually there is nothing to sort
  if (!sorted) all.sort((a, b) => a.z - b.z)
  return all.map((region) => region.key)
}

/** Whether a change can make another paint order. */
export function moves(change: RegionChange): boolean {
  for (const { before, after } of change.values()) if (before?.z !== after?.z) return true
  return false
}

export type Reorder = 'forward' | 'backward' | 'front' | 'back'

/** More regions than this are not renumbered to make room for one step. */
const renumberLimit = 1000

/**
 * The edits that move `keys` one place up or down in paint order, or all the way. Others get a new z only where a
 * tie leaves no room, and only those that may be changed; failing that the step goes past the whole tie.
 */
export function reorderChange(
  regions: ReadonlyMap<RegionKey, Region>,
  order: readonly RegionKey[],
  keys: ReadonlySet<RegionKey>,
  to: Reorder,
  mayChange: (region: Region) => boolean,
): ReadonlyMap<RegionKey, Edit<Region>> {
  const change = new Map<RegionKey, Edit<Region>>()
  const target = targetOrder(order, keys, to)
  if (target.every((key, i) => key === order[i])) return change
  // upwards the ones above make room, downwards the ones below
  const upwards = to === 'forward' || to === 'front'
  const walk = upwards ? target : target.toReversed()
  const first = walk.findIndex((key, i) => key !== (upwards ? order[i] : order[order.length - 1 - i]))
  let limit = first > 0 ? regions.get(walk[first - 1]!)!.z : undefined
  let renumbered = 0
  for (const key of walk.slice(first)) {
    const region = regions.get(key)!
    // strictly past the one before: ties would fall back to age
    const fits = limit === undefined || (upwards ? region.z > limit : region.z < limit)
    if (!fits && (keys.has(key) || (renumbered++ < renumberLimit && mayChange(region)))) {
      const z: number = limit! + (upwards ? 1 : -1)
      change.set(key, { before: region, after: { ...region, z } })
      limit = z
    } else limit = limit === undefined ? region.z : upwards ? Math.max(limit, region.z) : Math.min(limit, region.z)
  }
  return change
}

function targetOrder(order: readonly RegionKey[], keys: ReadonlySet<RegionKey>, to: Reorder): readonly RegionKey[] {
  const moved = order.filter((key) => keys.has(key))
  const rest = order.filter((key) => !keys.has(key))
  if (to === 'front') return [...rest, ...moved]
  if (to === 'back') return [...moved, ...rest]
  const out = [...order]
  if (to === 'forward') {
    for (let i = out.length - 2; i >= 0; i--) if (keys.has(out[i]!) && !keys.has(out[i + 1]!)) swap(out, i, i + 1)
  } else {
    for (let i = 1; i < out.length; i++) if (keys.has(out[i]!) && !keys.has(out[i - 1]!)) swap(out, i, i - 1)
  }
  return out
}

function swap<T>(list: T[], i: number, j: number): void {
  const kept = list[i]!
  list[i] = list[j]!
  list[j] = kept
}
