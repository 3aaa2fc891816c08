import { currentMask, strokeEnd } from '#editor/painting.ts'
import type { Pointing, Scene } from '#editor/scene.ts'
import { snapCentre } from '#geometry/brush.ts'
import type { Point } from '#geometry/point.ts'
import { drawnRegion } from './drawn.ts'
import { type Begun, modeOf, type PaintMode, paintingOf } from './strokes.ts'
import { type BrushMark, type Draft, emptyDraft, type Sketch } from './tool.ts'

/** Screen px an image pixel must measure for its corners to be seen in the outline of the brush. */
export const seenPixel = 6

/** The outline of the brush under a pointer that paints nothing now; with Shift the line a press would draw. */
export function brushDraft(pointer: Pointing | undefined, tool: PaintMode, scene: Scene): Draft {
  if (isForbidden(scene)) return { ...emptyDraft, cursor: 'not-allowed' }
  if (!pointer || pointer.kind === 'touch') return { ...emptyDraft, cursor: 'crosshair' }
  const mode = modeOf(tool, pointer)
  const end = pointer.shift ? strokeEnd(scene, currentMask(scene)?.key) : undefined
  const { sizing, brush } = scene
  return {
    ...emptyDraft,
    brush: mark(sizing ?? pointer.at, mode, scene),
    readout: sizing && { text: `${brush.size} px`, at: sizing },
    sketch: end && line(end, pointer.at, scene),
    cursor: 'none',
  }
}

/** A stroke under way; with a stabiliser, the rope on which the pointer pulls the brush. */
export function strokeDraft(begun: Begun, pointer: Pointing, tip: Point, scene: Scene): Draft {
  return {
    ...emptyDraft,
    painting: paintingOf(scene, begun),
    brush: pointer.kind === 'touch' ? undefined : mark(tip, begun.mode, scene),
    sketch: tip === pointer.at ? undefined : line(tip, pointer.at, scene),
    cursor: 'none',
    autoPan: true,
  }
}

/** On the pixels that it would paint, as soon as these can be seen. */
function mark(at: Point, mode: PaintMode, { brush, view }: Scene): BrushMark {
  const { size, shape } = brush
  return { at: view.scale >= seenPixel ? snapCentre(at, size) : at, size, shape, erases: mode === 'erase' }
}

const line = (from: Point, to: Point, scene: Scene): Sketch => ({
  region: drawnRegion({ kind: 'polygon', points: [from, to] }, scene),
  strokes: [{ points: [from, to], look: 'rubber' }],
})

/** Nothing here may be changed, or not the mask that is selected. */
export function isForbidden(scene: Scene): boolean {
  const current = currentMask(scene)
  return scene.readOnly !== undefined || (current !== undefined && scene.whyNot(current) !== undefined)
}
