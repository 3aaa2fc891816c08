import { CloseButton, Slider } from '@mantine/core'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import { bounds } from '#geometry/shape.ts'
import classes from './SimplifyChip.module.css'
import { useEditorState } from './useSession.ts'

const simplifyingPart = (state: EditorState) => state.simplifying

/** How far at most a point may be moved by the slider, as a part of the shape's diagonal. */
const MOST = 0.05
const STEPS = 100

/** After a freehand polygon: how many points it has, how far they are off, and a slider for fewer or more. */
export function SimplifyChip({ editor }: { editor: Editor }) {
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
        {text}
      </span>
      <Slider
        className={classes.slider}
        size="sm"
        min={0}
        max={STEPS}
        // fine near the drawn line, coarse far from it
        value={Math.min(STEPS, Math.sqrt(tolerance / most) * STEPS)}
        label={null}
        onChange={(step) => editor.setTolerance((step / STEPS) ** 2 * most)}
        onChangeEnd={() => editor.applySimplify()}
        thumbLabel="Fewer points"
        thumbValueText={text}
      />
      <CloseButton size="xs" aria-label="Keep it so" onClick={() => editor.endSimplify()} />
    </section>
  )
}
