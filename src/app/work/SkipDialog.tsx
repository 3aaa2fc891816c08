import { Button, Group, Textarea } from '@mantine/core'
import { useState } from 'react'
import { LateModal } from '#ui/LateModal.tsx'
import classes from './SkipDialog.module.css'

/** What people skip for, so that most need not write. */
const reasons = [
  'Unclear what to label',
  'Picture is too blurred',
  'Picture is broken',
  'Not my field',
  'Later',
] as const
const LONGEST = 500

interface Props {
  opened: boolean
  /** of a shared queue: others may have it then */
  shared: boolean
  onSkip: (reason: string) => void
  onClose: () => void
}

/** Asks why: the owner sees it, and the image comes back at the end. */
export function SkipDialog({ opened, shared, onSkip, onClose }: Props) {
  const [text, setText] = useState('')
  const skip = (reason: string) => {
    setText('')
    onSkip(reason)
  }
  const written = text.trim()
  return (
    <LateModal opened={opened} onClose={onClose} title="Skip this image" size={440}>
      <p className={classes.hint}>
        {shared
          ? 'It goes back to the shared queue. What you have drawn is kept.'
          : 'It goes to the end of your queue. What you have drawn is kept.'}
      </p>
      <div className={classes.reasons}>
        {reasons.map((reason) => (
          <Button key={reason} variant="default" onClick={() => skip(reason)}>
            {reason}
          </Button>
        ))}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (written) skip(written)
        }}
      >
        <Textarea
          label="Another reason"
          placeholder="Type it, then Enter"
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            event.currentTarget.form?.requestSubmit()
          }}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          maxLength={LONGEST}
          // who begins to type means words, not the first of the buttons
          data-autofocus
          autosize
          minRows={2}
          maxRows={5}
        />
        <Group justify="flex-end" mt="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={written === ''}>
            Skip
          </Button>
        </Group>
      </form>
    </LateModal>
  )
}
