import { cuttable } from '#editor/combine.ts'
import { changeable, cutMask, isMask } from '#editor/masks.ts'
import type { Pointing, Scene } from '#editor/scene.ts'
import { clampPoint } from '#geometry/box.ts'
import { cutAlong } from '#geometry/knife.ts'
import type { Point } from '#geometry/point.ts'
import type { Shape } from '#geometry/shape.ts'
import { simplifyLine } from '#geometry/simplify.ts'
import type { RegionKey } from '#model/region.ts'
import { drawnRegion } from './drawn.ts'
import { constrained, sampled } from './polygonSketch.ts'
import { type Draft, type Effect, emptyDraft, type Tool, type ToolEvent } from './tool.ts'

type Idle = { readonly at: 'idle'; readonly first?: Point; readonly pointer?: Pointing }
type Pressed = { readonly at: 'pressed'; readonly first?: Point; readonly down: Pointing }
type Freehand = { readonly at: 'stroke'; readonly samples: readonly Point[]; readonly pointer: Pointing }

export type CutState = Idle | Pressed | Freehand

type Step = readonly [CutState, ...Effect[]]

/** A knife for the selection: two clicks cut straight, a drag freehand. Then it is Select again. */
export const cutTool: Tool<CutState> = {
  id: 'cut',
  start: { at: 'idle' },
  busy: (state) => state.at !== 'idle' || state.first !== undefined,
  holdsSpace: () => false,
  step,
  draft,
}

function step(state: CutState, event: ToolEvent, scene: Scene): Step {
  if (event.type === 'cancel' || event.type === 'menu' || event.type === 'back') return [{ at: 'idle' }]
  switch (state.at) {
    case 'idle':
      if (event.type === 'hover') return [{ ...state, pointer: event }]
      if (event.type === 'down') return [{ at: 'pressed', down: event, ...(state.first && { first: state.first }) }]
      return [state]
    case 'pressed':
      return fromPressed(state, event, scene)
    case 'stroke':
      if (event.type === 'drag') {
        const samples = sampled(state.samples, [...(event.path ?? []), event.at], scene)
        return [{ ...state, samples, pointer: event }]
      }
      if (event.type === 'abort') return [{ at: 'idle' }]
      if (event.type !== 'up') return [state]
      return cut(simplifyLine([...state.samples, clampPoint(event.at, scene.size)], 1 / scene.view.scale), scene)
  }
}

function fromPressed(state: Pressed, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'drag': {
      const samples = sampled([clampPoint(state.down.at, scene.size)], [...(event.path ?? []), event.at], scene)
      return [{ at: 'stroke', samples, pointer: event }]
    }
    case 'click': {
      const at = knifeEnd(state.first, event, scene)
      return state.first ? cut([state.first, at], scene) : [{ at: 'idle', first: at, pointer: event }]
    }
    case 'abort':
      return [{ at: 'idle', ...(state.first && { first: state.first }) }]
    default:
      return [state]
  }
}

const knifeEnd = (first: Point | undefined, pointer: Pointing, scene: Scene): Point =>
  pointer.shift && first ? constrained(first, pointer.at, scene.size) : clampPoint(pointer.at, scene.size)

function cut(line: readonly Point[], scene: Scene): Step {
  const { shapes, reason } = cuttable(scene)
  const pieces = new Map<RegionKey, readonly Shape[]>()
  for (const [key, polygon] of shapes) {
    const parts = cutAlong(polygon, line)
    if (parts.length > 1) pieces.set(key, parts)
  }
  for (const [key, mask] of changeable(scene, isMask).shapes) {
    const parts = cutMask(mask, line, scene.size)
    if (parts.length > 1) pieces.set(key, parts)
  }
  if (pieces.size === 0) {
    const text = reason ?? 'The line does not cross what is selected from side to side.'
    return [{ at: 'idle' }, { do: 'notice', text }]
  }
  return [{ at: 'idle' }, { do: 'replace', pieces }, { do: 'tool', id: 'select' }]
}

function draft(state: CutState, scene: Scene): Draft {
  const line = lineOf(state, scene)
  if (!line) {
    const pointer = state.at === 'idle' ? state.pointer : undefined
    const readout = pointer && { text: 'Cut: click twice, or drag', at: clampPoint(pointer.at, scene.size) }
    return { ...emptyDraft, readout, cursor: 'crosshair' }
  }
  const region = drawnRegion({ kind: 'polygon', points: line }, scene)
  return {
    ...emptyDraft,
    sketch: { region, strokes: [{ points: line, look: 'knife' }] },
    cursor: 'crosshair',
    autoPan: state.at === 'stroke',
  }
}

function lineOf(state: CutState, scene: Scene): readonly Point[] | undefined {
  if (state.at === 'stroke') return [...state.samples, clampPoint(state.pointer.at, scene.size)]
  if (!state.first) return undefined
  const pointer = state.at === 'pressed' ? state.down : state.pointer
  return pointer && [state.first, knifeEnd(state.first, pointer, scene)]
}
