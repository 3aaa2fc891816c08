import { box, clampMove, clampPoint, containsBox, union } from '#geometry/box.ts'
import type { Point, Size } from '#geometry/point.ts'
import { resizeBox } from '#geometry/resizeBox.ts'
import { bounds, canMove, type Shape, translate } from '#geometry/shape.ts'
import { actualSize, fitView, pan, resized, toImage, type View, zoomAt } from '#geometry/view.ts'
import { apply, diff, type Edit } from '#model/change.ts'
import { newId } from '#model/ids.ts'
import { type Region, type RegionKey, regionKey } from '#model/region.ts'
import { copyText, parseCopied, placeCopied } from './clipboard.ts'
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
import { isVisible } from './hit.ts'
import { paintOrder, type Reorder, reorderChange } from './paintOrder.ts'
import { neighbour } from './readingOrder.ts'
import { draftOf, type EditorState, isBusy, startOf, startState, type ToolState } from './state.ts'
import { boxTool } from './tools/box.ts'
import { selectTool } from './tools/select.ts'
import type { Ask, Effect, ToolEvent, ToolId } from './tools/tool.ts'

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

const unlabelled = 24150 // ANNOTATION_SUCCESS, what free labeling makes

/**
 * The application without a screen: regions of one image, the tool in hand, selection, view and history. Everything a
 * person can do to regions is a method or an event here; what changed is told once, after it is whole.
 */
export class Editor {
  readonly #now: () => number
  readonly #newId: () => string
  readonly #canEdit: (region: Region) => string | undefined
  readonly #listeners = new Set<(state: EditorState, previous: EditorState) => void>()
  readonly #commitListeners = new Set<(change: RegionChange, origin: Origin) => void>()
  readonly #noticeListeners = new Set<(notice: Notice) => void>()
  readonly #askListeners = new Set<(ask: Ask) => void>()
  #state: EditorState
  #history: History = emptyHistory
  #depth = 0
  #told: EditorState
  #outgoing: (() => void)[] = []
  /** the view was last made by fit, so it fits again when the surface changes size */
  #fitted = true
  #pasted = { text: '', count: 0 }

