import type { Strength } from './frame.ts'

/** Which regions carry their name: what is pointed at; that and what is selected; everything in view. */
export type LabelMode = 'none' | 'hover' | 'selected' | 'always'
/** `cross`: short lines at the pointer; `full`: through the whole surface. */
export type CrosshairMode = 'off' | 'cross' | 'full'

/** How the person wants things shown; plain data, compared by identity. */
export interface CanvasDisplay {
  readonly labels: LabelMode
  readonly crosshair: CrosshairMode
  /** Of a region at rest, 0…1; states and selection keep their distance from it. */
  readonly fillOpacity: number
  /** Of a region at rest, CSS px. */
  readonly outlineWidth: number
  /** Edges of the opposite lightness around resting outlines. */
  readonly halo: boolean
  /** Lines between the pixels from 800 % on. */
  readonly pixelGrid: boolean
}

export const defaultDisplay: CanvasDisplay = {
  labels: 'selected',
  crosshair: 'full',
  fillOpacity: 0.2,
  outlineWidth: 1.5,
  halo: true,
  pixelGrid: true,
}

/** What regions are drawn with, as factors of the design's own. */
export const strengthOf = ({ fillOpacity, outlineWidth, halo }: CanvasDisplay): Strength => ({
  fill: fillOpacity / defaultDisplay.fillOpacity,
  outline: outlineWidth / defaultDisplay.outlineWidth,
  halo,
})
