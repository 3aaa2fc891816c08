import type { CSSProperties } from 'react'
import type { Region } from '#model/region.ts'
import { kindOf } from './regionNames.ts'
import classes from './SuggestionPanel.module.css'

interface Props {
  id: string
  region: Region
  position: readonly [place: number, of: number]
  place: CSSProperties
  selected: boolean
  /** among those that are accepted together */
  sure: boolean
  label: string
  color: string
  onChoose: () => void
}

/** One suggestion: its concept, what it is drawn as, and how sure the model is. */
export function SuggestionRow({ id, region, position, place, selected, sure, label, color, onChoose }: Props) {
  const { score, madeBy } = region
  const by = madeBy.kind === 'model' && madeBy.id !== '' ? `Model ${madeBy.id}` : 'A model'
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list holds the focus and answers the keys
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-posinset={position[0]}
      aria-setsize={position[1]}
      aria-label={`${label}, ${kindOf(region)}${score === undefined ? '' : `, ${Math.round(score * 100)} %`}`}
      title={by}
      className={classes.row}
      data-sure={sure || undefined}
      style={place}
      onClick={onChoose}
    >
      <span className={classes.swatch} style={{ borderColor: color }} aria-hidden />
      <span className={classes.name}>
        {label} <span className={classes.kind}>{kindOf(region)}</span>
      </span>{' '}
      {score !== undefined && <span className={classes.score}>{Math.round(score * 100)} %</span>}
    </div>
  )
}
