import { keptFields } from '#app/kept.ts'

/** Which panels are shown and how large, remembered in this browser. Sizes are CSS px. */
export interface Panels {
  readonly hidden: boolean
  /** width of the right panel */
  readonly side: number
  /** height of the filmstrip */
  readonly strip: number
  /** share of the right panel's height that the concepts take, 0…1; undefined: as much as they need, up to {@link fair} */
  readonly split: number | undefined
}

export const defaultPanels: Panels = { hidden: false, side: 272, strip: 96, split: undefined }
/** What the concepts take of the right panel at most while nobody has chosen. */
export const fair = 0.56
export const limits = { side: [220, 480], strip: [72, 200], split: [0.2, 0.8] } as const

type Part = keyof typeof limits

/** The panels with one size set, within its limits; undefined: as it is at first. */
export function resized(panels: Panels, part: Part, size: number | undefined): Panels {
  if (size === undefined) return { ...panels, [part]: defaultPanels[part] }
  const [least, most] = limits[part]
  return { ...panels, [part]: Math.min(most, Math.max(least, size)) }
}

const KEY = 'marquee.panels'

/** What was remembered; anything odd counts as never set. */
export function readPanels(storage: Pick<Storage, 'getItem'>): Panels {
  const known = keptFields(KEY, storage)
  const start: Panels = { ...defaultPanels, hidden: known.hidden === true }
  return (['side', 'strip', 'split'] as const).reduce((panels, part) => {
    const size = known[part]
    // what everybody had who never moved the divider
    if (part === 'split' && size === 0.4) return panels
    return typeof size === 'number' && Number.isFinite(size) ? resized(panels, part, size) : panels
  }, start)
}

export function keepPanels(storage: Pick<Storage, 'setItem'>, panels: Panels): void {
  try {
    storage.setItem(KEY, JSON.stringify(panels))
  } catch {
    // storage is off or full: the sizes last as long as the page
  }
}
