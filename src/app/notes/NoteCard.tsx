import { Button, CloseButton } from '@mantine/core'
import { type CSSProperties, useState } from 'react'
import { focusCanvas } from '#app/workspace/focusCanvas.ts'
import type { Thread } from '#sync/notes.ts'
import { MentionArea } from './MentionArea.tsx'
import classes from './PinLayer.module.css'
import { ThreadItem } from './ThreadList.tsx'
import type { Notes } from './useNotes.ts'

interface Props {
  style: CSSProperties
  notes: Notes
  /** undefined: a new note is written */
  thread: Thread | undefined
  nameOf: (userId: string) => string
  waits: boolean
  reasons: readonly string[]
}

/** What was said at one place, beside its pin; or the field for a new note. */
export function NoteCard({ style, notes, thread, nameOf, waits, reasons }: Props) {
  return (
    <section className={classes.card} style={style} aria-label={thread ? 'Note' : 'New note'}>
      <div className={classes.head}>
        {thread
          ? `Note ${notes.threads.indexOf(thread) + 1}`
          : notes.draft?.region
            ? 'Note on this region'
            : 'Note here'}
        <CloseButton
          size="xs"
          aria-label="Close the note"
          onClick={() => (thread ? notes.show(undefined) : notes.cancel())}
        />
      </div>
      {thread ? (
        <ThreadItem
          as="div"
          thread={thread}
          nameOf={nameOf}
          waits={waits}
          people={notes.people}
          onReply={(one, text) => {
            notes.answer(one, text)
            // the keys of the work go on, Submit among them
            focusCanvas()
          }}
          onCancel={() => {
            notes.show(undefined)
            focusCanvas()
          }}
          onResolve={(one, resolved) => notes.answer(one, '', resolved)}
          onRemove={notes.remove}
          onShow={undefined}
        />
      ) : (
        <NewNote notes={notes} reasons={reasons} />
      )}
    </section>
  )
}

/** The field for an answer in the card that is open, once it is there. */
export const focusAnswer = (): void =>
  void setTimeout(() => document.querySelector<HTMLElement>('section[aria-label="Note"] textarea')?.focus())

function NewNote({ notes, reasons }: { notes: Notes; reasons: readonly string[] }) {
  const [text, setText] = useState('')
  const { draft } = notes
  if (!draft) return null
  const add = (words: string) => {
    if (words.trim() !== '') notes.add(words.trim(), draft)
  }
  return (
    <>
      {reasons.length > 0 && (
        <div className={classes.reasons}>
          {reasons.map((reason) => (
            <button
              key={reason}
              type="button"
              className={classes.reason}
              onClick={() => add(text.trim() === '' ? reason : `${reason}: ${text}`)}
            >
              {reason}
            </button>
          ))}
        </div>
      )}
      <MentionArea
        label="Note"
        placeholder="What is it about? @ names a person"
        value={text}
        people={notes.people}
        minRows={2}
        autoFocus
        onChange={setText}
        onSend={() => add(text)}
        onCancel={notes.cancel}
      />
      <div className={classes.acts}>
        <span className={classes.tip}>Enter adds it</span>
        <Button size="compact-xs" variant="default" onClick={notes.cancel}>
          Cancel
        </Button>
        <Button size="compact-xs" disabled={text.trim() === ''} onClick={() => add(text)}>
          Add note
        </Button>
      </div>
    </>
  )
}
