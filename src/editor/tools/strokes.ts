import { stackAt } from '#editor/hit.ts'
import { currentMask, nothingOverwritten, overwritten, type Painted, sparing, strokeEnd } from '#editor/painting.ts'
import type { Pointing, Scene } from '#editor/scene.ts'
import { BrushStroke } from '#geometry/brushStroke.ts'
import { type Area, boxOf, emptyArea, joined, MaskRaster } from '#geometry/maskRaster.ts'
import type { Point } from '#geometry/point.ts'
import { type Box, bounds, type Mask } from '#geometry/shape.ts'
import type { RegionKey } from '#model/region.ts'
import type { Effect, Painting } from './tool.ts'

/** Whether a gesture adds to the mask or takes from it. */
export type PaintMode = 'add' | 'erase'

/** A stroke that has begun; `stroke` and the raster change as it goes on, the rest is replaced. */
export interface Begun {
  readonly raster: MaskRaster
  readonly stroke: BrushStroke
  readonly mode: PaintMode
  /** the mask that is continued */
  readonly key: RegionKey | undefined
  /** counts what has been painted */
  readonly version: number
  /** changed since the version before */
  readonly dirty: Box | undefined
}

/** The mask a gesture is about, or why it may not be. */
export type Target = { readonly key: RegionKey | undefined; readonly mask: Mask | undefined } | { readonly why: string }

/**
 * What is painted belongs to the one selected mask, else to a new one. Taking away needs a mask: without a selected
 * one, that under the pointer.
 */
export function targetOf(scene: Scene, mode: PaintMode, at: Point): Target {
  if (scene.readOnly !== undefined) return { why: scene.readOnly }
  const current = currentMask(scene)
  if (current) {
    const why = scene.hidden.has(current.key) ? 'The selected mask is hidden. H in Select shows it.' : undefined
    const reason = why ?? scene.whyNot(current)
    return reason === undefined ? { key: current.key, mask: current.shape } : { why: reason }
  }
  const [selected] = scene.selected
  const single = scene.selected.size === 1 ? scene.regions.get(selected!) : undefined
  if (single?.shape.kind === 'asReceived' && single.shape.what === 'mask')
    return { why: single.shape.why ?? 'This mask is not read yet.' }
  if (mode === 'add') return { key: undefined, mask: undefined }
  for (const key of stackAt(scene, at, 0)) {
    const region = scene.regions.get(key)
    if (region?.shape.kind !== 'mask') continue
    const why = scene.whyNot(region)
    return why === undefined ? { key, mask: region.shape } : { why }
  }
  return { why: 'Nothing to erase: select a mask, or press on one.' }
}

/** Selects the mask that is taken up by pressing on it. */
export const takenUp = (scene: Scene, { key }: Exclude<Target, { why: string }>): readonly Effect[] =>
  key !== undefined && !scene.selected.has(key) ? [{ do: 'select', keys: [key] }] : []

/** Pen's eraser end and barrel erase whatever the tool; else Alt turns the tool round. */
export function modeOf(tool: PaintMode, pointer: Pointing): PaintMode {
  if (pointer.erases) return 'erase'
  if (!pointer.alt) return tool
  return tool === 'add' ? 'erase' : 'add'
}

export function begin(scene: Scene, target: Exclude<Target, { why: string }>, mode: PaintMode): Begun {
  const raster = scene.painted?.raster ?? new MaskRaster(scene.size)
  raster.show(target.mask)
  const { shape, overlap } = scene.brush
  const stroke = new BrushStroke({
    bits: raster.bits,
    shape,
    on: mode === 'add',
    ...(mode === 'add' && overlap === 'preserve' && { spared: sparing(scene, target.key, raster.scratch) }),
    ...(mode === 'add' && overlap === 'overwrite' && { trace: raster.scratch.bits }),
  })
  return { raster, stroke, mode, key: target.key, version: 0, dirty: undefined }
}

/** After something was painted, or taken back inside `also`: what the canvas has to look at. */
export function advanced(begun: Begun, also: Area = emptyArea): Begun {
  const dirty = boxOf(joined(begun.stroke.takeDirty(), also))
  return dirty ? { ...begun, version: begun.version + 1, dirty } : begun
}

/** The same stroke with nothing painted yet, and where there was something. */
export function restarted(scene: Scene, begun: Begun): readonly [Begun, Area] {
  giveUp(begun)
  const { key, mode, version } = begun
  return [{ ...begin(scene, { key, mask: begun.raster.shown }, mode), version }, begun.stroke.area]
}

/** Takes back all that the stroke has painted. */
export function giveUp({ raster, stroke }: Begun): void {
  raster.restore(stroke.area)
  raster.clearScratch(stroke.area)
}

/** The stroke becomes part of its mask: one step of undo. */
export function finish(scene: Scene, { raster, stroke, mode, key }: Begun, end: Point | undefined): readonly Effect[] {
  stroke.end()
  const { area } = stroke
  const before = key === undefined ? undefined : scene.regions.get(key)?.shape
  const mask = raster.take(area)
  const { trace } = stroke
  const { shapes, kept } = trace ? overwritten(scene, key, trace, area) : nothingOverwritten
  raster.clearScratch(area)
  const painted: Painted = { raster, end: end ?? strokeEnd(scene, key), mask }
  const effects: Effect[] = [{ do: 'painted', painted }]
  if (mask !== before || shapes.size > 0) effects.push({ do: 'paint', stroke: { key, mask, others: shapes } })
  const text = wordsFor({ mode, kept, mask, before: before?.kind === 'mask' ? before : undefined, scene })
  if (text !== undefined) effects.push({ do: 'notice', text })
  return effects
}

function wordsFor(what: {
  readonly mode: PaintMode
  readonly kept: number
  readonly mask: Mask | undefined
  readonly before: Mask | undefined
  readonly scene: Scene
}): string | undefined {
  const { mode, kept, mask, before, scene } = what
  if (kept > 0)
    return `${kept} ${kept === 1 ? 'mask' : 'masks'} below stayed as ${kept === 1 ? 'it is' : 'they are'}: locked, or not yours.`
  if (mode === 'erase' && before && !mask) return 'Nothing was left of the mask: it is deleted.'
  if (mode === 'add' && !before && !mask && scene.brush.overlap === 'preserve')
    return 'Nothing painted: other masks are preserved here.'
  return undefined
}

/** A whole change at once, for tools that do not follow the pointer. */
export function paintAtOnce(
  scene: Scene,
  target: Exclude<Target, { why: string }>,
  mode: PaintMode,
  pixels: Mask,
): readonly Effect[] {
  const begun = begin(scene, target, mode)
  begun.stroke.fill(pixels)
  return finish(scene, begun, undefined)
}

/** What the canvas paints live. */
export const paintingOf = (scene: Scene, { raster, key, mode, version, dirty }: Begun): Painting | undefined =>
  scene.peek === 'bare' ? undefined : { key, bits: raster.bits, mode, version, dirty, concept: scene.concept }

/** Enter: the mask is done, the next stroke begins another. One without a concept is asked for it. */
export function finishMask(scene: Scene): readonly Effect[] {
  const current = currentMask(scene)
  if (!current) return []
  const done: Effect = { do: 'select', keys: [] }
  if (current.concepts.length > 0 || scene.whyNot(current) !== undefined) return [done]
  return [done, { do: 'ask', ask: { kind: 'concept', keys: [current.key], near: bounds(current.shape) } }]
}
