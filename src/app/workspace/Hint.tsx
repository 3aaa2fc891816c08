import { Tooltip } from '@mantine/core'
import type { ReactElement } from 'react'
import { commandOf } from '#app/commands.ts'
import { useKeyHint } from '#app/keys/keyStore.ts'

interface Props {
  /** id of the command whose title and first key are shown */
  command: string
  /** instead of the command's title */
  label?: string | undefined
  position?: 'right' | 'bottom' | 'top' | 'left'
  /** what it opened is there: nothing is to lie over that */
  disabled?: boolean
  children: ReactElement
}

/** A tooltip that says what a control does and which key does the same. */
export function Hint({ command, label, position = 'bottom', disabled = false, children }: Props) {
  const { title } = commandOf(command)
  const key = useKeyHint(command)
  return (
    <Tooltip label={`${label ?? title}${key}`} position={position} disabled={disabled}>
      {children}
    </Tooltip>
  )
}
