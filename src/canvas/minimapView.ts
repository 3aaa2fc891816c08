import type { Point, Size } from '#geometry/point.ts'
import { boundsOnScreen, toImage, type View } from '#geometry/view.ts'

/** The longest side of the minimap, CSS px. */
const LONGEST = 168
/** A picture's shorter side is never less than this, CSS px. */
const SHORTEST = 12
/** So much of the picture may lie outside before it counts as zoomed in, screen px. */
const SLACK = 2

export function minimapSize({ width, height }: Size): Size {
  const scale = LONGEST / Math.max(1, width, height)
  return {
    width: Math.max(SHORTEST, Math.round(width * scale)),
    height: Math.max(SHORTEST, Math.round(height * scale)),
  }
}

/** Not all of the picture is in view, and it is larger than the surface: somebody may ask where they are. */
export function isZoomedIn(view: View, size: Size, viewport: Size): boolean {
  if (size.width === 0 || viewport.width === 0) return false
  const { w, h } = boundsOnScreen(view, { x: 0, y: 0, w: size.width, h: size.height })
  return w > viewport.width + SLACK || h > viewport.height + SLACK
}

/** The corners of what is in view, in minimap px: a rectangle, turned as the picture is. */
export function inView(view: View, size: Size, viewport: Size): readonly Point[] {
  const map = minimapSize(size)
  const corners: readonly Point[] = [
    [0, 0],
    [viewport.width, 0],
    [viewport.width, viewport.height],
    [0, viewport.height],
  ]
  return corners.map((corner) => {
    const [x, y] = toImage(view, corner)
    return [(x / size.width) * map.width, (y / size.height) * map.height]
  })
}

/** Minimap px → image px, inside the image. */
export function fromMinimap([x, y]: Point, size: Size): Point {
  const map = minimapSize(size)
  const inside = (share: number) => Math.min(1, Math.max(0, share))
  return [inside(x / map.width) * size.width, inside(y / map.height) * size.height]
}
