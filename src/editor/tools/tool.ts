import type { NewRegion } from '#editor/operations.ts'
import type { Painted, PaintedStroke } from '#editor/painting.ts'
import type { Picked, Pointing, Scene } from '#editor/scene.ts'
import type { Bits } from '#geometry/bits.ts'
import type { Handle } from '#geometry/box.ts'
import type { Footprint } from '#geometry/brush.ts'
import type { Point } from '#geometry/point.ts'
import type { Box, Polygon, Shape } from '#geometry/shape.ts'
import type { Region, RegionKey } from '#model/region.ts'

export type ToolId =
  | 'select'
  | 'box'
  | 'extremes'
  | 'rotated'
  | 'polygon'
  | 'point'
  | 'cut'
  | 'classify'
  | 'ghost'
  | 'brush'
  | 'eraser'
  | 'bucket'
  | 'lasso'

/** What happened, as a tool is told it. A press that moves no more than 4 screen px ends in `click`, else in `up`. */
export type ToolEvent =
  | ({ readonly type: 'hover' } & Pointing)
  | ({ readonly type: 'down' } & Pointing)
  /** `path`: where it has been since the last event, image px, for tools that follow it; `pressures` beside it */
  | ({ readonly type: 'drag'; readonly path?: readonly Point[]; readonly pressures?: readonly number[] } & Pointing)
  | ({ readonly type: 'up' } & Pointing)
  /** `count` 2: the second click of a double click */
  | ({ readonly type: 'click'; readonly count: 1 | 2 } & Pointing)
  /** the right button */
  | ({ readonly type: 'menu' } & Pointing)
  /** a finger rests where it went down; its release says nothing more */
  | ({ readonly type: 'hold' } & Pointing)
  /** the press was none: a second finger came, or, `lost`, the system took the pointer, the window or the tool */
  | { readonly type: 'abort'; readonly lost?: true }
  /** Esc */
  | { readonly type: 'cancel' }
  /** Enter */
  | { readonly type: 'finish' }
  | { readonly type: 'leave' }
  /** takes back the last vertex or stroke of an unfinished shape */
  | { readonly type: 'back' }
  /** brings it back */
  | { readonly type: 'forward' }
  /** Tab: the other way round a contour */
  | { readonly type: 'flip' }
  /** drawing by keyboard begins at this image point */
  | { readonly type: 'keyboard'; readonly at: Point }
  /** arrows while drawing by keyboard, image px */
  | { readonly type: 'step'; readonly dx: number; readonly dy: number }

/** A wish that only the screen can grant. */
export type Ask =
  /** choose a concept for these; `near` is where the pop-up belongs */
  | { readonly kind: 'concept'; readonly keys: readonly RegionKey[]; readonly near: Box }
  /** the context menu at `screen`; `stack` is what lies under it, topmost rule first */
  | { readonly kind: 'menu'; readonly screen: Point; readonly stack: readonly RegionKey[] }

export type Effect =
  /** `rough`: what the shape was simplified from, and by how much (image px) */
  | {
      readonly do: 'create'
      readonly shape: Shape
      readonly rough?: { readonly polygon: Polygon; readonly tolerance: number }
    }
  | { readonly do: 'reshape'; readonly shapes: ReadonlyMap<RegionKey, Shape> }
  /** each region becomes the first of its pieces, the others are new regions like it; none: it goes */
  | { readonly do: 'replace'; readonly pieces: ReadonlyMap<RegionKey, readonly Shape[]> }
  /** new regions, as they are */
  | { readonly do: 'place'; readonly items: readonly NewRegion[] }
  /** a stroke of the brush */
  | { readonly do: 'paint'; readonly stroke: PaintedStroke }
  /** where it ended, for the next */
  | { readonly do: 'painted'; readonly painted: Painted }
  | { readonly do: 'remove'; readonly keys: readonly RegionKey[] }
  /** the vertices picked for editing; `shape` is the region's, and what they are numbered in */
  | { readonly do: 'pick'; readonly picked: Picked | undefined }
  | { readonly do: 'select'; readonly keys: readonly RegionKey[] }
  | { readonly do: 'tool'; readonly id: ToolId }
  | { readonly do: 'hover'; readonly key: RegionKey | undefined }
  | { readonly do: 'fit' }
  | { readonly do: 'ask'; readonly ask: Ask }
  | { readonly do: 'notice'; readonly text: string }

/** A thin line that shows what was snapped to, image px. */
export interface Guide {
  readonly axis: 'x' | 'y'
  readonly at: number
  readonly from: number
  readonly to: number
}

