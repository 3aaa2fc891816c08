import type { Pointing, Scene } from '#editor/scene.ts'
import { editedPolygon } from '#editor/vertexHit.ts'
import { snapVertex } from '#editor/vertexSnap.ts'
import { clampPoint } from '#geometry/box.ts'
import type { Point } from '#geometry/point.ts'
import { ringContains } from '#geometry/polygon.ts'
import { subtractPolygons } from '#geometry/polygonBoolean.ts'
import { ringInside, ringsOf } from '#geometry/rings.ts'
import { bounds, contains, type Polygon } from '#geometry/shape.ts'
import { simplifyLine } from '#geometry/simplify.ts'
import type { RegionKey } from '#model/region.ts'
import { fieldsOf, pointsOf } from './kept.ts'
import { outlineDraft, strokeDraft } from './polygonDraft.ts'
import {
  addPart,
  bringBack,
  emptyOutline,
  lastTraced,
  type Outline,
  outlineOf,
  type Part,
  sampled,
  takeBack,
  targetOf,
  traces,
  turnLast,
} from './polygonSketch.ts'
import { type Draft, type Effect, emptyDraft, type Tool, type ToolEvent } from './tool.ts'

/** A drag of at most this is a click with an unsteady hand, screen px. */
const strokePx = 8
/** A stroke that is interrupted with fewer samples has not really begun. */
const strokeBegun = 5

type Idle = {
  readonly at: 'idle'
  readonly outline: Outline
  readonly pointer?: Pointing
  /** the pointer is on contours that can be followed more ways than one */
  readonly traces: boolean
  /** how many ways further than the first it is followed */
  readonly turns: number
}

type Pressed = {
  readonly at: 'pressed'
  readonly outline: Outline
  readonly down: Pointing
  readonly turns: number
}

type Freehand = {
  readonly at: 'stroke'
  readonly outline: Outline
  readonly samples: readonly Point[]
  readonly pointer: Pointing
}

export type PolygonState = Idle | Pressed | Freehand

type Step = readonly [PolygonState, ...Effect[]]

const idle = (outline: Outline, pointer?: Pointing): Idle => ({
  at: 'idle',
  outline,
  traces: false,
  turns: 0,
  ...(pointer && { pointer }),
})

const start = idle(emptyOutline)

/** Clicks set vertices, a drag draws freehand, and both may be mixed; nothing but what is drawn can be hit. */
export const polygonTool: Tool<PolygonState> = {
  id: 'polygon',
  start,
  busy: (state) => state.at !== 'idle' || state.outline.parts.length > 0,
  isPath: (state) => state.at === 'stroke',
  holdsSpace: () => false,
  finishes: (state) => state.at === 'idle' && state.outline.parts.length > 0,
  takesHold: (state) => state.at === 'pressed' && state.outline.parts.length > 0,
  flips: (state) => state.at === 'idle' && (state.traces || lastTraced(state.outline) !== undefined),
  canGoBack: (state) => state.at === 'stroke' || state.outline.parts.length > 0,
  canGoForward: (state) => state.at === 'idle' && state.outline.undone.length > 0,
  keeps: (state) => state.outline.parts.length > 0,
  kept,
  revived,
  step,
  draft,
}

function step(state: PolygonState, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'cancel':
      return [state.at === 'idle' ? idle(emptyOutline, state.pointer) : idle(state.outline)]
    case 'menu':
    case 'back':
      return [back(state, event.type === 'menu' ? event : pointerOf(state), scene)]
    case 'forward':
      return [state.at === 'idle' ? idle(bringBack(state.outline), state.pointer) : state]
    case 'finish':
      return state.at === 'idle' && state.outline.parts.length > 0
        ? finish(state.outline, state.pointer, scene)
        : [state]
    case 'hold':
      return finish(state.outline, event, scene)
  }
  switch (state.at) {
    case 'idle':
      return fromIdle(state, event, scene)
    case 'pressed':
      return fromPressed(state, event, scene)
    case 'stroke':
      return fromStroke(state, event, scene)
  }
}

