import { handled } from '#editor/hit.ts'
import type { Pointing, Scene } from '#editor/scene.ts'
import { snapPoint } from '#editor/snap.ts'
import { type Handle, handleAt, handles } from '#geometry/box.ts'
import type { Point } from '#geometry/point.ts'
import { handleAfter, resizeBox } from '#geometry/resizeBox.ts'
import type { Box } from '#geometry/shape.ts'
import type { RegionKey } from '#model/region.ts'
import { type Draft, emptyDraft, type Guide, type HandlePlace } from './tool.ts'

/** A handle or side of a box being dragged. */
export interface Resizing {
  readonly at: 'resizing'
  readonly key: RegionKey
  readonly handle: Handle
  /** the box as it was */
  readonly original: Box
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
  if (shape?.kind !== 'box') return undefined
  const [x, y] = handleAt(shape, handle)
  return { at: 'resizing', key, handle, original: shape, grip: [x - down.at[0], y - down.at[1]], pointer }
}

/** The box now, and what it snapped to: Shift keeps the ratio, Alt the middle, Ctrl does not snap. */
export function resizedBox(
  state: Resizing,
  scene: Scene,
): { readonly box: Box; readonly handle: Handle; readonly guides: readonly Guide[] } {
  const { pointer, grip, handle, original } = state
  const raw: Point = [pointer.at[0] + grip[0], pointer.at[1] + grip[1]]
  const across = handle.includes('w') || handle.includes('e')
  const along = handle.includes('n') || handle.includes('s')
  const opposite: Point = [
    handle.includes('w') ? original.x + original.w : original.x,
    handle.includes('n') ? original.y + original.h : original.y,
  ]
  const end: Point = [across ? raw[0] : original.x + original.w, along ? raw[1] : original.y + original.h]
  const snapped =
    pointer.ctrl || pointer.shift
      ? { at: raw, guides: [] }
      : snapPoint(scene, end, { origin: opposite, except: state.key, x: across, y: along })
  const box = resizeBox(original, handle, snapped.at, scene.size, { ratio: pointer.shift, fromCentre: pointer.alt })
  return { box, handle: handleAfter(original, handle, box), guides: snapped.guides }
}

export function resizingDraft(state: Resizing, scene: Scene): Draft {
  const region = scene.regions.get(state.key)
  if (!region) return emptyDraft
  const { box, handle, guides } = resizedBox(state, scene)
  return {
    shapes: [{ ...region, shape: box }],
    guides,
    readout: { text: sizeText(box), at: state.pointer.at },
    handles: handlePlaces(box, state.key, handle),
    cursor: resizeCursor(handle),
    autoPan: true,
  }
}

/** `W × H` in whole image px. */
export const sizeText = (b: Box): string => `${Math.round(b.w)} × ${Math.round(b.h)}`

export const handlePlaces = (b: Box, key: RegionKey, active?: Handle): readonly HandlePlace[] =>
  handles.map((handle) => ({ handle, at: handleAt(b, handle), key, active: handle === active }))

/** Handles of the selection, if it has any; `active` is the one under the pointer. */
export function selectionHandles(scene: Scene, active?: Handle): readonly HandlePlace[] {
  const region = handled(scene)
  return region ? handlePlaces(region.shape, region.key, active) : []
}

const cursors: Readonly<Record<Handle, string>> = {
  nw: 'nwse-resize',
  se: 'nwse-resize',
  ne: 'nesw-resize',
  sw: 'nesw-resize',
  n: 'ns-resize',
  s: 'ns-resize',
  w: 'ew-resize',
  e: 'ew-resize',
}

export const resizeCursor = (handle: Handle): string => cursors[handle]
