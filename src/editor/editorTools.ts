import { clampPoint } from '#geometry/box.ts'
import { bounds, type Polygon, type Shape } from '#geometry/shape.ts'
import { toImage } from '#geometry/view.ts'
import type { Beside } from './beside.ts'
import { parseCopied } from './clipboard.ts'
import { crossedRings } from './combine.ts'
import { EditorTags } from './editorTags.ts'
import type { Direction, UndoResult } from './held.ts'
import { currentMask, isPaintTool } from './painting.ts'
import { startSimplifying } from './simplifying.ts'
import {
  canFinish,
  canGoBack,
  canGoForward,
  isBusy,
  keepsWork,
  keptOf,
  revivedFrom,
  startOf,
  stepTool,
  type ToolState,
} from './state.ts'
import { fieldsOf } from './tools/kept.ts'
import type { Effect, ToolEvent, ToolId } from './tools/tool.ts'
import { pickedVertices } from './vertexHit.ts'

/** Tools that N does not go back to: they draw nothing. */
const undrawn: ReadonlySet<ToolId> = new Set(['select', 'cut', 'classify', 'ghost'])

/** The tool in hand: what it is told, what comes of it, and the unfinished shape that it holds. */
export class EditorTools extends EditorTags {
  #drawing: ToolId = 'box'

  /** What the tool is told; screen and image position are the caller's ({@link PointerInput} makes them). */
  dispatch(event: ToolEvent): void {
    this.run(() => {
      this.#feelPen(event)
      this.#step(event)
      this.followSurface()
    })
  }

