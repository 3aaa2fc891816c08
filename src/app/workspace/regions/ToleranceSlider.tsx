import { Slider } from '@mantine/core'
import classes from './SimplifyChip.module.css'

const STEPS = 100

interface Props {
  /** how far the points may be off, image px, up to `most` */
  value: number
  most: number
  /** what it comes to, for assistive technology */
  text: string
  onChange: (tolerance: number) => void
  onChangeEnd?: () => void
}

/** How closely an outline is followed: fine near the exact one, coarse far from it. */
export function ToleranceSlider({ value, most, text, onChange, onChangeEnd }: Props) {
  return (
    <Slider
      className={classes.slider}
      size="sm"
      min={0}
      max={STEPS}
      value={Math.min(STEPS, Math.sqrt(value / most) * STEPS)}
      label={null}
      onChange={(step) => onChange((step / STEPS) ** 2 * most)}
      onChangeEnd={onChangeEnd}
      thumbLabel="Fewer points"
      thumbValueText={text}
    />
  )
}
