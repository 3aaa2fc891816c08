import { type Handle, handleAt, handles, intersects } from '#geometry/box.ts'
import { type AnyBox, frameOf, inFrame, isAnyBox, ownBox } from '#geometry/boxFrame.ts'
import type { Point } from '#geometry/point.ts'
import { area, type Box, bounds, contains, edgeDistance } from '#geometry/shape.ts'
import type { Region, RegionKey } from '#model/region.ts'
import type { PointerKind, Scene } from './scene.ts'

/** How near is near enough, screen px. */
export const tolerances: Readonly<Record<PointerKind, number>> = { mouse: 8, pen: 10, touch: 14 }

export type Hit =
  | { readonly kind: 'handle'; readonly key: RegionKey; readonly handle: Handle }
  /** a side of the selected box; `handle` is the one in its middle */
  | { readonly kind: 'edge'; readonly key: RegionKey; readonly handle: Handle }
  | { readonly kind: 'region'; readonly key: RegionKey }

/**
 * What a press at `at` (image px) would take: a handle of the selection, then a side of it, then the smallest shape
 * under it, so that small objects inside large ones stay reachable. `tolerance` in screen px.
 */
export function hitAt(scene: Scene, at: Point, tolerance: number): Hit | undefined {
  const grip = gripAt(scene, at, tolerance)
  if (grip) return grip
  const key = topAt(scene, at, tolerance)
  return key === undefined ? undefined : { kind: 'region', key }
}

/** A handle or side of the selected box. */
export const gripAt = (scene: Scene, at: Point, tolerance: number) =>
  handleHit(scene, at, tolerance) ?? edgeHit(scene, at, tolerance)

/** Whether it is painted, and so can be hit. */
export const isVisible = (scene: Scene, key: RegionKey): boolean => scene.peek !== 'bare' && !scene.hidden.has(key)

/** A region that is a box, upright or turned. */
export type BoxRegion = Region & { readonly shape: AnyBox }

/** The one region whose handles are shown: a single selected visible box, turned or not, that may be changed. */
export function handled(scene: Scene): BoxRegion | undefined {
  if (scene.selected.size !== 1) return undefined
  const [key] = scene.selected
  const region = scene.regions.get(key!)
  if (!region || !isAnyBox(region.shape) || !isVisible(scene, region.key) || scene.whyNot(region)) return undefined
  return region as BoxRegion
}

/** The handled box and a place, both in the box's own frame. */
function inOwnFrame(scene: Scene, at: Point) {
  const region = handled(scene)
  if (!region) return undefined
  const frame = frameOf(region.shape)
  return { key: region.key, b: ownBox(frame), own: inFrame(frame, at) }
}

/** Inside a box a handle reaches at most a quarter of its side, so that a small box can still be moved. */
function reach(b: Box, at: Point, scale: number, tolerance: number): number {
  const inside = at[0] > b.x && at[0] < b.x + b.w && at[1] > b.y && at[1] < b.y + b.h
  return (inside ? Math.min(tolerance, (Math.min(b.w, b.h) * scale) / 4) : tolerance) / scale
}

function handleHit(scene: Scene, at: Point, tolerance: number): (Hit & { kind: 'handle' }) | undefined {
  const found = inOwnFrame(scene, at)
  if (!found) return undefined
  const { key, b, own } = found
  let best = reach(b, own, scene.view.scale, tolerance)
  let nearest: Handle | undefined
  for (const handle of handles) {
    const [x, y] = handleAt(b, handle)
    const distance = Math.max(Math.abs(x - own[0]), Math.abs(y - own[1]))
    // corners come before sides where both are near
    if (distance < best || (distance === best && handle.length === 2)) {
      best = distance
      nearest = handle
    }
  }
  return nearest && { kind: 'handle', key, handle: nearest }
}

