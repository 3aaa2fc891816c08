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
  children: ReactElement
}

/** A tooltip that says what a control does and which key does the same. */
export function Hint({ command, label, position = 'bottom', children }: Props) {
  const { title } = commandOf(command)
  const key = useKeyHint(command)
  return (
    <Tooltip label={`${label ?? title}${key}`} position={position}>
      {children}
    </Tooltip>
  )
}
