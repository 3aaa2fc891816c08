import type { Polygon } from '#geometry/shape.ts'
import { type Simplification, simplification, simplifiedTo } from '#geometry/simplification.ts'
import type { RegionKey } from '#model/region.ts'
import type { Scene } from './scene.ts'
import type { Draft } from './tools/tool.ts'

/** A polygon being made simpler, step by step from what it was, so that a step back is never lost. */
export interface Simplifying {
  readonly key: RegionKey
  /** as it was drawn or found */
  readonly base: Polygon
  /** as the region has it now */
  readonly applied: Polygon
  /** image px */
  readonly tolerance: number
  readonly result: Simplification
}

export function startSimplifying(key: RegionKey, base: Polygon, applied: Polygon, tolerance: number): Simplifying {
  return { key, base, applied, tolerance, result: simplifiedTo(base, applied) }
}

export const simplifyTo = (simplifying: Simplifying, tolerance: number): Simplifying =>
  tolerance === simplifying.tolerance
    ? simplifying
    : { ...simplifying, tolerance, result: simplification(simplifying.base, tolerance) }

/** Undefined once the region is changed otherwise, gone, or not the selection any more. */
export function liveSimplifying(
  simplifying: Simplifying | undefined,
  { regions, selected }: Scene,
): Simplifying | undefined {
  if (!simplifying || selected.size !== 1 || !selected.has(simplifying.key)) return undefined
  return regions.get(simplifying.key)?.shape === simplifying.applied ? simplifying : undefined
}

/** The draft with the simpler shape in place of the one the region has. */
export function withSimplified(
  draft: Draft,
  { simplifying, regions }: Scene & { readonly simplifying?: Simplifying | undefined },
): Draft {
  const region = simplifying && regions.get(simplifying.key)
  if (!region || simplifying.result.polygon === simplifying.applied || draft.shapes.length > 0) return draft
  const { polygon } = simplifying.result
  const vertices = draft.vertices && {
    ...draft.vertices,
    polygon,
    picked: new Set<number>(),
    linked: new Set<number>(),
  }
  return { ...draft, shapes: [{ ...region, shape: polygon }], vertices }
}
