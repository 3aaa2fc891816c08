import type { Pointing, Scene } from '#editor/scene.ts'
import type { Handle } from '#geometry/box.ts'
import type { Point } from '#geometry/point.ts'
import type { Box, Shape } from '#geometry/shape.ts'
import type { Region, RegionKey } from '#model/region.ts'

export type ToolId = 'select' | 'box'

/** What happened, as a tool is told it. A press that moves no more than 4 screen px ends in `click`, else in `up`. */
export type ToolEvent =
  | ({ readonly type: 'hover' } & Pointing)
  | ({ readonly type: 'down' } & Pointing)
  | ({ readonly type: 'drag' } & Pointing)
  | ({ readonly type: 'up' } & Pointing)
  /** `count` 2: the second click of a double click */
  | ({ readonly type: 'click'; readonly count: 1 | 2 } & Pointing)
  /** the right button */
  | ({ readonly type: 'menu' } & Pointing)
  /** the press was none: a second finger came, or the system took the pointer */
  | { readonly type: 'abort' }
  /** Esc */
  | { readonly type: 'cancel' }
  /** Enter */
  | { readonly type: 'finish' }
  | { readonly type: 'leave' }
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
  | { readonly do: 'create'; readonly shape: Shape }
  | { readonly do: 'reshape'; readonly shapes: ReadonlyMap<RegionKey, Shape> }
  | { readonly do: 'select'; readonly keys: readonly RegionKey[] }
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
  /** a band is being dragged, which Space moves */
  holdsSpace(state: S): boolean
}
