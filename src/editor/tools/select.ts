import { gripAt, type Hit, hitAt, isVisible, regionsIn, stackAt, tolerances } from '#editor/hit.ts'
import type { Pointing, Scene } from '#editor/scene.ts'
import { editedPolygon, pickedVertices, type VertexHit, vertexHit } from '#editor/vertexHit.ts'
import { between } from '#geometry/box.ts'
import { isAnyBox } from '#geometry/boxFrame.ts'
import type { Point } from '#geometry/point.ts'
import { bounds, canMove, contains } from '#geometry/shape.ts'
import type { RegionKey } from '#model/region.ts'
import { menuEffects } from './menu.ts'
import { type Moving, movingDraft, startMoving, stepMoving } from './moving.ts'
import { canClose, type RedrawState, redrawDraft, startRedrawing, stepRedraw } from './redraw.ts'
import { gripCursor, type Resizing, resizedBox, resizingDraft, selectionHandles, startResizing } from './resize.ts'
import { type Draft, type Effect, emptyDraft, type Tool, type ToolEvent } from './tool.ts'
import { isOnTurnGrip, restingTurnGrip, startTurning, type TurningBox, turnedShape, turningDraft } from './turnBox.ts'
import {
  clickVertex,
  type Reshaping,
  reshapedEffects,
  reshapingDraft,
  startReshaping,
  vertexMarks,
  verticesIn,
} from './vertices.ts'

type Idle = {
  readonly at: 'idle'
  readonly pointer?: Pointing
  /** where the last click was: another there goes on to what lies below */
  readonly clicked?: Pointing
  /** what that click went on from, for the case that it turns out to be the first of a double click */
  readonly cycledFrom?: RegionKey
}

type Pressed = {
  readonly at: 'pressed'
  readonly down: Pointing
  readonly hit: Hit | VertexHit | undefined
  /** on the handle that turns the selected box */
  readonly turns: boolean
  /** a selected shape is under it, so a drag moves the selection */
  readonly onSelected: boolean
  readonly clicked?: Pointing
  readonly cycledFrom?: RegionKey
}

type Marquee = {
  readonly at: 'marquee'
  readonly from: Point
  readonly pointer: Pointing
  /** what was selected before, which Shift and Ctrl keep */
  readonly before: readonly RegionKey[]
  /** vertices of the edited polygon, if any are in it */
  readonly picks: boolean
}

export type SelectState = Idle | Pressed | Marquee | Moving | Resizing | Reshaping | TurningBox | RedrawState

type Step = readonly [SelectState, ...Effect[]]

const idle: Idle = { at: 'idle' }

/** A section of an outline is drawn anew. */
export const isRedraw = (state: SelectState): state is RedrawState =>
  state.at === 'redrawing' || state.at === 'choosing'

export const selectTool: Tool<SelectState> = {
  id: 'select',
  start: idle,
  busy: (state) => state.at !== 'idle',
  holdsSpace: () => false,
  finishes: (state) => isRedraw(state) && canClose(state),
  flips: (state) => state.at === 'choosing',
  // a finger that rests opens the menu that the right button opens
  takesHold: (state) => state.at === 'pressed',
  canGoBack: isRedraw,
  step,
  draft,
}

function step(state: SelectState, event: ToolEvent, scene: Scene): Step {
  if (isRedraw(state)) {
    const [next, ...effects] = stepRedraw(state, event, scene)
    return [next ?? idle, ...effects]
  }
  if (state.at !== 'idle' && (event.type === 'cancel' || event.type === 'abort')) return [idle]
  switch (state.at) {
    case 'idle':
      return fromIdle(state, event, scene)
    case 'pressed':
      return fromPressed(state, event, scene)
    case 'marquee':
      return fromMarquee(state, event, scene)
    case 'moving': {
      const [next, ...effects] = stepMoving(state, event, scene)
      return [next ?? idle, ...effects]
    }
    case 'resizing':
      return fromResizing(state, event, scene)
    case 'reshaping':
      return fromReshaping(state, event, scene)
    case 'turning':
      return fromTurning(state, event, scene)
  }
}

function fromIdle(state: Idle, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'hover':
      return [{ ...state, pointer: event }, hover(event, scene)]
    case 'leave':
      return [state.clicked ? { at: 'idle', clicked: state.clicked } : idle, { do: 'hover', key: undefined }]
    case 'down': {
      const tolerance = tolerances[event.kind]
      const hit = vertexHit(scene, event.at, tolerance) ?? hitAt(scene, event.at, tolerance)
      const onSelected = isOnSelected(scene, event.at, hit?.key)
      const turns = isOnTurnGrip(scene, event.at, tolerance)
      return [{ ...state, at: 'pressed', down: event, hit, onSelected, turns }]
    }
    case 'menu':
      return [state, ...menuEffects(event, scene)]
    default:
      return [state]
  }
}

