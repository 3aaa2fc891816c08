import { Button, CloseButton } from '@mantine/core'
import { memo, useEffect } from 'react'
import { count } from '#app/messages.ts'
import { focusCanvas } from '#app/workspace/focusCanvas.ts'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import { countsOf } from '#editor/converting.ts'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import classes from './SimplifyChip.module.css'
import { ToleranceSlider } from './ToleranceSlider.tsx'

const convertingPart = (state: EditorState) => state.converting

/** When a menu has given the focus back to what opened it, ms. */
const MENU_GONE = 50

/** Image px that a point may at most be off. */
const MOST = 20

/** Masks on their way to polygons: how closely these follow, and what comes of it. */
export const ConvertChip = memo(function ConvertChip({ editor }: { editor: Editor }) {
  const converting = useEditorState(editor, convertingPart)
  const opened = converting !== undefined
  useEffect(() => {
    // after the menu it was chosen in has given the focus back: Enter takes it, Esc keeps the mask
    const timer = opened ? setTimeout(focusCanvas, MENU_GONE) : undefined
    return () => clearTimeout(timer)
  }, [opened])
  if (!converting) return null
  const { tolerance } = converting
  const { pieces, points, holes } = countsOf(converting)
  const text = `${count(pieces, 'polygon')}, ${count(points, 'point')}${holes > 0 ? `, ${count(holes, 'hole')}` : ''}`
  const within = tolerance === 0 ? 'exact' : `within ${tolerance.toFixed(1)} px`
  return (
    <section className={classes.chip} aria-label="Mask to polygon">
      <span className={classes.text} aria-live="polite">
        <b>To polygon</b> {text}, {within}
      </span>
      <ToleranceSlider
        value={tolerance}
        most={MOST}
        text={`${text}, ${within}`}
        onChange={(next) => editor.setConvertingTolerance(next)}
      />
      <Button size="compact-xs" onClick={() => editor.applyConverting()} title="Enter">
        Convert
      </Button>
      <CloseButton
        size="xs"
        aria-label="Keep the mask"
        title="Keep the mask: Esc"
        onClick={() => editor.endConverting()}
      />
    </section>
  )
})
