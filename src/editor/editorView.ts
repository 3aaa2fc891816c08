import { box, containsBox, union } from '#geometry/box.ts'
import type { Point, Size } from '#geometry/point.ts'
import { type Box, bounds } from '#geometry/shape.ts'
import {
  actualSize,
  boundsOnScreen,
  centredOn,
  fitView,
  mirroredAt,
  pan,
  resized,
  toScreen,
  turnedTo,
  type View,
  zoomAt,
} from '#geometry/view.ts'
import type { RegionKey } from '#model/region.ts'
import { isSuggestion } from '#model/suggestions.ts'
import { isVisible } from './hit.ts'
import { type BrushSettings, validBrush } from './painting.ts'
import { neighbour } from './readingOrder.ts'
import { type EditorState, isPath } from './state.ts'
import { Store } from './store.ts'

/** The part of the editor that changes no region: what is selected, what is shown, and how the image lies on the screen. */
export class EditorView {
  protected readonly store: Store
  /** the view was last made by fit, so it fits again when the surface changes size */
  #fitted = true
  /** what the surface was when a path kept the view from following it, screen px */
  #owed: Size | undefined

  protected constructor(start: EditorState, settle: (state: EditorState) => EditorState) {
    this.store = new Store(start, settle)
  }

  get state(): EditorState {
    return this.store.state
  }

  /** Tells of every new state; returns the way to stop. */
  subscribe = (listener: (state: EditorState, previous: EditorState) => void): (() => void) =>
    this.store.subscribe(listener)

  select(keys: Iterable<RegionKey>): void {
    const selected = new Set<RegionKey>()
    for (const key of keys) if (this.state.regions.has(key)) selected.add(key)
    // the order counts: what was selected last is what is subtracted
    const before = [...this.state.selected]
    if (selected.size === before.length && [...selected].every((key, i) => key === before[i])) return
    this.store.update({ selected })
  }

  /** Everything visible and not locked, but for what is only suggested. */
  selectAll(): void {
    const { order, locked, regions, listed } = this.state
    const may = (key: RegionKey) =>
      isVisible(this.state, key) &&
      !locked.has(key) &&
      !isSuggestion(regions.get(key)!) &&
      (listed === undefined || listed.has(key))
    this.select(order.filter(may))
  }

  /** What the list of regions shows where it is filtered: all that is selected by {@link selectAll}. */
  setListed(keys: ReadonlySet<RegionKey> | undefined): void {
    this.store.update({ listed: keys })
  }

  /** The next or previous visible region in reading order; the view pans to it if it is outside. */
  selectNext(step: 1 | -1): void {
    const visible = [...this.state.regions.values()].filter(({ key }) => isVisible(this.state, key))
    const [selected] = this.state.selected
    const key = neighbour(visible, selected === undefined ? undefined : this.state.regions.get(selected), step)
    if (key === undefined) return
    this.select([key])
    this.reveal(key)
  }

  /** Pans so that the region lies in the middle, unless it can be seen whole or fills the surface. */
  reveal(key: RegionKey): void {
    const region = this.state.regions.get(key)
    const { view, viewport } = this.state
    if (!region || viewport.width === 0) return
    const shown = boundsOnScreen(view, bounds(region.shape))
    const onScreen = box(shown.x, shown.y, shown.w, shown.h)
    const surface = box(0, 0, viewport.width, viewport.height)
    if (containsBox(surface, onScreen) || containsBox(onScreen, surface)) return
    this.pan(viewport.width / 2 - onScreen.x - onScreen.w / 2, viewport.height / 2 - onScreen.y - onScreen.h / 2)
  }

  /** Pans so that an image point lies in the middle, unless it is on the surface, a little away from its edges. */
  showPoint(at: Point): void {
    const { view, viewport } = this.state
    if (viewport.width === 0) return
    const [x, y] = toScreen(view, at)
    const [dx, dy] = [Math.min(48, viewport.width / 4), Math.min(48, viewport.height / 4)]
    if (x >= dx && y >= dy && x <= viewport.width - dx && y <= viewport.height - dy) return
    this.pan(viewport.width / 2 - x, viewport.height / 2 - y)
  }

  setHidden(keys: Iterable<RegionKey>, hidden: boolean): void {
    const next = toggled(this.state.hidden, keys, hidden)
    this.store.update({ hidden: next, hovered: undefined })
  }

  setLocked(keys: Iterable<RegionKey>, locked: boolean): void {
    const next = toggled(this.state.locked, keys, locked)
    this.store.update({ locked: next })
  }

  /** Hides everything but the selection; when just that is so, shows everything again. */
  solo(): void {
    const { selected, regions, hidden } = this.state
    const others = new Set([...regions.keys()].filter((key) => !selected.has(key)))
    const isSolo = hidden.size === others.size && others.isSubsetOf(hidden)
    this.store.update({ hidden: isSolo || selected.size === 0 ? new Set() : others })
  }

  /** While held: show all names, or hide all regions. */
  setPeek(peek: EditorState['peek']): void {
    if (this.state.peek !== peek) this.store.update({ peek, hovered: undefined })
  }

