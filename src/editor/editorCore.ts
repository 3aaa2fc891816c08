import type { Size } from '#geometry/point.ts'
import type { Shape } from '#geometry/shape.ts'
import { type AttributeDefinition, type Attributes, standardAttributes } from '#model/attributes.ts'
import { apply, diff, sameEntries } from '#model/change.ts'
import { newId } from '#model/ids.ts'
import { emptyKey, type TagChange, type Tags } from '#model/imageTags.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { Ages } from './ages.ts'
import type { Pieces } from './combine.ts'
import { liveConverting, withConverted } from './converting.ts'
import { EditorView } from './editorView.ts'
import { type Arrived, type Direction, HeldSteps, isWaiting, type UndoResult, waysOf } from './held.ts'
import {
  emptyHistory,
  type History,
  type RegionChange,
  record,
  redo,
  type SavedHistory,
  sameRegion,
  undo,
} from './history.ts'
import { additions, editEach, type NewRegion, type Planned, replaced, reshape } from './operations.ts'
import { type PaintedStroke, paintedChange } from './painting.ts'
import { moves, paintOrder } from './paintOrder.ts'
import { liveSimplifying, withSimplified } from './simplifying.ts'
import { canGoForward, draftOf, type EditorState, startOf, startState, type ToolState } from './state.ts'
import { Announcer } from './store.ts'
import type { Ask } from './tools/tool.ts'

export type Origin = 'user' | Direction

/** Something to tell the person; `undo` offers to take it back. */
export interface Notice {
  readonly text: string
  readonly undo?: boolean
  /** offers the Fix of crossing outlines */
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
  /** id of this person's annotation about the whole image */
  readonly ownTags?: string
}

/** Regions of one image with their history: what changes them, one step at a time, and who is told of it. */
export class EditorCore extends EditorView {
  protected readonly now: () => number
  protected readonly newId: () => string
  protected readonly canEdit: (region: Region) => string | undefined
  readonly #commits = new Announcer<[change: RegionChange, origin: Origin, tags: TagChange | undefined]>()
  readonly #notices = new Announcer<[notice: Notice]>()
  readonly #asks = new Announcer<[ask: Ask]>()
  readonly #ages = new Ages()
  #history: History = emptyHistory
  readonly #held = new HeldSteps()
  #loaded = false
  #settled: EditorState | undefined
  /** id of this person's annotation about the whole image */
  protected readonly own: string
  /** What can be said of regions of a concept; whoever knows the concepts says. */
  definitionsOf: (conceptId: string) => readonly AttributeDefinition[] = () => []
  /** the selection that drawing a shape has made, as long as it is that one */
  protected drawn: ReadonlySet<RegionKey> | undefined
  /** an unfinished shape that was given up, until something else happens; the first thing that undo brings back */
  protected discarded: ToolState | undefined

