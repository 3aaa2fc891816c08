import { clip } from './box.ts'
import { clipMask } from './mask.ts'
import type { Size } from './point.ts'
import { intersectPolygons } from './polygonBoolean.ts'
import { area, bounds, type Polygon, type Shape } from './shape.ts'

/**
 * What of a shape lies on an image of `size` px, largest first: itself when that is all of it, however small, nothing
 * when it lies outside or under 1 px of it is left, and several pieces where the border parts a polygon.
 */
export function cutToImage(shape: Shape, size: Size): readonly Shape[] {
  switch (shape.kind) {
    case 'box': {
      const b = clip(shape, size)
      if (same(b, shape)) return [shape]
      return b.w >= 1 && b.h >= 1 ? [b] : []
    }
    case 'polygon': {
      const around = bounds(shape)
      const b = clip(around, size)
      if (same(b, around)) return [shape]
      if (b.w < 1 || b.h < 1) return []
      const pieces = intersectPolygons([plain(shape), image(size)])
      return pieces.filter((piece) => area(piece) >= 1).toSorted((p, q) => area(q) - area(p))
    }
    case 'point': {
      const inside = shape.x >= 0 && shape.y >= 0 && shape.x <= size.width && shape.y <= size.height
      return inside ? [shape] : []
    }
    case 'mask': {
      const mask = clipMask(shape, size)
      return mask ? [mask] : []
    }
    case 'asReceived':
      return []
  }
}

/** A rotated box that is cut is none any more. */
const plain = ({ angle: _turned, ...polygon }: Polygon): Polygon => polygon

const image = ({ width, height }: Size): Polygon => ({
  kind: 'polygon',
  points: [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ],
})

type Sides = { readonly x: number; readonly y: number; readonly w: number; readonly h: number }

const same = (a: Sides, b: Sides): boolean => a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h
