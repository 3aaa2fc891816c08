import type { Pointing, Scene } from '#editor/scene.ts'
import { clampMove, union } from '#geometry/box.ts'
import { clipMask } from '#geometry/mask.ts'
import type { Point } from '#geometry/point.ts'
import { type Box, bounds, canMove, type Shape, translate } from '#geometry/shape.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { type Draft, type Effect, emptyDraft, type ToolEvent } from './tool.ts'

export type Moving = {
  readonly at: 'moving'
  readonly from: Point
  readonly pointer: Pointing
  /** the moving regions as they were */
  readonly originals: ReadonlyMap<RegionKey, Region>
  readonly bounds: Box
}

type MovingStep = readonly [Moving | undefined, ...Effect[]]

/** The selection begins to follow the pointer, as far as it may be moved; else why not. */
export function startMoving(down: Pointing, event: Pointing, scene: Scene): MovingStep {
  const originals = new Map<RegionKey, Region>()
  let reason: string | undefined
  for (const key of scene.selected) {
    const region = scene.regions.get(key)
    if (!region) continue
    const why = canMove(region.shape)
      ? scene.whyNot(region)
      : 'This shape is kept as it was received and cannot be moved.'
    if (why === undefined) originals.set(key, region)
    else reason ??= why
  }
  const around = union([...originals.values()].map((region) => bounds(region.shape)))
  if (!around) return [undefined, { do: 'notice', text: reason ?? 'Nothing to move.' }]
  return [{ at: 'moving', from: down.at, pointer: event, originals, bounds: around }]
}

/** Undefined: it is over. */
export function stepMoving(
  state: Moving,
  event: ToolEvent,
  scene: Scene,
): MovingStep | readonly [{ readonly at: 'idle'; readonly pointer: Pointing }, ...Effect[]] {
  switch (event.type) {
    case 'drag':
      return [{ ...state, pointer: event }]
    case 'up':
      return [
        { at: 'idle', pointer: event },
        { do: 'reshape', shapes: movedShapes({ ...state, pointer: event }, scene) },
      ]
    case 'menu':
      return [undefined]
    default:
      return [state]
  }
}

export function movingDraft(state: Moving, scene: Scene): Draft {
  const shapes = movedShapes(state, scene)
  const moving = [...state.originals].map(([key, region]) => ({ ...region, shape: shapes.get(key)! }))
  return { ...emptyDraft, shapes: moving, cursor: 'move', autoPan: true }
}

/** How far the selection is moved: inside the image, with Shift along one axis. */
function moveBy(state: Moving, scene: Scene): Point {
  const [dx, dy] = pulledBy(state)
  return clampMove(state.bounds, dx, dy, scene.size)
}

function pulledBy(state: Moving): Point {
  const dx = state.pointer.at[0] - state.from[0]
  const dy = state.pointer.at[1] - state.from[1]
  if (!state.pointer.shift) return [dx, dy]
  return Math.abs(dx) < Math.abs(dy) ? [0, dy] : [dx, 0]
}

/** A mask alone may be moved out of the image, as long as something of it stays: what leaves is cut off. */
function movedShapes(state: Moving, scene: Scene): ReadonlyMap<RegionKey, Shape> {
  const [only] = state.originals.size === 1 ? [...state.originals.values()] : []
  if (only?.shape.kind === 'mask') {
    const [dx, dy] = pulledBy(state)
    const moved = translate(only.shape, dx, dy)
    const rest = moved.kind === 'mask' ? clipMask(moved, scene.size) : undefined
    if (rest) return new Map([[only.key, rest]])
  }
  const [dx, dy] = moveBy(state, scene)
  return new Map([...state.originals].map(([key, { shape }]) => [key, translate(shape, dx, dy)]))
}
