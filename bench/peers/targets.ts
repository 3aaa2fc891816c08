import { boundsOf, type WorkRegion } from '#bench/workload.ts'

/** What the hand-made peers share: hits, and the changing corner of a box. */

const inside = (points: readonly number[], x: number, y: number): boolean => {
  let isInside = false
  for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
    const [xi, yi, xj, yj] = [points[i]!, points[i + 1]!, points[j]!, points[j + 1]!]
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) isInside = !isInside
  }
  return isInside
}

/** The smallest region at a point, found by looking at all of them. */
export const hitRegion = (regions: readonly WorkRegion[], x: number, y: number): WorkRegion | undefined => {
  let best: WorkRegion | undefined
  let bestArea = Infinity
  for (const region of regions) {
    const [left, top, right, bottom] = boundsOf(region)
    if (x < left || x > right || y < top || y > bottom) continue
    if (region.type !== 'box' && !inside(region.points, x, y)) continue
    const area = (right - left) * (bottom - top)
    if (area >= bestArea) continue
    best = region
    bestArea = area
  }
  return best
}

export const cornersOf = (region: WorkRegion): [number, number][] => {
  if (region.type !== 'box') {
    return Array.from({ length: region.points.length / 2 }, (_, i) => [
      region.points[2 * i]!,
      region.points[2 * i + 1]!,
    ])
  }
  const [left, top, right, bottom] = boundsOf(region)
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]
}

/** The region with one of its corners elsewhere. */
export const withCorner = (region: WorkRegion, corner: number, x: number, y: number): WorkRegion => {
  if (region.type !== 'box') {
    const points = [...region.points]
    points.splice(2 * corner, 2, x, y)
    return { ...region, points }
  }
  const [ox, oy] = cornersOf(region)[(corner + 2) % 4]!
  return { ...region, x: Math.min(ox, x), y: Math.min(oy, y), w: Math.abs(ox - x), h: Math.abs(oy - y) }
}

export const geometryOf = (region: WorkRegion | undefined) => {
  if (!region) return undefined
  return region.type === 'box' ? { x: region.x, y: region.y, w: region.w, h: region.h } : { points: [...region.points] }
}

/** One notch of the wheel; the same for every peer that we wrote. */
export const NOTCH = 1.15
