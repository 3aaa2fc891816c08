import { useEffect, useRef, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { keep, keptFields } from '#app/kept.ts'
import type { InputSession } from '#app/workspace/session/session.ts'
import { besideOf, type Chosen, chosen, unchosen } from '#editor/beside.ts'
import type { Choice } from '#model/consensus.ts'

export type Said = 'yes' | 'no' | 'none'

/** What somebody has chosen of what people made of an image; the rest is as the numbers suggest. */
export interface Answer {
  /** by key of the object */
  readonly objects: Readonly<Record<string, Choice>>
  /** by concept, of the whole image */
  readonly concepts: Readonly<Record<string, Said>>
}

const nothing: Answer = { objects: {}, concepts: {} }
/** So many images are remembered, the last first. */
const MOST = 30

/**
 * The choices on the open image: taken back and brought back by Undo and Redo among what is drawn, and kept in this
 * browser, so that a reload, another image and an Undo of Settle lead back to them.
 * @param task undefined: nothing is settled here
 */
export function useChoices(
  { scope: { owner, app, input }, editor }: InputSession,
  task: string | undefined,
): readonly [Answer, (next: Answer) => void] {
  const { person } = useApp()
  const place = `marquee.${person.id}.answers.${owner}/${app}`
  const work = JSON.stringify([task, input])
  const [shown, setShown] = useState<Answer>(nothing)
  const all = useRef<Chosen<Answer>>(unchosen(nothing))
  const choose = (next: Answer): void => set(chosen(all.current, next, editor.history().past.length))
  function set(next: Chosen<Answer>) {
    all.current = next
    setShown(next.now)
    keep(place, textWith(keptFields(place), work, next.now))
    editor.setBeside(besideOf(() => all.current, set))
  }
  // another image begins anew, with what was chosen there before
  useEffect(() => {
    // whatever is shown anew renders the whole workspace
    if (task === undefined) return
    const before = answerIn(keptFields(place), work)
    all.current = unchosen(before)
    setShown(before)
    return () => editor.setBeside(undefined)
  }, [editor, place, work, task])
  return [shown, choose]
}

/** What cannot be read counts as nothing chosen. */
export function answerIn(kept: Readonly<Record<string, unknown>>, work: string): Answer {
  const found = kept[work] as Partial<Answer> | undefined
  if (!found) return nothing
  return { objects: textsOf<Choice>(found.objects), concepts: textsOf<Said>(found.concepts) }
}

const textsOf = <T extends string>(value: unknown): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, one]) => typeof one === 'string')) as Record<string, T>

/** With those of one image, which becomes the last; the oldest are forgotten. */
export function textWith(kept: Readonly<Record<string, unknown>>, work: string, answer: Answer): string {
  const others = Object.entries(kept).filter(([name]) => name !== work)
  return JSON.stringify(Object.fromEntries([...others, [work, answer]].slice(-MOST)))
}
