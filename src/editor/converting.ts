import { maskToPolygons } from '#geometry/contour.ts'
import type { Mask, Polygon } from '#geometry/shape.ts'
import type { RegionKey } from '#model/region.ts'
import type { Scene } from './scene.ts'
import type { Draft } from './tools/tool.ts'

/** Masks that are about to become polygons: what would come of it. */
export interface Converting {
  readonly masks: ReadonlyMap<RegionKey, Mask>
  /** image px */
  readonly tolerance: number
  readonly polygons: ReadonlyMap<RegionKey, readonly Polygon[]>
}

export const convertingAt = (masks: ReadonlyMap<RegionKey, Mask>, tolerance: number): Converting => ({
  masks,
  tolerance,
  polygons: new Map([...masks].map(([key, mask]) => [key, maskToPolygons(mask, tolerance)])),
})

/** Undefined once a mask is changed, gone, or not selected any more. */
export function liveConverting(
  converting: Converting | undefined,
  { regions, selected }: Scene,
): Converting | undefined {
  const live =
    converting &&
    converting.masks.size > 0 &&
    [...converting.masks].every(([key, mask]) => selected.has(key) && regions.get(key)?.shape === mask)
  return live ? converting : undefined
}

/** Pieces, points and holes of what would come of it. */
export function countsOf({ polygons }: Converting): { pieces: number; points: number; holes: number } {
  const all = [...polygons.values()].flat()
  return {
    pieces: all.length,
    points: all.reduce(
      (sum, { points, holes = [] }) => sum + points.length + holes.reduce((inner, hole) => inner + hole.length, 0),
      0,
    ),
    holes: all.reduce((sum, { holes = [] }) => sum + holes.length, 0),
  }
}

/** The draft with the polygons in place of the masks. */
export function withConverted(
  draft: Draft,
  { converting, regions }: Scene & { converting?: Converting | undefined },
): Draft {
  if (!converting || draft.shapes.length > 0) return draft
  const shapes = [...converting.polygons].flatMap(([key, polygons]) => {
    const region = regions.get(key)
    if (!region) return []
    return polygons.map((shape, i) => ({ ...region, key: i === 0 ? key : `${key}#${i}`, shape }))
  })
  return { ...draft, shapes }
}
