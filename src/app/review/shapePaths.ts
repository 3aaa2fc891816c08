import { maskRings } from '#geometry/contour.ts'
import type { Point } from '#geometry/point.ts'
import type { Mask, Shape } from '#geometry/shape.ts'

/** How a small picture draws a region: an SVG path in image pixels; of a mask the outline of its pixels. */
export function pathOf(shape: Shape): string {
  switch (shape.kind) {
    case 'box':
      return `M${n(shape.x)} ${n(shape.y)}h${n(shape.w)}v${n(shape.h)}h${n(-shape.w)}z`
    case 'polygon':
      return [shape.points, ...(shape.holes ?? [])].map(ring).join('')
    case 'point':
      return `M${n(shape.x)} ${n(shape.y)}h0`
    case 'mask':
      return maskPath(shape)
    case 'asReceived':
      return shape.points.length > 0 ? ring(shape.points) : ''
  }
}

const maskPaths = new WeakMap<Mask, string>()

/** Found once for each mask: small pictures are drawn again and again. */
function maskPath(mask: Mask): string {
  const known = maskPaths.get(mask)
  if (known !== undefined) return known
  const path = maskRings(mask).map(ring).join('')
  maskPaths.set(mask, path)
  return path
}

const ring = (points: readonly Point[]): string =>
  `${points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${n(x)} ${n(y)}`).join('')}z`

const n = (value: number): string => String(Math.round(value * 10) / 10)