const pointerOf = (state: PolygonState) => (state.at === 'pressed' ? state.down : state.pointer)

/** The last part is taken back; of a stroke under way only that. */
function back(state: PolygonState, pointer: Pointing | undefined, scene: Scene): PolygonState {
  const outline = state.at === 'stroke' ? state.outline : takeBack(state.outline)
  return pointer ? hovering(idle(outline, pointer), pointer, scene) : idle(outline)
}

function hovering(state: Idle, pointer: Pointing, scene: Scene): Idle {
  const target = targetOf(state.outline, pointer, state.turns, scene)
  const following = traces(target)
  return { ...state, pointer, traces: following, turns: following ? state.turns : 0 }
}

function fromIdle(state: Idle, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'hover':
      return [hovering(state, event, scene)]
    case 'flip':
      return [state.traces ? { ...state, turns: state.turns + 1 } : { ...state, outline: turnLast(state.outline) }]
    case 'down': {
      if (scene.readOnly) return [start, { do: 'notice', text: scene.readOnly }]
      const first = state.outline.parts.length === 0
      const outline = first
        ? { ...emptyOutline, undone: state.outline.undone, hole: holeIn(event, scene) }
        : state.outline
      return [{ at: 'pressed', outline, down: event, turns: state.turns }]
    }
    case 'leave': {
      const { pointer: _gone, ...rest } = state
      return [{ ...rest, traces: false }]
    }
    default:
      return [state]
  }
}

/** Alt inside the one selected polygon: what is drawn becomes a hole of it. */
function holeIn(down: Pointing, scene: Scene): RegionKey | undefined {
  const region = down.alt ? editedPolygon(scene) : undefined
  return region && contains(region.shape, down.at) ? region.key : undefined
}

function fromPressed(state: Pressed, event: ToolEvent, scene: Scene): Step {
  const { outline, down } = state
  switch (event.type) {
    case 'drag': {
      const far = Math.hypot(event.screen[0] - down.screen[0], event.screen[1] - down.screen[1])
      if (far <= strokePx) return [state]
      const from = targetOf(outline, down, state.turns, scene)
      const samples = sampled([from.at], [...(event.path ?? []), event.at], scene)
      return [{ at: 'stroke', outline, samples, pointer: event }]
    }
    case 'up':
      return click(state, event, scene)
    case 'click':
      return event.count === 2 ? doubleClick(state, event, scene) : click(state, event, scene)
    case 'abort':
      return [idle(outline)]
    default:
      return [state]
  }
}

function click({ outline, turns }: Pressed, event: Pointing, scene: Scene): Step {
  const target = targetOf(outline, event, turns, scene)
  if (target.kind === 'close') return finish(outline, event, scene)
  const part: Part = { points: [...target.trace, target.at], ...(target.others && { otherWays: target.others }) }
  return [hovering(idle(addPart(outline, part)), event, scene)]
}

/** The first click of the two has set the last vertex already. */
function doubleClick({ outline }: Pressed, event: Pointing, scene: Scene): Step {
  return outline.parts.length === 0 ? [idle(outline, event)] : finish(outline, event, scene)
}

function fromStroke(state: Freehand, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'drag': {
      const samples = sampled(state.samples, [...(event.path ?? []), event.at], scene)
      return [{ ...state, samples, pointer: event }]
    }
    case 'up': {
      const drawn = strokePart(state, scene)
      const closing = targetOf(addPart(state.outline, drawn), { ...event, shift: false }, 0, scene)
      if (closing.kind === 'close') return finish(addPart(state.outline, drawn), event, scene)
      const end = event.ctrl ? clampPoint(event.at, scene.size) : snapVertex(scene, event.at).at
      return [hovering(idle(addPart(state.outline, strokePart(state, scene, end))), event, scene)]
    }
    case 'abort':
      return [
        idle(state.samples.length < strokeBegun ? state.outline : addPart(state.outline, strokePart(state, scene))),
      ]
    default:
      return [state]
  }
}

