import { createStore } from 'zustand/vanilla'
import { keep, keptText } from '#app/kept.ts'

const key = 'marquee.digitRenames'
const toldKey = 'marquee.digitRenames.told'
/** So often it is said what a digit after drawing does and does not; then the person knows, and the picture stays free. */
const TOLD_TIMES = 3

/** Whether a digit pressed after drawing also goes to what was just drawn (docs/decisions.md, 50). Kept in this browser. */
export const digitRenames = createStore<{ readonly on: boolean }>(() => ({ on: keptText(key) === 'true' }))

export function setDigitRenames(on: boolean): void {
  digitRenames.setState({ on })
  keep(key, String(on))
}

/** Whether it is still to be said that what was just drawn keeps its concept; counts that it was. */
export function tellsDigit(): boolean {
  const told = Number(keptText(toldKey) ?? 0)
  if (told >= TOLD_TIMES) return false
  keep(toldKey, String(told + 1))
  return true
}
