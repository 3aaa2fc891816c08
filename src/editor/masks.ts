import { componentsOf, withoutHoles, withoutIslands } from '#geometry/components.ts'
import { maskToPolygons, polygonToMask } from '#geometry/contour.ts'
import { cutAlong } from '#geometry/knife.ts'
import { intersectMasks, sameRuns, subtractMasks, unionMasks } from '#geometry/mask.ts'
import type { Point, Size } from '#geometry/point.ts'
import { subtractPolygons } from '#geometry/polygonBoolean.ts'
import { asPolygon } from '#geometry/rings.ts'
import { bounds, type Mask, type Polygon, type Shape } from '#geometry/shape.ts'
import type { RegionKey } from '#model/region.ts'
import type { Combination, Pieces } from './combine.ts'
import type { Scene } from './scene.ts'

/** The selected regions of this kind that may be changed, and why one of them is left out. */
export function changeable<S extends Shape>(
  scene: Scene,
  is: (shape: Shape) => shape is S,
): { readonly shapes: ReadonlyMap<RegionKey, S>; readonly reason?: string | undefined } {
  const shapes = new Map<RegionKey, S>()
  let reason: string | undefined
  for (const key of scene.selected) {
    const region = scene.regions.get(key)
    if (!region || !is(region.shape)) continue
    const why = scene.whyNot(region)
    if (why === undefined) shapes.set(key, region.shape)
    else reason ??= why
  }
  return { shapes, reason }
}

export const isMask = (shape: Shape): shape is Mask => shape.kind === 'mask'

export const isCornered = (shape: Shape): shape is Extract<Shape, { kind: 'box' | 'polygon' }> =>
  shape.kind === 'box' || shape.kind === 'polygon'

/** What the selected masks become; text where there is nothing to do. */
type Plan = Pieces | string

function eachMask(scene: Scene, nothing: string, become: (mask: Mask) => readonly Shape[] | undefined): Plan {
  const { shapes, reason } = changeable(scene, isMask)
  if (shapes.size === 0) return reason ?? 'No mask is selected.'
  const pieces = new Map<RegionKey, readonly Shape[]>()
  for (const [key, mask] of shapes) {
    const next = become(mask)
    if (next) pieces.set(key, next)
  }
  return pieces.size > 0 ? pieces : (reason ?? nothing)
}

/** Without their pieces of fewer than `least` pixels; the largest piece always stays. */
export const withoutIslandsOf = (scene: Scene, least: number): Plan =>
  eachMask(scene, `No island smaller than ${least} px.`, (mask) => {
    const pieces = componentsOf(mask)
    const kept = withoutIslands(mask, least) ?? pieces[0]
    return pieces.length > 1 && kept && !sameRuns(kept, mask) ? [kept] : undefined
  })

export const withoutHolesOf = (scene: Scene): Plan =>
  eachMask(scene, 'The mask has no holes.', (mask) => {
    const filled = withoutHoles(mask)
    return filled === mask ? undefined : [filled]
  })

/** Each piece a region of its own; the largest stays the region. */
export const splitPieces = (scene: Scene): Plan =>
  eachMask(scene, 'The mask is one piece.', (mask) => {
    const pieces = componentsOf(mask)
    return pieces.length > 1 ? pieces : undefined
  })

/** The pixels of a shape; undefined when it has none, or is none that has an inside. */
export function asMask(shape: Shape, size: Size): Mask | undefined {
  if (shape.kind === 'mask') return shape
  const polygon = asPolygon(shape)
  return polygon && polygonToMask(polygon, size)
}

export function toMasks(scene: Scene): Plan {
  const { shapes, reason } = changeable(scene, isCornered)
  if (shapes.size === 0) return reason ?? 'Select a box or a polygon.'
  const pieces = new Map<RegionKey, readonly Shape[]>()
  for (const [key, shape] of shapes) {
    const mask = asMask(shape, scene.size)
    if (mask) pieces.set(key, [mask])
  }
  return pieces.size > 0 ? pieces : 'The shape covers the middle of no pixel.'
}

/**
 * Union, difference or intersection where masks are among the selected shapes. What comes of it is a mask, but that a
 * polygon or a box from which a mask is taken stays a polygon.
 */
export function combinedMasks(scene: Scene, how: Combination): Plan {
  const { shapes, reason } = changeable(scene, (shape): shape is Mask | Polygon => isMask(shape) || isCornered(shape))
  if (reason !== undefined) return reason
  if (shapes.size < 2 || shapes.size < scene.selected.size) return 'Select two or more masks, polygons or boxes.'
  if (how === 'subtract') return subtracted(scene, [...shapes])
  const masks = [...shapes.values()].map((shape) => asMask(shape, scene.size))
  const operation = how === 'union' ? unionMasks : intersectMasks
  const result = masks.reduce((all, mask) =>
    all && mask ? operation(all, mask) : how === 'union' ? (all ?? mask) : undefined,
  )
  if (!result) return 'The shapes have nothing in common.'
  const [first] = shapes.keys()
  return new Map([...shapes.keys()].map((key) => [key, key === first ? [result] : []]))
}

function subtracted(scene: Scene, shapes: readonly (readonly [RegionKey, Mask | Polygon])[]): Plan {
  const [knifeKey, knife] = shapes.at(-1)!
  const pieces = new Map<RegionKey, readonly Shape[]>()
  let left = false
  for (const [key, shape] of shapes.slice(0, -1)) {
    const rest = without(shape, knife, scene.size)
    left ||= rest === undefined || rest.length > 0
    if (rest) pieces.set(key, rest)
  }
  if (pieces.size === 0) return 'The shape selected last covers none of the others.'
  if (!left) return 'Nothing would be left.'
  return pieces.set(knifeKey, [])
}

/** Undefined: the knife does not touch it. */
function without(shape: Shape, knife: Shape, size: Size): readonly Shape[] | undefined {
  const own = asMask(shape, size)
  const other = asMask(knife, size)
  if (!own || !other || !intersectMasks(own, other)) return undefined
  if (shape.kind === 'mask') {
    const rest = subtractMasks(shape, other)
    return rest ? [rest] : []
  }
  const cutters = knife.kind === 'mask' ? maskToPolygons(knife, 0) : [asPolygon(knife)!]
  return subtractPolygons(asPolygon(shape)!, cutters).filter(
    (piece) => Math.min(bounds(piece).w, bounds(piece).h) > 0.01,
  )
}

/** A mask cut along an open line, every pixel on one side; itself alone when the line does not cross it. */
export function cutMask(mask: Mask, line: readonly Point[], size: Size): readonly Mask[] {
  const cut = maskToPolygons(mask, 0).flatMap((polygon) => {
    const parts = cutAlong(polygon, line)
    return parts.length > 1 ? parts : []
  })
  let rest: Mask | undefined = mask
  const pieces: Mask[] = []
  for (const part of cut) {
    const inside = polygonToMask(part, size)
    const piece: Mask | undefined = inside && rest && intersectMasks(inside, rest)
    if (!piece || !rest) continue
    pieces.push(piece)
    rest = subtractMasks(rest, piece)
  }
  if (pieces.length < 2) return [mask]
  const [largest, ...others] = pieces.toSorted((a, b) => bounds(b).w * bounds(b).h - bounds(a).w * bounds(a).h)
  // pieces that the line does not touch, and pixels lost to rounding, stay with the region
  return [rest ? (unionMasks(largest!, rest) ?? largest!) : largest!, ...others]
}
