const key = 'marquee.palette.recent'
const KEPT = 12

/** Ids of what was chosen last in the palette, the latest first. */
export function recentEntries(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : []
  } catch {
    return [] // storage is off, or holds what is no JSON
  }
}

export function rememberEntry(id: string): void {
  try {
    const recent = [id, ...recentEntries().filter((other) => other !== id)].slice(0, KEPT)
    localStorage.setItem(key, JSON.stringify(recent))
  } catch {
    // storage is off or full: nothing is remembered
  }
}
