import type { Size } from '#geometry/point.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { RegionIndex } from './regionIndex.ts'
import type { Scene } from './scene.ts'
import { type BoxState, boxTool } from './tools/box.ts'
import { type SelectState, selectTool } from './tools/select.ts'
import { type Draft, type Effect, emptyDraft, type ToolEvent, type ToolId } from './tools/tool.ts'

/** The active tool and where it is; one member a tool. */
export type ToolState =
  | { readonly id: 'select'; readonly state: SelectState }
  | { readonly id: 'box'; readonly state: BoxState }

/**
 * One picture of the editor: plain values, replaced, never changed (but for `index`, which follows `regions`).
 * Lengths are image px; `view` and `viewport` say how they lie on the screen.
 */
export interface EditorState extends Scene {
  readonly tool: ToolId
  readonly toolState: ToolState
  readonly draft: Draft
  readonly canUndo: boolean
  readonly canRedo: boolean
}

export interface StateOptions {
  readonly size: Size
  readonly userId: string
  readonly readOnly?: string | undefined
  readonly whyNot: (region: Region) => string | undefined
}

export function startState(options: StateOptions): EditorState {
  return {
    size: options.size,
    viewport: { width: 0, height: 0 },
    view: { scale: 1, x: 0, y: 0 },
    regions: new Map<RegionKey, Region>(),
    order: [],
    selected: new Set(),
    hidden: new Set(),
    locked: new Set(),
    readOnly: options.readOnly,
    peek: 'none',
    index: new RegionIndex(),
    userId: options.userId,
    whyNot: options.whyNot,
    tool: 'select',
    toolState: { id: 'select', state: selectTool.start },
    draft: emptyDraft,
    canUndo: false,
    canRedo: false,
  }
}

export const startOf = (id: ToolId): ToolState =>
  id === 'select' ? { id, state: selectTool.start } : { id, state: boxTool.start }

/** What the overlay paints; while the view is moved by hand, with that cursor. */
export function draftOf(toolState: ToolState, scene: Scene): Draft {
  const draft = toolDraft(toolState, scene)
  if (scene.zoomBox) return { ...draft, marquee: scene.zoomBox, crosshair: undefined, cursor: 'zoom-in' }
  return scene.hand ? { ...draft, crosshair: undefined, cursor: scene.hand } : draft
}

function toolDraft(toolState: ToolState, scene: Scene): Draft {
  switch (toolState.id) {
    case 'select':
      return selectTool.draft(toolState.state, scene)
    case 'box':
      return boxTool.draft(toolState.state, scene)
  }
}

/** A gesture or unfinished shape that Esc would end. */
export function isBusy(toolState: ToolState): boolean {
  switch (toolState.id) {
    case 'select':
      return selectTool.busy(toolState.state)
    case 'box':
      return boxTool.busy(toolState.state)
  }
}

/** A band is being dragged, so Space moves it instead of the view. */
export const holdsSpace = (toolState: ToolState): boolean =>
  toolState.id === 'box' && boxTool.holdsSpace(toolState.state)

/** The tool's answer to what happened; the same object when nothing changed. */
export function stepTool(
  toolState: ToolState,
  event: ToolEvent,
  scene: Scene,
): readonly [ToolState, readonly Effect[]] {
  switch (toolState.id) {
    case 'select': {
      const [state, ...effects] = selectTool.step(toolState.state, event, scene)
      return [state === toolState.state ? toolState : { id: 'select', state }, effects]
    }
    case 'box': {
      const [state, ...effects] = boxTool.step(toolState.state, event, scene)
      return [state === toolState.state ? toolState : { id: 'box', state }, effects]
    }
  }
}
