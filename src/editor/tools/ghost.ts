import { type Copied, placeCopied } from '#editor/clipboard.ts'
import type { Pointing, Scene } from '#editor/scene.ts'
import { union } from '#geometry/box.ts'
import { bounds } from '#geometry/shape.ts'
import { regionKey } from '#model/region.ts'
import { drawnRegion } from './drawn.ts'
import { type Draft, emptyDraft, type Tool, type ToolEvent } from './tool.ts'

/** `carrying`: copied regions hang under the pointer, by the middle of what they cover */
export type GhostState =
  | { readonly at: 'empty' }
  | { readonly at: 'carrying'; readonly items: readonly Copied[]; readonly pointer?: Pointing }

/** Pastes under the pointer: a click places, with Shift more than once. */
export const ghostTool: Tool<GhostState> = {
  id: 'ghost',
  start: { at: 'empty' },
  step(state, event, scene) {
    if (state.at === 'empty' || event.type === 'cancel') return [{ at: 'empty' }, { do: 'tool', id: 'select' }]
    return follow(state, event, scene)
  },
  draft,
  busy: (state) => state.at === 'carrying',
  finishes: (state) => state.at === 'carrying',
  holdsSpace: () => false,
}

type Carrying = Extract<GhostState, { at: 'carrying' }>

function follow(state: Carrying, event: ToolEvent, scene: Scene): ReturnType<typeof ghostTool.step> {
  switch (event.type) {
    case 'hover':
    case 'down':
    case 'drag':
      return [{ ...state, pointer: event }]
    case 'leave': {
      const { pointer: _, ...rest } = state
      return [rest]
    }
    case 'click':
    case 'up': {
      const placed = { ...state, pointer: event }
      const effect = { do: 'place', items: itemsAt(placed, scene) } as const
      return event.shift ? [placed, effect] : [{ at: 'empty' }, { do: 'tool', id: 'select' }, effect]
    }
    case 'finish':
      return [{ at: 'empty' }, { do: 'tool', id: 'select' }, { do: 'place', items: itemsAt(state, scene) }]
    case 'menu':
      return [{ at: 'empty' }, { do: 'tool', id: 'select' }]
    default:
      return [state]
  }
}

/** The regions with their middle at the pointer, as far as the image allows; without one where they were copied. */
function itemsAt({ items, pointer }: Carrying, { size }: Scene): readonly Copied[] {
  const around = union(items.map(({ shape }) => bounds(shape)))
  if (!around || !pointer) return placeCopied(items, 0, 0, size).items
  const [x, y] = pointer.at
  return placeCopied(items, x - around.x - around.w / 2, y - around.y - around.h / 2, size).items
}

function draft(state: GhostState, scene: Scene): Draft {
  if (state.at === 'empty' || !state.pointer) return { ...emptyDraft, cursor: 'copy' }
  const shapes = itemsAt(state, scene).map(({ shape, concepts }, i) => ({
    ...drawnRegion(shape, scene),
    key: regionKey('ghost', String(i)),
    id: String(i),
    annotation: 'ghost',
    concepts,
  }))
  return { ...emptyDraft, shapes, cursor: 'copy', autoPan: true }
}
