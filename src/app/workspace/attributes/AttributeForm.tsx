import type { JsonValue } from '@bufbuild/protobuf'
import { matchesStroke } from '#app/keyStroke.ts'
import { keysOf } from '#app/keys/keyStore.ts'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { Editor } from '#editor/editor.ts'
import { attributeText } from '#model/attributes.ts'
import type { RegionKey } from '#model/region.ts'
import { AttributeField } from './AttributeField.tsx'
import classes from './Attributes.module.css'
import { type AttributeRow, attributeRows, type DefinitionsOf } from './attributeRows.ts'

interface Props {
  editor: Editor
  keys: readonly RegionKey[]
  definitionsOf: DefinitionsOf
  /** whether digits choose among options, and are no concepts */
  digits: boolean
  /** after Enter or Esc: back to the canvas */
  onLeave: () => void
}

/** The attributes of some regions. Tab goes from one to the next, Enter back to the canvas. */
export function AttributeForm({ editor, keys, definitionsOf, digits, onLeave }: Props) {
  const all = useEditorState(editor, (state) => state.regions)
  const regions = keys.flatMap((key) => all.get(key) ?? [])
  const rows = attributeRows(regions, definitionsOf)
  const readOnly = regions.map((region) => editor.state.whyNot(region)).find((why) => why !== undefined)
  const onKeyDown = (event: React.KeyboardEvent) => {
    const isUntouched = event.target instanceof Element && event.target.matches('input:not([data-untaken])')
    if (isUntouched && (isKeyOf('edit.undo', event) || isKeyOf('edit.redo', event))) {
      event.preventDefault()
      if (isKeyOf('edit.undo', event)) editor.undo()
      else editor.redo()
      return
    }
    if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return
    event.preventDefault()
    event.stopPropagation()
    // what could not be taken is not left behind: it is put right, or given up there
    const untaken = event.currentTarget.querySelector<HTMLElement>('[data-untaken]')
    if (untaken && untaken !== event.target) untaken.focus()
    else onLeave()
  }
  return (
    <fieldset className={classes.form} onKeyDown={onKeyDown} aria-label="Attributes">
      {rows.map((row) =>
        isDefined(row) ? (
          <AttributeField
            key={`${keys.join(' ')} ${row.name}`}
            row={row}
            readOnly={readOnly}
            digits={digits}
            onSet={(value: JsonValue | undefined) => editor.setAttribute(keys, row.name, value)}
          />
        ) : (
          <Other key={row.name} row={row} />
        ),
      )}
    </fieldset>
  )
}

/** Undo and redo in a field where nothing has been typed mean the region; letters alone are text there. */
const isKeyOf = (id: string, { nativeEvent }: React.KeyboardEvent): boolean =>
  (nativeEvent.ctrlKey || nativeEvent.metaKey || nativeEvent.altKey) &&
  keysOf(id).some((key) => matchesStroke(key, nativeEvent))

const isDefined = (row: AttributeRow): row is AttributeRow & { definition: NonNullable<AttributeRow['definition']> } =>
  row.definition !== undefined

/** Written by somebody else, or by a definition that is gone: kept as it is. */
function Other({ row }: { row: AttributeRow }) {
  return (
    <div className={classes.field} data-attribute={row.name}>
      <span className={classes.name}>
        {row.name} <span className={classes.other}>not defined here</span>
      </span>
      <span className={classes.value}>
        {row.mixed ? 'multiple values' : row.value === undefined ? '–' : attributeText(row.value)}
      </span>
    </div>
  )
}
