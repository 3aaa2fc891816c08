import { createStore } from 'zustand/vanilla'
import { keep, keptText } from '#app/kept.ts'
import type { Editor } from '#editor/editor.ts'

const key = 'marquee.classify.single'

/** Whether an image has one concept at most, and choosing it goes on to the next image. Kept in this browser. */
export const singleChoice = createStore<{ readonly on: boolean }>(() => ({ on: keptText(key) === 'true' }))

export function setSingleChoice(on: boolean): void {
  singleChoice.setState({ on })
  keep(key, String(on))
}

/** After a single choice the image stays so long, ms, to be seen before the next one comes. */
export const ADVANCE_MS = 220

/**
 * Says that the image shows a concept (1) or not (0); said again it is taken back. With a single choice, what is there
 * takes the place of what was.
 * @returns whether a single choice was made
 */
export function tick(editor: Editor, conceptId: string, value: 0 | 1): boolean {
  if (editor.tagOf(conceptId) === value) {
    editor.setTag(conceptId, undefined)
    return false
  }
  if (value === 0 || !singleChoice.getState().on) {
    editor.setTag(conceptId, value)
    return false
  }
  const others = editor.ownTags().filter(([id, tag]) => tag === 1 && id !== conceptId)
  editor.setTags([...others.map(([id]) => [id, undefined] as const), [conceptId, 1]])
  return true
}
