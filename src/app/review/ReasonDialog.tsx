import { Button, Chip, Group, Textarea } from '@mantine/core'
import { useState } from 'react'
import { count } from '#app/messages.ts'
import { LateModal } from '#ui/LateModal.tsx'
import classes from './Review.module.css'

/** What reviewers send work back for, so that most need not write (as CVAT's quick issues). */
const reasons = [
  'Incorrect position',
  'Wrong concept',
  'Missing object',
  'Too many regions',
  'Attribute is wrong',
  'Not precise enough',
] as const
const LONGEST = 2000

export interface Asking {
  readonly verdict: 'changes' | 'deny'
  /** it is approved */
  readonly reopens?: boolean
  readonly items: number
  /** open notes of the reviewer on the image: they say why, too */
  readonly notes?: number
}

interface Props {
  /** undefined: closed */
  asking: Asking | undefined
  onGive: (reason: string) => void
  onClose: () => void
}

/** Asks why work is sent back: its author reads it first. */
export function ReasonDialog({ asking, onGive, onClose }: Props) {
  const deny = asking?.verdict === 'deny'
  const does = deny ? 'Deny' : asking?.reopens ? 'Reopen' : 'Request changes'
  return (
    <LateModal
      opened={asking !== undefined}
      onClose={onClose}
      title={`${does}${asking && asking.items > 1 ? ` (${count(asking.items, 'image')})` : ''}`}
      size={480}
    >
      {asking && <ReasonForm deny={deny} does={does} notes={asking.notes ?? 0} onGive={onGive} onClose={onClose} />}
    </LateModal>
  )
}

function ReasonForm({
  deny,
  does,
  notes,
  onGive,
  onClose,
}: {
  deny: boolean
  /** the button that does it */
  does: string
  notes: number
  onGive: (reason: string) => void
  onClose: () => void
}) {
  const [chosen, setChosen] = useState<string[]>([])
  const [text, setText] = useState('')
  const [tried, setTried] = useState(false)
  const said = [chosen.join(', '), text.trim()].filter(Boolean).join(': ')
  const reason = said || (notes > 0 ? `See ${notes === 1 ? 'the note' : `the ${notes} notes`} on the image` : '')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (reason) onGive(reason)
      }}
    >
      <Chip.Group multiple value={chosen} onChange={setChosen}>
        <div className={classes.reasons}>
          {reasons.map((one) => (
            <Chip key={one} value={one} size="xs" variant="outline">
              {one}
            </Chip>
          ))}
        </div>
      </Chip.Group>
      <Textarea
        label="What should change"
        description={goAlong(notes)}
        data-autofocus
        value={text}
        maxLength={LONGEST}
        autosize
        minRows={2}
        maxRows={8}
        error={tried && reason === '' ? 'Choose a reason, or write one: the author has to know.' : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          event.currentTarget.form?.requestSubmit()
        }}
      />
      <Group justify="flex-end" mt="sm" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" color={deny ? 'red.9' : undefined}>
          {does}
        </Button>
      </Group>
    </form>
  )
}

/** What is said already, on the image. */
function goAlong(notes: number): string | undefined {
  if (notes === 0) return undefined
  return notes === 1 ? 'Your note on the image goes with it.' : `Your ${count(notes, 'note')} on the image go with it.`
}