  /** The first pen that feels pressure makes the brush follow it; one that feels none tells 0.5 (Pointer Events). */
  #feelPen(event: ToolEvent): void {
    if (event.type !== 'down' || event.kind !== 'pen') return
    const { tool, brush } = this.state
    const { pressure = 0 } = event
    if (brush.pressure || brush.pressureSet || pressure === 0 || pressure === 0.5) return
    if (tool !== 'brush' && tool !== 'eraser') return
    this.setBrush({ pressure: true, pressureSet: false })
    this.notice({ text: "The pen's pressure changes the size of the brush; More, in its bar, turns that off." })
  }

  /**
   * Takes back the last vertex or the gesture under way, else brings back the unfinished shape just discarded, else
   * takes back the last step. A step that does not fit any more is dropped, with a notice;
   * one about a mask that is being read waits for it.
   */
  undo(): UndoResult {
    const { toolState } = this.state
    if (canGoBack(toolState)) this.dispatch({ type: 'back' })
    else if (isBusy(toolState)) this.dispatch({ type: 'cancel' })
    else if (this.discarded) this.#resume(this.discarded)
    else if (!this.#goBeside('undo')) return this.travel('undo')
    return { done: true }
  }

  redo(): UndoResult {
    const { toolState } = this.state
    if (canGoForward(toolState)) {
      this.dispatch({ type: 'forward' })
      return { done: true }
    }
    if (isBusy(toolState)) return { done: false }
    return this.#goBeside('redo') ? { done: true } : this.travel('redo')
  }

  /** Anew after each of its steps; undefined: there is nothing beside the regions. */
  setBeside(beside: Beside | undefined): void {
    this.update({ beside })
  }

  /** Whether the step was one of something else. */
  #goBeside(direction: Direction): boolean {
    const { beside, readOnly } = this.state
    const steps = this.history().past.length
    const goes = direction === 'undo' ? beside?.canUndo(steps) : beside?.canRedo(steps)
    if (!goes || readOnly !== undefined) return false
    beside?.[direction]()
    return true
  }

  /** An unfinished shape is discarded, which undo takes back. */
  setTool(id: ToolId): void {
    const { tool, toolState } = this.state
    if (tool === id) return
    this.run(() => {
      // a stroke of the brush is done, not lost
      if (isPaintTool(tool) && isBusy(toolState)) this.dispatch({ type: 'abort', lost: true })
      if (keepsWork(toolState)) this.#discard(toolState)
      if (!undrawn.has(id)) this.#drawing = isPaintTool(id) ? 'brush' : id
      this.update({ tool: id, toolState: startOf(id), hovered: undefined })
    })
  }

  /** What is unfinished, as JSON that {@link resume} takes, also on another day; undefined = nothing is. */
  unfinished(): unknown {
    const { toolState } = this.state
    const kept = keptOf(toolState)
    return kept === undefined ? undefined : { tool: toolState.id, kept }
  }

  /** Goes on with what was unfinished. False: it is of no form that is known, or something is under way here. */
  resume(unfinished: unknown): boolean {
    const { tool, kept } = fieldsOf(unfinished)
    const toolState = revivedFrom(tool, kept)
    if (!toolState || this.state.readOnly !== undefined || isBusy(this.state.toolState)) return false
    this.run(() => {
      this.#resume(toolState)
      this.notice({ text: 'Not finished the last time: go on, or press Esc to discard it.' })
    })
    return true
  }

  /** N: finishes what is being drawn, and takes the tool that was drawn with last. */
  drawAgain(): void {
    this.run(() => {
      if (isPaintTool(this.state.tool) || canFinish(this.state.toolState)) this.dispatch({ type: 'finish' })
      else if (this.#drawing === 'brush' && currentMask(this.state)) this.select([])
      this.setTool(this.#drawing)
    })
  }

  /** Carries regions from the clipboard under the pointer until a click places them; other text is ignored. */
  carry(json: string): void {
    const items = parseCopied(json)
    if (!items || items.length === 0) return
    const { readOnly } = this.state
    if (readOnly !== undefined) {
      this.notice({ text: readOnly })
      return
    }
    this.run(() => {
      if (keepsWork(this.state.toolState)) this.#discard(this.state.toolState)
      const toolState: ToolState = { id: 'ghost', state: { at: 'carrying', items } }
      this.update({ tool: 'ghost', toolState, hovered: undefined })
    })
  }

  /** The active concept: new regions get it. */
  setConcept(id: string | undefined): void {
    this.run(() => {
      const mask = isPaintTool(this.state.tool) ? currentMask(this.state) : undefined
      if (this.state.concept !== id) this.update({ concept: id })
      // what is painted from now on is another thing
      if (id !== undefined && mask && mask.concepts.length > 0 && !mask.concepts.some((tag) => tag.id === id))
        this.select([])
    })
  }

  /** Begins drawing a box by keyboard: where the middle of the surface shows the image. */
  drawByKeyboard(): void {
    const { viewport, view, size } = this.state
    this.run(() => {
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
    else if (pickedVertices(this.state).size > 0) this.update({ picked: undefined })
    else if (selected.size > 0 && tool !== 'cut') this.select([])
    else if (tool !== 'select') this.setTool('select')
    else return false
    return true
  }

  #step(event: ToolEvent): void {
    const { toolState } = this.state
    const [next, effects] = stepTool(toolState, event, this.state)
    if (event.type === 'cancel' && keepsWork(toolState) && !keepsWork(next)) this.#discard(toolState)
    if (next !== toolState) this.update({ toolState: next })
    if (keepsWork(next)) this.discarded = undefined
    for (const effect of effects) this.#do(effect)
  }

  #do(effect: Effect): void {
    switch (effect.do) {
      case 'create':
        this.#draw(effect.shape, effect.rough)
        break
      case 'replace':
        this.replace(effect.pieces)
        break
      case 'place':
        this.add(effect.items)
        break
      case 'paint':
        this.paint(effect.stroke)
        break
      case 'painted':
        this.update({ painted: effect.painted })
        break
      case 'remove':
        this.remove(effect.keys)
        break
      case 'pick':
        this.update({ picked: effect.picked })
        break
      case 'tool':
        this.setTool(effect.id)
        break
      case 'reshape':
        this.reshape(effect.shapes)
        break
      case 'select':
        this.select(effect.keys)
        break
      case 'hover':
        if (this.state.hovered !== effect.key) this.update({ hovered: effect.key })
        break
      case 'fit':
        this.fit()
        break
      case 'notice':
        this.notice({ text: effect.text })
        break
      case 'ask':
        this.ask(effect.ask)
        break
    }
  }

  /** A new region with the active concept; without one it asks, and the region stays whatever the answer. */
  #draw(shape: Shape, rough?: { readonly polygon: Polygon; readonly tolerance: number }): void {
    const { concept } = this.state
    const keys = this.add([{ shape, concepts: concept === undefined ? [] : [{ id: concept, value: 1 }] }])
    const [key] = keys
    if (key === undefined) return
    this.drawn = this.state.selected
    if (shape.kind === 'polygon') {
      const simplifying = rough && startSimplifying(key, rough.polygon, shape, rough.tolerance)
      this.update({ simplifying })
      if (crossedRings(shape)) this.notice({ text: 'The outline crosses itself.', fix: true })
    }
    if (concept === undefined) this.ask({ kind: 'concept', keys, near: bounds(shape) })
  }

  #discard(toolState: ToolState): void {
    this.discarded = toolState
    this.notice({ text: toolState.id === 'lasso' ? 'Lasso discarded' : 'Polygon discarded', undo: true })
  }

  #resume(toolState: ToolState): void {
    this.run(() => {
      this.discarded = undefined
      this.update({ tool: toolState.id, toolState, hovered: undefined })
    })
  }
}
