import type { Point, Size } from '#geometry/point.ts'
import { bounds } from '#geometry/shape.ts'
import type { Region } from '#model/region.ts'
import type { Thread } from '#sync/notes.ts'

/** Whether a note's `region` means this one: it may be said by region, annotation or both. */
export const isRegionOf = ({ id, annotation, key }: Region, name: string): boolean =>
  id === name || annotation === name || key === name

/**
 * Where a thread points at, in image px: its point; for one that names a region only, that region's upper right corner.
 * Undefined when it points at nothing that is there.
 */
export function placeOf(
  thread: Pick<Thread, 'at' | 'region'>,
  regions: Iterable<Region>,
  size: Size,
): Point | undefined {
  const { at, region: name } = thread
  if (at) return [at.col * size.width, at.row * size.height]
  if (name === undefined) return undefined
  for (const region of regions) {
    if (!isRegionOf(region, name)) continue
    const { x, y, w } = bounds(region.shape)
    return [x + w, y]
  }
  return undefined
}

/** The pin under the pointer, the nearest one. @param screen px of both, pins drawn as discs of this radius */
export function pinAt<P extends { readonly screen: Point }>(
  pins: readonly P[],
  at: Point,
  radius: number,
): P | undefined {
  let best: P | undefined
  let nearest = radius
  for (const pin of pins) {
    const far = Math.hypot(pin.screen[0] - at[0], pin.screen[1] - at[1])
    if (far > nearest) continue
    best = pin
    nearest = far
  }
  return best
}
