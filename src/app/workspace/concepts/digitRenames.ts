import { createStore } from 'zustand/vanilla'
import { keep, keptText } from '#app/kept.ts'

const key = 'marquee.digitRenames'

/** Whether a digit pressed after drawing also goes to what was just drawn (docs/decisions.md, 50). Kept in this browser. */
export const digitRenames = createStore<{ readonly on: boolean }>(() => ({ on: keptText(key) === 'true' }))

export function setDigitRenames(on: boolean): void {
  digitRenames.setState({ on })
  keep(key, String(on))
}
