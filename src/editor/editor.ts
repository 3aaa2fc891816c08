import { clampPoint } from '#geometry/box.ts'
import type { Size } from '#geometry/point.ts'
import { unionPolygons } from '#geometry/polygonBoolean.ts'
import { removeVertices } from '#geometry/rings.ts'
import { bounds, type Polygon, type Shape } from '#geometry/shape.ts'
import { toImage } from '#geometry/view.ts'
import { apply, diff } from '#model/change.ts'
import { newId } from '#model/ids.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { copyText, parseCopied, placeCopied } from './clipboard.ts'
import { type Combination, combined, crossedRings, cuttable, largestFirst, type Pieces } from './combine.ts'
import { EditorView } from './editorView.ts'
import {
  emptyHistory,
  type History,
  type RegionChange,
  record,
  redo,
  type SavedHistory,
  sameRegion,
  type Taken,
  undo,
} from './history.ts'
import {
  additions,
  deletion,
  editEach,
  grown,
  type NewRegion,
  nudged,
  type Planned,
  relabel,
  replaced,
  reshape,
} from './operations.ts'
import { moves, paintOrder, type Reorder, reorderChange } from './paintOrder.ts'
import { liveSimplifying, simplifyTo, startSimplifying, withSimplified } from './simplifying.ts'
import {
  canGoBack,
  canGoForward,
  draftOf,
  type EditorState,
  isBusy,
  keepsWork,
  startOf,
  startState,
  stepTool,
  type ToolState,
} from './state.ts'
import { Announcer } from './store.ts'
import type { Ask, Effect, ToolEvent, ToolId } from './tools/tool.ts'
import { editedPolygon, pickedVertices } from './vertexHit.ts'

export type Origin = 'user' | 'undo' | 'redo'

export interface UndoResult {
  readonly done: boolean
  /** why a whole step was left out, for the person */
  readonly skipped?: string
}

/** Something to tell the person; `undo` offers to take it back. */
export interface Notice {
  readonly text: string
  readonly undo?: boolean
  /** offers {@link Editor.fixCrossing} */
  readonly fix?: boolean
}

export interface EditorOptions {
  /** of the image as displayed */
  readonly size: Size
  readonly userId: string
  /** why this region may not be changed by this person; undefined = it may */
  readonly canEdit: (region: Region) => string | undefined
  /** why nothing may be changed at all */
  readonly readOnly?: string
  /** ms since 1970 */
  readonly now?: () => number
  readonly newId?: () => string
}

/**
 * The application without a screen: regions of one image, the tool in hand, selection, view and history. Everything a
 * person can do to regions is a method or an event here; what changed is told once, after it is whole.
 */
export class Editor extends EditorView {
  readonly #now: () => number
  readonly #newId: () => string
  readonly #canEdit: (region: Region) => string | undefined
  readonly #commits = new Announcer<[change: RegionChange, origin: Origin]>()
  readonly #notices = new Announcer<[notice: Notice]>()
  readonly #asks = new Announcer<[ask: Ask]>()
  #history: History = emptyHistory
  #settled: EditorState | undefined
  #pasted = { text: '', count: 0 }
  /** an unfinished shape that was given up, until something else happens; the first thing that undo brings back */
  #discarded: ToolState | undefined
  /** the polygon of which one more vertex was to be deleted than it can lose: the next time it goes whole */
  #doomed: Shape | undefined
  #drawing: ToolId = 'box'