  constructor(options: EditorOptions) {
    this.#now = options.now ?? Date.now
    this.#newId = options.newId ?? newId
    this.#canEdit = options.canEdit
    this.#state = startState({
      size: options.size,
      userId: options.userId,
      readOnly: options.readOnly,
      whyNot: (region) => this.#whyNot(region),
    })
    this.#told = this.#state
  }

  get state(): EditorState {
    return this.#state
  }

  /** Tells of every new state; returns the way to stop. */
  subscribe = (listener: (state: EditorState, previous: EditorState) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells of what this person changed, undone and redone included; never of what was loaded. */
  onCommit(listener: (change: RegionChange, origin: Origin) => void): () => void {
    this.#commitListeners.add(listener)
    return () => this.#commitListeners.delete(listener)
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticeListeners.add(listener)
    return () => this.#noticeListeners.delete(listener)
  }

  onAsk(listener: (ask: Ask) => void): () => void {
    this.#askListeners.add(listener)
    return () => this.#askListeners.delete(listener)
  }

  /**
   * What server ⊕ outbox now says. Never enters the history; a running gesture and the selection stay. A region that
   * differs from ours by rounding only stays the one we have.
   */
  load(regions: ReadonlyMap<RegionKey, Region>): void {
    const change = diff(this.#state.regions, regions, (ours, theirs) => this.#sameLoaded(ours, theirs))
    if (change.size === 0 && sameOrder(this.#state.regions, regions)) return
    this.#run(() => {
      const next = new Map<RegionKey, Region>()
      for (const [key, region] of regions) next.set(key, change.has(key) ? region : this.#state.regions.get(key)!)
      this.#setRegions(next, change)
    })
  }

  /** What the tool is told; screen and image position are the caller's ({@link PointerInput} makes them). */
  dispatch(event: ToolEvent): void {
    this.#run(() => this.#step(event))
  }

  /** Makes the change and one step of history. */
  commit(change: RegionChange): void {
    if (change.size > 0) this.#run(() => this.#commit(change, this.#state.selected))
  }

  undo(): UndoResult {
    if (isBusy(this.#state.toolState)) {
      this.dispatch({ type: 'cancel' })
      return { done: true }
    }
    return this.#travel(undo, 'undo')
  }

  redo(): UndoResult {
    if (isBusy(this.#state.toolState)) return { done: false }
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

  select(keys: Iterable<RegionKey>): void {
    const selected = new Set<RegionKey>()
    for (const key of keys) if (this.#state.regions.has(key)) selected.add(key)
    if (selected.size === this.#state.selected.size && selected.isSubsetOf(this.#state.selected)) return
    this.#run(() => this.#update({ selected }))
  }

  /** Everything visible and not locked. */
  selectAll(): void {
    const { order, locked } = this.#state
    this.select(order.filter((key) => isVisible(this.#state, key) && !locked.has(key)))
  }

  /** The next or previous visible region in reading order; the view pans to it if it is outside. */
  selectNext(step: 1 | -1): void {
    const visible = [...this.#state.regions.values()].filter(({ key }) => isVisible(this.#state, key))
    const [selected] = this.#state.selected
    const key = neighbour(visible, selected === undefined ? undefined : this.#state.regions.get(selected), step)
    if (key === undefined) return
    this.select([key])
    this.reveal(key)
  }

  /** Pans so that the region lies in the middle, unless it can be seen whole or fills the surface. */
  reveal(key: RegionKey): void {
    const region = this.#state.regions.get(key)
    const { view, viewport } = this.#state
    if (!region || viewport.width === 0) return
    const b = bounds(region.shape)
    const onScreen = box(b.x * view.scale + view.x, b.y * view.scale + view.y, b.w * view.scale, b.h * view.scale)
    const surface = box(0, 0, viewport.width, viewport.height)
    if (containsBox(surface, onScreen) || containsBox(onScreen, surface)) return
    this.pan(viewport.width / 2 - onScreen.x - onScreen.w / 2, viewport.height / 2 - onScreen.y - onScreen.h / 2)
  }

  setTool(id: ToolId): void {
    if (this.#state.tool === id) return
    this.#run(() => this.#update({ tool: id, toolState: startOf(id), hovered: undefined }))
  }

  setReadOnly(reason: string | undefined): void {
    if (this.#state.readOnly !== reason) this.#run(() => this.#update({ readOnly: reason }))
  }

  /** The active concept: new regions get it. */
  setConcept(id: string | undefined): void {
    if (this.#state.concept !== id) this.#run(() => this.#update({ concept: id }))
  }

  /** What a digit does: makes it the active concept and gives it to the selection. */
  pickConcept(id: string): void {
    this.#run(() => {
      this.setConcept(id)
      if (this.#state.selected.size > 0) this.setConceptOf(this.#state.selected, id)
    })
  }

  setConceptOf(keys: Iterable<RegionKey>, conceptId: string): void {
    const concepts = [{ id: conceptId, value: 1 }]
    this.#editEach(keys, (region) =>
      region.concepts.length === 1 && region.concepts[0]!.id === conceptId && region.concepts[0]!.value === 1
        ? region
        : { ...region, concepts },
    )
  }

  /** Deletes the selection; locked regions stay unless `force`. */
  deleteSelected(force = false): void {
    const { selected, locked } = this.#state
    const wanted = [...selected].filter((key) => force || !locked.has(key))
    if (wanted.length === 0) {
      if (selected.size > 0) this.#notice({ text: 'Locked. Shift+Delete deletes locked regions too.' })
      return
    }
    const change = new Map<RegionKey, Edit<Region>>()
    let reason: string | undefined
    for (const key of wanted) {
      const region = this.#state.regions.get(key)!
      const why = this.#state.readOnly ?? this.#canEdit(region)
      if (why === undefined) change.set(key, { before: region })
      else reason ??= why
    }
    if (change.size === 0) {
      this.#notice({ text: reason! })
      return
    }
    this.#run(() => {
      this.#commit(
        change,
        [...selected].filter((key) => !change.has(key)),
      )
      const spared = selected.size - change.size
      this.#notice({ text: `${change.size} deleted${spared > 0 ? `, ${spared} kept` : ''}`, undo: true })
    })
  }

  /** Moves the selection by image px, inside the image; while a box is drawn by keyboard, its caret. */
  nudge(dx: number, dy: number): void {
    const { toolState } = this.#state
    if (toolState.id === 'box' && toolState.state.at === 'caret') {
      this.dispatch({ type: 'step', dx, dy })
      return
    }
    const movable = this.#editable().filter((region) => canMove(region.shape))
    const around = union(movable.map((region) => bounds(region.shape)))
    if (!around) {
      this.#sayWhyNot()
      return
    }
    const [x, y] = clampMove(around, dx, dy, this.#state.size)
    if (x !== 0 || y !== 0) this.#reshape(new Map(movable.map(({ key, shape }) => [key, translate(shape, x, y)])))
  }

  /** Moves the right and bottom sides of the selected boxes by image px; no side becomes smaller than 1. */
  resizeBy(dw: number, dh: number): void {
    const shapes = new Map<RegionKey, Shape>()
    for (const { key, shape } of this.#editable()) {
      if (shape.kind !== 'box') continue
      const right = shape.x + Math.max(1, shape.w + dw)
      const bottom = shape.y + Math.max(1, shape.h + dh)
      shapes.set(key, resizeBox(shape, 'se', [right, bottom], this.#state.size))
    }
    if (shapes.size === 0) {
      this.#sayWhyNot()
      return
    }
    this.#reshape(shapes)
  }

  /** Copies of the selection on the same spot, selected. */
  duplicate(): void {
    const copied = parseCopied(this.copy()) ?? []
    if (copied.length > 0) this.#add(copied)
  }

  /** The selection as text for the clipboard. */
  copy(): string {
    const { selected, order, regions } = this.#state
    return copyText(order.filter((key) => selected.has(key)).map((key) => regions.get(key)!))
  }

  /**
   * Regions from {@link copy} at the same coordinates; where the originals still are, 8 screen px on, and 8 more each
   * time. Other text is ignored.
   */
  paste(json: string): void {
    const copied = parseCopied(json)
    if (!copied || copied.length === 0) return
    const onTop = copied.some(({ key }) => this.#state.regions.has(key))
    const again = this.#pasted.text === json ? this.#pasted.count : 0
    const count = onTop || again > 0 ? again + 1 : 0
    this.#pasted = { text: json, count: Math.max(1, count) }
    const offset = (count * 8) / this.#state.view.scale
    this.#add(placeCopied(copied, offset, offset, this.#state.size))
  }

  /** Changes the paint order of the selection. */
  reorder(to: Reorder): void {
    const keys = new Set(this.#editable().map(({ key }) => key))
    if (keys.size === 0) {
      this.#sayWhyNot()
      return
    }
    this.commit(reorderChange(this.#state.regions, this.#state.order, keys, to, (r) => this.#whyNot(r) === undefined))
  }

  setHidden(keys: Iterable<RegionKey>, hidden: boolean): void {
    const next = toggled(this.#state.hidden, keys, hidden)
    this.#run(() => this.#update({ hidden: next, hovered: undefined }))
  }

  setLocked(keys: Iterable<RegionKey>, locked: boolean): void {
    const next = toggled(this.#state.locked, keys, locked)
    this.#run(() => this.#update({ locked: next }))
  }

  /** Hides everything but the selection; when just that is so, shows everything again. */
  solo(): void {
    const { selected, regions, hidden } = this.#state
    const others = new Set([...regions.keys()].filter((key) => !selected.has(key)))
    const isSolo = hidden.size === others.size && others.isSubsetOf(hidden)
    if (selected.size > 0) this.#run(() => this.#update({ hidden: isSolo ? new Set() : others }))
  }

  /** While held: show all names, or hide all regions. */
  setPeek(peek: EditorState['peek']): void {
    if (this.#state.peek !== peek) this.#run(() => this.#update({ peek, hovered: undefined }))
  }

  /** The view is being moved by hand, or could be now. */
  setHand(hand: EditorState['hand']): void {
    if (this.#state.hand !== hand) this.#run(() => this.#update({ hand }))
  }

  setView(view: View): void {
    this.#fitted = false
    this.#run(() => this.#update({ view }))
  }

  /** `at` in screen px. */
  zoomAt(at: Point, factor: number): void {
    this.setView(zoomAt(this.#state.view, at, factor))
  }

  /** Zooms around the middle of the surface. */
  zoom(factor: number): void {
    this.zoomAt([this.#state.viewport.width / 2, this.#state.viewport.height / 2], factor)
  }

  fit(): void {
    this.setView(fitView(this.#state.size, this.#state.viewport))
    this.#fitted = true
  }

  actualSize(): void {
    this.setView(actualSize(this.#state.view, this.#state.viewport))
  }

  /** The selection, as large as the surface allows with 50 screen px around it. */
  zoomToSelection(): void {
    const { regions, selected, viewport } = this.#state
    const around = union([...selected].map((key) => bounds(regions.get(key)!.shape)))
    if (!around) return
    const view = fitView({ width: Math.max(1, around.w), height: Math.max(1, around.h) }, viewport, 50)
    this.setView(pan(view, -around.x * view.scale, -around.y * view.scale))
  }

  /** By screen px. */
  pan(dx: number, dy: number): void {
    this.setView(pan(this.#state.view, dx, dy))
  }

  /** The drawing surface has this size now, screen px. The first time, and while the image is fitted, it is fitted. */
  resize(viewport: Size): void {
    const before = this.#state.viewport
    if (before.width === viewport.width && before.height === viewport.height) return
    this.#run(() => {
      const view = this.#fitted ? fitView(this.#state.size, viewport) : resized(this.#state.view, before, viewport)
      this.#update({ viewport, view })
    })
  }

  /** Begins drawing a box by keyboard: where the middle of the surface shows the image. */
  drawByKeyboard(): void {
    const { viewport, view, size } = this.#state
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

  /** One rung of the ladder of Esc: a running gesture, the selection, the tool. False when there is nothing left. */
  cancel(): boolean {
    const { toolState, selected, tool } = this.#state
    if (isBusy(toolState)) this.dispatch({ type: 'cancel' })
    else if (selected.size > 0) this.select([])
    else if (tool !== 'select') this.setTool('select')
    else return false
    return true
  }

  // --- what the above is made of

  #whyNot(region: Region): string | undefined {
    if (this.#state.readOnly !== undefined) return this.#state.readOnly
    if (this.#state.locked.has(region.key)) return 'This region is locked.'
    return this.#canEdit(region)
  }

  #editable(): Region[] {
    const { regions, selected } = this.#state
    return [...selected].map((key) => regions.get(key)!).filter((region) => this.#whyNot(region) === undefined)
  }

  #sayWhyNot(): void {
    for (const key of this.#state.selected) {
      const why = this.#whyNot(this.#state.regions.get(key)!)
      if (why !== undefined) {
        this.#notice({ text: why })
        return
      }
    }
  }

  #notice(notice: Notice): void {
    this.#later(() => {
      for (const listener of this.#noticeListeners) listener(notice)
    })
  }

  /** Runs `then` once the change at hand is whole. */
  #later(then: () => void): void {
    this.#run(() => this.#outgoing.push(then))
  }

  /** Everything inside is one change to whoever listens. */
  #run(change: () => void): void {
    this.#depth++
    try {
      change()
      if (this.#depth === 1) this.#deliver()
    } finally {
      this.#depth--
    }
    if (this.#depth === 0 && this.#state !== this.#told) {
      const previous = this.#told
      this.#told = this.#state
      for (const listener of this.#listeners) listener(this.#state, previous)
    }
  }

  /** Tells commits, notices and questions; what those load in turn is part of the same change. */
  #deliver(): void {
    this.#settle()
    while (this.#outgoing.length > 0) {
      const outgoing = this.#outgoing
      this.#outgoing = []
      for (const tell of outgoing) tell()
      this.#settle()
    }
  }

  /** Brings what follows from the rest up to date. */
  #settle(): void {
    const canUndo = this.#history.past.length > 0 || isBusy(this.#state.toolState)
    const canRedo = this.#history.future.length > 0
    if (this.#state === this.#told && canUndo === this.#state.canUndo && canRedo === this.#state.canRedo) return
    this.#state = { ...this.#state, canUndo, canRedo, draft: draftOf(this.#state.toolState, this.#state) }
  }

  #update(patch: Partial<EditorState>): void {
    this.#state = { ...this.#state, ...patch }
  }

  #step(event: ToolEvent): void {
    const { toolState } = this.#state
    const [next, effects] = stepTool(toolState, event, this.#state)
    this.#update({ toolState: next })
    for (const effect of effects) this.#do(effect)
  }

  #do(effect: Effect): void {
    switch (effect.do) {
      case 'create':
        this.#add([{ shape: effect.shape, concepts: this.#activeConcepts() }], true)
        break
      case 'reshape':
        this.#reshape(effect.shapes)
        break
      case 'select':
        this.select(effect.keys)
        break
      case 'hover':
        if (this.#state.hovered !== effect.key) this.#update({ hovered: effect.key })
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

  #ask(ask: Ask): void {
    this.#later(() => {
      for (const listener of this.#askListeners) listener(ask)
    })
  }

  #activeConcepts() {
    return this.#state.concept === undefined ? [] : [{ id: this.#state.concept, value: 1 }]
  }

  /** New regions of this person, on top of the order, selected. One without a concept asks for it, if it was `drawn`. */
  #add(items: readonly { readonly shape: Shape; readonly concepts: Region['concepts'] }[], drawn = false): void {
    if (this.#state.readOnly !== undefined) {
      this.#notice({ text: this.#state.readOnly })
      return
    }
    const last = this.#state.order.at(-1)
    const z = last === undefined ? 0 : Math.max(0, this.#state.regions.get(last)!.z)
    const change = new Map<RegionKey, Edit<Region>>()
    for (const { shape, concepts } of items) {
      const annotation = this.#newId()
      const id = this.#newId()
      const key = regionKey(annotation, id)
      const madeBy = { kind: 'user', id: this.#state.userId } as const
      change.set(key, { after: { key, id, annotation, shape, concepts, status: unlabelled, madeBy, z } })
    }
    if (change.size === 0) return
    this.#run(() => {
      const keys = [...change.keys()]
      this.#commit(change, keys)
      if (drawn && items[0]!.concepts.length === 0) this.#ask({ kind: 'concept', keys, near: bounds(items[0]!.shape) })
    })
  }

  #reshape(shapes: ReadonlyMap<RegionKey, Shape>): void {
    const change = new Map<RegionKey, Edit<Region>>()
    for (const [key, shape] of shapes) {
      const before = this.#state.regions.get(key)
      if (before && before.shape !== shape && this.#whyNot(before) === undefined) {
        change.set(key, { before, after: { ...before, shape } })
      }
    }
    if (change.size > 0) this.#run(() => this.#commit(change, this.#state.selected, true))
  }

  /** One step that replaces each of `keys` that may be changed by what `edit` makes of it. */
  #editEach(keys: Iterable<RegionKey>, edit: (region: Region) => Region): void {
    const change = new Map<RegionKey, Edit<Region>>()
    let reason: string | undefined
    for (const key of keys) {
      const before = this.#state.regions.get(key)
      if (!before) continue
      const why = this.#whyNot(before)
      reason ??= why
      const after = why === undefined ? edit(before) : before
      if (after !== before) change.set(key, { before, after })
    }
    if (change.size > 0) this.commit(change)
    else if (reason !== undefined) this.#notice({ text: reason })
  }

  #commit(change: RegionChange, select: Iterable<RegionKey>, reshapes = false): void {
    const selectedBefore = [...this.#state.selected]
    const selectedAfter = [...select]
    this.#history = record(this.#history, { change, selectedBefore, selectedAfter, at: this.#now(), reshapes })
    this.#setRegions(apply(this.#state.regions, change), change)
    this.select(selectedAfter)
    this.#tellCommit(change, 'user')
  }

  #tellCommit(change: RegionChange, origin: Origin): void {
    this.#later(() => {
      for (const listener of this.#commitListeners) listener(change, origin)
    })
  }

  #travel(direction: (history: History, now: Parameters<typeof undo>[1]) => Taken, origin: Origin): UndoResult {
    const { size, regions, readOnly } = this.#state
    if (readOnly !== undefined) return { done: false, skipped: readOnly }
    const side = Math.max(size.width, size.height)
    const taken = direction(this.#history, { regions, side, whyNot: this.#canEdit })
    if (taken.kind === 'nothing') return { done: false }
    this.#run(() => {
      this.#history = taken.history
      if (taken.kind === 'skipped') return
      this.#setRegions(apply(regions, taken.change), taken.change)
      this.select(taken.selected)
      this.#tellCommit(taken.change, origin)
    })
    return taken.kind === 'done' ? { done: true } : { done: false, skipped: taken.reason }
  }

  /** `change` leads from the regions now to `regions`. */
  #setRegions(regions: ReadonlyMap<RegionKey, Region>, change: RegionChange): void {
    this.#state.index.apply(change)
    const { selected, hovered } = this.#state
    const left = [...selected].filter((key) => regions.has(key))
    this.#update({
      regions,
      order: paintOrder(regions),
      selected: left.length === selected.size ? selected : new Set(left),
      hovered: hovered !== undefined && regions.has(hovered) ? hovered : undefined,
    })
  }

  #sameLoaded(ours: Region, theirs: Region): boolean {
    if (ours === theirs) return true
    const side = Math.max(this.#state.size.width, this.#state.size.height)
    return (
      ours.status === theirs.status &&
      ours.score === theirs.score &&
      ours.madeBy.kind === theirs.madeBy.kind &&
      ours.madeBy.id === theirs.madeBy.id &&
      sameRegion(ours, theirs, side)
    )
  }
}

function stepTool(toolState: ToolState, event: ToolEvent, scene: EditorState): readonly [ToolState, readonly Effect[]] {
  switch (toolState.id) {
    case 'select': {
      const [state, ...effects] = selectTool.step(toolState.state, event, scene)
      return [state === toolState.state ? toolState : { id: 'select', state }, effects]
    }
    case 'box': {
      const [state, ...effects] = boxTool.step(toolState.state, event, scene)
      return [state === toolState.state ? toolState : { id: 'box', state }, effects]
    }
  }
}

/** Whether both maps hold the same keys in the same order. */
function sameOrder(a: ReadonlyMap<RegionKey, unknown>, b: ReadonlyMap<RegionKey, unknown>): boolean {
  const keys = b.keys()
  for (const key of a.keys()) if (keys.next().value !== key) return false
  return a.size === b.size
}

function toggled(set: ReadonlySet<RegionKey>, keys: Iterable<RegionKey>, on: boolean): ReadonlySet<RegionKey> {
  const next = new Set(set)
  for (const key of keys) {
    if (on) next.add(key)
    else next.delete(key)
  }
  return next
}
