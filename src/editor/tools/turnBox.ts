import { handled } from '#editor/hit.ts'
import type { Pointing, Scene } from '#editor/scene.ts'
import type { TurnedBox } from '#geometry/boxFrame.ts'
import type { Point } from '#geometry/point.ts'
import { middleOf, normalDegrees, turnedBox } from '#geometry/rotatedBox.ts'
import type { Polygon } from '#geometry/shape.ts'
import type { RegionKey } from '#model/region.ts'
import { type Draft, emptyDraft, type TurnGrip } from './tool.ts'

/** The round handle stands so far outside of the first side, screen px. */
const standPx = 24
/** With Shift, degrees. */
const coarse = 15

/** A rotated box being turned by its handle. */
export interface TurningBox {
  readonly at: 'turning'
  readonly key: RegionKey
  /** as it was */
  readonly original: Polygon
  /** where it was taken */
  readonly from: Point
  readonly pointer: Pointing
}

/** The rotated box that shows the handle: selected alone, and it may be changed. */
function turnable(scene: Scene): { readonly key: RegionKey; readonly shape: TurnedBox } | undefined {
  const region = handled(scene)
  return region?.shape.kind === 'polygon' ? { key: region.key, shape: region.shape } : undefined
}

function gripOf(box: Polygon, scale: number): { readonly foot: Point; readonly at: Point } {
  const [a, b] = box.points as [Point, Point]
  const foot: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
  const [mx, my] = middleOf(box)
  const [dx, dy] = [foot[0] - mx, foot[1] - my]
  const length = Math.hypot(dx, dy) || 1
  const stand = standPx / scale
  return { foot, at: [foot[0] + (dx / length) * stand, foot[1] + (dy / length) * stand] }
}

/** Whether the pointer is on the handle; `tolerance` in screen px. */
export function isOnTurnGrip(scene: Scene, at: Point, tolerance: number): boolean {
  const region = turnable(scene)
  if (!region) return false
  const grip = gripOf(region.shape, scene.view.scale)
  return Math.hypot(grip.at[0] - at[0], grip.at[1] - at[1]) * scene.view.scale <= tolerance
}

/** Undefined when the box is gone since the press. */
export function startTurning(scene: Scene, down: Pointing, pointer: Pointing): TurningBox | undefined {
  const region = turnable(scene)
  return region && { at: 'turning', key: region.key, original: region.shape, from: down.at, pointer }
}

/** The box now; with Shift its angle is a multiple of 15°. */
export function turnedShape({ original, from, pointer }: TurningBox, scene: Scene): Polygon {
  const middle = middleOf(original)
  const by = normalDegrees(direction(middle, pointer.at) - direction(middle, from))
  const angle = original.angle ?? 0
  const degrees = pointer.shift ? normalDegrees(Math.round((angle + by) / coarse) * coarse - angle) : by
  return turnedBox(original, degrees, scene.size)
}

const direction = (from: Point, to: Point): number => (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI

export function turningDraft(state: TurningBox, scene: Scene): Draft {
  const region = scene.regions.get(state.key)
  if (!region) return emptyDraft
  const shape = turnedShape(state, scene)
  return {
    ...emptyDraft,
    shapes: [{ ...region, shape }],
    readout: { text: `${(shape.angle ?? 0).toFixed(1)}°`, at: state.pointer.at },
    turnGrip: { ...gripOf(shape, scene.view.scale), active: true },
    cursor: 'grabbing',
  }
}

/** The handle of the selection, if it has one. */
export function restingTurnGrip(scene: Scene, active: boolean): TurnGrip | undefined {
  const region = turnable(scene)
  return region && { ...gripOf(region.shape, scene.view.scale), active }
}
