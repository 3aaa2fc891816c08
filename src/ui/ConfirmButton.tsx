import { Button, Popover, Text } from '@mantine/core'
import { useState } from 'react'

interface Props {
  /** On the button, e.g. "Revoke". */
  label: string
  /** What the button acts on, for its accessible name: "Revoke CI token". */
  subject: string
  /** What will happen and cannot be undone. */
  question: string
  onConfirm: () => void
  /** it destroys nothing */
  calm?: boolean
  loading?: boolean
}

/** For the few acts that cannot be undone: asks once, in place. Everything else acts at once and offers Undo. */
export function ConfirmButton({ label, subject, question, onConfirm, calm = false, loading = false }: Props) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} width={260} position="bottom-end" trapFocus withArrow returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="compact-xs"
          aria-label={`${label} ${subject}`}
          loading={loading}
          onClick={() => setOpened(!opened)}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`${label} ${subject}?`}>
        <Text size="sm" mb="sm">
          {question}
        </Text>
        <div style={{ display: 'flex', gap: 8, justifyContent: 'flex-end' }}>
          <Button variant="default" size="compact-xs" onClick={() => setOpened(false)}>
            {calm ? 'Cancel' : 'Keep'}
          </Button>
          <Button
            {...(!calm && { color: 'red.9' })}
            size="compact-xs"
            onClick={() => {
              setOpened(false)
              onConfirm()
            }}
          >
            {label}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
