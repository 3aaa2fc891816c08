import { hitAt, tolerances } from '#editor/hit.ts'
import type { Pointing, Scene } from '#editor/scene.ts'
import { snapPoint } from '#editor/snap.ts'
import { clampMove, clampPoint, drawnBox, type Handle } from '#geometry/box.ts'
import type { Point } from '#geometry/point.ts'
import type { Box } from '#geometry/shape.ts'
import { type Caret, caretDraft, startCaret, stepCaret } from './caret.ts'
import { drawnRegion } from './drawn.ts'
import {
  gripCursor,
  handlePlaces,
  type Resizing,
  resizedBox,
  resizingDraft,
  sizeText,
  startResizing,
} from './resize.ts'
import { type Draft, type Effect, emptyDraft, type Guide, type HandlePlace, type Tool, type ToolEvent } from './tool.ts'

type Idle = {
  readonly at: 'idle'
  readonly pointer?: Pointing
  /** the selected box was just drawn: its handles are live until the next action */
  readonly fresh: boolean
}

type Pressed = {
  readonly at: 'pressed'
  readonly down: Pointing
  /** a handle of the box just drawn */
  readonly handle?: Handle
  /** the first corner, if a click has set it before */
  readonly first?: Point
}

type Drawing = {
  readonly at: 'drawing'
  readonly origin: Point
  readonly pointer: Pointing
  /** from the pointer to the corner: what Space has moved the band against the pointer */
  readonly offset: Point
  /** with the button down; else between two clicks */
  readonly held: boolean
  /** the first corner, if a click has set it before this press */
  readonly first?: Point
}

export type BoxState = Idle | Pressed | Drawing | Resizing | Caret

type Step = readonly [BoxState, ...Effect[]]

const idle: Idle = { at: 'idle', fresh: false }

/** Press-drag-release and click-click, both always on. Nothing but the handles of the box just drawn can be hit. */
export const boxTool: Tool<BoxState> = {
  id: 'box',
  start: idle,
  busy: (state) => state.at !== 'idle',
  holdsSpace: (state) => state.at === 'drawing' && state.held,
  finishes: (state) => state.at === 'caret' || (state.at === 'drawing' && !state.held),
  step,
  draft,
}

function step(state: BoxState, event: ToolEvent, scene: Scene): Step {
  if (event.type === 'cancel' || event.type === 'menu') return [idle]
  if (event.type === 'keyboard') {
    return scene.readOnly ? [state, { do: 'notice', text: scene.readOnly }] : [startCaret(event.at, scene.size)]
  }
  switch (state.at) {
    case 'idle':
      return fromIdle(state, event, scene)
    case 'pressed':
      return fromPressed(state, event, scene)
    case 'drawing':
      return fromDrawing(state, event, scene)
    case 'resizing':
      return fromResizing(state, event, scene)
    case 'caret': {
      if (event.type === 'down') return fromIdle(idle, event, scene)
      const next = stepCaret(state, event, scene.size)
      return 'box' in next ? create(next.box, scene, undefined) : [next]
    }
  }
}

/**
 * The handles of the box just drawn stand inside of it, so far in and of such reach, screen px: on its border, where
 * another tool shows them, the box beside it begins.
 */
const inset: Readonly<Record<Pointing['kind'], { readonly by: number; readonly reach: number }>> = {
  mouse: { by: 7, reach: 6 },
  pen: { by: 8, reach: 7 },
  touch: { by: 14, reach: 13 },
}

/** Where they stand, at least three of them apart; none in a box that is smaller than that. */
function freshHandles({ selected, regions, view }: Scene, kind: Pointing['kind']): readonly HandlePlace[] {
  const [key] = selected
  const shape = key === undefined ? undefined : regions.get(key)?.shape
  const by = inset[kind].by / view.scale
  if (selected.size !== 1 || shape?.kind !== 'box' || Math.min(shape.w, shape.h) < 6 * by) return []
  const inner: Box = { ...shape, x: shape.x + by, y: shape.y + by, w: shape.w - 2 * by, h: shape.h - 2 * by }
  return handlePlaces(inner, key!)
}

