import { useCallback, useEffect } from 'react'
import { type Asking, askFor } from '#app/workspace/CanvasArea.tsx'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import type { InputSession } from '#app/workspace/session/session.ts'
import { isPaintTool } from '#editor/painting.ts'
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
  useEffect(() => {
    const { editor } = session
    /** a mask of which only the first strokes are there: it is asked about when it is finished */
    let painted: string | undefined
    const stops = [
      editor.onCommit((change, origin) => {
        const drawn = [...change].filter(([, { before, after }]) => after && !before)
        const [first] = drawn
        // what is pasted, copied or cut in pieces says what it said before
        if (origin !== 'user' || !first || drawn.length !== 1 || change.size !== 1) return
        if (isPaintTool(editor.state.tool)) painted = first[0]
        else askMissing([first[0]])
      }),
      editor.subscribe((state) => {
        if (painted === undefined || (isPaintTool(state.tool) && state.selected.has(painted))) return
        const finished = painted
        painted = undefined
        askMissing([finished])
      }),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [session, askMissing])
  return askMissing
}
