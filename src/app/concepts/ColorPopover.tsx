import { Popover, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { palette } from '#model/concept.ts'
import { Swatch } from '#ui/Swatch.tsx'
import classes from './ColorPopover.module.css'

interface Props {
  label: string
  /** `#rrggbb` */
  color: string
  onPick: (color: string) => void
}

/** A swatch that opens the palette: colours that people with colour blindness can tell apart, and any other. */
export function ColorPopover({ label, color, onPick }: Props) {
  const [opened, setOpened] = useState(false)
  const pick = (next: string) => {
    setOpened(false)
    if (next !== color) onPick(next)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.target} aria-label={label} title={label} onClick={() => setOpened(!opened)}>
          <Swatch color={color} size={14} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} p={10}>
        <div className={classes.grid}>
          {palette.map((option) => (
            <UnstyledButton
              key={option}
              className={classes.option}
              style={{ background: option }}
              aria-label={option}
              aria-pressed={option === color}
              onClick={() => pick(option)}
            />
          ))}
        </div>
        <OtherColor color={color} onPick={pick} />
      </Popover.Dropdown>
    </Popover>
  )
}

function OtherColor({ color, onPick }: { color: string; onPick: (color: string) => void }) {
  const [draft, setDraft] = useState(color)
  return (
    <form
      className={classes.other}
      onSubmit={(event) => {
        event.preventDefault()
        onPick(draft)
      }}
    >
      <label>
        Other
        <input type="color" value={draft} onChange={(event) => setDraft(event.currentTarget.value)} />
      </label>
      <button type="submit" className={classes.use}>
        Use {draft}
      </button>
    </form>
  )
}
