import type { Point } from '#geometry/point.ts'
import type { Box, Mask } from '#geometry/shape.ts'
import type { Region } from '#model/region.ts'
import { outlineOf } from './maskDetail.ts'
import type { FlatRegion } from './regionArrays.ts'

/**
 * A region's outline as numbers: bounds, and points unless it is a box. A mask's points follow the edges of its pixels,
 * or of blocks of `step` pixels a side (see maskDetail.ts).
 */
export const flatten = ({ shape }: Region, step = 1): Pick<FlatRegion, 'bounds' | 'points'> => {
  switch (shape.kind) {
    case 'box':
      return { bounds: sides(shape) }
    case 'mask':
      return { bounds: sides(shape), points: outlineOf(shape, step) }
    case 'point':
      return { bounds: [shape.x, shape.y, shape.x, shape.y] }
    case 'polygon':
      return flattenRings([shape.points, ...(shape.holes ?? [])])
    case 'asReceived':
      return flattenRings([shape.points])
  }
}

/** Its bounds alone: a mask's outline is not traced for them. */
export const flatBounds = (region: Region): FlatRegion['bounds'] =>
  region.shape.kind === 'mask' ? sides(region.shape) : flatten(region).bounds

const sides = ({ x, y, w, h }: Box | Mask): FlatRegion['bounds'] => [x, y, x + w, y + h]

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
