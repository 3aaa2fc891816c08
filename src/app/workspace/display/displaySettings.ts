import { createStore } from 'zustand/vanilla'
import { keep, keptFields } from '#app/kept.ts'
import { type CanvasDisplay, defaultDisplay } from '#canvas/display.ts'
import { type ToneWindow, wholeWindow } from '#canvas/tone.ts'
import type { WheelMode } from '#editor/wheel.ts'
import { conceptColor, palette, unlabelledColor } from '#model/concept.ts'
import type { Region } from '#model/region.ts'
import { displayChoices, displaySwitches } from './displayChoices.ts'

export type ColorBy = 'concept' | 'region' | 'author'

/** How somebody wants pictures and regions shown; remembered in this browser, for all images. It changes no data. */
export interface DisplaySettings extends CanvasDisplay {
  /** Of the picture, as factors: 1 = as it is. */
  readonly brightness: number
  readonly contrast: number
  readonly saturation: number
  readonly invert: boolean
  /** The part of the picture's values that is shown from black to white, 0 … 1. */
  readonly window: ToneWindow
  /** Every grey is seen about as often as every other. */
  readonly equalise: boolean
  readonly colorBy: ColorBy
  /** The whole picture in a corner while a part of it fills the surface. */
  readonly minimap: boolean
  /** What the wheel does; `auto` tells a trackpad, which pans, by how it scrolls. */
  readonly wheel: WheelMode
}

export const usualDisplay: DisplaySettings = {
  ...defaultDisplay,
  brightness: 1,
  contrast: 1,
  saturation: 1,
  invert: false,
  window: wholeWindow,
  equalise: false,
  colorBy: 'concept',
  minimap: true,
  wheel: 'auto',
}

/** Least and most of what sliders set. */
export const displayLimits = {
  brightness: [0.2, 3],
  contrast: [0.2, 3],
  saturation: [0, 3],
  fillOpacity: [0, 1],
  outlineWidth: [0.5, 5],
} as const

const KEY = 'marquee.display'

/** What was remembered; anything odd counts as never set. */
export function readDisplay(storage?: Pick<Storage, 'getItem'>): DisplaySettings {
  const known = keptFields(KEY, storage)
  const settings: Record<string, unknown> = { ...usualDisplay }
  for (const [name, [least, most]] of Object.entries(displayLimits)) {
    const value = known[name]
    if (typeof value === 'number' && value >= least && value <= most) settings[name] = value
  }
  for (const [name, { options }] of Object.entries(displayChoices))
    if (options.some(([value]) => value === known[name])) settings[name] = known[name]
  for (const name of Object.keys(displaySwitches)) if (typeof known[name] === 'boolean') settings[name] = known[name]
  if (isWindow(known.window)) settings.window = known.window
  return settings as unknown as DisplaySettings
}

const isWindow = (value: unknown): value is ToneWindow =>
  Array.isArray(value) && value.length === 2 && value[0] >= 0 && value[0] <= value[1] && value[1] <= 1

/** The values of a picture of 8 bits. */
export const usualRange: readonly [number, number] = [0, 255]

interface Display {
  readonly settings: DisplaySettings
  readonly open: boolean
  /** the values of the picture on the screen, for people who think in them */
  readonly range: readonly [number, number]
}

export const displayStore = createStore<Display>(() => ({ settings: readDisplay(), open: false, range: usualRange }))

/** Least width of the window. */
const NARROWEST = 1 / 64

/** Moves the window by this part of all values, or makes it so much wider; it stays inside of them. */
export function changeWindow({ level = 0, width = 0 }: { level?: number; width?: number }): void {
  const [low, high] = displayStore.getState().settings.window
  const wide = Math.min(1, Math.max(NARROWEST, high - low + width))
  const start = Math.min(1 - wide, Math.max(0, (low + high - wide) / 2 + level))
  setDisplay({ window: [start, start + wide] })
}

/** Puts one end of the window at a value of the picture that is shown; the other one makes way. */
export function setWindowEnd(end: 'low' | 'high', value: number): void {
  const { settings, range } = displayStore.getState()
  const [least, most] = range
  const part = Math.min(1, Math.max(0, (value - least) / Math.max(1, most - least)))
  const [low, high] = settings.window
  const start = end === 'low' ? Math.min(part, 1 - NARROWEST) : Math.min(low, part - NARROWEST)
  const stop = end === 'high' ? Math.max(part, NARROWEST) : Math.max(high, part + NARROWEST)
  setDisplay({ window: [Math.max(0, start), Math.min(1, stop)] })
}

/** Changes some of it, and remembers all of it. */
export function setDisplay(patch: Partial<DisplaySettings>): void {
  const settings = { ...displayStore.getState().settings, ...patch }
  displayStore.setState({ settings })
  keep(KEY, JSON.stringify(settings))
}

/** Something of the picture is not shown as it is. */
export const isAdjusted = (settings: DisplaySettings): boolean =>
  settings.equalise || settings.window[0] > 0 || settings.window[1] < 1 || pictureFilter(settings) !== ''

/** The CSS filter that shows the picture so; empty when it is shown as it is. The tone is `ToneFilter.tsx`'s. */
export function pictureFilter({ brightness, contrast, saturation, invert }: DisplaySettings): string {
  const parts = [
    brightness !== 1 && `brightness(${brightness})`,
    contrast !== 1 && `contrast(${contrast})`,
    saturation !== 1 && `saturate(${saturation})`,
    invert && 'invert(1)',
  ]
  return parts.filter((part) => part !== false).join(' ')
}

/** What gives a region its colour; `ofConcept` is the concept's own. */
export function colorFor(by: ColorBy, ofConcept: (region: Region) => string): (region: Region) => string {
  if (by === 'concept') return ofConcept
  // as concepts without a colour of their own get one: always the same for the same id
  if (by === 'region') return ({ key }) => conceptColor({ id: `region ${key}` })
  return ({ madeBy: { id } }) => (id === '' ? unlabelledColor : authorColor(id))
}

const authorColors = new Map<string, string>()

/** Told apart, and the same on every image of this page: the next of the palette where another author has it. */
function authorColor(id: string): string {
  const known = authorColors.get(id)
  if (known !== undefined) return known
  const taken = new Set(authorColors.values())
  const own = palette.indexOf(conceptColor({ id: `author ${id}` }))
  const free = palette.map((_, i) => palette[(own + i) % palette.length]!).find((color) => !taken.has(color))
  const color = free ?? palette[own]!
  authorColors.set(id, color)
  return color
}
