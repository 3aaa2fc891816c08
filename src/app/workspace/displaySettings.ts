import { createStore } from 'zustand/vanilla'
import { type CanvasDisplay, defaultDisplay } from '#canvas/display.ts'
import { palette, unlabelledColor } from '#model/concept.ts'
import type { Region } from '#model/region.ts'

export type ColorBy = 'concept' | 'region' | 'author'

/** How somebody wants pictures and regions shown; remembered in this browser, for all images. It changes no data. */
export interface DisplaySettings extends CanvasDisplay {
  /** Of the picture, as factors: 1 = as it is. */
  readonly brightness: number
  readonly contrast: number
  readonly saturation: number
  readonly invert: boolean
  readonly colorBy: ColorBy
}

export const usualDisplay: DisplaySettings = {
  ...defaultDisplay,
  brightness: 1,
  contrast: 1,
  saturation: 1,
  invert: false,
  colorBy: 'concept',
}

/** Least and most of what sliders set. */
export const displayLimits = {
  brightness: [0.2, 3],
  contrast: [0.2, 3],
  saturation: [0, 3],
  fillOpacity: [0, 1],
  outlineWidth: [0.5, 5],
} as const

const choices = {
  labels: ['none', 'hover', 'selected', 'always'],
  crosshair: ['off', 'cross', 'full'],
  colorBy: ['concept', 'region', 'author'],
} as const

const KEY = 'marquee.display'

/** What was remembered; anything odd counts as never set. */
export function readDisplay(storage: Pick<Storage, 'getItem'>): DisplaySettings {
  let known: Partial<Record<keyof DisplaySettings, unknown>> = {}
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? '{}')
    if (typeof kept === 'object' && kept !== null) known = kept
  } catch {
    // storage is off or holds what is no JSON: the usual is fine
  }
  const settings: Record<string, unknown> = { ...usualDisplay }
  for (const [name, [least, most]] of Object.entries(displayLimits)) {
    const value = known[name as keyof DisplaySettings]
    if (typeof value === 'number' && value >= least && value <= most) settings[name] = value
  }
  for (const [name, allowed] of Object.entries(choices)) {
    const value = known[name as keyof DisplaySettings]
    if ((allowed as readonly unknown[]).includes(value)) settings[name] = value
  }
  for (const name of ['halo', 'pixelGrid', 'invert'] as const)
    if (typeof known[name] === 'boolean') settings[name] = known[name]
  return settings as unknown as DisplaySettings
}

export const displayStore = createStore<{ readonly settings: DisplaySettings; readonly open: boolean }>(() => ({
  settings: readDisplay({ getItem: (key) => localStorage.getItem(key) }), // not taken at once: it throws where storage is off
  open: false,
}))

/** Changes some of it, and remembers all of it. */
export function setDisplay(patch: Partial<DisplaySettings>): void {
  const settings = { ...displayStore.getState().settings, ...patch }
  displayStore.setState({ settings })
  try {
    localStorage.setItem(KEY, JSON.stringify(settings))
  } catch {
    // storage is off or full: it lasts as long as the page
  }
}

/** The CSS filter that shows the picture so; empty when it is shown as it is. */
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
  return (region) =>
    by === 'region' ? always(region.key) : region.madeBy.id ? always(region.madeBy.id) : unlabelledColor
}

/** Always the same colour for the same text. */
const always = (text: string): string => {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return palette[(hash >>> 0) % palette.length]!
}
