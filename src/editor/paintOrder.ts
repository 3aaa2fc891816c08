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

/** Of a tie no more than so many make room for one step. */
const tieLimit = 1000

/**
 * The edits that move `keys` one place up or down in paint order, or all the way. Only these get another z, between
 * those of their new neighbours; where the neighbours are tied and age leaves no room, the smaller part of the tie makes
 * room, if all of it may be changed, and failing that the step goes past the whole tie. Nothing else changes its place.
 */
export function reorderChange(
  regions: ReadonlyMap<RegionKey, Region>,
  order: readonly RegionKey[],
  keys: ReadonlySet<RegionKey>,
  to: Reorder,
  mayChange: (region: Region) => boolean,
): ReadonlyMap<RegionKey, Edit<Region>> {
  const target = targetOrder(order, keys, to)
  if (target.every((key, i) => key === order[i])) return new Map()
  const ages = new Map([...regions.keys()].map((key, age) => [key, age]))
  const fixed = target.filter((key) => !keys.has(key))
  const z = new Map(target.map((key) => [key, regions.get(key)!.z]))
  const upwards = to === 'forward' || to === 'front'
  let below = 0
  for (const run of runsOf(target, keys)) {
    // how many of those that stay are painted before it
    below += run.before
    place(run.keys, below)
  }
  const change = new Map<RegionKey, Edit<Region>>()
  for (const key of target) {
    const before = regions.get(key)!
    if (z.get(key) !== before.z) change.set(key, { before, after: { ...before, z: z.get(key)! } })
  }
  return change

  /** Gives a run its place after the first `under` of those that stay. */
  function place(run: readonly RegionKey[], under: number): void {
    const [lower, upper] = [fixed[under - 1], fixed[under]]
    if (isBetween(run, lower, upper)) return
    if (lower !== undefined && upper !== undefined && z.get(lower) === z.get(upper)) makeRoom(run, lower, under)
    else spread(run, zOf(lower), zOf(upper))
  }

  function isBetween(run: readonly RegionKey[], lower: RegionKey | undefined, upper: RegionKey | undefined): boolean {
    const all = [lower, ...run, upper].filter((key) => key !== undefined)
    return all.every((key, i) => i === 0 || isBefore(all[i - 1]!, key))
  }

  function isBefore(one: RegionKey, other: RegionKey): boolean {
    const [a, b] = [z.get(one)!, z.get(other)!]
    return a < b || (a === b && ages.get(one)! < ages.get(other)!)
  }

  function makeRoom(run: readonly RegionKey[], tied: RegionKey, under: number): void {
    const level = z.get(tied)!
    const [first, last] = [
      fixed.findIndex((key) => z.get(key) === level),
      fixed.findLastIndex((key) => z.get(key) === level),
    ]
    const [lower, higher] = [fixed.slice(first, under), fixed.slice(under, last + 1)]
    const [levelBelow, levelAbove] = [zOf(fixed[first - 1]), zOf(fixed[last + 1])]
    const mayMove = (side: readonly RegionKey[]) =>
      side.length <= tieLimit && side.every((key) => mayChange(regions.get(key)!))
    const sides = [lower, higher].filter(mayMove).toSorted((a, b) => a.length - b.length)
    // within one side age keeps the order
    if (sides[0] === higher) {
      const raised = levelAbove === undefined ? level + 2 : level + (levelAbove - level) / 2
      for (const key of higher) z.set(key, raised)
      spread(run, level, raised)
    } else if (sides[0] === lower) {
      const lowered = levelBelow === undefined ? level - 2 : level - (level - levelBelow) / 2
      for (const key of lower) z.set(key, lowered)
      spread(run, lowered, level)
    } else if (upwards) spread(run, level, levelAbove)
    else spread(run, levelBelow, level)
  }

  /** Evenly between two levels, by whole steps where there is only one. */
  function spread(run: readonly RegionKey[], from: number | undefined, until: number | undefined): void {
    for (const [i, key] of run.entries()) {
      if (from === undefined) z.set(key, (until ?? 0) - run.length + i)
      else if (until === undefined) z.set(key, from + 1 + i)
      else z.set(key, from + ((until - from) * (i + 1)) / (run.length + 1))
    }
  }

  function zOf(key: RegionKey | undefined): number | undefined {
    return key === undefined ? undefined : z.get(key)
  }
}

interface Run {
  /** of those that stay, since the run before */
  readonly before: number
  readonly keys: RegionKey[]
}

/** What is moved, together where nothing that stays is between, lowest first. */
function runsOf(target: readonly RegionKey[], keys: ReadonlySet<RegionKey>): Run[] {
  const runs: Run[] = []
  let before = 0
  for (const [i, key] of target.entries()) {
    if (!keys.has(key)) before++
    else if (i > 0 && keys.has(target[i - 1]!)) runs.at(-1)!.keys.push(key)
    else {
      runs.push({ before, keys: [key] })
      before = 0
    }
  }
  return runs
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
