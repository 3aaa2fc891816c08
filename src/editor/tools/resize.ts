import { handled } from '#editor/hit.ts'
import type { Pointing, Scene } from '#editor/scene.ts'
import { snapPoint } from '#editor/snap.ts'
import { snapTurned } from '#editor/snapTurned.ts'
import { type Handle, handles } from '#geometry/box.ts'
import { type AnyBox, frameOf, handlePlace, isAnyBox, pullOf, resizeTurned } from '#geometry/boxFrame.ts'
import type { Point } from '#geometry/point.ts'
import { handleAfter, resizeBox } from '#geometry/resizeBox.ts'
import type { Box } from '#geometry/shape.ts'
import { axesOf } from '#geometry/view.ts'
import type { RegionKey } from '#model/region.ts'
import { type Draft, emptyDraft, type Guide, type HandlePlace } from './tool.ts'

/** A handle or side of a box, upright or turned, being dragged. */
export interface Resizing {
  readonly at: 'resizing'
  readonly key: RegionKey
  readonly handle: Handle
  /** the box as it was */
  readonly original: AnyBox
  /** from the press to the handle, so that nothing jumps, image px */
  readonly grip: Point
  readonly pointer: Pointing
}

/** Undefined when the box is gone since the press. */
export function startResizing(
  scene: Scene,
  key: RegionKey,
  handle: Handle,
  down: Pointing,
  pointer: Pointing,
): Resizing | undefined {
  const shape = scene.regions.get(key)?.shape
  if (!isAnyBox(shape)) return undefined
  const [x, y] = handlePlace(shape, handle)
  return { at: 'resizing', key, handle, original: shape, grip: [x - down.at[0], y - down.at[1]], pointer }
}

interface Resized {
  readonly box: AnyBox
  readonly handle: Handle
  readonly guides: readonly Guide[]
  /** corners of others that a turned box snapped to */
  readonly on: readonly Point[]
}

/** The box now, and what it snapped to: Shift keeps the ratio, Alt the middle; with Ctrl or Shift it does not snap. */
export function resizedBox(state: Resizing, scene: Scene): Resized {
  const { pointer, grip, handle, original } = state
  const to: Point = [pointer.at[0] + grip[0], pointer.at[1] + grip[1]]
  if (original.kind === 'box') return resizedUpright(state, original, to, scene)
  const how = { ratio: pointer.shift, fromCentre: pointer.alt }
  const free = pointer.ctrl || pointer.shift
  const { at, on } = free ? { at: to, on: [] } : snapTurned(scene, state.key, original, handle, to)
  const resized = resizeTurned(original, handle, at, scene.size, how)
  return { box: resized.shape, handle: resized.handle, guides: [], on }
}

function resizedUpright({ key, pointer, handle }: Resizing, original: Box, to: Point, scene: Scene): Resized {
  const across = handle.includes('w') || handle.includes('e')
  const along = handle.includes('n') || handle.includes('s')
  const opposite: Point = [
    handle.includes('w') ? original.x + original.w : original.x,
    handle.includes('n') ? original.y + original.h : original.y,
  ]
  const end: Point = [across ? to[0] : original.x + original.w, along ? to[1] : original.y + original.h]
  const snapped =
    pointer.ctrl || pointer.shift
      ? { at: to, guides: [] }
      : snapPoint(scene, end, { origin: opposite, except: key, x: across, y: along })
  const box = resizeBox(original, handle, snapped.at, scene.size, { ratio: pointer.shift, fromCentre: pointer.alt })
  return { box, handle: handleAfter(original, handle, box), guides: snapped.guides, on: [] }
}

export function resizingDraft(state: Resizing, scene: Scene): Draft {
  const region = scene.regions.get(state.key)
  if (!region) return emptyDraft
  const { box, handle, guides, on } = resizedBox(state, scene)
  return {
    shapes: [{ ...region, shape: box }],
    guides,
    marks: on.map((at) => ({ at, look: 'onVertex' })),
    readout: { text: sizeText(frameOf(box)), at: state.pointer.at },
    handles: handlePlaces(box, state.key, handle),
    cursor: resizeCursor(scene, box, handle),
    autoPan: true,
  }
}

/** `W × H` in whole image px. */
export const sizeText = ({ w, h }: { readonly w: number; readonly h: number }): string =>
  `${Math.round(w)} × ${Math.round(h)}`

export const handlePlaces = (shape: AnyBox, key: RegionKey, active?: Handle): readonly HandlePlace[] =>
  handles.map((handle) => ({ handle, at: handlePlace(shape, handle), key, active: handle === active }))

/** Handles of the selection, if it has any; `active` is the one under the pointer. */
export function selectionHandles(scene: Scene, active?: Handle): readonly HandlePlace[] {
  const region = handled(scene)
  return region ? handlePlaces(region.shape, region.key, active) : []
}

// by eighths of a turn from the right, clockwise; the other half looks the same
const cursors = ['ew-resize', 'nwse-resize', 'ns-resize', 'nesw-resize'] as const

/** The cursor that points where the handle pulls on the screen, however box and view are turned. */
export function resizeCursor(scene: Scene, shape: AnyBox | undefined, handle: Handle): string {
  const [x, y] = pullOf(shape ? frameOf(shape) : upright, handle)
  const { a, b, c, d } = axesOf(scene.view)
  const eighth = Math.round(Math.atan2(x * b + y * d, x * a + y * c) / (Math.PI / 4))
  return cursors[((eighth % 4) + 4) % 4]!
}

const upright = frameOf({ kind: 'box', x: 0, y: 0, w: 0, h: 0 })

/** The cursor over a handle of the selection. */
export const gripCursor = (scene: Scene, handle: Handle): string => resizeCursor(scene, handled(scene)?.shape, handle)
