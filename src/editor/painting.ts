import type { Bits } from '#geometry/bits.ts'
import type { Footprint } from '#geometry/brush.ts'
import { type Area, boxOf, type MaskRaster, type Scratch, withoutBits } from '#geometry/maskRaster.ts'
import type { Point } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'
import type { Attributes } from '#model/attributes.ts'
import type { Edit } from '#model/change.ts'
import type { Region, RegionKey } from '#model/region.ts'
import type { RegionChange } from './history.ts'
import { additions } from './operations.ts'
import type { Scene } from './scene.ts'
import type { ToolId } from './tools/tool.ts'

/** What becomes of other masks under a stroke: both keep the pixels, the stroke takes them, or they keep theirs. */
export type Overlap = 'overlay' | 'overwrite' | 'preserve'

/** How the brush paints: the person's, from image to image. Lengths are image px. */
export interface BrushSettings {
  /** 1 … 500 */
  readonly size: number
  readonly shape: Footprint['shape']
  /** a pen's pressure narrows the stroke; the first pen that feels any turns it on */
  readonly pressure: boolean
  /** the person has turned pressure on or off: no pen does */
  readonly pressureSet: boolean
  /** 0 … 100: the length of the rope on which the pointer pulls the brush, screen px */
  readonly stabiliser: number
  readonly overlap: Overlap
  /** the bucket passes over gaps of at most this */
  readonly closeGaps: number
  /** pieces of fewer pixels are islands */
  readonly islands: number
}

export const defaultBrush: BrushSettings = {
  size: 20,
  shape: 'circle',
  pressure: false,
  pressureSet: false,
  stabiliser: 0,
  overlap: 'overlay',
  closeGaps: 0,
  islands: 50,
}

export const largestBrush = 500

const paintTools: ReadonlySet<ToolId> = new Set(['brush', 'eraser', 'bucket', 'lasso'])

/** Tools that paint masks: what one of them paints belongs to the current mask. */
export const isPaintTool = (id: ToolId): boolean => paintTools.has(id)

const steps = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25]

/** The next size up or down: 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25 and a quarter more each. */
export function nextSize(size: number, direction: 1 | -1): number {
  const sizes = [...steps]
  while (sizes.at(-1)! < largestBrush) sizes.push(Math.min(largestBrush, Math.round(sizes.at(-1)! * 1.25)))
  const next = direction === 1 ? sizes.find((one) => one > size) : sizes.findLast((one) => one < size)
  return next ?? size
}

/** The settings as they may be: whole numbers in their ranges; what is none is the default. */
export function validBrush(brush: BrushSettings): BrushSettings {
  const whole = (name: 'size' | 'stabiliser' | 'closeGaps' | 'islands', least: number, most: number) =>
    Number.isFinite(brush[name]) ? Math.min(most, Math.max(least, Math.round(brush[name]))) : defaultBrush[name]
  return {
    size: whole('size', 1, largestBrush),
    shape: brush.shape === 'square' ? 'square' : 'circle',
    pressure: brush.pressure === true,
    pressureSet: brush.pressureSet === true,
    stabiliser: whole('stabiliser', 0, 100),
    overlap: brush.overlap === 'overwrite' || brush.overlap === 'preserve' ? brush.overlap : 'overlay',
    closeGaps: 2 * Math.ceil(whole('closeGaps', 0, 50) / 2),
    islands: whole('islands', 1, 100_000),
  }
}

/** Where the last stroke ended, and the bits it was painted on: the next one may go on with both. */
export interface Painted {
  readonly raster: MaskRaster
  readonly end?: Point | undefined
  /** what the stroke left of its mask */
  readonly mask: Mask | undefined
}

/** Where the last stroke on this mask ended, if nothing else was painted since: another mask begins anew. */
export const strokeEnd = (
  { painted, regions }: Pick<Scene, 'painted' | 'regions'>,
  key: RegionKey | undefined,
): Point | undefined =>
  painted?.mask && key !== undefined && regions.get(key)?.shape === painted.mask ? painted.end : undefined

/** The one selected mask: what is painted belongs to it. */
export function currentMask(
  scene: Pick<Scene, 'selected' | 'regions'>,
): (Region & { readonly shape: Mask }) | undefined {
  if (scene.selected.size !== 1) return undefined
  const [key] = scene.selected
  const region = scene.regions.get(key!)
  return region?.shape.kind === 'mask' ? (region as Region & { readonly shape: Mask }) : undefined
}

/** Other visible masks that reach into `area`. */
export function* masksIn(scene: Scene, area: Area, except: RegionKey | undefined): Iterable<Region & { shape: Mask }> {
  const box = boxOf(area)
  if (!box) return
  for (const key of scene.index.search(box)) {
    const region = scene.regions.get(key)
    if (key === except || region?.shape.kind !== 'mask' || scene.hidden.has(key)) continue
    yield region as Region & { shape: Mask }
  }
}

/** Answers with bits that hold the other masks, each from when a stroke comes near it. */
export function sparing(scene: Scene, except: RegionKey | undefined, scratch: Scratch): (area: Area) => Bits {
  const known = new Set<RegionKey>()
  return (area) => {
    for (const { key, shape } of masksIn(scene, area, except)) {
      if (known.has(key)) continue
      known.add(key)
      scratch.add(shape)
    }
    return scratch.bits
  }
}

/** What a stroke that overwrites leaves of the masks under it. */
export interface Overwritten {
  /** undefined: nothing */
  readonly shapes: ReadonlyMap<RegionKey, Mask | undefined>
  /** masks that stay whole, since they may not be changed */
  readonly kept: number
}

export const nothingOverwritten: Overwritten = { shapes: new Map(), kept: 0 }

export function overwritten(scene: Scene, except: RegionKey | undefined, trace: Bits, area: Area): Overwritten {
  const shapes = new Map<RegionKey, Mask | undefined>()
  let kept = 0
  for (const region of masksIn(scene, area, except)) {
    const rest = withoutBits(region.shape, trace, area)
    if (rest === region.shape) continue
    if (scene.whyNot(region) === undefined) shapes.set(region.key, rest)
    else kept++
  }
  return { shapes, kept }
}

/** What a stroke comes to: the current mask, or a new one, and what it took from others. */
export interface PaintedStroke {
  /** the mask that was continued */
  readonly key: RegionKey | undefined
  /** undefined: nothing is left of it */
  readonly mask: Mask | undefined
  readonly others: ReadonlyMap<RegionKey, Mask | undefined>
}

/** The stroke as one change, and what is to be selected after it. A mask that is gone meanwhile is made anew. */
export function paintedChange(
  scene: Scene,
  { key, mask, others }: PaintedStroke,
  newId: () => string,
  attributes?: Attributes,
): { readonly change: RegionChange; readonly keys: readonly RegionKey[] } {
  const change = new Map<RegionKey, Edit<Region>>()
  for (const [other, shape] of others) {
    const before = scene.regions.get(other)
    if (before) change.set(other, { before, ...(shape && { after: { ...before, shape } }) })
  }
  const before = key === undefined ? undefined : scene.regions.get(key)
  if (before) {
    if (before.shape !== mask) change.set(before.key, { before, ...(mask && { after: { ...before, shape: mask } }) })
    return { change, keys: mask ? [before.key] : [] }
  }
  if (!mask) return { change, keys: [] }
  const concepts = scene.concept === undefined ? [] : [{ id: scene.concept, value: 1 }]
  const added = additions(scene, [{ shape: mask, concepts, attributes }], newId)
  for (const [other, edit] of added) change.set(other, edit)
  return { change, keys: [...added.keys()] }
}
