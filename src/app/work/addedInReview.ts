import { count } from '#app/messages.ts'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { Region } from '#model/region.ts'

/** Regions that others have drawn in this work: a reviewer, or somebody whose place this person has taken. */
export const othersRegions = (
  regions: Iterable<Region>,
  session: Pick<InputSession, 'annotation'>,
  task: string,
  me: string,
): Region[] =>
  [...regions].filter(
    ({ madeBy, annotation }) =>
      madeBy.kind === 'user' && madeBy.id !== me && session.annotation(annotation)?.taskId === task,
  )

/** "Rosa added 2 regions: …" of returned work; undefined when they added nothing. */
export function useAddedWords(
  session: InputSession,
  task: string | undefined,
  reviewer: string,
  me: string,
  nameOf: (userId: string) => string,
): string | undefined {
  const regions = useEditorState(session.editor, (state) => state.regions)
  if (task === undefined || reviewer === '' || reviewer === me) return undefined
  const added = othersRegions(regions.values(), session, task, me).filter(({ madeBy }) => madeBy.id === reviewer)
  if (added.length === 0) return undefined
  const they = added.length === 1 ? 'it stays theirs and counts' : 'they stay theirs and count'
  return `${nameOf(reviewer)} added ${count(added.length, 'region')}: ${they} once your work is approved; do not draw the same again.`
}
