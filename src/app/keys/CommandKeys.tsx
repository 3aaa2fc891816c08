import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core'
import { Plus, RotateCcw, X } from 'lucide-react'
import { useState } from 'react'
import type { Command } from '#app/command.ts'
import { onMac, shownKeys, shownStroke } from '#app/keyStroke.ts'
import { Kbd } from '#ui/Kbd.tsx'
import classes from './CommandKeys.module.css'
import { KeyRecorder } from './KeyRecorder.tsx'

interface Props {
  command: Command
  /** the person has given it other keys */
  changed: boolean
  onKeys: (keys: readonly string[]) => void
  onReset: () => void
}

/** The keys of one command: each can be taken away, another recorded, all put back. */
export function CommandKeys({ command, changed, onKeys, onReset }: Props) {
  const [recording, setRecording] = useState(false)
  const { title, keys } = command
  if (recording) {
    return (
      <KeyRecorder
        command={command}
        onDone={(stroke) => {
          setRecording(false)
          if (stroke !== undefined) onKeys([...keys, stroke])
        }}
      />
    )
  }
  return (
    <span className={classes.keys}>
      {keys.map((key, i) => {
        const fixed = command.byBrowser && i === 0
        return (
          <span key={key} className={classes.key}>
            <Kbd keys={shownKeys(key, onMac()).join(' ')} />
            {fixed ? (
              <Tooltip label="The browser’s own key: it always does this">
                <span className={classes.fixed}>fixed</span>
              </Tooltip>
            ) : (
              <UnstyledButton
                className={classes.remove}
                aria-label={`Remove ${shownStroke(key)} from ${title}`}
                onClick={() => onKeys(keys.filter((other) => other !== key))}
              >
                <X size={12} aria-hidden />
              </UnstyledButton>
            )}
          </span>
        )
      })}
      {keys.length === 0 && <span className={classes.none}>no key</span>}
      {changed && (
        <Tooltip label="Standard keys">
          <ActionIcon size={26} aria-label={`Standard keys of ${title}`} onClick={onReset}>
            <RotateCcw size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      <Tooltip label="Add a key">
        <ActionIcon size={26} aria-label={`Add a key to ${title}`} onClick={() => setRecording(true)}>
          <Plus size={14} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </span>
  )
}