const withActive = (places: readonly HandlePlace[], handle: Handle | undefined): readonly HandlePlace[] =>
  places.map((place) => ({ ...place, active: place.handle === handle }))

/** The handle of the box just drawn that a press takes. */
function freshHandle(scene: Scene, { at, kind }: Pointing): HandlePlace | undefined {
  const reach = inset[kind].reach / scene.view.scale
  return freshHandles(scene, kind).find(
    (place) => Math.max(Math.abs(place.at[0] - at[0]), Math.abs(place.at[1] - at[1])) <= reach,
  )
}

function fromIdle(state: Idle, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'hover': {
      // Ctrl+click selects, so Ctrl shows what it would select
      const hit = event.ctrl ? hitAt(scene, event.at, tolerances[event.kind]) : undefined
      return [
        { ...state, pointer: event },
        { do: 'hover', key: hit?.key },
      ]
    }
    case 'down': {
      if (scene.readOnly) return [idle, { do: 'notice', text: scene.readOnly }]
      const handle = state.fresh ? freshHandle(scene, event)?.handle : undefined
      return [
        { at: 'pressed', down: event, ...(handle && { handle }) },
        { do: 'hover', key: undefined },
      ]
    }
    case 'leave':
      return [
        { at: 'idle', fresh: state.fresh },
        { do: 'hover', key: undefined },
      ]
    default:
      return [state]
  }
}

function fromPressed(state: Pressed, event: ToolEvent, scene: Scene): Step {
  const { down, handle, first } = state
  switch (event.type) {
    case 'drag': {
      if (handle) {
        const [key] = scene.selected
        const resizing = key === undefined ? undefined : startResizing(scene, key, handle, down, event)
        return [resizing ?? idle]
      }
      return [
        {
          at: 'drawing',
          origin: first ?? originAt(down, scene),
          pointer: event,
          offset: [0, 0],
          held: true,
          ...(first && { first }),
        },
      ]
    }
    case 'click': {
      if (handle) return [{ at: 'idle', pointer: event, fresh: true }]
      const hit = event.ctrl && !first ? hitAt(scene, event.at, tolerances[event.kind]) : undefined
      if (hit)
        return [
          { at: 'idle', pointer: event, fresh: false },
          { do: 'select', keys: toggled(scene, hit.key) },
        ]
      if (!first) return [between(originAt(down, scene), event)]
      return finish(between(first, event), scene)
    }
    case 'abort':
      return [first ? between(first, down) : idle]
    default:
      return [state]
  }
}

const between = (first: Point, pointer: Pointing): Drawing => ({
  at: 'drawing',
  origin: first,
  pointer,
  offset: [0, 0],
  held: false,
})

const toggled = (scene: Scene, key: string) =>
  scene.selected.has(key) ? [...scene.selected].filter((other) => other !== key) : [...scene.selected, key]

function fromDrawing(state: Drawing, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'hover':
      return [state.held ? state : { ...state, pointer: event }]
    case 'down':
      return state.held ? [state] : [{ at: 'pressed', down: event, first: state.origin }]
    case 'drag':
      return [event.space ? moved(state, event, scene) : { ...state, pointer: event }]
    case 'up':
      return finish({ ...state, pointer: { ...event, space: false } }, scene)
    case 'finish':
      return state.held ? [state] : finish(state, scene)
    case 'abort':
      return [state.first ? between(state.first, state.pointer) : idle]
    default:
      return [state]
  }
}

/** Space: the whole band follows the pointer, inside the image. */
function moved(state: Drawing, event: Pointing, scene: Scene): Drawing {
  const from = state.pointer.at
  const band = bandOf(state, scene).box
  const [dx, dy] = clampMove(band, event.at[0] - from[0], event.at[1] - from[1], scene.size)
  const corner: Point = [from[0] + state.offset[0] + dx, from[1] + state.offset[1] + dy]
  return {
    ...state,
    origin: [state.origin[0] + dx, state.origin[1] + dy],
    pointer: event,
    offset: [corner[0] - event.at[0], corner[1] - event.at[1]],
  }
}

