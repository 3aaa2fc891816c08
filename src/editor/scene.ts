import type { Point, Size } from '#geometry/point.ts'
import type { Box, Polygon } from '#geometry/shape.ts'
import type { View } from '#geometry/view.ts'
import type { Tags } from '#model/imageTags.ts'
import type { Region, RegionKey } from '#model/region.ts'
import type { BrushSettings, Painted } from './painting.ts'
import type { RegionIndex } from './regionIndex.ts'

/** Vertices picked for editing. Stale, and so empty, once the region has another shape or is not the selection. */
export interface Picked {
  readonly key: RegionKey
  readonly shape: Polygon
  readonly vertices: ReadonlySet<number>
}

/** Everything a tool can see. Lengths are image px; `viewport` and what is called screen are screen px. */
export interface Scene {
  readonly size: Size
  /** the drawing surface, screen px */
  readonly viewport: Size
  readonly view: View
  readonly regions: ReadonlyMap<RegionKey, Region>
  /** paint order, lowest first */
  readonly order: readonly RegionKey[]
  readonly selected: ReadonlySet<RegionKey>
  readonly picked?: Picked | undefined
  readonly hovered?: RegionKey | undefined
  readonly hidden: ReadonlySet<RegionKey>
  readonly locked: ReadonlySet<RegionKey>
  /** what annotations say about the whole image */
  readonly tags: Tags
  /** vertices of several polygons at the same place move each by itself */
  readonly apart?: boolean | undefined
  /** X: tools are told of Alt when it is not held, and the other way round */
  readonly inverted: boolean
  /** the active concept: what new regions get */
  readonly concept?: string | undefined
  readonly brush: BrushSettings
  readonly painted?: Painted | undefined
  /** the brush is being made larger or smaller there, image px */
  readonly sizing?: Point | undefined
  /** why nothing may be changed here; undefined = it may */
  readonly readOnly?: string | undefined
  /** held: show all names, hide all regions */
  readonly peek: 'none' | 'names' | 'bare'
  /** the view is being moved by hand, or Space is held for it */
  readonly hand?: 'grab' | 'grabbing' | undefined
  /** the part of the image that is being chosen to zoom to */
  readonly zoomBox?: Box | undefined
  /** finds regions by place; always agrees with `regions` */
  readonly index: RegionIndex
  readonly userId: string
  /** why this region may not be changed (rights, lock, read-only); undefined = it may */
  readonly whyNot: (region: Region) => string | undefined
}

/** What the pointer is, for how near is near enough. */
export type PointerKind = 'mouse' | 'pen' | 'touch'

/** One fact about the pointer, in both systems. */
export interface Pointing {
  readonly at: Point
  /** screen px from the surface's top left */
  readonly screen: Point
  readonly kind: PointerKind
  readonly shift: boolean
  readonly alt: boolean
  /** Ctrl or Cmd */
  readonly ctrl: boolean
  /** Space is held */
  readonly space: boolean
  /** ms, any origin */
  readonly time: number
  /** of a pen, 0 … 1 */
  readonly pressure?: number | undefined
  /** a pen's eraser end, or its barrel button */
  readonly erases?: true | undefined
}
