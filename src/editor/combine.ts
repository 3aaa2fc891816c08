import { crossedEdges } from '#geometry/crossings.ts'
import { intersectPolygons, subtractPolygons, unionPolygons } from '#geometry/polygonBoolean.ts'
import { asPolygon, ringsOf } from '#geometry/rings.ts'
import { area, bounds, type Polygon, type Shape } from '#geometry/shape.ts'
import type { RegionKey } from '#model/region.ts'
import type { Scene } from './scene.ts'

/** The selected polygons and boxes that may be changed, as polygons, in the order they were selected. */
export function cuttable(scene: Scene): {
  readonly shapes: ReadonlyMap<RegionKey, Polygon>
  /** why one of them is left out */
  readonly reason?: string | undefined
} {
  const shapes = new Map<RegionKey, Polygon>()
  let reason: string | undefined
  for (const key of scene.selected) {
    const region = scene.regions.get(key)
    const polygon = region && asPolygon(region.shape)
    if (!polygon) {
      if (region?.shape.kind !== 'mask') reason ??= 'Only masks, polygons and boxes can be combined or cut.'
      continue
    }
    const why = scene.whyNot(region)
    if (why === undefined) shapes.set(key, polygon)
    else reason ??= why
  }
  return { shapes, reason }
}

export type Combination = 'union' | 'subtract' | 'intersect'

/** For each region what becomes of it: its first shape, new regions like it for the others, none = it goes. */
export type Pieces = ReadonlyMap<RegionKey, readonly Shape[]>

/**
 * What combining the selection comes to, or the reason why it comes to nothing. Union and intersection are kept by
 * the region selected first; subtraction takes the region selected last from all others, and it goes.
 */
export function combined(scene: Scene, how: Combination): Pieces | string {
  const { shapes, reason } = cuttable(scene)
  if (reason !== undefined) return reason
  if (shapes.size < 2) return 'Select two or more polygons or boxes.'
  const polygons = [...shapes.values()]
  if (how === 'subtract') return subtracted([...shapes])
  const pieces = how === 'union' ? real(unionPolygons(polygons)) : real(intersectPolygons(polygons))
  if (how === 'union' && pieces.length > 1) return 'The shapes do not touch, so they have no union in one piece.'
  if (pieces.length === 0) return 'The shapes have nothing in common.'
  const [first] = shapes.keys()
  return new Map([...shapes.keys()].map((key) => [key, key === first ? pieces : []]))
}

function subtracted(shapes: readonly (readonly [RegionKey, Polygon])[]): Pieces | string {
  const [knife, polygon] = shapes.at(-1)!
  const rest = shapes
    .slice(0, -1)
    .map(([key, shape]) => [key, shape, real(subtractPolygons(shape, [polygon]))] as const)
  const changed = rest.filter(([, shape, pieces]) => Math.abs(totalArea(pieces) - area(shape)) > 1e-3)
  if (changed.length === 0) return 'The shape selected last covers none of the others.'
  if (rest.every(([, , pieces]) => pieces.length === 0)) return 'Nothing would be left.'
  return new Map<RegionKey, readonly Polygon[]>([
    ...changed.map(([key, , pieces]) => [key, pieces] as const),
    [knife, []],
  ])
}

const totalArea = (pieces: readonly Polygon[]) => pieces.reduce((sum, piece) => sum + area(piece), 0)

/** Without the slivers that rounding leaves. */
const real = (pieces: readonly Polygon[]): readonly Polygon[] =>
  pieces.filter((piece) => area(piece) > 0.05 && Math.min(bounds(piece).w, bounds(piece).h) > 0.01)

const crossing = new WeakMap<Polygon, boolean>()

/** Whether a ring of the polygon crosses itself; remembered, since menus ask again and again. */
export function crossedRings(polygon: Polygon): boolean {
  const known = crossing.get(polygon)
  if (known !== undefined) return known
  const crosses = ringsOf(polygon).some((ring) => crossedEdges(ring, true).length > 0)
  crossing.set(polygon, crosses)
  return crosses
}

/** So that the region that is cut up stays with its largest part. */
export const largestFirst = (pieces: readonly Polygon[]): readonly Polygon[] =>
  real(pieces).toSorted((a, b) => area(b) - area(a))