  /** Swaps Alt for tools: for hands, pens and systems that cannot hold it. */
  setInverted(inverted: boolean): void {
    if (this.state.inverted !== inverted) this.store.update({ inverted })
  }

  /** Whether vertices of several polygons at the same place move together, as the project wants it. */
  setSharedVertices(shared: boolean): void {
    if ((this.state.apart ?? false) === shared) this.store.update({ apart: !shared })
  }

  /** How the brush paints; sizes and the like are put into their range. Pressure, once set here, is the person's. */
  setBrush(patch: Partial<BrushSettings>): void {
    const { brush } = this.state
    const next = validBrush({ ...brush, ...(patch.pressure !== undefined && { pressureSet: true }), ...patch })
    if ((Object.keys(next) as (keyof BrushSettings)[]).some((name) => next[name] !== brush[name]))
      this.store.update({ brush: next })
  }

  /** The brush is being made larger or smaller there, image px. */
  setSizing(sizing: Point | undefined): void {
    this.store.update({ sizing })
  }

  /** The view is being moved by hand, or could be now. */
  setHand(hand: EditorState['hand']): void {
    if (this.state.hand !== hand) this.store.update({ hand })
  }

  setView(view: View): void {
    this.#fitted = false
    this.store.update({ view })
  }

  /** `at` in screen px. */
  zoomAt(at: Point, factor: number): void {
    this.setView(zoomAt(this.state.view, at, factor))
  }

  /** Zooms around the middle of the surface. */
  zoom(factor: number): void {
    this.zoomAt(this.#middle, factor)
  }

  fit(): void {
    this.setView(fitView(this.state.size, this.state.viewport, undefined, this.state.view))
    this.#fitted = true
  }

  /** Turns the picture for looking at it around the middle of the surface, radians clockwise. */
  turnBy(angle: number): void {
    this.setView(turnedTo(this.state.view, this.#middle, (this.state.view.angle ?? 0) + angle))
  }

  /** Turns it by a quarter, clockwise or back; a fitted picture is fitted again. */
  turnQuarter(quarters: 1 | -1): void {
    const fitted = this.#fitted
    this.turnBy((quarters * Math.PI) / 2)
    if (fitted) this.fit()
  }

  /** Swaps left and right of what is seen. */
  mirror(): void {
    const fitted = this.#fitted
    this.setView(mirroredAt(this.state.view, this.#middle))
    this.#fitted = fitted
  }

  /** Neither turned nor mirrored. */
  setUpright(): void {
    const { view } = this.state
    const fitted = this.#fitted
    const straight = view.mirrored ? mirroredAt(view, this.#middle) : view
    this.setView(turnedTo(straight, this.#middle, 0))
    if (fitted) this.fit()
  }

  get #middle(): Point {
    return [this.state.viewport.width / 2, this.state.viewport.height / 2]
  }

  /** Moves the view so that an image point lies in the middle. */
  centreOn(at: Point): void {
    this.setView(centredOn(this.state.view, at, this.state.viewport))
  }

  actualSize(): void {
    this.setView(actualSize(this.state.view, this.state.viewport))
  }

  /** The selection, as large as the surface allows with 50 screen px around it. */
  zoomToSelection(): void {
    const { regions, selected } = this.state
    const around = union([...selected].map((key) => bounds(regions.get(key)!.shape)))
    if (around) this.zoomTo(around, 50)
  }

  /** Shows this part of the image as large as the surface allows, with `margin` screen px around it. */
  zoomTo(part: Box, margin: number): void {
    const size = { width: Math.max(1, part.w), height: Math.max(1, part.h) }
    const view = fitView(size, this.state.viewport, margin, this.state.view)
    this.setView(centredOn(view, [part.x + part.w / 2, part.y + part.h / 2], this.state.viewport))
  }

  /** The part that is being chosen to zoom to. */
  setZoomBox(zoomBox: Box | undefined): void {
    if (this.state.zoomBox !== zoomBox) this.store.update({ zoomBox })
  }

  /** By screen px. */
  pan(dx: number, dy: number): void {
    this.setView(pan(this.state.view, dx, dy))
  }

  /**
   * The drawing surface has this size now, screen px. The first time, and while the image is fitted, it is fitted; once
   * a path under way is over, which would get a tail of how the image moves.
   */
  resize(viewport: Size): void {
    const { viewport: now } = this.state
    if (now.width === viewport.width && now.height === viewport.height) return
    this.store.run(() => {
      this.#owed ??= now
      this.store.update({ viewport })
      this.followSurface()
    })
  }

  /** The view takes up what the surface has become, unless a path is under way. */
  protected followSurface(): void {
    const before = this.#owed
    if (before === undefined || isPath(this.state.toolState)) return
    this.#owed = undefined
    const { size, viewport, view } = this.state
    this.store.update({
      view: this.#fitted ? fitView(size, viewport, undefined, view) : resized(view, before, viewport),
    })
  }
}

function toggled(set: ReadonlySet<RegionKey>, keys: Iterable<RegionKey>, on: boolean): ReadonlySet<RegionKey> {
  const next = new Set(set)
  for (const key of keys) {
    if (on) next.add(key)
    else next.delete(key)
  }
  return next
}
