import type { Point } from '#geometry/point.ts'
import type { Box } from '#geometry/shape.ts'
import { bounds } from '#geometry/shape.ts'
import { SpatialIndex } from '#geometry/spatialIndex.ts'
import type { Change } from '#model/change.ts'
import type { Region, RegionKey } from '#model/region.ts'

/** Regions by place. Follows the editor's regions by the same changes. */
export class RegionIndex {
  readonly #index = new SpatialIndex<RegionKey>()
  /** All that it holds, until somebody asks for a place. */
  #unread: ReadonlyMap<RegionKey, Region> | undefined

  /** `held`: the regions that it holds so far. */
  apply(change: Change<RegionKey, Region>, held: ReadonlyMap<RegionKey, Region>): void {
    for (const [key, { after }] of change) {
      if (!after) this.#read().delete(key)
      else if (held.get(key)?.shape !== after.shape) this.#read().set(key, bounds(after.shape))
    }
  }

  /** Holds these regions and no others. They are read with the first search: a first picture waits for no bounds. */
  fill(regions: ReadonlyMap<RegionKey, Region>): void {
    this.#index.clear()
    this.#unread = regions
  }

  #read(): SpatialIndex<RegionKey> {
    const unread = this.#unread
    this.#unread = undefined
    if (unread) for (const [key, { shape }] of unread) this.#index.add(key, bounds(shape))
    return this.#index
  }

  /** Visits what lies within `reach` image px of a place, by bounds: see {@link SpatialIndex.visitNear}. */
  visitNear(at: Point, reach: number, visit: (key: RegionKey, away: number) => boolean): void {
    this.#read().visitNear(at, reach, visit)
  }

  /** There may be shapes that have a place only; see {@link SpatialIndex.mayHoldPoints}. */
  get mayHoldPoints(): boolean {
    return this.#read().mayHoldPoints
  }

  /** Keys whose bounds touch `area`, in no particular order. */
  search(area: Box): RegionKey[] {
    return this.#read().search(area)
  }
}