  constructor(options: EditorOptions) {
    const { size, userId, readOnly } = options
    const start = startState({ size, userId, readOnly, whyNot: (region) => this.whyNot(region) })
    super(start, (state) => this.#settle(state))
    this.now = options.now ?? Date.now
    this.newId = options.newId ?? newId
    this.canEdit = options.canEdit
    this.own = options.ownTags ?? 'whole'
  }

  /** Tells of what this person changed, undone and redone included; never of what was loaded. */
  onCommit(listener: (change: RegionChange, origin: Origin, tags: TagChange | undefined) => void): () => void {
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
  load(regions: ReadonlyMap<RegionKey, Region>, tags: Tags = this.state.tags): void {
    this.#loaded = true
    this.run(() => {
      this.#take(regions, tags)
      this.#release()
    })
  }

  #take(regions: ReadonlyMap<RegionKey, Region>, tags: Tags): void {
    if (!sameEntries(this.state.tags, tags)) this.update({ tags })
    if (sameEntries(this.state.regions, regions)) return
    if (this.state.regions.size === 0) {
      const all = new Map(regions)
      this.run(() => this.#setRegions(all, undefined, paintOrder(all)))
      return
    }
    const change = diff(this.state.regions, regions, (ours, theirs) => this.#sameLoaded(ours, theirs))
    this.run(() => {
      const next = new Map<RegionKey, Region>()
      for (const [key, region] of regions) next.set(key, change.has(key) ? region : this.state.regions.get(key)!)
      if (change.size > 0 || !sameEntries(this.state.regions, next)) this.#setRegions(next, change, paintOrder(next))
    })
  }

  /** Makes the change and one step of history. */
  commit(change: RegionChange): void {
    if (change.size > 0) this.commitSelecting(change, this.state.selected)
  }

  get markedEmpty(): boolean {
    return this.state.tags.has(emptyKey(this.own))
  }

  /** A structured clone of it restores the same history. */
  history(): SavedHistory {
    return { version: 1, ...this.#history }
  }

  /** Puts a history from an earlier visit before what has been done since; that, if anything, is what redo would lose. */
  restoreHistory(saved: SavedHistory): void {
    if (saved.version !== 1) return
    const { past, future } = this.#history
    const branched = past.length > 0 || future.length > 0
    this.run(() => {
      this.#history = { past: [...saved.past, ...past], future: branched ? future : saved.future }
      this.#held.lift(saved.past.length)
    })
  }

  /** While it is so, undo that finds no step waits for {@link restoreHistory}. */
  setHistoryComing(coming: boolean): void {
    if (coming === this.state.historyComing) return
    this.run(() => {
      this.update({ historyComing: coming })
      this.#release()
    })
  }

  setReadOnly(reason: string | undefined): void {
    if (this.state.readOnly !== reason) this.update({ readOnly: reason })
  }

  /** What new regions of a concept are given besides their concept. */
  protected readonly standardAttributes = (conceptId: string): Attributes | undefined =>
    standardAttributes(this.definitionsOf(conceptId))

  protected run(change: () => void): void {
    this.store.run(change)
  }

  protected update(patch: Partial<EditorState>): void {
    this.store.update(patch)
  }

  /** Brings what follows from the rest up to date; the same state when nothing has changed. */
  #settle(state: EditorState): EditorState {
    const { canUndo, canRedo } = waysOf(this.#history, state, this.discarded !== undefined)
    const same = state === this.#settled && canUndo === state.canUndo && canRedo === state.canRedo
    if (!same) {
      const simplifying = liveSimplifying(state.simplifying, state)
      const converting = liveConverting(state.converting, state)
      const settled = { ...state, simplifying, converting, canUndo, canRedo }
      const draft = withSimplified(draftOf(state.toolState, state), settled)
      this.#settled = { ...settled, draft: withConverted(draft, settled) }
    }
    return this.#settled ?? state
  }

  protected whyNot(region: Region): string | undefined {
    if (this.state.readOnly !== undefined) return this.state.readOnly
    if (this.state.locked.has(region.key)) return 'This region is locked.'
    return this.canEdit(region)
  }

  /** The first reason that keeps a selected region from being changed. */
  protected sayWhyNot(): void {
    const { selected, regions } = this.state
    for (const key of selected) {
      const why = this.whyNot(regions.get(key)!)
      if (why === undefined) continue
      this.notice({ text: why })
      return
    }
  }

  protected notice(notice: Notice): void {
    this.store.later(() => this.#notices.tell(notice))
  }

  protected ask(ask: Ask): void {
    this.store.later(() => this.#asks.tell(ask))
  }

  /** One step, after which what is left of the regions is selected. */
  protected replace(pieces: Pieces): void {
    const { change, keys, reason } = replaced(this.state, pieces, this.newId)
    const chosen = this.state.selected.size > 0 ? keys : []
    if (change.size > 0) this.commitSelecting(change, chosen)
    else if (reason !== undefined) this.notice({ text: reason })
  }

  protected remove(keys: readonly RegionKey[]): void {
    const { change, reason } = editEach(this.state, keys, () => undefined)
    if (change.size === 0) {
      if (reason !== undefined) this.notice({ text: reason })
      return
    }
    this.run(() => {
      this.commitSelecting(
        change,
        [...this.state.selected].filter((key) => !change.has(key)),
      )
      this.notice({ text: `${change.size} deleted`, undo: true })
    })
  }

  /** Adds and selects; answers with the new keys. */
  protected add(items: readonly NewRegion[]): readonly RegionKey[] {
    if (this.state.readOnly !== undefined) {
      this.notice({ text: this.state.readOnly })
      return []
    }
    const whole = items.map((item) => ({ ...item, attributes: item.attributes ?? this.#standardOf(item) }))
    const change = additions(this.state, whole, this.newId)
    const keys = [...change.keys()]
    if (keys.length > 0) this.commitSelecting(change, keys)
    return keys
  }

  #standardOf({ concepts }: NewRegion): Attributes | undefined {
    const [first] = concepts
    return first && this.standardAttributes(first.id)
  }

  /** A stroke of the brush: one step, after which its mask is selected. */
  protected paint(stroke: PaintedStroke): void {
    const { concept } = this.state
    const attributes = concept === undefined ? undefined : this.standardAttributes(concept)
    const { change, keys } = paintedChange(this.state, stroke, this.newId, attributes)
    if (change.size > 0) this.commitSelecting(change, keys)
  }

  protected reshape(shapes: ReadonlyMap<RegionKey, Shape>): void {
    if (shapes.size === 0) this.sayWhyNot()
    else this.tryPlan(reshape(this.state, shapes), true)
  }

  /** Commits what can be done of it, or says why nothing can. Answers with the reason for what stays as it is. */
  protected tryPlan({ change, reason }: Planned, reshapes = false): string | undefined {
    if (change.size > 0) this.commitSelecting(change, this.state.selected, reshapes)
    else if (reason !== undefined) this.notice({ text: reason })
    return reason
  }

  protected commitSelecting(
    change: RegionChange,
    select: Iterable<RegionKey>,
    reshapes = false,
    tags: TagChange | undefined = this.unmark(change),
  ): void {
    const selectedBefore = [...this.state.selected]
    const selectedAfter = [...select]
    this.run(() => {
      this.discarded = undefined
      // never one with a step that is about to be taken back
      const merges = reshapes && !this.#held.isNext(this.#history)
      const step = { change, tags, selectedBefore, selectedAfter, at: this.now(), reshapes: merges }
      this.#history = record(this.#history, step)
      this.#apply(change, selectedAfter, 'user', tags)
    })
  }

  /** A region drawn where "nothing here" was said takes that back, in the same step. */
  protected unmark(change: RegionChange): TagChange | undefined {
    const drew = this.markedEmpty && [...change.values()].some(({ before, after }) => after && !before)
    return drew ? new Map([[emptyKey(this.own), { before: 1 }]]) : undefined
  }

  #apply(change: RegionChange, select: readonly RegionKey[], origin: Origin, tags: TagChange | undefined): void {
    if (tags) this.update({ tags: apply(this.state.tags, tags) })
    const regions = this.#ages.restored(apply(this.state.regions, change), change)
    if (change.size > 0) this.#setRegions(regions, change, moves(change) ? paintOrder(regions) : this.state.order)
    this.select(select)
    this.store.later(() => this.#commits.tell(change, origin, tags))
  }

  /** Takes the last step back or forward, as soon as what it changes is there; see {@link HeldSteps}. */
  protected travel(direction: Direction): UndoResult {
    const { readOnly } = this.state
    if (readOnly !== undefined) {
      this.notice({ text: readOnly })
      return { done: false, skipped: readOnly }
    }
    if (this.#held.holds(direction, this.#history, this.#arrived)) {
      this.#held.add(direction, this.#history)
      return { done: false, waits: true }
    }
    return this.#go(direction, this.#history, (history) => history)
  }

  /** Undo or redo was asked for, and waits for what it changes. */
  get holds(): boolean {
    return this.#held.first !== undefined
  }

  get #arrived(): Arrived {
    const { regions, historyComing } = this.state
    return { regions, historyComing, loaded: this.#loaded }
  }

  /** Does what waited for what is there now. */
  #release(): void {
    const { readOnly } = this.state
    if (readOnly !== undefined && this.#held.first) {
      this.#held.clear()
      this.notice({ text: readOnly })
    }
    for (let next = this.#held.first; next; next = this.#held.first) {
      const below = this.#held.below(this.#history)
      if (isWaiting(next, below, this.#arrived)) return
      this.#go(next, below, (history) => this.#held.took(history, this.#history))
    }
  }

  #go(direction: Direction, history: History, wholeOf: (history: History) => History): UndoResult {
    const { size, regions, tags } = this.state
    const side = Math.max(size.width, size.height)
    const taken = (direction === 'undo' ? undo : redo)(history, { regions, tags, side, whyNot: this.canEdit })
    if (taken.kind === 'nothing') {
      this.#history = wholeOf(history)
      return { done: false }
    }
    this.run(() => {
      this.#history = wholeOf(taken.history)
      this.discarded = undefined
      // vertices taken back before are older than this step: redo goes on with the step
      if (canGoForward(this.state.toolState)) this.update({ toolState: startOf(this.state.tool) })
      if (taken.kind === 'done') this.#apply(taken.change, taken.selected, direction, taken.tags)
      else this.notice({ text: taken.reason })
    })
    return taken.kind === 'done' ? { done: true } : { done: false, skipped: taken.reason }
  }

  /** `change` leads from the regions now to `regions`; undefined: there were none. */
  #setRegions(
    regions: ReadonlyMap<RegionKey, Region>,
    change: RegionChange | undefined,
    order: readonly RegionKey[],
  ): void {
    const { index, selected, hovered } = this.state
    this.#ages.note(this.state.regions, change, regions)
    if (change) index.apply(change, this.state.regions)
    else index.fill(regions)
    const left = [...selected].filter((key) => regions.has(key))
    this.update({
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
