import type { Point } from '#geometry/point.ts'
import type { Box } from '#geometry/shape.ts'
import type { RegionKey } from '#model/region.ts'
import { isVisible } from './hit.ts'
import type { Scene } from './scene.ts'
import type { Guide } from './tools/tool.ts'

/** Screen px within which a side snaps. */
export const snapPx = 6
/** Sides of boxes farther away than this along the side (screen px) do not attract: in a full picture all would. */
export const snapReachPx = 120

export interface Snapped {
  readonly at: Point
  readonly guides: readonly Guide[]
}

/**
 * `at` moved onto the nearest border of the image or side of another visible box, each axis by itself. `origin` is
 * the other end of what is being drawn, and says how far along the sides count; no side through it attracts, since what
 * is small would be flat. `except` does not attract.
 */
export function snapPoint(
  scene: Scene,
  at: Point,
  options: { readonly origin?: Point; readonly except?: RegionKey; readonly x?: boolean; readonly y?: boolean } = {},
): Snapped {
  const origin = options.origin ?? at
  const { x: doesX = true, y: doesY = true, except } = options
  const x = doesX ? snapAxis(scene, 'x', at, origin, options.origin?.[0], except) : undefined
  const y = doesY ? snapAxis(scene, 'y', at, origin, options.origin?.[1], except) : undefined
  return { at: [x?.at ?? at[0], y?.at ?? at[1]], guides: [x, y].filter((guide) => guide !== undefined) }
}

function snapAxis(
  scene: Scene,
  axis: 'x' | 'y',
  at: Point,
  origin: Point,
  started: number | undefined,
  except: RegionKey | undefined,
): Guide | undefined {
  const [i, j] = axis === 'x' ? ([0, 1] as const) : ([1, 0] as const)
  const tolerance = snapPx / scene.view.scale
  const reach = snapReachPx / scene.view.scale
  const low = Math.min(at[j], origin[j])
  const high = Math.max(at[j], origin[j])
  const strip: Box =
    axis === 'x'
      ? { kind: 'box', x: at[0] - tolerance, y: low - reach, w: 2 * tolerance, h: high - low + 2 * reach }
      : { kind: 'box', x: low - reach, y: at[1] - tolerance, w: high - low + 2 * reach, h: 2 * tolerance }
  const limit = axis === 'x' ? scene.size.width : scene.size.height
  const across = axis === 'x' ? scene.size.height : scene.size.width
  let best: Guide | undefined
  let distance = tolerance
  const offer = (line: number, from: number, to: number) => {
    const d = Math.abs(line - at[i])
    if (d > distance || (best && d === distance)) return
    if (started !== undefined && Math.abs(line - started) < tolerance / 2) return
    distance = d
    best = { axis, at: line, from: Math.min(from, low), to: Math.max(to, high) }
  }
  offer(0, 0, across)
  offer(limit, 0, across)
  for (const key of scene.index.search(strip)) {
    const shape = scene.regions.get(key)?.shape
    if (key === except || shape?.kind !== 'box' || !isVisible(scene, key)) continue
    const { x, y, w, h } = shape
    const [start, length, from, along] = axis === 'x' ? [x, w, y, h] : [y, h, x, w]
    offer(start, from, from + along)
    offer(start + length, from, from + along)
  }
  return best
}
