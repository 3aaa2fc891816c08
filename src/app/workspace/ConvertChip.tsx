import { Button, CloseButton, Slider } from '@mantine/core'
import { countsOf } from '#editor/converting.ts'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import classes from './SimplifyChip.module.css'
import { useEditorState } from './useSession.ts'

const convertingPart = (state: EditorState) => state.converting

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`

/** Image px that a point may at most be off. */
const MOST = 20
const STEPS = 100

/** Masks on their way to polygons: how closely these follow, and what comes of it. */
export function ConvertChip({ editor }: { editor: Editor }) {
  const converting = useEditorState(editor, convertingPart)
  if (!converting) return null
  const { tolerance } = converting
  const { pieces, points, holes } = countsOf(converting)
  const text = `${plural(pieces, 'polygon')}, ${plural(points, 'point')}${holes > 0 ? `, ${plural(holes, 'hole')}` : ''}`
  const within = tolerance === 0 ? 'exact' : `within ${tolerance.toFixed(1)} px`
  return (
    <section className={classes.chip} aria-label="Mask to polygon" style={{ top: 56 }}>
      <span className={classes.text} aria-live="polite">
        {text}, {within}
      </span>
      <Slider
        className={classes.slider}
        size="sm"
        min={0}
        max={STEPS}
        value={Math.sqrt(tolerance / MOST) * STEPS}
        label={null}
        onChange={(step) => editor.setConvertingTolerance((step / STEPS) ** 2 * MOST)}
        thumbLabel="Fewer points"
        thumbValueText={`${text}, ${within}`}
      />
      <Button size="compact-xs" onClick={() => editor.applyConverting()}>
        Convert
      </Button>
      <CloseButton size="xs" aria-label="Keep the mask" onClick={() => editor.endConverting()} />
    </section>
  )
}
