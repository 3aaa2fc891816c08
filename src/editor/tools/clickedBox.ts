import type { Pointing, Scene } from '#editor/scene.ts'
import { clampPoint } from '#geometry/box.ts'
import type { Point, Size } from '#geometry/point.ts'
import { pointsBounds } from '#geometry/polygon.ts'
import { rotatedBox } from '#geometry/rotatedBox.ts'
import type { Shape } from '#geometry/shape.ts'
import { drawnRegion } from './drawn.ts'
import { pointsOf } from './kept.ts'
import {
  type Draft,
  type Effect,
  emptyDraft,
  type Mark,
  type Stroke,
  type Tool,
  type ToolEvent,
  type ToolId,
} from './tool.ts'

/** The corners clicked so far, and where the next would be. */
export interface ClickedState {
  readonly points: readonly Point[]
  readonly pointer?: Pointing
  /** taken back, the latest last */
  readonly undone: readonly Point[]
}

type Step = readonly [ClickedState, ...Effect[]]

interface Clicked {
  readonly id: ToolId
  /** clicks that make the shape */
  readonly clicks: number
  readonly hint: string
  /** undefined where the points make none */
  shapeOf(points: readonly Point[], size: Size): Shape | undefined
}

const start: ClickedState = { points: [], undone: [] }

/** A box by the outermost points of a thing, in any order. */
export const extremesTool = clickedTool({
  id: 'extremes',
  clicks: 4,
  hint: 'Click the outermost points: top, left, bottom, right',
  shapeOf: (points) => pointsBounds(points),
})

/** A box at an angle: two clicks for one side, a third for its depth. */
export const rotatedTool = clickedTool({
  id: 'rotated',
  clicks: 3,
  hint: 'Click both ends of a side, then the opposite side',
  shapeOf: (points, size) => rotatedBox(points, size),
})

function clickedTool(tool: Clicked): Tool<ClickedState> {
  return {
    id: tool.id,
    start,
    busy: ({ points }) => points.length > 0,
    holdsSpace: () => false,
    kept: ({ points }) => (points.length > 0 ? points : undefined),
    revived: (kept) => {
      const points = pointsOf(kept)
      return points && points.length < tool.clicks ? { points, undone: [] } : undefined
    },
    canGoBack: ({ points }) => points.length > 0,
    canGoForward: ({ undone }) => undone.length > 0,
    step: (state, event, scene) => step(tool, state, event, scene),
    draft: (state, scene) => draft(tool, state, scene),
  }
}

function step(tool: Clicked, state: ClickedState, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'hover':
    case 'drag':
      return [{ ...state, pointer: event }]
    case 'down':
      return scene.readOnly ? [start, { do: 'notice', text: scene.readOnly }] : [{ ...state, pointer: event }]
    case 'click':
    case 'up':
      return scene.readOnly ? [start] : add(tool, state, event, scene)
    case 'menu':
    case 'back': {
      const last = state.points.at(-1)
      return [last ? { ...state, points: state.points.slice(0, -1), undone: [...state.undone, last] } : state]
    }
    case 'forward': {
      const last = state.undone.at(-1)
      return [last ? { ...state, points: [...state.points, last], undone: state.undone.slice(0, -1) } : state]
    }
    case 'cancel':
      return [start]
    case 'leave': {
      const { pointer: _gone, ...rest } = state
      return [rest]
    }
    default:
      return [state]
  }
}

function add(tool: Clicked, state: ClickedState, pointer: Pointing, scene: Scene): Step {
  const at = clampPoint(pointer.at, scene.size)
  const last = state.points.at(-1)
  // the second click of a double click is no corner
  if (last && Math.hypot(at[0] - last[0], at[1] - last[1]) * scene.view.scale < 2) return [{ ...state, pointer }]
  const points = [...state.points, at]
  if (points.length < tool.clicks) return [{ points, pointer, undone: [] }]
  const shape = tool.shapeOf(points, scene.size)
  const done: ClickedState = { ...start, pointer }
  return shape && isBox(shape, scene) ? [done, { do: 'create', shape }] : [done]
}

/** Under max(1 image px, 3 screen px) a side it is no box, and nothing is said. */
function isBox(shape: Shape, { view }: Scene): boolean {
  const least = Math.max(1, 3 / view.scale)
  if (shape.kind === 'box') return shape.w >= least && shape.h >= least
  if (shape.kind !== 'polygon') return false
  const [a, b, c] = shape.points
  const side = (p: Point, q: Point) => Math.hypot(p[0] - q[0], p[1] - q[1])
  return side(a!, b!) >= least && side(b!, c!) >= least
}

function draft(tool: Clicked, { points, pointer }: ClickedState, scene: Scene): Draft {
  if (scene.readOnly) return { ...emptyDraft, cursor: 'not-allowed' }
  const marks = points.map((point): Mark => ({ at: point, look: 'vertex' }))
  if (!pointer) return { ...emptyDraft, marks, cursor: 'crosshair' }
  const at = clampPoint(pointer.at, scene.size)
  const readout = { text: tool.hint, at }
  if (points.length === 0) return { ...emptyDraft, crosshair: at, readout, cursor: 'crosshair' }
  const shape = points.length + 1 === tool.clicks ? tool.shapeOf([...points, at], scene.size) : undefined
  const strokes: Stroke[] = shape ? [] : [{ points: [...points, at], look: 'rubber' }]
  const region = drawnRegion(shape ?? { kind: 'polygon', points }, scene)
  return {
    ...emptyDraft,
    shapes: shape ? [region] : [],
    sketch: { region, strokes },
    marks,
    crosshair: at,
    readout,
    cursor: 'crosshair',
  }
}