function strokePart({ samples }: Freehand, scene: Scene, end?: Point): Part {
  const tolerance = 1 / scene.view.scale
  const raw = end ? [...samples, end] : samples
  return { points: simplifyLine(raw, tolerance), raw, tolerance }
}

/** The finished polygon or hole; under three vertices, or with nothing inside, a hint, and nothing is lost. */
function finish(outline: Outline, pointer: Pointing | undefined, scene: Scene): Step {
  const { points } = outlineOf(outline)
  const still = pointer ? hovering(idle(outline), pointer, scene) : idle(outline)
  const b = bounds({ kind: 'polygon', points })
  if (points.length < 3) {
    return [still, { do: 'notice', text: 'A polygon needs three points: click on, or press Esc to discard it.' }]
  }
  if (Math.min(b.w, b.h) < 0.5)
    return [still, { do: 'notice', text: 'These points lie on a line and enclose nothing.' }]
  const next = idle(emptyOutline, pointer)
  if (outline.hole !== undefined) {
    const pieces = withHole(scene, outline.hole, points)
    return pieces
      ? [next, { do: 'replace', pieces: new Map([[outline.hole, pieces]]) }]
      : [still, { do: 'notice', text: 'The polygon this hole belongs to is gone, or nothing of it would be left.' }]
  }
  const rough = roughOf(outline)
  return [next, { do: 'create', shape: { kind: 'polygon', points }, ...(rough && { rough }) }]
}

function roughOf({ parts }: Outline): { readonly polygon: Polygon; readonly tolerance: number } | undefined {
  if (!parts.some(({ raw }) => raw)) return undefined
  const points = parts.flatMap((part) => part.raw ?? part.points)
  return { polygon: { kind: 'polygon', points }, tolerance: Math.max(...parts.map((part) => part.tolerance ?? 0)) }
}

/** A hole well inside is kept point by point; one that meets the outline or another hole is cut out. */
function withHole(scene: Scene, key: RegionKey, hole: readonly Point[]): readonly Polygon[] | undefined {
  const shape = scene.regions.get(key)?.shape
  if (shape?.kind !== 'polygon') return undefined
  const [outer, ...holes] = ringsOf(shape)
  const clear =
    ringInside(outer!, hole) &&
    !outer!.some((point) => ringContains(hole, point)) &&
    holes.every((other) => !other.some((p) => ringContains(hole, p)) && !hole.some((p) => ringContains(other, p)))
  if (clear) return [{ ...shape, holes: [...holes, hole] }]
  const pieces = subtractPolygons(shape, [{ kind: 'polygon', points: hole }])
  return pieces.length > 0 ? pieces : undefined
}

/** With a stroke under way as far as it has come. */
function kept(state: PolygonState): unknown {
  const { parts, hole } = state.at === 'stroke' ? addPart(state.outline, { points: state.samples }) : state.outline
  return parts.length > 0 ? { parts: parts.map(({ points }) => points), hole } : undefined
}

function revived(value: unknown): PolygonState | undefined {
  const { parts, hole } = fieldsOf(value)
  const known = Array.isArray(parts) ? parts.map(pointsOf) : []
  if (known.length === 0 || known.some((points) => !points)) return undefined
  const outline = { parts: known.map((points) => ({ points: points! })), undone: [] }
  return idle(typeof hole === 'string' ? { ...outline, hole: hole as RegionKey } : outline)
}

function draft(state: PolygonState, scene: Scene): Draft {
  if (scene.readOnly) return { ...emptyDraft, cursor: 'not-allowed' }
  switch (state.at) {
    case 'idle':
      return outlineDraft(state.outline, state.pointer, state.turns, scene)
    case 'pressed':
      return outlineDraft(state.outline, state.down, state.turns, scene)
    case 'stroke':
      return strokeDraft(state.outline, state.samples, state.pointer, scene)
  }
}