function edgeHit(scene: Scene, at: Point, tolerance: number): (Hit & { kind: 'edge' }) | undefined {
  const found = inOwnFrame(scene, at)
  if (!found) return undefined
  const {
    key,
    b,
    own: [x, y],
  } = found
  const near = reach(b, [x, y], scene.view.scale, tolerance * 0.75)
  const sides: readonly (readonly [Handle, number, boolean])[] = [
    ['w', Math.abs(x - b.x), y >= b.y && y <= b.y + b.h],
    ['e', Math.abs(x - b.x - b.w), y >= b.y && y <= b.y + b.h],
    ['n', Math.abs(y - b.y), x >= b.x && x <= b.x + b.w],
    ['s', Math.abs(y - b.y - b.h), x >= b.x && x <= b.x + b.w],
  ]
  const [side] = sides.filter(([, distance, beside]) => beside && distance <= near).sort((p, q) => p[1] - q[1])
  return side && { kind: 'edge', key, handle: side[0] }
}

/** How a region lies under the pointer. */
interface Under {
  readonly key: RegionKey
  /** contains it; a point has no inside: being near it is being on it */
  readonly inside: boolean
  /** area if inside, else distance, image px */
  readonly rank: number
  readonly z: number
}

/** What contains the pointer by area, smallest first (the upper one of two alike), then what is near, nearest first. */
const compare = (a: Under, b: Under) => Number(b.inside) - Number(a.inside) || a.rank - b.rank || b.z - a.z

function* allUnder(scene: Scene, at: Point, tolerance: number): Iterable<Under> {
  const near = tolerance / scene.view.scale
  for (const key of scene.index.search(around(at, near))) {
    const region = scene.regions.get(key)
    if (!region || !isVisible(scene, key)) continue
    const under = underAt(region, at, near)
    if (under) yield under
  }
}

const around = (at: Point, near: number): Box => ({
  kind: 'box',
  x: at[0] - near,
  y: at[1] - near,
  w: 2 * near,
  h: 2 * near,
})

/** Undefined when the region neither contains the place nor is as near as `near`, image px. */
function underAt({ key, shape, z }: Region, at: Point, near: number): Under | undefined {
  if (contains(shape, at)) return { key, inside: true, rank: area(shape), z }
  const distance = edgeDistance(shape, at)
  if (distance > near) return undefined
  return { key, inside: shape.kind === 'point', rank: shape.kind === 'point' ? 0 : distance, z }
}

/** Everything visible under `at`, what a click takes first being first. `tolerance` in screen px. */
export const stackAt = (scene: Scene, at: Point, tolerance: number): RegionKey[] =>
  [...allUnder(scene, at, tolerance)].sort(compare).map(({ key }) => key)

/** How far it is looked for what lies nearest, in parts of the tolerance: the nearest mostly is quite near. */
const SEARCHES = [0, 0.25, 1]

/**
 * The first of {@link stackAt}, without looking at everything else within reach: zoomed out over 100,000 regions that is
 * some forty, and two or three lie under the place.
 */
function topAt(scene: Scene, at: Point, tolerance: number): RegionKey | undefined {
  const near = tolerance / scene.view.scale
  let top: Under | undefined
  const consider = (key: RegionKey, away: number): boolean => {
    // a shape is at least as far as its bounds are
    if (away > 0 && top && (top.inside || away > top.rank)) return false
    const region = scene.regions.get(key)
    if (!region || !isVisible(scene, key)) return true
    const under = underAt(region, at, near)
    if (under && (!top || compare(under, top) < 0)) top = under
    return true
  }
  // a point within reach comes before all that contains the place
  for (const part of scene.index.mayHoldPoints ? [1] : SEARCHES) {
    scene.index.visitNear(at, part * near, consider)
    if (top && (top.inside || top.rank <= part * near)) return top.key
  }
  return top?.key
}

/** Visible regions inside `band`, or also those that touch it. */
export function regionsIn(scene: Scene, band: Box, touching: boolean): RegionKey[] {
  const right = band.x + band.w
  const bottom = band.y + band.h
  return scene.index.search(band).filter((key) => {
    const region = scene.regions.get(key)
    if (!region || !isVisible(scene, key)) return false
    const b = bounds(region.shape)
    if (touching) return intersects(b, band)
    return b.x >= band.x && b.y >= band.y && b.x + b.w <= right && b.y + b.h <= bottom
  })
}
