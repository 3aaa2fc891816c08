import { strokeEnd } from '#editor/painting.ts'
import type { Pointing, Scene } from '#editor/scene.ts'
import type { Sample } from '#geometry/brushStroke.ts'
import type { Point } from '#geometry/point.ts'
import { brushDraft, strokeDraft } from './brushDraft.ts'
import { menuEffects } from './menu.ts'
import {
  advanced,
  type Begun,
  begin,
  finish,
  finishMask,
  giveUp,
  modeOf,
  type PaintMode,
  restarted,
  takenUp,
  targetOf,
} from './strokes.ts'
import type { Effect, Tool, ToolEvent } from './tool.ts'

type Idle = { readonly at: 'idle'; readonly pointer?: Pointing }

type Stroke = {
  readonly at: 'stroke'
  readonly begun: Begun
  readonly pointer: Pointing
  /** where the brush is: on a rope behind the pointer, when it is stabilised */
  readonly tip: Point
  /** Shift: a straight line from there */
  readonly origin?: Point | undefined
}

export type BrushState = Idle | Stroke

type Step = readonly [BrushState, ...Effect[]]

/** Paints a mask, or takes from it: every stroke is one step of undo. */
const painter = (id: 'brush' | 'eraser', mode: PaintMode): Tool<BrushState> => ({
  id,
  start: { at: 'idle' },
  immediate: true,
  busy: (state) => state.at === 'stroke',
  isPath: (state) => state.at === 'stroke',
  holdsSpace: () => false,
  step: (state, event, scene) =>
    state.at === 'idle' ? fromIdle(state, event, scene, mode) : fromStroke(state, event, scene),
  draft: (state, scene) =>
    state.at === 'idle'
      ? brushDraft(state.pointer, mode, scene)
      : strokeDraft(state.begun, state.pointer, state.tip, scene),
})

export const brushTool = painter('brush', 'add')
export const eraserTool = painter('eraser', 'erase')

function fromIdle(state: Idle, event: ToolEvent, scene: Scene, tool: PaintMode): Step {
  switch (event.type) {
    case 'hover':
      return [{ at: 'idle', pointer: event }]
    case 'leave':
      return [{ at: 'idle' }]
    case 'down':
      return press(event, scene, tool)
    case 'menu':
      return [state, ...menuEffects(event, scene)]
    case 'finish':
      return [state, ...finishMask(scene)]
    default:
      return [state]
  }
}

function press(event: Pointing, scene: Scene, tool: PaintMode): Step {
  const mode = modeOf(tool, event)
  const target = targetOf(scene, mode, event.at)
  if ('why' in target)
    return [
      { at: 'idle', pointer: event },
      { do: 'notice', text: target.why },
    ]
  const begun = begin(scene, target, mode)
  const origin = event.shift ? (strokeEnd(scene, target.key) ?? event.at) : undefined
  const started: Stroke = { at: 'stroke', begun, pointer: event, tip: event.at, origin }
  return [
    origin ? straight(started, origin, event, scene) : painted(started, [sample(event.at, event, scene)]),
    ...takenUp(scene, target),
  ]
}

function fromStroke(state: Stroke, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'drag':
      return [moved(state, event, scene)]
    case 'up':
    case 'click':
      return end(moved(state, event, scene), scene)
    case 'abort':
      return event.lost ? end(state, scene) : cancel(state)
    case 'cancel':
    case 'menu':
      return cancel(state)
    default:
      return [state]
  }
}

function cancel({ begun, pointer }: Stroke): Step {
  giveUp(begun)
  return [{ at: 'idle', pointer }]
}

function end({ begun, pointer, tip, origin }: Stroke, scene: Scene): Step {
  // what the rope still held back
  if (!origin && tip !== pointer.at) begun.stroke.add(sample(pointer.at, pointer, scene))
  return [{ at: 'idle', pointer }, ...finish(scene, begun, pointer.at)]
}

function moved(state: Stroke, event: Extract<ToolEvent, { type: 'drag' | 'up' | 'click' }>, scene: Scene): Stroke {
  if (state.origin && event.shift) return straight(state, state.origin, event, scene)
  const path = event.type === 'drag' ? (event.path ?? []) : []
  const pressures = event.type === 'drag' ? (event.pressures ?? []) : []
  const rope = scene.brush.stabiliser / scene.view.scale
  const samples: Sample[] = []
  let { tip } = state
  for (const [i, at] of [...path, event.at].entries()) {
    const next = pulled(tip, at, rope)
    if (next === tip) continue
    tip = next
    samples.push(sample(tip, { ...event, pressure: pressures[i] ?? event.pressure }, scene))
  }
  return painted({ ...state, pointer: event, tip, origin: undefined }, samples)
}

function painted(state: Stroke, samples: readonly Sample[]): Stroke {
  for (const one of samples) state.begun.stroke.add(one)
  return { ...state, begun: advanced(state.begun) }
}

/** A line from `origin` to the pointer, in place of all that this stroke has painted. */
function straight(state: Stroke, origin: Point, event: Pointing, scene: Scene): Stroke {
  const [begun, before] = restarted(scene, state.begun)
  begun.stroke.add(sample(origin, event, scene))
  begun.stroke.lineTo(sample(event.at, event, scene))
  return { ...state, begun: advanced(begun, before), pointer: event, tip: event.at, origin }
}

/** On a rope of that length the brush follows only when the rope is taut. */
function pulled(tip: Point, pointer: Point, rope: number): Point {
  const [dx, dy] = [pointer[0] - tip[0], pointer[1] - tip[1]]
  const distance = Math.hypot(dx, dy)
  if (distance <= rope) return tip
  if (rope === 0) return pointer
  const part = (distance - rope) / distance
  return [tip[0] + dx * part, tip[1] + dy * part]
}

function sample(at: Point, pointer: Pointing, { brush }: Scene): Sample {
  const { size, pressure } = brush
  const narrow = pressure && pointer.kind === 'pen' && pointer.pressure !== undefined
  return { at, size: narrow ? Math.max(1, Math.round(size * pointer.pressure)) : size }
}
