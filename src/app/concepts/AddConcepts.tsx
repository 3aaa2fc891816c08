import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { count } from '#app/messages.ts'
import classes from './AddConcepts.module.css'
import { type NewConcept, parseLines } from './conceptEdits.ts'

interface Props {
  opened: boolean
  onClose: () => void
  /** ids that are taken */
  existing: readonly string[]
  onAdd: (fresh: readonly NewConcept[]) => Promise<boolean>
}

/** One concept or a pasted list of them, with what will become of each line before it is done. */
export function AddConcepts({ opened, onClose, existing, onAdd }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add concepts" size={440}>
      <AddForm onClose={onClose} existing={existing} onAdd={onAdd} />
    </Modal>
  )
}

function AddForm({ onClose, existing, onAdd }: Omit<Props, 'opened'>) {
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const { fresh, known, unusable } = parseLines(text, existing)

  async function submit(event: FormEvent | KeyboardEvent) {
    event.preventDefault()
    if (fresh.length === 0 || busy) return
    setBusy(true)
    const added = await onAdd(fresh)
    setBusy(false)
    if (added) onClose()
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <Textarea
          label="Names"
          description="One a line. Paste as many as you like."
          placeholder={'boat\nperson\nhouse'}
          autosize
          minRows={4}
          maxRows={14}
          data-autofocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event)
          }}
        />
        <ul className={classes.notes} aria-live="polite">
          {fresh.length === 1 && fresh[0] && (
            <li>
              Its id will be <code>{fresh[0].id}</code>
            </li>
          )}
          {known.length > 0 && <li>Already there, left as it is: {some(known)}</li>}
          {unusable.length > 0 && <li data-bad>Needs at least one letter or digit: {some(unusable)}</li>}
        </ul>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={fresh.length === 0}>
            {fresh.length === 0 ? 'Add' : `Add ${count(fresh.length, 'concept')}`}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const some = (names: readonly string[]): string =>
  names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
