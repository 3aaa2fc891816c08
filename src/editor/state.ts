import type { Size } from '#geometry/point.ts'
import type { Region, RegionKey } from '#model/region.ts'
import type { Beside } from './beside.ts'
import type { Converting } from './converting.ts'
import { defaultBrush } from './painting.ts'
import { RegionIndex } from './regionIndex.ts'
import type { Scene } from './scene.ts'
import type { Simplifying } from './simplifying.ts'
import { type BoxState, boxTool } from './tools/box.ts'
import { type BrushState, brushTool, eraserTool } from './tools/brush.ts'
import { type BucketState, bucketTool } from './tools/bucket.ts'
import { classifyTool } from './tools/classify.ts'
import { type ClickedState, extremesTool, rotatedTool } from './tools/clickedBox.ts'
import { type CutState, cutTool } from './tools/cut.ts'
import { type GhostState, ghostTool } from './tools/ghost.ts'
import { type LassoState, lassoTool } from './tools/lasso.ts'
import { type PointState, pointTool } from './tools/point.ts'
import { type PolygonState, polygonTool } from './tools/polygon.ts'
import { type SelectState, selectTool } from './tools/select.ts'
import { type Draft, type Effect, emptyDraft, type Tool, type ToolEvent, type ToolId } from './tools/tool.ts'

/** What each tool remembers between two events. */
interface States {
  readonly select: SelectState
  readonly box: BoxState
  readonly extremes: ClickedState
  readonly rotated: ClickedState
  readonly polygon: PolygonState
  readonly point: PointState
  readonly cut: CutState
  readonly classify: object
  readonly ghost: GhostState
  readonly brush: BrushState
  readonly eraser: BrushState
  readonly bucket: BucketState
  readonly lasso: LassoState
}

const tools: { readonly [I in ToolId]: Tool<States[I]> } = {
  select: selectTool,
  box: boxTool,
  extremes: extremesTool,
  rotated: rotatedTool,
  polygon: polygonTool,
  point: pointTool,
  cut: cutTool,
  classify: classifyTool,
  ghost: ghostTool,
  brush: brushTool,
  eraser: eraserTool,
  bucket: bucketTool,
  lasso: lassoTool,
}

type StateOf<I extends ToolId> = { [K in I]: { readonly id: K; readonly state: States[K] } }[I]

/** The active tool and where it is; one member a tool. */
export type ToolState = StateOf<ToolId>

/**
 * One picture of the editor: plain values, replaced, never changed (but for `index`, which follows `regions`).
 * Lengths are image px; `view` and `viewport` say how they lie on the screen.
 */
export interface EditorState extends Scene {
  readonly tool: ToolId
  readonly toolState: ToolState
  readonly draft: Draft
  /** the shape just drawn, or chosen for it, with fewer points */
  readonly simplifying?: Simplifying | undefined
  /** masks about to become polygons */
  readonly converting?: Converting | undefined
  /** what the list of regions shows, where it is filtered */
  readonly listed?: ReadonlySet<RegionKey> | undefined
  /** an earlier visit's history is being read: undo waits for it */
  readonly historyComing: boolean
  /** steps of something else that undo goes through as well */
  readonly beside?: Beside | undefined
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
    tags: new Map(),
    inverted: false,
    brush: defaultBrush,
    index: new RegionIndex(),
    userId: options.userId,
    whyNot: options.whyNot,
    tool: 'select',
    toolState: { id: 'select', state: selectTool.start },
    draft: emptyDraft,
    historyComing: false,
    canUndo: false,
    canRedo: false,
  }
}

export const startOf = (id: ToolId): ToolState => ({ id, state: tools[id].start }) as ToolState

/** What the overlay paints; while the view is moved by hand, with that cursor. */
export function draftOf(toolState: ToolState, scene: Scene): Draft {
  const draft = toolDraft(toolState, scene)
  if (scene.zoomBox) return { ...draft, marquee: scene.zoomBox, crosshair: undefined, cursor: 'zoom-in' }
  return scene.hand ? { ...draft, crosshair: undefined, cursor: scene.hand } : draft
}

function toolDraft<I extends ToolId>({ id, state }: StateOf<I>, scene: Scene): Draft {
  return tools[id].draft(state, scene)
}

/** A gesture or unfinished shape that Esc would end. */
export const isBusy = <I extends ToolId>({ id, state }: StateOf<I>): boolean => tools[id].busy(state)

/** A band is being dragged, so Space moves it instead of the view. */
export const holdsSpace = <I extends ToolId>({ id, state }: StateOf<I>): boolean => tools[id].holdsSpace(state)

/** Enter would finish what is under way. */
export const canFinish = <I extends ToolId>({ id, state }: StateOf<I>): boolean => tools[id].finishes?.(state) ?? false

/** Tab would take the other of two ways. */
export const canFlip = <I extends ToolId>({ id, state }: StateOf<I>): boolean => tools[id].flips?.(state) ?? false

/** A finger that rests means something of its own now, and its release no click. */
export const takesHold = <I extends ToolId>({ id, state }: StateOf<I>): boolean => tools[id].takesHold?.(state) ?? false

/** A press is a drag from its first move on. */
export const isImmediate = ({ id }: ToolState): boolean => tools[id].immediate ?? false

/** What is drawn is the very way of the pointer. */
export const isPath = <I extends ToolId>({ id, state }: StateOf<I>): boolean => tools[id].isPath?.(state) ?? false

/** The last vertex or stroke of an unfinished shape can be taken back. */
export const canGoBack = <I extends ToolId>({ id, state }: StateOf<I>): boolean => tools[id].canGoBack?.(state) ?? false

export const canGoForward = <I extends ToolId>({ id, state }: StateOf<I>): boolean =>
  tools[id].canGoForward?.(state) ?? false

/** An unfinished shape that undo can bring back when it was discarded. */
export const keepsWork = <I extends ToolId>({ id, state }: StateOf<I>): boolean => tools[id].keeps?.(state) ?? false

/** What is unfinished, as JSON; undefined = nothing is. */
export const keptOf = <I extends ToolId>({ id, state }: StateOf<I>): unknown => tools[id].kept?.(state)

/** The tool as {@link keptOf} left it; undefined for anything else. */
export function revivedFrom(id: unknown, kept: unknown): ToolState | undefined {
  if (typeof id !== 'string' || !Object.hasOwn(tools, id)) return undefined
  const state = tools[id as ToolId].revived?.(kept)
  return state && ({ id, state } as ToolState)
}

/** The tool's answer to what happened; the same object when nothing changed. */
export function stepTool<I extends ToolId>(
  toolState: StateOf<I>,
  event: ToolEvent,
  scene: Scene,
): readonly [ToolState, readonly Effect[]] {
  const { id, state } = toolState
  const [next, ...effects] = tools[id].step(state, event, scene)
  return [next === state ? (toolState as ToolState) : ({ id, state: next } as ToolState), effects]
}
