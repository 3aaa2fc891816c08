import { stackAt } from '#editor/hit.ts'
import { currentMask } from '#editor/painting.ts'
import type { Pointing, Scene } from '#editor/scene.ts'
import { holeAt, pieceAt } from '#geometry/maskFill.ts'
import { bounds, contains } from '#geometry/shape.ts'
import type { RegionKey } from '#model/region.ts'
import { isForbidden } from './brushDraft.ts'
import { menuEffects } from './menu.ts'
import { finishMask, modeOf, paintAtOnce, targetOf } from './strokes.ts'
import { type Effect, emptyDraft, type Tool, type ToolEvent } from './tool.ts'

export type BucketState = { readonly at: 'idle'; readonly pressed?: Pointing }

type Step = readonly [BucketState, ...Effect[]]

/** A click fills the hole of the mask under it; with Alt it takes the piece of the mask away. */
export const bucketTool: Tool<BucketState> = {
  id: 'bucket',
  start: { at: 'idle' },
  busy: (state) => state.pressed !== undefined,
  holdsSpace: () => false,
  step,
  draft: (_, scene) => ({ ...emptyDraft, cursor: isForbidden(scene) ? 'not-allowed' : 'crosshair' }),
}

function step(state: BucketState, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'down':
      return [{ at: 'idle', pressed: event }]
    case 'click':
    case 'up':
      return state.pressed ? [{ at: 'idle' }, ...pour(state.pressed, scene)] : [state]
    case 'abort':
    case 'cancel':
      return [{ at: 'idle' }]
    case 'menu':
      return state.pressed ? [{ at: 'idle' }] : [state, ...menuEffects(event, scene)]
    case 'finish':
      return [state, ...finishMask(scene)]
    default:
      return [state]
  }
}

function pour(pointer: Pointing, scene: Scene): readonly Effect[] {
  const mode = modeOf('add', pointer)
  const select = mode === 'add' ? pickHole(pointer, scene) : undefined
  const chosen = select === undefined ? scene : { ...scene, selected: new Set([select]) }
  const target = targetOf(chosen, mode, pointer.at)
  if ('why' in target) return [{ do: 'notice', text: target.why }]
  const { mask } = target
  if (!mask) return [{ do: 'notice', text: 'Nothing to fill: the bucket fills holes of a mask.' }]
  const { closeGaps } = scene.brush
  const pixels = mode === 'add' ? holeAt(mask, pointer.at, scene.size, closeGaps) : pieceAt(mask, pointer.at)
  if (pixels) return paintAtOnce(chosen, target, mode, pixels)
  if (mode === 'erase') return [{ do: 'notice', text: 'No piece of the mask here.' }]
  if (contains(mask, pointer.at)) return [{ do: 'notice', text: 'Painted already: the bucket fills holes.' }]
  const text =
    closeGaps > 0
      ? `Not enclosed: there is a gap wider than ${closeGaps} px.`
      : 'Not enclosed by the mask. "Close gaps" passes over small openings.'
  return [{ do: 'notice', text }]
}

/** Without a selected mask: the smallest one that encloses the place. */
function pickHole({ at }: Pointing, scene: Scene): RegionKey | undefined {
  if (currentMask(scene)) return undefined
  const [x, y] = at
  const keys = scene.index.search({ kind: 'box', x, y, w: 0, h: 0 })
  const around = [...new Set([...stackAt(scene, at, 0), ...keys])].flatMap((key) => scene.regions.get(key) ?? [])
  const found = around
    .filter(
      ({ key, shape }) =>
        shape.kind === 'mask' && !scene.hidden.has(key) && holeAt(shape, at, scene.size, scene.brush.closeGaps),
    )
    .sort((a, b) => bounds(a.shape).w * bounds(a.shape).h - bounds(b.shape).w * bounds(b.shape).h)
  return found[0]?.key
}
