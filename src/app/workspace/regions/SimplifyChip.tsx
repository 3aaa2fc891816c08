import { CloseButton } from '@mantine/core'
import { memo } from 'react'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import { bounds } from '#geometry/shape.ts'
import classes from './SimplifyChip.module.css'
import { ToleranceSlider } from './ToleranceSlider.tsx'

const simplifyingPart = (state: EditorState) => state.simplifying

/** How far at most a point may be moved by the slider, as a part of the shape's diagonal. */
const MOST = 0.05

/** After a freehand polygon: how many points it has, how far they are off, and a slider for fewer or more. */
export const SimplifyChip = memo(function SimplifyChip({ editor }: { editor: Editor }) {
  const simplifying = useEditorState(editor, simplifyingPart)
  if (!simplifying) return null
  const { base, result, tolerance } = simplifying
  const { w, h } = bounds(base)
  const most = Math.max(1, Math.hypot(w, h) * MOST)
  const { points, error } = result
  const text = `${points} points, max error ${error.toFixed(error < 10 ? 1 : 0)} px`
  return (
    <section className={classes.chip} aria-label="Simplify the polygon">
      <span className={classes.text} aria-live="polite">
        <b>Simplify</b> {text}
      </span>
      <ToleranceSlider
        value={tolerance}
        most={most}
        text={text}
        onChange={(next) => editor.setTolerance(next)}
        onChangeEnd={() => editor.applySimplify()}
      />
      <CloseButton size="xs" aria-label="Keep it so" onClick={() => editor.endSimplify()} />
    </section>
  )
})
