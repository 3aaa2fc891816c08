import { Button } from '@mantine/core'
import type { EditorState } from '#editor/state.ts'
import { isMarkedEmpty } from '#model/imageConcepts.ts'
import { drawnRegions } from '#model/suggestions.ts'
import classes from './EmptyMark.module.css'
import { Hint } from './Hint.tsx'
import type { InputSession } from './session.ts'
import { useEditorState, useSessionState } from './useSession.ts'

const regionCount = (state: EditorState) => drawnRegions(state.regions).size

/** "Looked at, nothing here": told apart from "nobody has looked yet". */
export function EmptyMark({ session, onToggle }: { session: InputSession; onToggle: () => void }) {
  useSessionState(session)
  const regions = useEditorState(session.editor, regionCount)
  const marked = session.own !== undefined && isMarkedEmpty(session.own)
  return (
    <div className={classes.foot}>
      <Hint command="image.empty" label={regions > 0 ? 'Not empty: it has regions' : undefined} position="left">
        <Button
          fullWidth
          variant={marked ? 'light' : 'default'}
          aria-pressed={marked}
          disabled={regions > 0 && !marked}
          onClick={onToggle}
        >
          {marked ? 'Marked as empty' : 'Mark as empty'}
        </Button>
      </Hint>
    </div>
  )
}
