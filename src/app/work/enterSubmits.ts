import { createStore } from 'zustand/vanilla'
import { keep, keptText } from '#app/kept.ts'

const key = 'marquee.work.enterSubmits'

/** Whether Enter submits assigned work while nothing is selected or drawn (interaction.md §2.6). Kept in this browser. */
export const enterSubmits = createStore<{ readonly on: boolean }>(() => ({ on: keptText(key) === 'true' }))

export function setEnterSubmits(on: boolean): void {
  enterSubmits.setState({ on })
  keep(key, String(on))
}