  constructor(options: EditorOptions) {
    const { size, userId, readOnly } = options
    const start = startState({ size, userId, readOnly, whyNot: (region) => this.#whyNot(region) })
    super(start, (state) => this.#settle(state))
    this.#now = options.now ?? Date.now
    this.#newId = options.newId ?? newId
    this.#canEdit = options.canEdit
  }

  /** Tells of what this person changed, undone and redone included; never of what was loaded. */
  onCommit(listener: (change: RegionChange, origin: Origin) => void): () => void {
    return this.#commits.listen(listener)
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    return this.#notices.listen(listener)
  }

  onAsk(listener: (ask: Ask) => void): () => void {
    return this.#asks.listen(listener)
  }

  /**
   * What server ⊕ outbox now says. Never enters the history; a running gesture and the selection stay. A region that
   * differs from ours by rounding only stays the one we have.
   */
  load(regions: ReadonlyMap<RegionKey, Region>): void {
    if (isSame(this.state.regions, regions)) return
    const change = diff(this.state.regions, regions, (ours, theirs) => this.#sameLoaded(ours, theirs))
    this.#run(() => {
      const next = new Map<RegionKey, Region>()
      for (const [key, region] of regions) next.set(key, change.has(key) ? region : this.state.regions.get(key)!)
      if (change.size > 0 || !isSame(this.state.regions, next)) this.#setRegions(next, change, paintOrder(next))
    })
  }

  /** What the tool is told; screen and image position are the caller's ({@link PointerInput} makes them). */
  dispatch(event: ToolEvent): void {
    this.#run(() => this.#step(event))
  }

  /** Makes the change and one step of history. */
  commit(change: RegionChange): void {
    if (change.size > 0) this.#commit(change, this.state.selected)
  }

  /**
   * Takes back the last vertex or the gesture under way, else brings back the unfinished shape just discarded, else
   * takes back the last step. A step that does not fit any more is dropped, with a notice.
   */
  undo(): UndoResult {
    const { toolState } = this.state
    if (canGoBack(toolState)) this.dispatch({ type: 'back' })
    else if (isBusy(toolState)) this.dispatch({ type: 'cancel' })
    else if (this.#discarded) this.#resume(this.#discarded)
    else return this.#travel(undo, 'undo')
    return { done: true }
  }

  redo(): UndoResult {
    const { toolState } = this.state
    if (canGoForward(toolState)) {
      this.dispatch({ type: 'forward' })
      return { done: true }
    }
    if (isBusy(toolState)) return { done: false }
    return this.#travel(redo, 'redo')
  }

  /** A structured clone of it restores the same history. */
  history(): SavedHistory {
    return { version: 1, ...this.#history }
  }

  restoreHistory(saved: SavedHistory): void {
    if (saved.version !== 1) return
    this.#run(() => {
      this.#history = { past: saved.past, future: saved.future }
    })
  }

  /** An unfinished shape is discarded, which undo takes back. */
  setTool(id: ToolId): void {
    const { tool, toolState } = this.state
    if (tool === id) return
    this.#run(() => {
      if (keepsWork(toolState)) this.#discard(toolState)
      if (id !== 'select' && id !== 'cut') this.#drawing = id
      this.#update({ tool: id, toolState: startOf(id), hovered: undefined })
    })
  }

