import { Button } from '@mantine/core'
import { useKeyHint } from '#app/keys/keyStore.ts'
import { ConvertChip } from '#app/workspace/regions/ConvertChip.tsx'
import { SimplifyChip } from '#app/workspace/regions/SimplifyChip.tsx'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { Editor } from '#editor/editor.ts'
import { canFlip, type EditorState } from '#editor/state.ts'
import { useCoarsePointer } from '#ui/useCoarsePointer.ts'
import { BrushBar } from './BrushBar.tsx'
import classes from './ToolStrip.module.css'
import { endable, hintFor, hintsOf } from './toolHints.ts'

const shownPart = (state: EditorState) =>
  state.converting ? 'convert' : state.simplifying ? 'simplify' : (hintFor(state) ?? 'brush')

interface Props {
  editor: Editor
  /** of the picture, of which the first is shown */
  frames: number
}

const invertedPart = (state: EditorState) => state.inverted
const flipsPart = ({ toolState }: EditorState) => canFlip(toolState)

/** Above the picture, never over it: the options of the tool in hand, or what it does. */
export function ToolStrip({ editor, frames }: Props) {
  const shown = useEditorState(editor, shownPart)
  const touch = useCoarsePointer()
  return (
    <div className={classes.strip}>
      {shown === 'convert' ? (
        <ConvertChip editor={editor} />
      ) : shown === 'simplify' ? (
        <SimplifyChip editor={editor} />
      ) : shown === 'brush' ? (
        <BrushBar editor={editor} />
      ) : (
        <Hints hints={hintsOf(shown, touch)} />
      )}
      <AltHeld editor={editor} />
      {frames > 1 && (
        <span className={classes.frames} title="Only the first frame or page is shown: what is drawn belongs to it.">
          Frame 1 of {frames.toLocaleString('en')}
        </span>
      )}
      <Ends editor={editor} />
    </div>
  )
}

function Hints({ hints }: { hints: ReturnType<typeof hintsOf> }) {
  return (
    <p className={classes.hints}>
      {hints.map(([act, outcome]) => (
        <span key={act}>
          <b>{act}</b> {outcome}
        </span>
      ))}
    </p>
  )
}

/** What is pressed and looks like nothing on the picture. */
function AltHeld({ editor }: { editor: Editor }) {
  const on = useEditorState(editor, invertedPart)
  const key = useKeyHint('tool.invert')
  if (!on) return null
  return (
    <button type="button" className={classes.alt} onClick={() => editor.setInverted(false)}>
      Alt is held{key}: let go
    </button>
  )
}

/** For fingers: what Enter, Esc and Tab do to the shape under way. */
function Ends({ editor }: { editor: Editor }) {
  const end = useEditorState(editor, endable)
  const turns = useEditorState(editor, flipsPart)
  const coarse = useCoarsePointer()
  if (!coarse || !end) return null
  return (
    <div className={classes.ends}>
      <Button size="compact-sm" variant="default" onClick={() => editor.cancel()}>
        Discard
      </Button>
      {turns && (
        <Button size="compact-sm" variant="default" onClick={() => editor.flip()}>
          Other way
        </Button>
      )}
      {end === 'finish' && (
        <Button size="compact-sm" onClick={() => editor.finish()}>
          Finish
        </Button>
      )}
    </div>
  )
}
