import type { Pointing, Scene } from '#editor/scene.ts'
import { isSame, snapVertex, type VertexSnap, waysAlong } from '#editor/vertexSnap.ts'
import { clampPoint } from '#geometry/box.ts'
import { crossedBy, crossedEdges } from '#geometry/crossings.ts'
import type { Point, Size } from '#geometry/point.ts'
import type { RegionKey } from '#model/region.ts'

/** What one click, one freehand stroke or one traced contour added; taken back as one. */
export interface Part {
  readonly points: readonly Point[]
  /** the stroke before it was simplified */
  readonly raw?: readonly Point[]
  /** what it was simplified by, image px */
  readonly tolerance?: number
  /** the other ways round a neighbour that it could have taken to the same place, in turn */
  readonly otherWays?: readonly (readonly Point[])[]
}

/** An unfinished outline. */
export interface Outline {
  readonly parts: readonly Part[]
  /** taken back, the latest last */
  readonly undone: readonly Part[]
  /** it becomes a hole of this polygon */
  readonly hole?: RegionKey | undefined
}

export const emptyOutline: Outline = { parts: [], undone: [] }

/** Screen px from the first vertex within which a click closes the shape. */
export const closePx = 10
/** Screen px between two samples of a freehand stroke. */
export const samplePx = 4

interface Known {
  readonly points: readonly Point[]
  readonly crossed: readonly number[]
}

const known = new WeakMap<readonly Part[], Known>()

/** All points, and the edges between them that cross others; remembered for the list of parts. */
export function outlineOf({ parts }: Outline): Known {
  let found = known.get(parts)
  if (!found) {
    const points = parts.flatMap((part) => part.points)
    found = { points, crossed: crossedEdges(points, false) }
    known.set(parts, found)
  }
  return found
}

/** The outline with one part more, without points that repeat the one before. */
export function addPart(outline: Outline, part: Part): Outline {
  let last = outlineOf(outline).points.at(-1)
  const points = part.points.filter((point) => {
    const repeats = last !== undefined && isSame(last, point)
    if (!repeats) last = point
    return !repeats
  })
  if (points.length === 0) return outline
  return { ...outline, parts: [...outline.parts, { ...part, points }], undone: [] }
}

/** The last part, if it follows a neighbour that can be followed otherwise, too. */
export const lastTraced = ({ parts }: Outline): Part | undefined => (parts.at(-1)?.otherWays ? parts.at(-1) : undefined)

/** The outline with its last part taken the next way round. */
export function turnLast(outline: Outline): Outline {
  const last = lastTraced(outline)
  if (!last) return outline
  const { points, otherWays } = last
  const [next, ...later] = otherWays!
  const turned: Part = { points: [...next!, points.at(-1)!], otherWays: [...later, points.slice(0, -1)] }
  return { ...outline, parts: [...outline.parts.slice(0, -1), turned] }
}

export function takeBack(outline: Outline): Outline {
  const last = outline.parts.at(-1)
  return last ? { ...outline, parts: outline.parts.slice(0, -1), undone: [...outline.undone, last] } : outline
}

export function bringBack(outline: Outline): Outline {
  const last = outline.undone.at(-1)
  return last ? { ...outline, parts: [...outline.parts, last], undone: outline.undone.slice(0, -1) } : outline
}

/** What a click there would do. */
export type Target =
  | { readonly kind: 'close'; readonly at: Point }
  | {
      readonly kind: 'vertex'
      readonly at: Point
      readonly snap: VertexSnap
      /** points of a neighbour's contour on the way */
      readonly trace: readonly Point[]
      /** the ways that Tab would take instead, in turn */
      readonly others?: readonly (readonly Point[])[]
    }

/** Shift: on a multiple of 45°; Ctrl: where the pointer is; else snapped, and along the contour of a neighbour, of the ways there are the one `turns` on. */
export function targetOf(outline: Outline, pointer: Pointing, turns: number, scene: Scene): Target {
  const { points } = outlineOf(outline)
  const [first] = points
  const last = points.at(-1)
  if (first && closes(points, pointer, scene)) return { kind: 'close', at: first }
  const free = clampPoint(pointer.at, scene.size)
  if (pointer.shift && last) return vertexAt(constrained(last, pointer.at, scene.size))
  if (pointer.ctrl) return vertexAt(free)
  const snap = snapVertex(scene, pointer.at)
  const ways = last && snap.on ? waysAlong(scene, last, snap.at, points.at(-2)) : []
  if (ways.length === 0) return { kind: 'vertex', at: snap.at, snap, trace: [] }
  const turn = turns % ways.length
  const [trace, ...others] = [...ways.slice(turn), ...ways.slice(0, turn)]
  return { kind: 'vertex', at: snap.at, snap, trace: trace!, ...(others.length > 0 && { others }) }
}

/** It follows a neighbour, or would after Tab. */
export const traces = (target: Target): target is Target & { kind: 'vertex' } =>
  target.kind === 'vertex' && [target.trace, ...(target.others ?? [])].some((way) => way.length > 0)

const vertexAt = (at: Point): Target => ({ kind: 'vertex', at, snap: { at }, trace: [] })

function closes(points: readonly Point[], pointer: Pointing, scene: Scene): boolean {
  if (points.length < 3) return false
  const [x, y] = points[0]!
  const reach = pointer.kind === 'touch' ? 1.4 * closePx : closePx
  return Math.hypot(pointer.at[0] - x, pointer.at[1] - y) * scene.view.scale <= reach
}

/** `at` on the nearest of the eight directions from `from`, not beyond the border of the image. */
export function constrained(from: Point, at: Point, size: Size): Point {
  const [dx, dy] = [at[0] - from[0], at[1] - from[1]]
  const turn = Math.round(Math.atan2(dy, dx) / (Math.PI / 4))
  const [ux, uy] = directions[((turn % 8) + 8) % 8]!
  let length = (dx * ux + dy * uy) / (ux * ux + uy * uy)
  const room = (start: number, step: number, limit: number) =>
    step > 0 ? limit - start : step < 0 ? start : Number.POSITIVE_INFINITY
  length = Math.max(0, Math.min(length, room(from[0], ux, size.width), room(from[1], uy, size.height)))
  return [from[0] + length * ux, from[1] + length * uy]
}

const directions: readonly Point[] = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
]

/** The samples with those of `path` that lie a step further; in the image. */
export function sampled(samples: readonly Point[], path: readonly Point[], scene: Scene): readonly Point[] {
  const out = [...samples]
  for (const raw of path) {
    const at = clampPoint(raw, scene.size)
    const last = out.at(-1)!
    if (Math.hypot(at[0] - last[0], at[1] - last[1]) * scene.view.scale >= samplePx) out.push(at)
  }
  return out
}

/** Segments of the outline that cross others, those of `rubber`, the line to the pointer, included. */
export function crossings(outline: Outline, rubber: readonly Point[]): readonly (readonly Point[])[] {
  const { points, crossed } = outlineOf(outline)
  const edges = new Set(crossed)
  const segments: (readonly Point[])[] = []
  // a traced contour is long and rarely crosses: only short rubber is looked at while it moves
  for (let i = 0; i + 1 < rubber.length && rubber.length < 100; i++) {
    const hit = crossedBy(points, rubber[i]!, rubber[i + 1]!)
    if (hit.length > 0) segments.push([rubber[i]!, rubber[i + 1]!])
    for (const edge of hit) edges.add(edge)
  }
  for (const edge of edges) segments.push([points[edge]!, points[edge + 1]!])
  return segments
}
