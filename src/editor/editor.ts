import { isAnyBox } from '#geometry/boxFrame.ts'
import { unionPolygons } from '#geometry/polygonBoolean.ts'
import { asPolygon, removeVertices } from '#geometry/rings.ts'
import { turnableBox } from '#geometry/rotatedBox.ts'
import { type Polygon, type Shape, sameShape } from '#geometry/shape.ts'
import { type AttributeValue, sameAttributes, withAttribute } from '#model/attributes.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { copyText, cutOff, parseCopied, placeCopied } from './clipboard.ts'
import { type Combination, combined, crossedRings, cuttable, largestFirst } from './combine.ts'
import { EditorConcepts } from './editorConcepts.ts'
import { combinedMasks } from './masks.ts'
import { deletion, editEach, grown, type NewRegion, nudged } from './operations.ts'
import { type Reorder, reorderChange } from './paintOrder.ts'
import { simplifyTo, startSimplifying } from './simplifying.ts'
import { canGoBack } from './state.ts'
import { suggestedAmong } from './suggestions.ts'
import { nudgedVertices } from './tools/vertices.ts'
import { editedPolygon, pickedVertices } from './vertexHit.ts'

/** Image px within which a shape counts as unchanged: what turning there and back rounds. */
const UNMOVED = 1e-6

/**
 * The application without a screen: regions of one image, the tool in hand, selection, view and history. Everything a
 * person can do to regions is a method or an event here; what changed is told once, after it is whole.
 */
export class Editor extends EditorConcepts {
  #pasted = { text: '', count: 0 }
  /** the polygon of which one more vertex was to be deleted than it can lose: the next time it goes whole */
  #doomed: Shape | undefined
  #moved = false

  /** The arrows have moved or resized something on this image. */
  get movedByArrows(): boolean {
    return this.#moved
  }

  /** Gives each of these regions the attribute, or takes it away for undefined; one step. */
  setAttribute(keys: Iterable<RegionKey>, name: string, value: AttributeValue | undefined): void {
    this.tryPlan(
      editEach(this.state, keys, (region) => {
        const attributes = withAttribute(region.attributes, name, value)
        return sameAttributes(attributes, region.attributes) ? region : { ...region, attributes }
      }),
    )
  }

  /** New regions as they are, selected; one step. Answers with their keys. */
  addAll(items: readonly NewRegion[]): readonly RegionKey[] {
    return this.add(items)
  }

  /**
   * Takes back the last vertex of an unfinished shape, else deletes the picked vertices, else the selection; locked
   * regions stay unless `force`.
   */
  deleteSelected(force = false): void {
    if (canGoBack(this.state.toolState)) this.dispatch({ type: 'back' })
    else if (force || !this.#deletePicked()) this.#deleteAll(force)
  }

  /** Deletes what {@link selectAll} selects: what is seen, is not locked and was not only suggested. */
  deleteEvery(): void {
    this.run(() => {
      this.selectAll()
      this.#deleteAll(false)
    })
  }

  /** What was drawn is deleted, what is suggested turned down. */
  #deleteAll(force: boolean): void {
    const { selected } = this.state
    const suggested = suggestedAmong(this.state, selected).map(({ key }) => key)
    if (suggested.length < selected.size) this.#deleteRegions(force)
    else this.rejectSuggestions(suggested)
  }

  /** True when there were any to delete. */
  #deletePicked(): boolean {
    const region = editedPolygon(this.state)
    const vertices = pickedVertices(this.state)
    if (!region || vertices.size === 0) return false
    const next = removeVertices(region.shape, vertices)
    if (next) this.reshape(new Map([[region.key, next]]))
    else if (this.#doomed === region.shape) return false
    else {
      this.#doomed = region.shape
      this.notice({ text: 'A polygon keeps three points. Delete again removes the whole polygon.' })
    }
    return true
  }

