import { createStore } from 'zustand/vanilla'
import { canonicalStroke, type KeyPress, matchesStroke, strokesIn } from '#app/keyStroke.ts'

/** The second key of two is waited for so long, ms. Mousetrap, which CVAT uses, waits 1,000. */
const CHORD_MS = 1500

/** The first of two keys in a row, once it has been pressed (`T` of `T H`). */
export const chordStore = createStore<{ readonly begun: string | undefined }>(() => ({ begun: undefined }))

let timer: ReturnType<typeof setTimeout> | undefined

export function beginChord(first: string): void {
  clearTimeout(timer)
  chordStore.setState({ begun: canonicalStroke(first) })
  timer = setTimeout(endChord, CHORD_MS)
}

export function endChord(): void {
  clearTimeout(timer)
  if (chordStore.getState().begun !== undefined) chordStore.setState({ begun: undefined })
}

/** The first key of two, if this press is it. */
export function beginningOf(key: string, press: KeyPress): string | undefined {
  const [first, second] = strokesIn(key)
  return first !== undefined && second !== undefined && matchesStroke(first, press) ? first : undefined
}

/** Whether this press is the whole key, or the second one of two whose first was `begun`. */
export function completes(key: string, press: KeyPress, begun: string | undefined): boolean {
  const [first = key, second] = strokesIn(key)
  if (second === undefined) return begun === undefined && matchesStroke(first, press)
  return begun === canonicalStroke(first) && matchesStroke(second, press)
}

const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta'])

/** A press that says nothing about the second key: a modifier for it, or the first, still held down. */
export const isBetween = (event: KeyboardEvent, begun: string): boolean =>
  MODIFIERS.has(event.key) || (event.repeat && matchesStroke(begun, event))