function fromResizing(state: Resizing, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'drag':
      return [{ ...state, pointer: event }]
    case 'up': {
      const shape = resizedBox({ ...state, pointer: event }, scene).box
      return [
        { at: 'idle', pointer: event, fresh: true },
        { do: 'reshape', shapes: new Map([[state.key, shape]]) },
      ]
    }
    case 'abort':
      return [{ at: 'idle', fresh: true }]
    default:
      return [state]
  }
}

const finish = (state: Drawing, scene: Scene): Step => create(bandOf(state, scene).box, scene, state.pointer)

/** Under max(1 image px, 3 screen px) a side it is no box, and nothing is said. */
function create(shape: Box, scene: Scene, pointer: Pointing | undefined): Step {
  const least = Math.max(1, 3 / scene.view.scale)
  const at: Idle = { at: 'idle', fresh: true, ...(pointer && { pointer }) }
  if (shape.w < least || shape.h < least) return [{ ...at, fresh: false }]
  return [at, { do: 'create', shape }]
}

const originAt = (down: Pointing, scene: Scene): Point => snappedPointer(down, scene).at

function snappedPointer(pointer: Pointing, scene: Scene) {
  const at = clampPoint(pointer.at, scene.size)
  return pointer.ctrl ? { at, guides: [] } : snapPoint(scene, at)
}

/** The band now. Shift: square; Alt: `origin` is its middle; Ctrl: no snapping (nor with a square, whose sides depend on each other). */
function bandOf(state: Drawing, scene: Scene): { readonly box: Box; readonly guides: readonly Guide[] } {
  const { pointer, origin, offset } = state
  const raw = clampPoint([pointer.at[0] + offset[0], pointer.at[1] + offset[1]], scene.size)
  const free = pointer.ctrl || pointer.shift || pointer.space
  const { at, guides } = free ? { at: raw, guides: [] } : snapPoint(scene, raw, { origin })
  return { box: drawnBox(origin, at, scene.size, { square: pointer.shift, fromCentre: pointer.alt }), guides }
}

function draft(state: BoxState, scene: Scene): Draft {
  switch (state.at) {
    case 'idle':
      return idleDraft(state, scene)
    case 'pressed': {
      if (state.handle)
        return {
          ...emptyDraft,
          handles: withActive(freshHandles(scene, state.down.kind), state.handle),
          cursor: gripCursor(scene, state.handle),
        }
      if (state.first) return drawingDraft(between(state.first, state.down), scene)
      return { ...emptyDraft, crosshair: originAt(state.down, scene), cursor: 'crosshair' }
    }
    case 'drawing':
      return drawingDraft(state, scene)
    case 'resizing':
      return resizingDraft(state, scene)
    case 'caret':
      return caretDraft(state, (box) => drawnRegion(box, scene))
  }
}

function idleDraft(state: Idle, scene: Scene): Draft {
  if (scene.readOnly) return { ...emptyDraft, cursor: 'not-allowed' }
  const { pointer, fresh } = state
  const hit = fresh && pointer ? freshHandle(scene, pointer) : undefined
  const handles = fresh ? withActive(freshHandles(scene, pointer?.kind ?? 'mouse'), hit?.handle) : []
  if (!pointer) return { ...emptyDraft, handles, cursor: 'crosshair' }
  if (hit) return { ...emptyDraft, handles, cursor: gripCursor(scene, hit.handle) }
  if (pointer.ctrl && scene.hovered !== undefined) return { ...emptyDraft, handles, cursor: 'pointer' }
  return { ...emptyDraft, handles, crosshair: snappedPointer(pointer, scene).at, cursor: 'crosshair' }
}

function drawingDraft(state: Drawing, scene: Scene): Draft {
  const { box, guides } = bandOf(state, scene)
  return {
    shapes: [drawnRegion(box, scene)],
    guides,
    readout: { text: sizeText(box), at: clampPoint(state.pointer.at, scene.size) },
    crosshair: undefined,
    handles: [],
    cursor: 'crosshair',
    autoPan: state.held,
  }
}
