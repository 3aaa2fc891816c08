import type { Point } from '#geometry/point.ts'
import type { Region } from '#model/region.ts'
import type { FlatRegion } from './regionArrays.ts'

/** A region's outline as numbers: bounds, and points unless it is a box (a mask is shown by its crop until it is drawn as pixels). */
export const flatten = ({ shape }: Region): Pick<FlatRegion, 'bounds' | 'points'> => {
  switch (shape.kind) {
    case 'box':
    case 'mask':
      return { bounds: [shape.x, shape.y, shape.x + shape.w, shape.y + shape.h] }
    case 'point':
      return { bounds: [shape.x, shape.y, shape.x, shape.y] }
    case 'polygon':
      return flattenRings([shape.points, ...(shape.holes ?? [])])
    case 'asReceived':
      return flattenRings([shape.points])
  }
}

// plain loops: destructuring every point costs 3× in code that runs once, before it is compiled
const flattenRings = (rings: readonly (readonly Point[])[]): Pick<FlatRegion, 'bounds' | 'points'> => {
  const points: number[] = []
  let left = Infinity
  let top = Infinity
  let right = -Infinity
  let bottom = -Infinity
  for (const ring of rings) {
    if (points.length) points.push(Number.NaN, Number.NaN)
    for (let i = 0; i < ring.length; i++) {
      const point = ring[i]!
      const x = point[0]
      const y = point[1]
      points.push(x, y)
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      if (y > bottom) bottom = y
    }
  }
  return { bounds: [left, top, right, bottom], points }
}
