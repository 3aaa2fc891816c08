import { useCallback, useEffect } from 'react'
import { type Asking, askFor } from '#app/workspace/CanvasArea.tsx'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import type { InputSession } from '#app/workspace/session/session.ts'
import { isIncomplete } from './attributeRows.ts'

/** Tells the editor what can be said of regions of a concept. */
export function useDefinitions({ editor }: InputSession, { attributesOf }: Concepts): void {
  useEffect(() => {
    editor.definitionsOf = attributesOf
  }, [editor, attributesOf])
}

/**
 * Asks for what is required as soon as a region has been drawn. Returns the same question for regions that have just
 * been given another concept.
 */
export function useAskMissing(
  session: InputSession,
  { attributesOf }: Concepts,
  ask: (filling: Asking | undefined) => void,
): (keys: readonly string[]) => void {
  const askMissing = useCallback(
    (keys: readonly string[]) => {
      const { regions } = session.editor.state
      const incomplete = keys.filter((key) => {
        const region = regions.get(key)
        return region !== undefined && isIncomplete(region, attributesOf)
      })
      if (incomplete.length > 0) ask(askFor(session, incomplete))
    },
    [session, attributesOf, ask],
  )
  useEffect(
    () =>
      session.editor.onCommit((change, origin) => {
        const drawn = [...change].filter(([, { before, after }]) => after && !before)
        const [first] = drawn
        // what is pasted, copied or cut in pieces says what it said before
        if (origin === 'user' && first && drawn.length === 1 && change.size === 1) askMissing([first[0]])
      }),
    [session, askMissing],
  )
  return askMissing
}
