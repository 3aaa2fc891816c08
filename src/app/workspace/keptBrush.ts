import { type BrushSettings, defaultBrush, validBrush } from '#editor/painting.ts'

const key = 'marquee.brush'

/** How this person painted last in this browser. */
export function readBrush(): BrushSettings {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '{}')
    return validBrush({ ...defaultBrush, ...(typeof kept === 'object' && kept) })
  } catch {
    return defaultBrush // storage is off or holds what is no JSON
  }
}

export function keepBrush(brush: BrushSettings): void {
  try {
    localStorage.setItem(key, JSON.stringify(brush))
  } catch {
    // storage is off or full: it lasts as long as the page
  }
}
