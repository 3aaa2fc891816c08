import { clampMove, union } from '#geometry/box.ts'
import { frameOf, fromFrame, isAnyBox, resizeTurned, type TurnedBox } from '#geometry/boxFrame.ts'
import type { Size } from '#geometry/point.ts'
import { resizeBox } from '#geometry/resizeBox.ts'
import { bounds, canMove, type Shape, translate } from '#geometry/shape.ts'
import { type Attributes, sameAttributes } from '#model/attributes.ts'
import type { Edit } from '#model/change.ts'
import { type ConceptTag, type Region, type RegionKey, regionKey } from '#model/region.ts'
import type { RegionChange } from './history.ts'
import type { Scene } from './scene.ts'

/** What an operation would do, and why it leaves some regions alone. */
export interface Planned {
  readonly change: RegionChange
  /** the first reason why a region stays as it is */
  readonly reason?: string | undefined
}

/** Each of `keys` replaced by what `edit` makes of it, where it may be changed. `edit` may return the same region. */
export function editEach(
  scene: Scene,
  keys: Iterable<RegionKey>,
  edit: (region: Region) => Region | undefined,
  whyNot: (region: Region) => string | undefined = scene.whyNot,
): Planned {
  const change = new Map<RegionKey, Edit<Region>>()
  let reason: string | undefined
  for (const key of keys) {
    const before = scene.regions.get(key)
    if (!before) continue
    const why = whyNot(before)
    if (why !== undefined) {
      reason ??= why
      continue
    }
    const after = edit(before)
    if (after !== before) change.set(key, { before, after })
  }
  return { change, reason }
}

/** Whether `concepts` is just this one, present. */
const isJust = (concepts: readonly ConceptTag[], id: string) =>
  concepts.length === 1 && concepts[0]!.id === id && concepts[0]!.value === 1

/** @param attributesOf what the region says as the new concept; without it what it said before */
export const relabel = (
  scene: Scene,
  keys: Iterable<RegionKey>,
  id: string,
  attributesOf: (region: Region) => Attributes | undefined = ({ attributes }) => attributes,
): Planned =>
  editEach(scene, keys, (region) => {
    if (isJust(region.concepts, id)) return region
    const attributes = attributesOf(region)
    const same = sameAttributes(attributes, region.attributes)
    return { ...region, concepts: [{ id, value: 1 }], ...(!same && { attributes }) }
  })

export const reshape = (scene: Scene, shapes: ReadonlyMap<RegionKey, Shape>): Planned =>
  editEach(scene, shapes.keys(), (region) => {
    const shape = shapes.get(region.key)!
    return shape === region.shape ? region : { ...region, shape }
  })

/** The selection deleted; `force` takes locked ones too. */
export const deletion = (scene: Scene, force: boolean, mayEver: Scene['whyNot']): Planned =>
  editEach(scene, scene.selected, () => undefined, force ? mayEver : scene.whyNot)

const editable = (scene: Scene): readonly Region[] =>
  [...scene.selected].map((key) => scene.regions.get(key)!).filter((region) => scene.whyNot(region) === undefined)

/** The selection moved together by image px, inside the image. */
export function nudged(scene: Scene, dx: number, dy: number): ReadonlyMap<RegionKey, Shape> {
  const movable = editable(scene).filter((region) => canMove(region.shape))
  const around = union(movable.map((region) => bounds(region.shape)))
  const [x, y] = around ? clampMove(around, dx, dy, scene.size) : [0, 0]
  return new Map(movable.map(({ key, shape }) => [key, x === 0 && y === 0 ? shape : translate(shape, x, y)]))
}

/** The selected boxes, turned or not, with their right and bottom sides moved by image px. */
export function grown(scene: Scene, dw: number, dh: number): ReadonlyMap<RegionKey, Shape> {
  const shapes = new Map<RegionKey, Shape>()
  for (const { key, shape } of editable(scene)) {
    if (!isAnyBox(shape)) continue
    if (shape.kind === 'polygon') {
      shapes.set(key, grownTurned(shape, dw, dh, scene.size))
      continue
    }
    const right = shape.x + Math.max(1, shape.w + dw)
    const bottom = shape.y + Math.max(1, shape.h + dh)
    const after = resizeBox(shape, 'se', [right, bottom], scene.size)
    shapes.set(key, after.w === shape.w && after.h === shape.h ? shape : after)
  }
  return shapes
}

function grownTurned(shape: TurnedBox, dw: number, dh: number, size: Size): TurnedBox {
  const frame = frameOf(shape)
  const corner = fromFrame(frame, [Math.max(1, frame.w + dw), Math.max(1, frame.h + dh)])
  return resizeTurned(shape, 'se', corner, size).shape
}

export interface NewRegion {
  readonly shape: Shape
  readonly concepts: readonly ConceptTag[]
  readonly attributes?: Attributes | undefined
  /** region id; a new one without it */
  readonly id?: string | undefined
}

/** ANNOTATION_SUCCESS, what free labeling makes */
const status = 24150

/** New regions of this person, each an annotation of its own, painted over all others. */
export function additions(scene: Scene, items: readonly NewRegion[], newId: () => string): RegionChange {
  const last = scene.order.at(-1)
  const z = last === undefined ? 0 : Math.max(0, scene.regions.get(last)!.z)
  const change = new Map<RegionKey, Edit<Region>>()
  for (const { shape, concepts, attributes, id: given } of items) {
    const annotation = newId()
    const id = given ?? newId()
    const key = regionKey(annotation, id)
    const madeBy = { kind: 'user', id: scene.userId } as const
    change.set(key, { after: { key, id, annotation, shape, concepts, attributes, status, madeBy, z } })
  }
  return change
}

/** Each region becomes the first of its pieces; the others are new ones like it, painted over all; none: it goes. */
export function replaced(
  scene: Scene,
  pieces: ReadonlyMap<RegionKey, readonly Shape[]>,
  newId: () => string,
): Planned & { readonly keys: readonly RegionKey[] } {
  const planned = editEach(scene, pieces.keys(), (region) => {
    const [shape] = pieces.get(region.key)!
    return shape && { ...region, shape }
  })
  const change = new Map(planned.change)
  const keys: RegionKey[] = []
  for (const key of planned.change.keys()) {
    const [first, ...rest] = pieces.get(key)!
    if (first) keys.push(key)
    const { concepts, attributes } = scene.regions.get(key)!
    const added = additions(
      scene,
      rest.map((shape) => ({ shape, concepts, attributes })),
      newId,
    )
    for (const [other, edit] of added) change.set(other, edit)
    keys.push(...added.keys())
  }
  return { ...planned, change, keys }
}
