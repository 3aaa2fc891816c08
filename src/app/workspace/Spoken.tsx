import { memo, useEffect, useRef } from 'react'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import type { Region } from '#model/region.ts'
import { spokenOf } from './spokenWords.ts'

/** A key that is held says where it has come to, not each step, ms. */
const PAUSE_MS = 250

interface Props {
  editor: Editor
  labelOf: (region: Region) => string
}

/** Tells a screen reader what is chosen, drawn and moved on the canvas. Renders nothing while one works. */
export const Spoken = memo(function Spoken({ editor, labelOf }: Props) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let told: EditorState | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = (before: EditorState) => {
      timer = undefined
      told = undefined
      const words = spokenOf(before, editor.state, labelOf)
      if (words !== undefined && place.current) place.current.textContent = words
    }
    const stops = [
      editor.subscribe((state, previous) => {
        if (isSilent(state, previous)) return
        // what was first is compared with what is then: ten steps of a key are one
        told ??= previous
        const before = told
        clearTimeout(timer)
        timer = setTimeout(() => tell(before), PAUSE_MS)
      }),
      editor.onCommit((_, origin) => {
        if (origin !== 'user' && place.current) place.current.textContent = origin === 'undo' ? 'Undone' : 'Redone'
      }),
    ]
    return () => {
      clearTimeout(timer)
      for (const stop of stops) stop()
    }
  }, [editor, labelOf])
  return <div ref={place} className="visually-hidden" aria-live="polite" />
})

/** The view and the pointer change far more often than what can be told. */
const isSilent = (now: EditorState, before: EditorState): boolean =>
  now.tool === before.tool &&
  now.selected === before.selected &&
  now.regions === before.regions &&
  (now.toolState === before.toolState || now.tool !== 'box')
