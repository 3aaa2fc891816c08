import { memo, useEffect, useRef } from 'react'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import type { Region } from '#model/region.ts'
import { spokenOf, spokenTags } from './spokenWords.ts'

/** A key that is held says where it has come to, not each step, ms. */
const PAUSE_MS = 250

interface Props {
  editor: Editor
  labelOf: (region: Region) => string
  concepts: ReadonlyMap<string, { readonly name: string }>
}

/** Tells a screen reader what is chosen, drawn and moved on the canvas. Renders nothing while one works. */
export const Spoken = memo(function Spoken({ editor, labelOf, concepts }: Props) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const nameOf = (id: string) => concepts.get(id)?.name ?? id
    const say = (words: string) => {
      if (!place.current) return
      // said twice, it has to be another text to be read out
      place.current.textContent = place.current.textContent === words ? `${words}\u00a0` : words
    }
    let told: EditorState | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = (before: EditorState) => {
      timer = undefined
      told = undefined
      const words = spokenOf(before, editor.state, labelOf, nameOf)
      if (words !== undefined) say(words)
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
      editor.onCommit((_, origin, tags) => {
        const words = origin === 'undo' ? 'Undone' : origin === 'redo' ? 'Redone' : tags && spokenTags(tags, nameOf)
        if (words !== undefined) say(words)
      }),
    ]
    return () => {
      clearTimeout(timer)
      for (const stop of stops) stop()
    }
  }, [editor, labelOf, concepts])
  return <div ref={place} className="visually-hidden" aria-live="polite" />
})

/** The view and the pointer change far more often than what can be told. */
const isSilent = (now: EditorState, before: EditorState): boolean =>
  now.tool === before.tool &&
  now.selected === before.selected &&
  now.regions === before.regions &&
  now.concept === before.concept &&
  now.hidden === before.hidden &&
  now.locked === before.locked &&
  (now.toolState === before.toolState || now.tool !== 'box')