export interface HandlePlace {
  readonly handle: Handle
  readonly at: Point
  readonly key: RegionKey
  /** under the pointer, or held */
  readonly active: boolean
}

/** A line of what is being drawn. */
export interface Stroke {
  readonly points: readonly Point[]
  readonly closed?: true
  /** `rubber`: to the pointer; `other`: what Tab would take; `crossing`: where the outline crosses itself */
  readonly look: 'edge' | 'rubber' | 'other' | 'crossing' | 'knife'
}

/** A small sign at a point. */
export interface Mark {
  readonly at: Point
  /** `first`: closes the shape; `ghost`: would become a vertex; the rest is what was snapped to */
  readonly look: 'vertex' | 'first' | 'close' | 'ghost' | 'onVertex' | 'onEdge' | 'onBorder'
}

/** An unfinished shape, in the colour of `region`. */
export interface Sketch {
  readonly region: Region
  readonly strokes: readonly Stroke[]
  /** what is filled, lightly */
  readonly fill?: readonly Point[] | undefined
}

/** The vertices of the polygon that is being edited, by number (see geometry/rings.ts). */
export interface VertexMarks {
  readonly polygon: Polygon
  readonly picked: ReadonlySet<number>
  /** shared with other regions */
  readonly linked: ReadonlySet<number>
  /** under the pointer, or held */
  readonly active?: number | undefined
}

/** The stroke under way, on the mask it will become part of. */
export interface Painting {
  /** the mask that is continued: shown from here meanwhile */
  readonly key: RegionKey | undefined
  /** the whole image; the same object while the stroke goes on, changed inside `dirty` */
  readonly bits: Bits
  /** changed since the version before; whoever missed one looks at everything */
  readonly dirty: Box | undefined
  readonly version: number
  /** of a new mask */
  readonly concept: string | undefined
  readonly mode: 'add' | 'erase'
}

/** What the brush would leave here. */
export interface BrushMark extends Footprint {
  readonly at: Point
  readonly erases: boolean
}

/** The round handle that turns a rotated box, on its stalk. */
export interface TurnGrip {
  readonly foot: Point
  readonly at: Point
  /** under the pointer, or held */
  readonly active: boolean
}

/** What the overlay paints now, besides selection and hover. */
export interface Draft {
  /** being drawn or changed: replaces the resting region of the same key, or is new */
  readonly shapes: readonly Region[]
  readonly guides: readonly Guide[]
  readonly readout?: { readonly text: string; readonly at: Point } | undefined
  readonly marquee?: Box | undefined
  /** full-length lines through this image point */
  readonly crosshair?: Point | undefined
  /** the caret of drawing by keyboard */
  readonly caret?: Point | undefined
  readonly handles: readonly HandlePlace[]
  readonly turnGrip?: TurnGrip | undefined
  readonly sketch?: Sketch | undefined
  readonly marks?: readonly Mark[] | undefined
  readonly vertices?: VertexMarks | undefined
  readonly painting?: Painting | undefined
  readonly brush?: BrushMark | undefined
  /** CSS */
  readonly cursor: string
  /** near the edge of the surface the view should follow */
  readonly autoPan: boolean
}

export const emptyDraft: Draft = { shapes: [], guides: [], handles: [], cursor: 'default', autoPan: false }

/** A tool: a union of states and a pure step. */
export interface Tool<S> {
  readonly id: ToolId
  readonly start: S
  step(state: S, event: ToolEvent, scene: Scene): readonly [S, ...Effect[]]
  draft(state: S, scene: Scene): Draft
  /** something is under way that Esc would end */
  busy(state: S): boolean
  /** Enter would finish it */
  finishes?(state: S): boolean
  /** a finger that rests is told as `hold` */
  takesHold?(state: S): boolean
  /** Tab would turn it */
  flips?(state: S): boolean
  /** the last vertex or stroke can be taken back */
  canGoBack?(state: S): boolean
  canGoForward?(state: S): boolean
  /** Esc and another tool discard it, and undo brings it back */
  keeps?(state: S): boolean
  /** what is unfinished, as JSON: {@link Tool.revived} goes on with it, after a reload too; undefined = nothing is */
  kept?(state: S): unknown
  /** Undefined for anything else than it once gave. */
  revived?(kept: unknown): S | undefined
  /** a press is a drag from its first move on, and needs no 4 screen px */
  readonly immediate?: true
  /** what is drawn is the very way of the pointer: a second finger, which moves the view, ends it */
  isPath?(state: S): boolean
  /** a band is being dragged, which Space moves */
  holdsSpace(state: S): boolean
}
