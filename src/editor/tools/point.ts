import { isVisible, tolerances } from '#editor/hit.ts'
import type { Pointing, Scene } from '#editor/scene.ts'
import { clampPoint } from '#geometry/box.ts'
import type { RegionKey } from '#model/region.ts'
import { drawnRegion } from './drawn.ts'
import { type Draft, type Effect, emptyDraft, type Tool, type ToolEvent } from './tool.ts'

export type PointState =
  | { readonly at: 'idle'; readonly pointer?: Pointing }
  /** the button is down: the point is where it is let go */
  | { readonly at: 'pressed'; readonly pointer: Pointing }

type Step = readonly [PointState, ...Effect[]]

/** A click sets a point, with Alt it deletes the one under the pointer. */
export const pointTool: Tool<PointState> = {
  id: 'point',
  start: { at: 'idle' },
  busy: (state) => state.at === 'pressed',
  holdsSpace: () => false,
  step,
  draft,
}

function step(state: PointState, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'hover':
      return [
        { at: 'idle', pointer: event },
        { do: 'hover', key: event.alt ? pointUnder(scene, event) : undefined },
      ]
    case 'down':
      if (scene.readOnly) return [{ at: 'idle' }, { do: 'notice', text: scene.readOnly }]
      return [
        { at: 'pressed', pointer: event },
        { do: 'hover', key: undefined },
      ]
    case 'drag':
      return [state.at === 'pressed' ? { at: 'pressed', pointer: event } : state]
    case 'click':
    case 'up':
      return state.at === 'pressed' ? put(event, scene) : [state]
    case 'leave':
      return [{ at: 'idle' }, { do: 'hover', key: undefined }]
    case 'cancel':
    case 'abort':
    case 'menu':
      return [{ at: 'idle' }]
    default:
      return [state]
  }
}

function put(event: Extract<ToolEvent, { type: 'click' | 'up' }>, scene: Scene): Step {
  const next: PointState = { at: 'idle', pointer: event }
  if (event.alt) {
    const key = pointUnder(scene, event)
    if (key === undefined) return [next, { do: 'notice', text: 'No point here to delete.' }]
    return [next, { do: 'remove', keys: [key] }]
  }
  // the second click of a double click is no second point
  if (event.type === 'click' && event.count === 2) return [next]
  const [x, y] = clampPoint(event.at, scene.size)
  return [next, { do: 'create', shape: { kind: 'point', x, y } }]
}

/** The nearest visible point. */
function pointUnder(scene: Scene, { at, kind }: Pointing): RegionKey | undefined {
  const reach = tolerances[kind] / scene.view.scale
  let best = reach
  let found: RegionKey | undefined
  for (const key of scene.index.search({
    kind: 'box',
    x: at[0] - reach,
    y: at[1] - reach,
    w: 2 * reach,
    h: 2 * reach,
  })) {
    const shape = scene.regions.get(key)?.shape
    if (shape?.kind !== 'point' || !isVisible(scene, key)) continue
    const distance = Math.hypot(shape.x - at[0], shape.y - at[1])
    if (distance > best) continue
    best = distance
    found = key
  }
  return found
}

function draft(state: PointState, scene: Scene): Draft {
  if (scene.readOnly) return { ...emptyDraft, cursor: 'not-allowed' }
  const { pointer } = state
  if (pointer?.alt)
    return { ...emptyDraft, cursor: pointUnder(scene, pointer) === undefined ? 'not-allowed' : 'pointer' }
  if (state.at !== 'pressed') return { ...emptyDraft, cursor: 'crosshair' }
  const [x, y] = clampPoint(state.pointer.at, scene.size)
  return { ...emptyDraft, shapes: [drawnRegion({ kind: 'point', x, y }, scene)], cursor: 'crosshair', autoPan: true }
}
