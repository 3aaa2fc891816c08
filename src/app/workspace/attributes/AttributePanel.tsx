import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import { AttributeForm } from './AttributeForm.tsx'
import classes from './Attributes.module.css'
import { attributeRows, type DefinitionsOf } from './attributeRows.ts'
import { focusMissing } from './focusMissing.ts'

interface Props {
  editor: Editor
  definitionsOf: DefinitionsOf
  onLeave: () => void
}

const selectedPart = (state: EditorState) => state.selected
const regionsPart = (state: EditorState) => state.regions
/** More regions than this are not compared with one another while they are dragged along. */
const MOST = 2000

/** What is said of the selected regions besides their concept; nothing where nothing can be. */
export function AttributePanel({ editor, definitionsOf, onLeave }: Props) {
  const selected = useEditorState(editor, selectedPart)
  const regions = useEditorState(editor, regionsPart)
  const keys = [...selected].slice(0, MOST)
  const rows = attributeRows(
    keys.flatMap((key) => regions.get(key) ?? []),
    definitionsOf,
  )
  if (rows.length === 0) return null
  return (
    <section className={classes.panel} aria-label="Attributes">
      <h2 className={classes.title}>
        Attributes
        {keys.length > 1 && <span className={classes.many}>of {keys.length} regions</span>}
      </h2>
      <AttributeForm editor={editor} keys={keys} definitionsOf={definitionsOf} digits onLeave={onLeave} />
    </section>
  )
}

/** See {@link focusMissing}; of the panel. */
export const focusAttributes = (): boolean => focusMissing(document.querySelector('section[aria-label="Attributes"]'))
