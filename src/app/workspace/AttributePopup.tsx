import { useEffect, useRef } from 'react'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import type { Size } from '#geometry/point.ts'
import { AttributeForm } from './AttributeForm.tsx'
import classes from './Attributes.module.css'
import type { DefinitionsOf } from './attributeRows.ts'
import type { Asking } from './CanvasArea.tsx'
import { placeBeside } from './placeBeside.ts'
import { useEditorState } from './useSession.ts'

const SIZE: Size = { width: 250, height: 330 }

const viewPart = (state: EditorState) => state.view
const viewportPart = (state: EditorState) => state.viewport

interface Props {
  editor: Editor
  asking: Asking
  definitionsOf: DefinitionsOf
  onClose: () => void
}

/** What a region just drawn has to say about itself, asked at the region. Closing it loses nothing. */
export function AttributePopup({ editor, asking, definitionsOf, onClose }: Props) {
  const root = useRef<HTMLDivElement>(null)
  const view = useEditorState(editor, viewPart)
  const viewport = useEditorState(editor, viewportPart)
  const { near } = asking
  const onScreen = {
    x: near.x * view.scale + view.x,
    y: near.y * view.scale + view.y,
    w: near.w * view.scale,
    h: near.h * view.scale,
  }
  const [left, top] = placeBeside(onScreen, SIZE, viewport)
  useEffect(() => {
    const missing = root.current?.querySelector('[data-missing]')?.closest('[data-attribute]')
    ;(missing ?? root.current)?.querySelector<HTMLElement>('[data-attribute-field]')?.focus()
  }, [])
  useEffect(() => {
    const onDown = (event: PointerEvent) => {
      if (!(event.target instanceof Node) || root.current?.contains(event.target)) return
      // the field that is typed in takes its text over before the form goes
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      onClose()
    }
    window.addEventListener('pointerdown', onDown, true)
    return () => window.removeEventListener('pointerdown', onDown, true)
  }, [onClose])
  return (
    <div
      ref={root}
      role="dialog"
      aria-label="Attributes of the region"
      className={classes.popup}
      style={{ left, top, width: SIZE.width, maxHeight: SIZE.height }}
    >
      <div className={classes.popupForm}>
        <AttributeForm editor={editor} keys={asking.keys} definitionsOf={definitionsOf} onLeave={onClose} />
      </div>
      <p className={classes.hint} aria-hidden>
        Tab goes on, Enter returns to the image
      </p>
    </div>
  )
}
