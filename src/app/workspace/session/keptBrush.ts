import { keep, keptFields } from '#app/kept.ts'
import { type BrushSettings, defaultBrush, validBrush } from '#editor/painting.ts'

const key = 'marquee.brush'

/** How this person painted last in this browser. */
export const readBrush = (): BrushSettings => validBrush({ ...defaultBrush, ...keptFields(key) })

export const keepBrush = (brush: BrushSettings): void => keep(key, JSON.stringify(brush))
