import { createStore } from 'zustand/vanilla'
import { keep, keptText } from '#app/kept.ts'
import type { Region } from '#model/region.ts'

const key = 'marquee.suggestionLimit'

const kept = Number(keptText(key) ?? Number.NaN)

/** The score from which on suggestions are accepted together, 0…1; kept in the browser. */
export const suggestionLimit = createStore<{ readonly least: number }>(() => ({
  least: kept >= 0 && kept <= 1 ? kept : 0.5,
}))

export function setSuggestionLimit(least: number): void {
  suggestionLimit.setState({ least })
  keep(key, String(least))
}

/** Whether a suggestion is among those that are accepted together; one without a score only where none is asked for. */
export const isSure = ({ score = 0 }: Region, least: number): boolean => score >= least
