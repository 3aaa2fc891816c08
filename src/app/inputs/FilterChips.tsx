import { Button } from '@mantine/core'
import { X } from 'lucide-react'
import classes from './FilterPanel.module.css'
import type { Chip, GridSearch } from './gridFilter.ts'

interface Props {
  chips: readonly Chip[]
  onRemove: (keys: readonly (keyof GridSearch)[]) => void
}

/** The filters at work; a click takes one away. */
export function FilterChips({ chips, onRemove }: Props) {
  if (chips.length === 0) return null
  return (
    // biome-ignore lint/a11y/useSemanticElements: no form field
    <div className={classes.chips} role="group" aria-label="Filters at work">
      {chips.map(({ text, keys }) => (
        <button
          key={text}
          type="button"
          className={classes.chip}
          aria-label={`Remove filter ${text}`}
          title={text}
          onClick={() => onRemove(keys)}
        >
          <span>{text}</span>
          <X size={12} aria-hidden />
        </button>
      ))}
      {chips.length > 1 && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          onClick={() => onRemove(chips.flatMap(({ keys }) => keys))}
        >
          Clear all
        </Button>
      )}
    </div>
  )
}
