import type { Region } from '#model/region.ts'
import { isSuggestion } from '#model/suggestions.ts'
import type { Strength } from './frame.ts'

/** What the app knows about a region and its message does not say. */
export interface RegionFlags {
  /** The server would not take the last edit, or somebody else changed the region meanwhile. */
  readonly warning?: 'refused' | 'conflict' | undefined
  /** Not finished: work that waits to be submitted. */
  readonly pending?: boolean | undefined
  /** The person may look, but not change it. */
  readonly readOnly?: boolean | undefined
}

/**
 * How a region at rest looks, as bits. States differ by line and texture, never by colour alone, since the colour is
 * the concept's: pending = dashed, denied = dotted, a model's suggestion = dashed and faint, without a concept =
 * hatched, locked or read-only = thin. Refused, conflicting, denied and locked ones carry a badge (see overlay.ts).
 */
export const DASHED = 1
export const DOTTED = 2
export const HATCHED = 4
export const FAINT = 8
export const THIN = 16
/** One of so many selected regions that the overlay leaves them to the region layer. */
export const SELECTED = 32
/** A point: a disc at the centre of the bounds. */
export const POINT = 64

// clarifai/api/status/status_code.proto; written out since canvas may not import gen
const ANNOTATION_PENDING = 24151
const ANNOTATION_REVIEW_DENIED = 24158

export interface Look {
  readonly style: number
  readonly badge: 'refused' | 'conflict' | 'denied' | 'locked' | undefined
}

/** How a region looks at rest. `locked` is the person's own lock, kept in the browser. */
export const lookOf = (region: Region, flags: RegionFlags | undefined, locked: boolean): Look => {
  const suggested = isSuggestion(region)
  const denied = region.status === ANNOTATION_REVIEW_DENIED
  const pending = flags?.pending || region.status === ANNOTATION_PENDING
  const style =
    (denied ? DOTTED : pending || suggested ? DASHED : 0) |
    (suggested ? FAINT : 0) |
    (region.concepts.length === 0 ? HATCHED : 0) |
    // nobody may change a suggestion: it is there to be answered
    (locked || (flags?.readOnly && !suggested) ? THIN : 0) |
    (region.shape.kind === 'point' ? POINT : 0)
  return { style, badge: flags?.warning ?? (denied ? 'denied' : locked ? 'locked' : undefined) }
}

/** CSS px. */
export const outlineWidth = (style: number, strength?: Strength): number =>
  (style & SELECTED ? 2.5 : style & THIN ? 1 : 1.5) * (strength?.outline ?? 1)

/** 0…1: 20 % at rest, 30 % selected, less for what is only suggested or not one's own. */
export const fillOpacity = (style: number, strength?: Strength): number =>
  Math.min(1, (style & SELECTED ? 0.3 : style & FAINT ? 0.1 : style & THIN ? 0.12 : 0.2) * (strength?.fill ?? 1))

/** 0…1. */
export const outlineOpacity = (style: number): number => (style & FAINT && !(style & SELECTED) ? 0.6 : 1)

/** On and off in CSS px, or undefined for a solid line. */
export const dashOf = (style: number): readonly [on: number, off: number] | undefined =>
  style & DOTTED ? [2, 3] : style & DASHED ? [6, 4] : undefined

/** Hatching: a line of 1 CSS px every 7, at this opacity. */
export const HATCH = { period: 7, opacity: 0.55 } as const

/** Radius of a point's disc, CSS px. */
export const POINT_RADIUS = 4

const parsed = new Map<string, number>()

/** `#rrggbb` as 0xBBGGRR; anything else is grey. */
export const rgbOf = (color: string): number => {
  let rgb = parsed.get(color)
  if (rgb === undefined) {
    rgb = parseColor(color)
    parsed.set(color, rgb)
  }
  return rgb
}

const parseColor = (color: string): number => {
  const n = /^#[0-9a-f]{6}$/i.test(color) ? Number.parseInt(color.slice(1), 16) : 0x808080
  return ((n & 0xff) << 16) | (n & 0xff00) | (n >> 16)
}

/** `rgb` as 0xBBGGRR, opacity 0…1. */
export const cssColor = (rgb: number, opacity: number): string =>
  `rgba(${rgb & 255},${(rgb >> 8) & 255},${(rgb >> 16) & 255},${opacity})`

/** The edge that keeps a line of this colour readable on every image; opacity 0…1. */
export const haloInk = (rgb: number): { readonly rgb: number; readonly opacity: number } =>
  lightness(rgb) > 0.5 ? { rgb: 0, opacity: 0.6 } : { rgb: 0xffffff, opacity: 0.8 }

export const haloOf = (rgb: number): string => {
  const { rgb: own, opacity } = haloInk(rgb)
  return cssColor(own, opacity)
}

/** Perceived lightness 0…1 (Rec. 709 weights on gamma-encoded values: enough to choose black or white on top). */
export const lightness = (rgb: number): number =>
  (0.2126 * (rgb & 255) + 0.7152 * ((rgb >> 8) & 255) + 0.0722 * ((rgb >> 16) & 255)) / 255
