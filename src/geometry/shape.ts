import type { Point } from './point.ts'

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
 * What cannot be edited but must not be lost: undecoded masks, polygons under three points, spans, keypoints.
 * `points` is how far it can be drawn; the message behind it stays untouched.
 */
export interface AsReceived {
  readonly kind: 'asReceived'
  readonly what: string
  readonly points: readonly Point[]
}

/** All lengths are image pixels. See {@link Point}. */
export type Shape = Box | Polygon | Mask | PointShape | AsReceived
