import type { Handle } from '#geometry/box.ts'
import { frameOf, fromFrame, inFrame, type TurnedBox } from '#geometry/boxFrame.ts'
import type { Point } from '#geometry/point.ts'
import { contoursOf } from '#geometry/rings.ts'
import { bounds } from '#geometry/shape.ts'
import type { RegionKey } from '#model/region.ts'
import { isVisible } from './hit.ts'
import type { Scene } from './scene.ts'
import { snapPx, snapReachPx } from './snap.ts'
import { snapVertex } from './vertexSnap.ts'

export interface TurnedSnap {
  /** image px */
  readonly at: Point
  /** what it was snapped to */
  readonly on: readonly Point[]
}

/**
 * Where a handle of a turned box dragged to `to` goes, image px: each of the sides that it moves onto a corner of
 * another visible shape that lies near the line of that side, as upright boxes snap to each other's sides; a box turned
 * alike thus comes to lie in one line. A corner that finds none snaps to edges and to the border of the image.
 */
export function snapTurned(scene: Scene, key: RegionKey, shape: TurnedBox, handle: Handle, to: Point): TurnedSnap {
  const frame = frameOf(shape)
  const pulled = inFrame(frame, to)
  const moves = [/[we]/.test(handle), /[ns]/.test(handle)] as const
  const tolerance = snapPx / scene.view.scale
  const reach = snapReachPx / scene.view.scale
  const far: Point = [frame.w, frame.h]
  const near: [number, number] = [tolerance, tolerance]
  const snapped: [number, number] = [pulled[0], pulled[1]]
  const on: [Point | undefined, Point | undefined] = [undefined, undefined]
  const offer = (vertex: Point): void => {
    const place = inFrame(frame, vertex)
    for (const i of [0, 1] as const) {
      const along = place[1 - i]!
      const low = Math.min(0, pulled[1 - i]!) - reach
      const high = Math.max(far[1 - i]!, pulled[1 - i]!) + reach
      const distance = Math.abs(place[i]! - pulled[i]!)
      if (!moves[i] || distance >= near[i] || along < low || along > high) continue
      near[i] = distance
      snapped[i] = place[i]!
      on[i] = vertex
    }
  }
  for (const other of scene.index.search(aroundSides(shape, to, reach))) {
    const region = scene.regions.get(other)
    if (!region || other === key || !isVisible(scene, other)) continue
    for (const ring of contoursOf(region.shape)) for (const vertex of ring) offer(vertex)
  }
  const found = on.filter((vertex) => vertex !== undefined)
  if (found.length > 0) return { at: fromFrame(frame, snapped), on: found }
  if (!moves[0] || !moves[1]) return { at: to, on: [] }
  const corner = snapVertex(scene, to, new Set([key]))
  return corner.to ? { at: corner.at, on: [corner.at] } : { at: to, on: [] }
}

/** All that a side which is dragged there may come near, upright. */
function aroundSides(shape: TurnedBox, [x, y]: Point, reach: number) {
  const b = bounds(shape)
  const left = Math.min(b.x, x) - reach
  const top = Math.min(b.y, y) - reach
  const right = Math.max(b.x + b.w, x) + reach
  const bottom = Math.max(b.y + b.h, y) + reach
  return { kind: 'box', x: left, y: top, w: right - left, h: bottom - top } as const
}
