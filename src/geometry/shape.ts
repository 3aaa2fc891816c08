import { box, containsPoint } from './box.ts'
import { maskArea, maskContains, maskDistance, sameRuns } from './mask.ts'
import type { Point } from './point.ts'
import { pointsBounds, ringArea, ringContains, ringDistance, segmentDistance } from './polygon.ts'

/** An axis-parallel box; `w` and `h` are never negative. */
export interface Box {
  readonly kind: 'box'
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** Closed; the first point is not repeated; at least three points. A hole is a ring of the same kind inside. */
export interface Polygon {
  readonly kind: 'polygon'
  readonly points: readonly Point[]
  readonly holes?: readonly (readonly Point[])[]
  /** it is a box of four points turned by this, degrees clockwise; gone once its corners are moved one by one */
  readonly angle?: number
}

/** Row-major run lengths (off, on, off, …) inside the crop at integer (x, y) of integer size w × h. */
export interface Mask {
  readonly kind: 'mask'
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly runs: Uint32Array
}

export interface PointShape {
  readonly kind: 'point'
  readonly x: number
  readonly y: number
}

/**
 * What cannot be edited but must not be lost: masks that are not read yet or cannot be, polygons under three points,
 * spans, keypoints.
 * `points` is how far it can be drawn; the message behind it stays untouched.
 */
export interface AsReceived {
  readonly kind: 'asReceived'
  readonly what: string
  readonly points: readonly Point[]
  /** for the person: why it cannot be edited, where there is more to say than `what` */
  readonly why?: string
}

/** Why a mask cannot be edited while nobody has unpacked it. */
export const BEING_READ = 'it is being read'

/** A mask whose pixels will be known in a moment. */
export const isBeingRead = (shape: Shape): boolean => shape.kind === 'asReceived' && shape.why === BEING_READ

/** All lengths are image pixels. See {@link Point}. */
export type Shape = Box | Polygon | Mask | PointShape | AsReceived

/** The smallest box around the shape. */
export function bounds(shape: Shape): Box {
  switch (shape.kind) {
    case 'box':
      return shape
    case 'polygon':
    case 'asReceived':
      return pointsBounds(shape.points)
    case 'mask':
      return box(shape.x, shape.y, shape.w, shape.h)
    case 'point':
      return box(shape.x, shape.y, 0, 0)
  }
}

/** Square image px; the pixels of a mask; 0 for points. */
export function area(shape: Shape): number {
  switch (shape.kind) {
    case 'box':
      return shape.w * shape.h
    case 'mask':
      return maskArea(shape)
    case 'polygon':
      return Math.max(
        0,
        (shape.holes ?? []).reduce((rest, hole) => rest - ringArea(hole), ringArea(shape.points)),
      )
    case 'point':
    case 'asReceived':
      return 0
  }
}

/** Whether `at` lies inside; a point shape and what is only drawn as received contain nothing. */
export function contains(shape: Shape, at: Point): boolean {
  switch (shape.kind) {
    case 'box':
      return containsPoint(shape, at)
    case 'polygon':
      return ringContains(shape.points, at) && !shape.holes?.some((hole) => ringContains(hole, at))
    case 'mask':
      return maskContains(shape, at[0], at[1])
    case 'point':
    case 'asReceived':
      return false
  }
}

/** Distance from `at` to the shape's outline, image px, 0 inside a mask; Infinity when there is nothing to be near to. */
export function edgeDistance(shape: Shape, at: Point): number {
  switch (shape.kind) {
    case 'box':
      return outlineDistance(shape, at)
    case 'mask':
      return maskDistance(shape, at[0], at[1])
    case 'polygon':
      return Math.min(ringDistance(shape.points, at), ...(shape.holes ?? []).map((hole) => ringDistance(hole, at)))
    case 'point':
      return Math.hypot(at[0] - shape.x, at[1] - shape.y)
    case 'asReceived':
      return shape.points.reduce(
        (best, point, i, all) => Math.min(best, segmentDistance(at, all[Math.max(0, i - 1)]!, point)),
        Infinity,
      )
  }
}

/** Distance to the sides of a box, from inside or outside. */
function outlineDistance({ x, y, w, h }: Box, at: Point): number {
  const dx = Math.max(x - at[0], at[0] - x - w)
  const dy = Math.max(y - at[1], at[1] - y - h)
  // inside, both are negative
  return dx <= 0 && dy <= 0 ? -Math.max(dx, dy) : Math.hypot(Math.max(0, dx), Math.max(0, dy))
}

/** Whether {@link translate} does something to it. */
export const canMove = (shape: Shape): boolean => shape.kind !== 'asReceived'

/** The shape moved by image px; masks move by whole pixels, what is kept as received stays. */
export function translate(shape: Shape, dx: number, dy: number): Shape {
  const ring = (points: readonly Point[]) => points.map(([x, y]): Point => [x + dx, y + dy])
  switch (shape.kind) {
    case 'box':
    case 'point':
      return { ...shape, x: shape.x + dx, y: shape.y + dy }
    case 'mask':
      return { ...shape, x: shape.x + Math.round(dx), y: shape.y + Math.round(dy) }
    case 'polygon':
      return { ...shape, points: ring(shape.points), ...(shape.holes && { holes: shape.holes.map(ring) }) }
    case 'asReceived':
      return shape
  }
}

/** Whether both are the same within `tolerance` image px a coordinate. */
export function sameShape(a: Shape, b: Shape, tolerance = 0): boolean {
  if (a === b) return true
  const near = (p: number, q: number) => Math.abs(p - q) <= tolerance
  const nearRing = (p: readonly Point[], q: readonly Point[]) =>
    p.length === q.length && p.every((point, i) => near(point[0], q[i]![0]) && near(point[1], q[i]![1]))
  switch (a.kind) {
    case 'box':
      return (
        b.kind === 'box' && near(a.x, b.x) && near(a.y, b.y) && near(a.x + a.w, b.x + b.w) && near(a.y + a.h, b.y + b.h)
      )
    case 'point':
      return b.kind === 'point' && near(a.x, b.x) && near(a.y, b.y)
    case 'polygon': {
      if (b.kind !== 'polygon' || !nearRing(a.points, b.points)) return false
      if ((a.angle === undefined) !== (b.angle === undefined)) return false
      const holes = b.holes ?? []
      return (a.holes ?? []).length === holes.length && (a.holes ?? []).every((hole, i) => nearRing(hole, holes[i]!))
    }
    case 'mask':
      return b.kind === 'mask' && sameRuns(a, b)
    case 'asReceived':
      return b.kind === 'asReceived' && a.what === b.what && a.why === b.why && nearRing(a.points, b.points)
  }
}