  /** N: the tool that was drawn with last. */
  drawAgain(): void {
    this.setTool(this.#drawing)
  }

  setReadOnly(reason: string | undefined): void {
    if (this.state.readOnly !== reason) this.#update({ readOnly: reason })
  }

  /** The active concept: new regions get it. */
  setConcept(id: string | undefined): void {
    if (this.state.concept !== id) this.#update({ concept: id })
  }

  /** What a digit does: makes it the active concept and gives it to the selection. */
  pickConcept(id: string): void {
    this.#run(() => {
      this.setConcept(id)
      if (this.state.selected.size > 0) this.setConceptOf(this.state.selected, id)
    })
  }

  setConceptOf(keys: Iterable<RegionKey>, conceptId: string): void {
    this.#try(relabel(this.state, keys, conceptId))
  }

  /**
   * Takes back the last vertex of an unfinished shape, else deletes the picked vertices, else the selection; locked
   * regions stay unless `force`.
   */
  deleteSelected(force = false): void {
    if (canGoBack(this.state.toolState)) this.dispatch({ type: 'back' })
    else if (force || !this.#deletePicked()) this.#deleteRegions(force)
  }

  /** True when there were any to delete. */
  #deletePicked(): boolean {
    const region = editedPolygon(this.state)
    const vertices = pickedVertices(this.state)
    if (!region || vertices.size === 0) return false
    const next = removeVertices(region.shape, vertices)
    if (next) this.#reshape(new Map([[region.key, next]]))
    else if (this.#doomed === region.shape) return false
    else {
      this.#doomed = region.shape
      this.#notice({ text: 'A polygon keeps three points. Delete again removes the whole polygon.' })
    }
    return true
  }

  #deleteRegions(force: boolean): void {
    const { selected, readOnly, locked } = this.state
    const { change, reason } = deletion(this.state, force, (region) => readOnly ?? this.#canEdit(region))
    if (change.size === 0) {
      const all = selected.size > 0 && selected.isSubsetOf(locked) && readOnly === undefined
      if (reason) this.#notice({ text: all ? 'Locked. Shift+Delete deletes locked regions too.' : reason })
      return
    }
    const kept = [...selected].filter((key) => !change.has(key))
    this.#run(() => {
      this.#commit(change, kept)
      this.#notice({ text: `${change.size} deleted${kept.length > 0 ? `, ${kept.length} kept` : ''}`, undo: true })
    })
  }

  /** Moves the selection by image px, inside the image; while a box is drawn by keyboard, its caret. */
  nudge(dx: number, dy: number): void {
    const { toolState } = this.state
    if (toolState.id === 'box' && toolState.state.at === 'caret') this.dispatch({ type: 'step', dx, dy })
    else this.#reshape(nudged(this.state, dx, dy))
  }

  /** Moves the right and bottom sides of the selected boxes by image px; no side becomes smaller than 1. */
  resizeBy(dw: number, dh: number): void {
    this.#reshape(grown(this.state, dw, dh))
  }

  /** Copies of the selection on the same spot, selected. */
  duplicate(): void {
    const copied = parseCopied(this.copy()) ?? []
    if (copied.length > 0) this.#add(copied)
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
    this.#add(placeCopied(copied, offset, offset, this.state.size))
  }

  /** Union, difference or intersection of the selected polygons and boxes, as one step. */
  combine(how: Combination): void {
    const pieces = combined(this.state, how)
    if (typeof pieces === 'string') this.#notice({ text: pieces })
    else this.#replace(pieces)
  }

  /** Splits the selected polygons where their outlines cross themselves, so that nothing is folded any more. */
  fixCrossing(): void {
    const pieces = new Map<RegionKey, readonly Polygon[]>()
    for (const [key, polygon] of cuttable(this.state).shapes) {
      if (crossedRings(polygon)) pieces.set(key, largestFirst(unionPolygons([polygon])))
    }
    if (pieces.size > 0) this.#replace(pieces)
    else this.#notice({ text: 'No selected outline crosses itself.' })
  }

  /** Opens the choice of how many points the selected polygon needs. */
  simplify(): void {
    const region = editedPolygon(this.state)
    if (region) this.#update({ simplifying: startSimplifying(region.key, region.shape, region.shape, 0) })
    else this.#sayWhyNot()
  }

  /** Shows the polygon with no point farther than this from where it was, image px; {@link applySimplify} keeps it. */
  setTolerance(tolerance: number): void {
    const { simplifying } = this.state
    if (simplifying) this.#update({ simplifying: simplifyTo(simplifying, Math.max(0, tolerance)) })
  }

  applySimplify(): void {
    const { simplifying } = this.state
    if (!simplifying || simplifying.result.polygon === simplifying.applied) return
    const { polygon } = simplifying.result
    this.#run(() => {
      this.#reshape(new Map([[simplifying.key, polygon]]))
      this.#update({ simplifying: { ...simplifying, applied: polygon } })
    })
  }

  endSimplify(): void {
    this.#update({ simplifying: undefined })
  }

  /** Changes the paint order of the selection. */
  reorder(to: Reorder): void {
    const { selected, regions, order, whyNot } = this.state
    const keys = new Set([...selected].filter((key) => whyNot(regions.get(key)!) === undefined))
    if (keys.size === 0) this.#sayWhyNot()
    else this.commit(reorderChange(regions, order, keys, to, (region) => whyNot(region) === undefined))
  }

  /** Begins drawing a box by keyboard: where the middle of the surface shows the image. */
  drawByKeyboard(): void {
    const { viewport, view, size } = this.state
    this.#run(() => {
      this.setTool('box')
      this.dispatch({ type: 'cancel' })
      this.dispatch({
        type: 'keyboard',
        at: clampPoint(toImage(view, [viewport.width / 2, viewport.height / 2]), size),
      })
    })
  }

  /** Enter: finishes the shape that is being drawn. */
  finish(): void {
    this.dispatch({ type: 'finish' })
  }

  /** Tab: the other of two ways that the tool offers. */
  flip(): void {
    this.dispatch({ type: 'flip' })
  }

  /**
   * One rung of the ladder of Esc: a running gesture, the unfinished shape, picked vertices, the selection, the tool.
   * False when there is nothing left.
   */
  cancel(): boolean {
    const { toolState, selected, tool } = this.state
    if (isBusy(toolState)) this.dispatch({ type: 'cancel' })
    else if (pickedVertices(this.state).size > 0) this.#update({ picked: undefined })
    else if (selected.size > 0 && tool !== 'cut') this.select([])
    else if (tool !== 'select') this.setTool('select')
    else return false
    return true
  }

  // --- what the above is made of

  #run(change: () => void): void {
    this.store.run(change)
  }

  #update(patch: Partial<EditorState>): void {
    this.store.update(patch)
  }

  /** Brings what follows from the rest up to date; the same state when nothing has changed. */
  #settle(state: EditorState): EditorState {
    const canUndo = this.#history.past.length > 0 || this.#discarded !== undefined || isBusy(state.toolState)
    const canRedo = this.#history.future.length > 0 || canGoForward(state.toolState)
    const same = state === this.#settled && canUndo === state.canUndo && canRedo === state.canRedo
    if (!same) {
      const simplifying = liveSimplifying(state.simplifying, state)
      const settled = { ...state, simplifying, canUndo, canRedo }
      this.#settled = { ...settled, draft: withSimplified(draftOf(state.toolState, state), settled) }
    }
    return this.#settled ?? state
  }

  #whyNot(region: Region): string | undefined {
    if (this.state.readOnly !== undefined) return this.state.readOnly
    if (this.state.locked.has(region.key)) return 'This region is locked.'
    return this.#canEdit(region)
  }

  /** The first reason that keeps a selected region from being changed. */
  #sayWhyNot(): void {
    const { selected, regions } = this.state
    for (const key of selected) {
      const why = this.#whyNot(regions.get(key)!)
      if (why === undefined) continue
      this.#notice({ text: why })
      return
    }
  }

  #notice(notice: Notice): void {
    this.store.later(() => this.#notices.tell(notice))
  }

  #ask(ask: Ask): void {
    this.store.later(() => this.#asks.tell(ask))
  }

  #step(event: ToolEvent): void {
    const { toolState } = this.state
    const [next, effects] = stepTool(toolState, event, this.state)
    if (event.type === 'cancel' && keepsWork(toolState) && !keepsWork(next)) this.#discard(toolState)
    if (next !== toolState) this.#update({ toolState: next })
    if (keepsWork(next)) this.#discarded = undefined
    for (const effect of effects) this.#do(effect)
  }

  #do(effect: Effect): void {
    switch (effect.do) {
      case 'create':
        this.#draw(effect.shape, effect.rough)
        break
      case 'replace':
        this.#replace(effect.pieces)
        break
      case 'remove':
        this.#remove(effect.keys)
        break
      case 'pick':
        this.#update({ picked: effect.picked })
        break
      case 'tool':
        this.setTool(effect.id)
        break
      case 'reshape':
        this.#reshape(effect.shapes)
        break
      case 'select':
        this.select(effect.keys)
        break
      case 'hover':
        if (this.state.hovered !== effect.key) this.#update({ hovered: effect.key })
        break
      case 'fit':
        this.fit()
        break
      case 'notice':
        this.#notice({ text: effect.text })
        break
      case 'ask':
        this.#ask(effect.ask)
        break
    }
  }

  /** A new region with the active concept; without one it asks, and the region stays whatever the answer. */
  #draw(shape: Shape, rough?: { readonly polygon: Polygon; readonly tolerance: number }): void {
    const { concept } = this.state
    const keys = this.#add([{ shape, concepts: concept === undefined ? [] : [{ id: concept, value: 1 }] }])
    const [key] = keys
    if (key === undefined) return
    if (shape.kind === 'polygon') {
      const simplifying = rough && startSimplifying(key, rough.polygon, shape, rough.tolerance)
      this.#update({ simplifying })
      if (crossedRings(shape)) this.#notice({ text: 'The outline crosses itself.', fix: true })
    }
    if (concept === undefined) this.#ask({ kind: 'concept', keys, near: bounds(shape) })
  }

  /** One step, after which what is left of the regions is selected. */
  #replace(pieces: Pieces): void {
    const { change, keys, reason } = replaced(this.state, pieces, this.#newId)
    const chosen = this.state.selected.size > 0 ? keys : []
    if (change.size > 0) this.#commit(change, chosen)
    else if (reason !== undefined) this.#notice({ text: reason })
  }

  #remove(keys: readonly RegionKey[]): void {
    const { change, reason } = editEach(this.state, keys, () => undefined)
    if (change.size === 0) {
      if (reason !== undefined) this.#notice({ text: reason })
      return
    }
    this.#run(() => {
      this.#commit(
        change,
        [...this.state.selected].filter((key) => !change.has(key)),
      )
      this.#notice({ text: `${change.size} deleted`, undo: true })
    })
  }

  #discard(toolState: ToolState): void {
    this.#discarded = toolState
    this.#notice({ text: 'Polygon discarded', undo: true })
  }

  #resume(toolState: ToolState): void {
    this.#run(() => {
      this.#discarded = undefined
      this.#update({ tool: toolState.id, toolState, hovered: undefined })
    })
  }

  /** Adds and selects; answers with the new keys. */
  #add(items: readonly NewRegion[]): readonly RegionKey[] {
    if (this.state.readOnly !== undefined) {
      this.#notice({ text: this.state.readOnly })
      return []
    }
    const change = additions(this.state, items, this.#newId)
    const keys = [...change.keys()]
    if (keys.length > 0) this.#commit(change, keys)
    return keys
  }

  #reshape(shapes: ReadonlyMap<RegionKey, Shape>): void {
    if (shapes.size === 0) this.#sayWhyNot()
    else this.#try(reshape(this.state, shapes), true)
  }

  /** Commits what can be done of it, or says why nothing can. */
  #try({ change, reason }: Planned, reshapes = false): void {
    if (change.size > 0) this.#commit(change, this.state.selected, reshapes)
    else if (reason !== undefined) this.#notice({ text: reason })
  }

  #commit(change: RegionChange, select: Iterable<RegionKey>, reshapes = false): void {
    const selectedBefore = [...this.state.selected]
    const selectedAfter = [...select]
    this.#run(() => {
      this.#discarded = undefined
      this.#history = record(this.#history, { change, selectedBefore, selectedAfter, at: this.#now(), reshapes })
      this.#apply(change, selectedAfter, 'user')
    })
  }

  #apply(change: RegionChange, select: readonly RegionKey[], origin: Origin): void {
    const regions = apply(this.state.regions, change)
    this.#setRegions(regions, change, moves(change) ? paintOrder(regions) : this.state.order)
    this.select(select)
    this.store.later(() => this.#commits.tell(change, origin))
  }

  #travel(direction: (history: History, now: Parameters<typeof undo>[1]) => Taken, origin: Origin): UndoResult {
    const { size, regions, readOnly } = this.state
    if (readOnly !== undefined) {
      this.#notice({ text: readOnly })
      return { done: false, skipped: readOnly }
    }
    const side = Math.max(size.width, size.height)
    const taken = direction(this.#history, { regions, side, whyNot: this.#canEdit })
    if (taken.kind === 'nothing') return { done: false }
    this.#run(() => {
      this.#history = taken.history
      this.#discarded = undefined
      // vertices taken back before are older than this step: redo goes on with the step
      if (canGoForward(this.state.toolState)) this.#update({ toolState: startOf(this.state.tool) })
      if (taken.kind === 'done') this.#apply(taken.change, taken.selected, origin)
      else this.#notice({ text: taken.reason })
    })
    return taken.kind === 'done' ? { done: true } : { done: false, skipped: taken.reason }
  }

  /** `change` leads from the regions now to `regions`. */
  #setRegions(regions: ReadonlyMap<RegionKey, Region>, change: RegionChange, order: readonly RegionKey[]): void {
    const { index, selected, hovered } = this.state
    index.apply(change)
    const left = [...selected].filter((key) => regions.has(key))
    this.#update({
      regions,
      order,
      selected: left.length === selected.size ? selected : new Set(left),
      hovered: hovered !== undefined && regions.has(hovered) ? hovered : undefined,
    })
  }

  #sameLoaded(ours: Region, theirs: Region): boolean {
    if (ours === theirs) return true
    const side = Math.max(this.state.size.width, this.state.size.height)
    return (
      ours.status === theirs.status &&
      ours.score === theirs.score &&
      ours.madeBy.kind === theirs.madeBy.kind &&
      ours.madeBy.id === theirs.madeBy.id &&
      sameRegion(ours, theirs, side)
    )
  }
}

/** Whether both maps hold the same values under the same keys in the same order. */
function isSame(a: ReadonlyMap<RegionKey, Region>, b: ReadonlyMap<RegionKey, Region>): boolean {
  if (a.size !== b.size) return false
  const entries = b.entries()
  for (const [key, region] of a) {
    const [otherKey, other] = entries.next().value!
    if (key !== otherKey || region !== other) return false
  }
  return true
}
