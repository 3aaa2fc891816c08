import { Button } from '@mantine/core'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useEditorState, useSessionState } from '#app/workspace/session/useSession.ts'
import type { EditorState } from '#editor/state.ts'
import { isMarkedEmpty } from '#model/imageConcepts.ts'
import { drawnRegions } from '#model/suggestions.ts'
import classes from './EmptyMark.module.css'
import { Hint } from './Hint.tsx'

const regionCount = (state: EditorState) => drawnRegions(state.regions).size

/** "Looked at, nothing here": told apart from "nobody has looked yet". Not there, nor in the way, once something is drawn. */
export function EmptyMark({ session, onToggle }: { session: InputSession; onToggle: () => void }) {
  useSessionState(session)
  const regions = useEditorState(session.editor, regionCount)
  const marked = session.own !== undefined && isMarkedEmpty(session.own)
  if (regions > 0 && !marked) return null
  return (
    <div className={classes.foot}>
      <Hint command="image.empty" position="left">
        <Button fullWidth variant={marked ? 'light' : 'default'} aria-pressed={marked} onClick={onToggle}>
          {marked ? 'Marked as empty' : 'Mark as empty'}
        </Button>
      </Hint>
    </div>
  )
}
