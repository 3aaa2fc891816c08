import { UnstyledButton } from '@mantine/core'
import { Search } from 'lucide-react'
import { onMac, shownKeys } from '#app/keyStroke.ts'
import { useKeys } from '#app/keys/keyStore.ts'
import { sheetStore } from '#app/palette/studioStore.ts'
import { Kbd } from '#ui/Kbd.tsx'
import classes from './PaletteButton.module.css'

/** Opens the command palette: everything that can be done here, by name. */
export function PaletteButton() {
  const [key] = useKeys('palette')
  return (
    <UnstyledButton className={classes.button} onClick={() => sheetStore.setState({ open: 'palette' })}>
      <Search size={14} aria-hidden />
      <span className={classes.word}>Commands</span>
      {key && <Kbd keys={shownKeys(key, onMac()).join(' ')} />}
    </UnstyledButton>
  )
}
