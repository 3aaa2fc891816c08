import type { Point } from '#geometry/point.ts'
import { boundsOnScreen } from '#geometry/view.ts'
import type { Scene } from './scene.ts'

/** Width of the zone along the edge of the surface that pulls the view, screen px. */
export const edgePx = 24
/** Fastest pull, screen px a tick. */
const most = 16

/** How the view should move (screen px) for a pointer there: towards what of the image lies beyond that edge. */
export function edgePan(at: Point, { view, viewport, size }: Pick<Scene, 'view' | 'viewport' | 'size'>): Point {
  const along = (position: number, length: number, start: number, end: number) => {
    const low = edgePx - position
    if (low > 0 && start < 0) return Math.min(speed(low), -start)
    const high = position - (length - edgePx)
    if (high > 0 && end > length) return -Math.min(speed(high), end - length)
    return 0
  }
  const { x, y, w, h } = boundsOnScreen(view, { x: 0, y: 0, w: size.width, h: size.height })
  return [along(at[0], viewport.width, x, x + w), along(at[1], viewport.height, y, y + h)]
}

const speed = (depth: number) => Math.min(most, 1 + (depth / edgePx) * (most - 1))
