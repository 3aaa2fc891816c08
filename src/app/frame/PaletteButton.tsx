import { UnstyledButton } from '@mantine/core'
import { Search } from 'lucide-react'
import { sheetStore } from '#app/palette/studioStore.ts'
import { Kbd } from '#ui/Kbd.tsx'
import classes from './PaletteButton.module.css'

const isMac = navigator.platform.startsWith('Mac')

/** Opens the command palette: everything that can be done here, by name. */
export function PaletteButton() {
  return (
    <UnstyledButton className={classes.button} onClick={() => sheetStore.setState({ open: 'palette' })}>
      <Search size={14} aria-hidden />
      <span>Commands</span>
      <Kbd keys={isMac ? '⌘ K' : 'Ctrl K'} />
    </UnstyledButton>
  )
}