  #deleteRegions(force: boolean): void {
    const { selected, readOnly, locked } = this.state
    const { change, reason } = deletion(this.state, force, (region) => readOnly ?? this.canEdit(region))
    if (change.size === 0) {
      const all = selected.size > 0 && selected.isSubsetOf(locked) && readOnly === undefined
      if (reason) this.notice({ text: all ? 'Locked. Shift+Delete deletes locked regions too.' : reason })
      return
    }
    const kept = [...selected].filter((key) => !change.has(key))
    this.run(() => {
      this.commitSelecting(change, kept)
      this.notice({ text: `${change.size} deleted${kept.length > 0 ? `, ${kept.length} kept` : ''}`, undo: true })
    })
  }

  /**
   * Moves the selection by image px, inside the image; of a polygon whose vertices are picked these; while a box is drawn
   * by keyboard, its caret.
   */
  nudge(dx: number, dy: number): void {
    this.#moved = true
    const { toolState } = this.state
    if (toolState.id === 'box' && toolState.state.at === 'caret') this.dispatch({ type: 'step', dx, dy })
    else if (pickedVertices(this.state).size > 0) this.#nudgeVertices(dx, dy)
    else this.reshape(nudged(this.state, dx, dy))
  }

  #nudgeVertices(dx: number, dy: number): void {
    const { key, shapes, vertices } = nudgedVertices(this.state, dx, dy)
    this.run(() => {
      this.reshape(shapes)
      const { shape } = this.state.regions.get(key)!
      if (shape.kind === 'polygon') this.update({ picked: { key, shape, vertices } })
    })
  }

  /** Moves the right and bottom sides of the selected boxes by image px; no side becomes smaller than 1. */
  resizeBy(dw: number, dh: number): void {
    this.#moved = true
    const shapes = grown(this.state, dw, dh)
    const stay =
      shapes.size > 0 &&
      [...shapes].every(([key, shape]) => sameShape(this.state.regions.get(key)!.shape, shape, UNMOVED))
    if (!stay || (dw === 0 && dh === 0)) this.reshape(shapes)
    else
      this.notice({ text: Math.max(dw, dh) > 0 ? 'At the edge of the image.' : 'No side becomes smaller than 1 px.' })
  }

  /** Copies of the selection on the same spot, selected. */
  duplicate(): void {
    const copied = parseCopied(this.copy()) ?? []
    if (copied.length > 0) this.add(copied)
  }

  /** The selection as text for the clipboard. */
  copy(): string {
    const { selected, order, regions } = this.state
    return copyText(order.filter((key) => selected.has(key)).map((key) => regions.get(key)!))
  }

  /**
   * Regions from {@link copy} at the same coordinates; where the originals still are, 8 screen px on, and 8 more each
   * time. Other text is ignored.
   */
  paste(json: string): void {
    const copied = parseCopied(json)
    if (!copied || copied.length === 0) return
    const onTop = copied.some(({ key }) => this.state.regions.has(key))
    const again = this.#pasted.text === json ? this.#pasted.count : 0
    const count = onTop || again > 0 ? again + 1 : 0
    this.#pasted = { text: json, count: Math.max(1, count) }
    const offset = (count * 8) / this.state.view.scale
    const { items, left, cut } = placeCopied(copied, offset, offset, this.state.size)
    this.run(() => {
      this.add(items)
      const words = [...(left > 0 ? [leftOut(left, copied.length)] : []), ...(cut > 0 ? [cutOff(cut)] : [])]
      if (words.length > 0) this.notice({ text: words.join(' ') })
    })
  }

  /** Union, difference or intersection of the selected masks, polygons and boxes, as one step. */
  combine(how: Combination): void {
    const masks = [...this.state.selected].some((key) => this.state.regions.get(key)?.shape.kind === 'mask')
    const before = this.state.regions
    const selected = [...this.state.selected]
    this.plan(masks ? combinedMasks(this.state, how) : combined(this.state, how))
    const gone = selected.filter((key) => before.has(key) && !this.state.regions.has(key))
    const [kept] = selected.filter((key) => this.state.regions.has(key))
    if (gone.length === 0 || kept === undefined) return
    const text = how === 'subtract' ? 'Subtracted. The region that cut is gone.' : this.#lost(before, gone, kept)
    if (text !== undefined) this.notice({ text, undo: true })
  }

  /** Says when regions with other concepts went into one; nothing when all had the same. */
  #lost(before: ReadonlyMap<RegionKey, Region>, gone: readonly RegionKey[], kept: RegionKey): string | undefined {
    const conceptsOf = (region: Region | undefined) => JSON.stringify(region?.concepts.map(({ id }) => id).toSorted())
    const own = conceptsOf(this.state.regions.get(kept))
    const others = gone.filter((key) => conceptsOf(before.get(key)) !== own).length
    if (others === 0) return undefined
    return `${others === 1 ? 'A region' : `${others} regions`} with other concepts went into the one selected first.`
  }

  /** Selected boxes become rotated boxes at 0°, which have a handle to turn them by. */
  makeTurnable(): void {
    const boxes = [...this.state.selected].flatMap((key): [RegionKey, Shape][] => {
      const shape = this.state.regions.get(key)?.shape
      return shape?.kind === 'box' ? [[key, turnableBox(shape)]] : []
    })
    this.reshape(new Map(boxes))
  }

  /** Selected boxes, rotated ones too, become polygons whose corners move one by one. */
  freeCorners(): void {
    const boxes = [...this.state.selected].flatMap((key): [RegionKey, Shape][] => {
      const shape = this.state.regions.get(key)?.shape
      return isAnyBox(shape) ? [[key, asPolygon(shape)!]] : []
    })
    this.reshape(new Map(boxes))
  }

  /** Splits the selected polygons where their outlines cross themselves, so that nothing is folded any more. */
  fixCrossing(): void {
    const pieces = new Map<RegionKey, readonly Polygon[]>()
    for (const [key, polygon] of cuttable(this.state).shapes) {
      if (crossedRings(polygon)) pieces.set(key, largestFirst(unionPolygons([polygon])))
    }
    if (pieces.size > 0) this.replace(pieces)
    else this.notice({ text: 'No selected outline crosses itself.' })
  }

  /** Opens the choice of how many points the selected polygon needs. */
  simplify(): void {
    const region = editedPolygon(this.state)
    if (region) this.update({ simplifying: startSimplifying(region.key, region.shape, region.shape, 0) })
    else this.sayWhyNot()
  }

  /** Shows the polygon with no point farther than this from where it was, image px; {@link applySimplify} keeps it. */
  setTolerance(tolerance: number): void {
    const { simplifying } = this.state
    if (simplifying) this.update({ simplifying: simplifyTo(simplifying, Math.max(0, tolerance)) })
  }

  applySimplify(): void {
    const { simplifying } = this.state
    if (!simplifying || simplifying.result.polygon === simplifying.applied) return
    const { polygon } = simplifying.result
    this.run(() => {
      this.reshape(new Map([[simplifying.key, polygon]]))
      this.update({ simplifying: { ...simplifying, applied: polygon } })
    })
  }

  endSimplify(): void {
    this.update({ simplifying: undefined })
  }

  /** Changes the paint order of the selection. */
  reorder(to: Reorder): void {
    const { selected, regions, order, whyNot } = this.state
    const keys = new Set([...selected].filter((key) => whyNot(regions.get(key)!) === undefined))
    if (keys.size === 0) this.sayWhyNot()
    else this.commit(reorderChange(regions, order, keys, to, (region) => whyNot(region) === undefined))
  }
}

const leftOut = (left: number, all: number): string => {
  if (left < all) return `${left} of ${all} not pasted: outside this image, which is smaller.`
  return all === 1
    ? 'Not pasted: it lies outside this image, which is smaller.'
    : 'Not pasted: all lie outside this image, which is smaller.'
}
