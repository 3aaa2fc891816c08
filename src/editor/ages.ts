import type { Region, RegionKey } from '#model/region.ts'
import type { RegionChange } from './history.ts'

type Regions = ReadonlyMap<RegionKey, Region>

/**
 * Which regions are older, by the order they have when one is first removed, and by when they come from then on: what is
 * brought back gets the place it had.
 */
export class Ages {
  readonly #ages = new Map<RegionKey, number>()

  /** To be told of every change of the regions, before it; without `change` there were none. */
  note(before: Regions, change: RegionChange | undefined, after: Regions): void {
    if (this.#ages.size === 0) {
      const removes = change && [...change.values()].some((edit) => edit.after === undefined)
      if (!removes) return
      this.#take(before.keys())
    }
    this.#take(change?.keys() ?? after.keys())
  }

  #take(keys: Iterable<RegionKey>): void {
    for (const key of keys) if (!this.#ages.has(key)) this.#ages.set(key, this.#ages.size)
  }

  /** `regions`, to which `change` has led, with what it brought back before everything younger. */
  restored(regions: Regions, change: RegionChange): Regions {
    const back = [...change].flatMap(([key, { before, after }]) => {
      const age = this.#ages.get(key)
      return before === undefined && after !== undefined && age !== undefined ? [{ key, age, region: after }] : []
    })
    if (back.length === 0) return regions
    back.sort((a, b) => b.age - a.age)
    const late = new Set(back.map(({ key }) => key))
    const placed = new Map<RegionKey, Region>()
    for (const [key, region] of regions) {
      if (late.has(key)) continue
      const age = this.#ages.get(key) ?? Number.POSITIVE_INFINITY
      while (back.length > 0 && back.at(-1)!.age < age) put(back.pop()!)
      placed.set(key, region)
    }
    while (back.length > 0) put(back.pop()!)
    return placed

    function put(one: { readonly key: RegionKey; readonly region: Region }): void {
      placed.set(one.key, one.region)
    }
  }
}
