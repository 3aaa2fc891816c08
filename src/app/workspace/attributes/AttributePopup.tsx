import { useEffect, useRef } from 'react'
import type { Asking } from '#app/workspace/CanvasArea.tsx'
import parts from '#app/workspace/parts.module.css'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import { useBeside } from '#app/workspace/useBeside.ts'
import { useCloseOutside } from '#app/workspace/useCloseOutside.ts'
import type { Editor } from '#editor/editor.ts'
import type { Size } from '#geometry/point.ts'
import { AttributeForm } from './AttributeForm.tsx'
import classes from './Attributes.module.css'
import type { DefinitionsOf } from './attributeRows.ts'
import { focusMissing } from './focusMissing.ts'

const SIZE: Size = { width: 250, height: 330 }

interface Props {
  editor: Editor
  asking: Asking
  definitionsOf: DefinitionsOf
  onClose: () => void
}

/** What a region just drawn has to say about itself, asked at the region. Closing it loses nothing. */
export function AttributePopup({ editor, asking, definitionsOf, onClose }: Props) {
  const root = useRef<HTMLDivElement>(null)
  const [left, top] = useBeside(editor, asking.near, SIZE)
  useEffect(() => void focusMissing(root.current), [])
  const gone = useEditorState(editor, (state) => !asking.keys.some((key) => state.regions.has(key)))
  useEffect(() => {
    if (gone) onClose()
  }, [gone, onClose])
  useCloseOutside(root, () => {
    // the field that is typed in takes its text over before the form goes
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    onClose()
  })
  return (
    <div
      ref={root}
      role="dialog"
      aria-label="Attributes of the region"
      // undo, tools and the rest go on where no text is typed
      data-keys="image"
      className={`${parts.popup} ${classes.asking}`}
      style={{ left, top, width: SIZE.width, maxHeight: SIZE.height }}
    >
      <div className={parts.popupForm}>
        <AttributeForm
          editor={editor}
          keys={asking.keys}
          definitionsOf={definitionsOf}
          // nobody has called it: a digit is the next concept, as before it came
          digits={false}
          onLeave={onClose}
        />
      </div>
      <p className={classes.hint} aria-hidden>
        Arrows choose, Tab goes on, Enter returns to the image
      </p>
    </div>
  )
}
