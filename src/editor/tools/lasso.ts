import type { Pointing, Scene } from '#editor/scene.ts'
import { clampPoint } from '#geometry/box.ts'
import { insideLine } from '#geometry/maskFill.ts'
import type { Point } from '#geometry/point.ts'
import { isForbidden } from './brushDraft.ts'
import { drawnRegion } from './drawn.ts'
import { fieldsOf, pointsOf } from './kept.ts'
import { menuEffects } from './menu.ts'
import { closePx, constrained, sampled } from './polygonSketch.ts'
import { finishMask, modeOf, type PaintMode, paintAtOnce, takenUp, targetOf } from './strokes.ts'
import { type Draft, type Effect, emptyDraft, type Tool, type ToolEvent } from './tool.ts'

export type LassoState =
  | { readonly at: 'idle' }
  | { readonly at: 'pressed'; readonly points: readonly Point[]; readonly mode: PaintMode; readonly down: Pointing }
  /** drawn by hand: closed when let go, unless corners were clicked before */
  | {
      readonly at: 'drawing'
      readonly points: readonly Point[]
      readonly mode: PaintMode
      readonly pointer: Pointing
      readonly clicked: boolean
    }
  /** corners clicked so far */
  | {
      readonly at: 'corners'
      readonly points: readonly Point[]
      readonly mode: PaintMode
      readonly pointer?: Pointing | undefined
    }

type Step = readonly [LassoState, ...Effect[]]

const idle: LassoState = { at: 'idle' }

/** A line by hand or by clicks; what it goes round is added to the mask, with Alt at its start taken away. */
export const lassoTool: Tool<LassoState> = {
  id: 'lasso',
  start: idle,
  busy: (state) => state.at !== 'idle',
  finishes: (state) => state.at === 'corners' && state.points.length > 2,
  canGoBack: (state) => state.at === 'corners',
  keeps: (state) => state.at === 'corners' && state.points.length > 2,
  kept: (state) => (state.at === 'idle' ? undefined : { points: state.points, mode: state.mode }),
  revived,
  isPath: (state) => state.at === 'drawing',
  holdsSpace: () => false,
  step,
  draft,
}

function step(state: LassoState, event: ToolEvent, scene: Scene): Step {
  if (event.type === 'cancel') return [idle]
  switch (state.at) {
    case 'idle':
      if (event.type === 'down') return press(event, [], modeOf('add', event), scene)
      if (event.type === 'menu') return [state, ...menuEffects(event, scene)]
      return event.type === 'finish' ? [state, ...finishMask(scene)] : [state]
    case 'pressed':
      return fromPressed(state, event, scene)
    case 'drawing':
      if (event.type === 'drag')
        return [{ ...state, points: sampled(state.points, [...(event.path ?? []), event.at], scene), pointer: event }]
      if (event.type === 'up')
        return state.clicked ? [{ ...state, at: 'corners', pointer: event }] : close(state.points, state.mode, scene)
      // what the system has interrupted goes on by clicks
      if (event.type === 'abort' && event.lost) return [{ ...state, at: 'corners' }]
      return event.type === 'abort' || event.type === 'menu' ? [idle] : [state]
    case 'corners':
      if (event.type === 'hover') return [{ ...state, pointer: event }]
      if (event.type === 'down') return press(event, state.points, state.mode, scene)
      if (event.type === 'finish') return close(state.points, state.mode, scene)
      if (event.type !== 'back' && event.type !== 'menu') return [state]
      return state.points.length > 1 ? [{ ...state, points: state.points.slice(0, -1) }] : [idle]
  }
}

/** A line by hand goes on as corners. */
function revived(value: unknown): LassoState | undefined {
  const { points: kept, mode } = fieldsOf(value)
  const points = pointsOf(kept)
  if (!points || (mode !== 'add' && mode !== 'erase')) return undefined
  return { at: 'corners', points, mode }
}

function press(event: Pointing, points: readonly Point[], mode: PaintMode, scene: Scene): Step {
  const target = targetOf(scene, mode, event.at)
  if ('why' in target) return [idle, { do: 'notice', text: target.why }]
  return [{ at: 'pressed', points, mode, down: event }]
}

function fromPressed(state: Extract<LassoState, { at: 'pressed' }>, event: ToolEvent, scene: Scene): Step {
  const { points, mode, down } = state
  switch (event.type) {
    case 'drag': {
      const start = points.length > 0 ? points : [clampPoint(down.at, scene.size)]
      const samples = sampled(start, [...(event.path ?? []), event.at], scene)
      return [{ at: 'drawing', points: samples, mode, pointer: event, clicked: points.length > 0 }]
    }
    case 'click': {
      if (points.length > 2 && (event.count === 2 || isFirst(points, event, scene))) return close(points, mode, scene)
      const last = points.at(-1)
      const at = event.shift && last ? constrained(last, event.at, scene.size) : clampPoint(event.at, scene.size)
      return [{ at: 'corners', points: event.count === 2 ? points : [...points, at], mode, pointer: event }]
    }
    case 'abort':
    case 'menu':
      return points.length > 0 ? [{ at: 'corners', points, mode, pointer: down }] : [idle]
    default:
      return [state]
  }
}

function isFirst([first]: readonly Point[], { at, kind }: Pointing, scene: Scene): boolean {
  const reach = kind === 'touch' ? 1.4 * closePx : closePx
  return Math.hypot(at[0] - first![0], at[1] - first![1]) * scene.view.scale <= reach
}

function close(points: readonly Point[], mode: PaintMode, scene: Scene): Step {
  const target = targetOf(scene, mode, points[0]!)
  if ('why' in target) return [idle, { do: 'notice', text: target.why }]
  const pixels = insideLine(points, scene.size)
  if (!pixels) return [idle, { do: 'notice', text: 'The lasso went round no pixel.' }]
  return [idle, ...takenUp(scene, target), ...paintAtOnce(scene, target, mode, pixels)]
}

function draft(state: LassoState, scene: Scene): Draft {
  if (state.at === 'idle') return { ...emptyDraft, cursor: isForbidden(scene) ? 'not-allowed' : 'crosshair' }
  const { points, mode } = state
  const pointer = state.at === 'pressed' ? state.down : state.pointer
  const line = pointer ? [...points, clampPoint(pointer.at, scene.size)] : points
  const closes = state.at === 'corners' && points.length > 2 && pointer !== undefined && isFirst(points, pointer, scene)
  return {
    ...emptyDraft,
    sketch: {
      region: drawnRegion({ kind: 'polygon', points: line }, scene),
      strokes: [{ points: line, look: mode === 'erase' ? 'knife' : 'edge', ...(closes && { closed: true }) }],
      fill: mode === 'add' && line.length > 2 ? line : undefined,
    },
    marks: points[0] && state.at !== 'drawing' ? [{ at: points[0], look: closes ? 'close' : 'first' }] : [],
    cursor: closes ? 'pointer' : 'crosshair',
    autoPan: state.at === 'drawing',
  }
}
