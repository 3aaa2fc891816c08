import { useMemo } from 'react'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useEditorState, useSessionState } from '#app/workspace/session/useSession.ts'

/** In this work nothing is said of the picture: no region, no concept of the whole, nor that there is nothing. */
export function isNothing(session: InputSession, task: string, me: string): boolean {
  const { editor } = session
  return !editor.markedEmpty && saysNothing(session, task, me)
}

function saysNothing(session: InputSession, task: string, me: string): boolean {
  const { editor } = session
  const drawn = [...editor.state.regions.values()].some(
    ({ madeBy, annotation }) =>
      madeBy.kind === 'user' && madeBy.id === me && session.annotation(annotation)?.taskId === task,
  )
  return !drawn && editor.ownTags().length === 0
}

/** Whether Submit would say that there is nothing here, as it changes while one draws. */
export function useSaysNothing(session: InputSession, task: string, me: string): boolean {
  const { annotations } = useSessionState(session)
  const regions = useEditorState(session.editor, (state) => state.regions)
  const tags = useEditorState(session.editor, () => session.editor.ownTags().length)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked of the session changes with these
  return useMemo(
    () => annotations !== undefined && saysNothing(session, task, me),
    [session, task, me, annotations, regions, tags],
  )
}
