import type { Point } from './point.ts'

/** What a brush leaves: a disc or a square whose side is `size` image pixels. Size 1 is exactly one pixel. */
export interface Footprint {
  readonly shape: 'circle' | 'square'
  readonly size: number
}

/** A run of pixels from ≤ x < to of image row y. */
export type SpanSink = (y: number, from: number, to: number) => void

/** Centres that touch the circle exactly belong to it, whatever the rounding. */
const EPSILON = 1e-9

/** Odd sizes sit on a pixel's centre, even ones on a corner: so a footprint is the same wherever it is put. */
export function snapCentre([x, y]: Point, size: number): Point {
  if (Math.round(size) % 2 === 1) return [Math.floor(x) + 0.5, Math.floor(y) + 0.5]
  return [Math.round(x), Math.round(y)]
}

/**
 * All pixels the brush passes on the straight way between two image points: no gaps and no stairs, however far apart
 * they are; a brush of size 1 leaves a line of single pixels. A pixel belongs to it when its centre does. At most one
 * run a row, from top to bottom, not clipped to any image.
 */
export function strokeSpans(from: Point, to: Point, brush: Footprint, span: SpanSink): void {
  const a = snapCentre(from, brush.size)
  const b = snapCentre(to, brush.size)
  if (brush.size <= 1) lineSpans(a, b, span)
  else if (brush.shape === 'circle') capsuleSpans(a, b, brush.size / 2, span)
  else sweptSquareSpans(a, b, brush.size / 2, span)
}

/** One pixel a column, or a row where the line is steep. */
function lineSpans(a: Point, b: Point, span: SpanSink): void {
  const [down, up] = a[1] <= b[1] ? [a, b] : [b, a]
  const [x0, y0] = [Math.floor(down[0]), Math.floor(down[1])]
  const [x1, y1] = [Math.floor(up[0]), Math.floor(up[1])]
  const [dx, dy] = [x1 - x0, y1 - y0]
  if (dy >= Math.abs(dx)) {
    for (let y = y0; y <= y1; y++) {
      const x = dy === 0 ? x0 : x0 + Math.round(((y - y0) * dx) / dy)
      span(y, x, x + 1)
    }
    return
  }
  // flat: the columns whose pixel lies in this row, which hang together
  const step = Math.sign(dx)
  let x = x0
  for (let y = y0; y <= y1; y++) {
    const start = x
    while (x !== x1 + step && y0 + Math.round((Math.abs(x - x0) * dy) / Math.abs(dx)) === y) x += step
    span(y, Math.min(start, x - step), Math.max(start, x - step) + 1)
  }
}

/** The capsule of radius r around a–b. It is convex: one run a row. */
function capsuleSpans(a: Point, b: Point, r: number, span: SpanSink): void {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1])
  const ux = length === 0 ? 1 : (b[0] - a[0]) / length
  const uy = length === 0 ? 0 : (b[1] - a[1]) / length
  const bottom = Math.ceil(Math.max(a[1], b[1]) + r)
  for (let y = Math.floor(Math.min(a[1], b[1]) - r); y < bottom; y++) {
    const ya = y + 0.5 - a[1]
    const yb = y + 0.5 - b[1]
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    const reachA = r * r - ya * ya
    if (reachA >= 0) {
      const half = Math.sqrt(reachA)
      low = a[0] - half
      high = a[0] + half
    }
    const reachB = r * r - yb * yb
    if (reachB >= 0) {
      const half = Math.sqrt(reachB)
      if (b[0] - half < low) low = b[0] - half
      if (b[0] + half > high) high = b[0] + half
    }
    if (length > 0) {
      // the straight part: |across| ≤ r and 0 ≤ along ≤ length, each an interval of x − a.x
      let [left, right] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      if (uy !== 0) {
        const [p, q] = [(ya * ux - r) / uy, (ya * ux + r) / uy]
        left = Math.min(p, q)
        right = Math.max(p, q)
      } else if (Math.abs(ya) > r) right = left
      if (ux !== 0) {
        const [p, q] = [(-ya * uy) / ux, (length - ya * uy) / ux]
        left = Math.max(left, Math.min(p, q))
        right = Math.min(right, Math.max(p, q))
      } else if (ya * uy < 0 || ya * uy > length) right = Number.NEGATIVE_INFINITY
      if (left <= right) {
        low = Math.min(low, a[0] + left)
        high = Math.max(high, a[0] + right)
      }
    }
    const from = Math.ceil(low - 0.5 - EPSILON)
    const to = Math.floor(high - 0.5 + EPSILON) + 1
    if (from < to) span(y, from, to)
  }
}

/** A square pulled from a to b. Its right and lower edges belong to the next square: half-open. */
function sweptSquareSpans(a: Point, b: Point, r: number, span: SpanSink): void {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const bottom = Math.max(a[1], b[1]) + r
  for (let y = Math.min(a[1], b[1]) - r; y < bottom; y++) {
    // the part of the way, 0 … 1, on which the square reaches this row
    let [first, last] = [0, 1]
    if (dy !== 0) {
      const [p, q] = [(y + 0.5 - r - a[1]) / dy, (y + 0.5 + r - a[1]) / dy]
      first = Math.max(0, Math.min(p, q))
      last = Math.min(1, Math.max(p, q))
    }
    if (first > last) continue
    const [x0, x1] = [a[0] + first * dx, a[0] + last * dx]
    const from = Math.ceil(Math.min(x0, x1) - r - 0.5 - EPSILON)
    const to = Math.ceil(Math.max(x0, x1) + r - 0.5 - EPSILON)
    if (from < to) span(y, from, to)
  }
}