/** What is being edited comes before what lies over it. */
function hover(event: Pointing, scene: Scene): Effect {
  const tolerance = tolerances[event.kind]
  return { do: 'hover', key: (vertexHit(scene, event.at, tolerance) ?? hitAt(scene, event.at, tolerance))?.key }
}

/** Inside any selected shape, even one that smaller shapes cover. */
function isOnSelected(scene: Scene, at: Point, top: RegionKey | undefined): boolean {
  if (top !== undefined && scene.selected.has(top)) return true
  for (const key of scene.selected) {
    const region = scene.regions.get(key)
    if (region && isVisible(scene, key) && contains(region.shape, at)) return true
  }
  return false
}

function fromPressed(state: Pressed, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'drag':
      return startDrag(state, event, scene)
    case 'click':
      return event.count === 2 ? doubleClick(state, event, scene) : click(state, event, scene)
    case 'hold':
      return [idle, ...menuEffects(event, scene)]
    case 'menu':
      return [idle]
    default:
      return [state]
  }
}

function startDrag(state: Pressed, event: Pointing, scene: Scene): Step {
  const { down, hit, onSelected } = state
  const turning = state.turns && !down.ctrl ? startTurning(scene, down, event) : undefined
  if (turning) return [turning, { do: 'hover', key: undefined }]
  if (hit?.kind === 'vertex' || hit?.kind === 'contour') {
    const editing = down.shift ? startRedrawing(scene, down, event, true) : startReshaping(scene, hit, down, event)
    if (editing) return [editing, { do: 'hover', key: undefined }]
  }
  if ((hit?.kind === 'handle' || hit?.kind === 'edge') && !down.ctrl) {
    const resizing = startResizing(scene, hit.key, hit.handle, down, event)
    if (resizing) return [resizing]
  }
  // with Shift a frame picks vertices, where there are any to pick
  const picks = down.shift && editedPolygon(scene) !== undefined
  if (onSelected && !down.ctrl && !picks) {
    const [moving, ...effects] = startMoving(down, event, scene)
    return [moving ?? idle, ...effects]
  }
  const before = down.shift || down.ctrl ? [...scene.selected] : []
  return [
    { at: 'marquee', from: down.at, pointer: event, before, picks },
    { do: 'hover', key: undefined },
  ]
}

function click(state: Pressed, event: Pointing & { readonly count: 1 | 2 }, scene: Scene): Step {
  const next: Idle = { at: 'idle', pointer: event, clicked: event }
  if (state.turns) return [{ at: 'idle', pointer: event }]
  const { hit } = state
  if ((hit?.kind === 'vertex' || hit?.kind === 'contour') && !event.ctrl) {
    if (hit.kind === 'contour' && event.shift) {
      const redrawing = startRedrawing(scene, state.down, event, false)
      return redrawing ? [redrawing] : [next]
    }
    return [{ at: 'idle', pointer: event }, ...clickVertex(scene, hit, event, false)]
  }
  const [deselect] = pickedVertices(scene).size > 0 ? [{ do: 'pick', picked: undefined } as const] : []
  if (deselect && !event.ctrl && !event.shift && isOnSelected(scene, event.at, undefined)) return [next, deselect]
  const stack = stackAt(scene, event.at, tolerances[event.kind])
  const top = state.hit?.key ?? stack[0]
  if (top === undefined) return event.ctrl || event.shift ? [next] : [next, { do: 'select', keys: [] }]
  if (event.ctrl) {
    const rest = [...scene.selected].filter((key) => key !== top)
    return [next, { do: 'select', keys: rest.length < scene.selected.size ? rest : [...rest, top] }]
  }
  if (event.shift) return [next, { do: 'select', keys: [...new Set([...scene.selected, top])] }]
  const lower = below(state, event, stack, scene)
  if (lower === undefined) return [next, { do: 'select', keys: [stack[0] ?? top] }]
  const [cycledFrom] = scene.selected
  return [
    { ...next, ...(cycledFrom !== undefined && { cycledFrom }) },
    { do: 'select', keys: [lower] },
  ]
}

/** The one under the selected one, if this click is on the spot of the last. */
function below(state: Pressed, event: Pointing, stack: readonly RegionKey[], scene: Scene): RegionKey | undefined {
  const last = state.clicked
  if (!last || scene.selected.size !== 1) return undefined
  const scale = scene.view.scale
  if (Math.hypot(event.at[0] - last.at[0], event.at[1] - last.at[1]) * scale > 4) return undefined
  const [selected] = scene.selected
  const i = stack.indexOf(selected!)
  return i < 0 ? undefined : stack[(i + 1) % stack.length]
}

