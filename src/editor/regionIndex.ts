import type { Box } from '#geometry/shape.ts'
import { bounds } from '#geometry/shape.ts'
import { SpatialIndex } from '#geometry/spatialIndex.ts'
import type { Change } from '#model/change.ts'
import type { Region, RegionKey } from '#model/region.ts'

/** Regions by place. Follows the editor's regions by the same changes. */
export class RegionIndex {
  readonly #index = new SpatialIndex<RegionKey>()

  apply(change: Change<RegionKey, Region>): void {
    for (const [key, { before, after }] of change) {
      if (!after) this.#index.delete(key)
      else if (before?.shape !== after.shape || !this.#index.bounds(key)) this.#index.set(key, bounds(after.shape))
    }
  }

  /** Keys whose bounds touch `area`, in no particular order. */
  search(area: Box): RegionKey[] {
    return this.#index.search(area)
  }
}
