import { keepId, keptIds } from '#app/kept.ts'

const key = 'marquee.palette.recent'
const KEPT = 12

/** Ids of what was chosen last in the palette, the latest first. */
export const recentEntries = (): readonly string[] => keptIds(key)

export const rememberEntry = (id: string): void => void keepId(key, id, KEPT)