function doubleClick(state: Pressed, event: Pointing, scene: Scene): Step {
  const next: Idle = { at: 'idle', pointer: event, clicked: event }
  if (state.turns) return [next]
  const stack = stackAt(scene, event.at, tolerances[event.kind])
  if (state.hit?.kind === 'vertex' || state.hit?.kind === 'contour') {
    return [{ at: 'idle', pointer: event }, ...clickVertex(scene, state.hit, event, true)]
  }
  const key = state.cycledFrom ?? stack.find((candidate) => scene.selected.has(candidate)) ?? state.hit?.key
  const region = key === undefined ? undefined : scene.regions.get(key)
  if (!region) return [next, { do: 'fit' }]
  if (event.ctrl || event.shift) return [next]
  const select: Effect = { do: 'select', keys: [region.key] }
  const why = scene.whyNot(region)
  if (why !== undefined) return [next, select, { do: 'notice', text: why }]
  // a polygon that is selected shows its vertices: it is being edited already
  if (region.shape.kind === 'polygon' && !isAnyBox(region.shape)) return [next, select]
  if (region.shape.kind === 'mask') return [next, select, { do: 'tool', id: 'brush' }]
  return [next, select, { do: 'ask', ask: { kind: 'concept', keys: [region.key], near: bounds(region.shape) } }]
}

function fromMarquee(state: Marquee, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'drag':
      return [{ ...state, pointer: event }]
    case 'up': {
      const band = between(state.from, event.at)
      const region = state.picks ? editedPolygon(scene) : undefined
      const vertices = region && verticesIn(scene, band)
      if (region && vertices && vertices.size > 0) {
        const { key, shape } = region
        const picked = { key, shape, vertices: pickedVertices(scene).union(vertices) }
        return [
          { at: 'idle', pointer: event },
          { do: 'pick', picked },
        ]
      }
      const keys = regionsIn(scene, band, event.alt)
      return [
        { at: 'idle', pointer: event },
        { do: 'select', keys: [...new Set([...state.before, ...keys])] },
      ]
    }
    case 'menu':
      return [idle]
    default:
      return [state]
  }
}

function fromResizing(state: Resizing, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'drag':
      return [{ ...state, pointer: event }]
    case 'up': {
      const shape = resizedBox({ ...state, pointer: event }, scene).box
      return [
        { at: 'idle', pointer: event },
        { do: 'reshape', shapes: new Map([[state.key, shape]]) },
      ]
    }
    case 'menu':
      return [idle]
    default:
      return [state]
  }
}

function fromReshaping(state: Reshaping, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'drag':
      return [{ ...state, pointer: event }]
    case 'up':
      return [{ at: 'idle', pointer: event }, ...reshapedEffects({ ...state, pointer: event }, scene)]
    case 'menu':
      return [idle]
    default:
      return [state]
  }
}

function fromTurning(state: TurningBox, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'drag':
      return [{ ...state, pointer: event }]
    case 'up': {
      const shape = turnedShape({ ...state, pointer: event }, scene)
      return [
        { at: 'idle', pointer: event },
        { do: 'reshape', shapes: new Map([[state.key, shape]]) },
      ]
    }
    case 'menu':
      return [idle]
    default:
      return [state]
  }
}

function draft(state: SelectState, scene: Scene): Draft {
  switch (state.at) {
    case 'idle':
      return restingDraft(scene, state.pointer)
    case 'pressed':
      return restingDraft(scene, state.down)
    case 'marquee':
      return { ...emptyDraft, marquee: between(state.from, state.pointer.at), cursor: 'default', autoPan: true }
    case 'moving':
      return movingDraft(state, scene)
    case 'resizing':
      return resizingDraft(state, scene)
    case 'reshaping':
      return reshapingDraft(state, scene)
    case 'turning':
      return turningDraft(state, scene)
    case 'redrawing':
    case 'choosing':
      return redrawDraft(state, scene)
  }
}

function restingDraft(scene: Scene, pointer: Pointing | undefined): Draft {
  const grip = pointer && gripAt(scene, pointer.at, tolerances[pointer.kind])
  const handles = selectionHandles(scene, grip?.handle)
  const hit = pointer && vertexHit(scene, pointer.at, tolerances[pointer.kind])
  const onTurnGrip = pointer !== undefined && isOnTurnGrip(scene, pointer.at, tolerances[pointer.kind])
  const turnGrip = restingTurnGrip(scene, onTurnGrip)
  const marks = { ...vertexMarks(scene, onTurnGrip ? undefined : hit, pointer?.kind === 'touch'), turnGrip }
  if (onTurnGrip) return { ...emptyDraft, ...marks, cursor: 'grab' }
  if (hit) return { ...emptyDraft, ...marks, cursor: hit.kind === 'vertex' ? 'crosshair' : 'copy' }
  const cursor = grip ? gripCursor(scene, grip.handle) : pointer ? restingCursor(scene, pointer) : 'default'
  return { ...emptyDraft, handles, ...marks, cursor }
}

function restingCursor(scene: Scene, pointer: Pointing): string {
  if (isOnSelected(scene, pointer.at, scene.hovered)) {
    const movable = [...scene.selected].some((key) => {
      const region = scene.regions.get(key)
      return region !== undefined && canMove(region.shape) && scene.whyNot(region) === undefined
    })
    return movable ? 'move' : 'not-allowed'
  }
  return scene.hovered === undefined ? 'default' : 'pointer'
}
