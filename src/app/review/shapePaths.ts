import type { Point } from '#geometry/point.ts'
import { bounds, type Shape } from '#geometry/shape.ts'

/** How a small picture draws a region: an SVG path in image pixels; a point and a mask by a sign of their size. */
export function pathOf(shape: Shape): string {
  switch (shape.kind) {
    case 'box':
      return `M${n(shape.x)} ${n(shape.y)}h${n(shape.w)}v${n(shape.h)}h${n(-shape.w)}z`
    case 'polygon':
      return [shape.points, ...(shape.holes ?? [])].map(ring).join('')
    case 'point':
      return `M${n(shape.x)} ${n(shape.y)}h0`
    case 'mask': {
      const { x, y, w, h } = bounds(shape)
      return pathOf({ kind: 'box', x, y, w, h })
    }
    case 'asReceived':
      return shape.points.length > 0 ? ring(shape.points) : ''
  }
}

const ring = (points: readonly Point[]): string =>
  `${points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${n(x)} ${n(y)}`).join('')}z`

const n = (value: number): string => String(Math.round(value * 10) / 10)
