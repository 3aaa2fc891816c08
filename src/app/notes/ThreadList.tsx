import { Button, Textarea } from '@mantine/core'
import { Check, MapPin } from 'lucide-react'
import { useState } from 'react'
import { inWords } from '#app/work/ago.ts'
import type { Note, Thread } from '#sync/notes.ts'
import classes from './ThreadList.module.css'

interface Props {
  threads: readonly Thread[]
  nameOf: (userId: string) => string
  /** ids of those that have to be answered or dealt with */
  waiting: ReadonlySet<string>
  onReply: (thread: Thread, text: string) => void
  onResolve: (thread: Thread, resolved: boolean) => void
  /** Shows where it points at. */
  onShow: ((thread: Thread) => void) | undefined
}

/** Threads of notes, each with its answers: what was said, by whom, and whether it is settled. */
export function ThreadList({ threads, waiting, ...rest }: Props) {
  const ordered = [...threads].sort((a, b) => Number(a.resolved) - Number(b.resolved))
  return (
    <ul className={classes.list}>
      {ordered.map((thread) => (
        <ThreadItem key={thread.id} thread={thread} waits={waiting.has(thread.id)} {...rest} />
      ))}
    </ul>
  )
}

type ItemProps = Omit<Props, 'threads' | 'waiting'> & { thread: Thread; waits: boolean }

function ThreadItem({ thread, waits, nameOf, onReply, onResolve, onShow }: ItemProps) {
  const [text, setText] = useState('')
  const [first] = thread.notes
  const points = thread.region !== undefined || thread.at !== undefined
  const send = () => {
    if (text.trim() === '') return
    onReply(thread, text.trim())
    setText('')
  }
  return (
    <li className={classes.thread} data-resolved={thread.resolved || undefined} data-waits={waits || undefined}>
      {thread.notes
        .filter((note) => note.text !== '')
        .map((note) => (
          <NoteText key={note.annotation.id} note={note} nameOf={nameOf} />
        ))}
      {waits && <p className={classes.hint}>Answer it, or change what it points at, before you submit.</p>}
      {!thread.resolved && (
        <Textarea
          aria-label={`Answer to ${nameOf(first.by)}`}
          placeholder="Answer"
          size="xs"
          autosize
          minRows={1}
          maxRows={4}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            // Ctrl+Enter submits the work elsewhere; here it sends what is being written
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            event.stopPropagation()
            send()
          }}
        />
      )}
      <div className={classes.acts}>
        {points && onShow && (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<MapPin size={12} aria-hidden />}
            onClick={() => onShow(thread)}
          >
            Show
          </Button>
        )}
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<Check size={12} aria-hidden />}
          onClick={() => onResolve(thread, !thread.resolved)}
        >
          {thread.resolved ? 'Reopen' : 'Resolve'}
        </Button>
        {!thread.resolved && (
          <Button size="compact-xs" variant="light" disabled={text.trim() === ''} onClick={send} ml="auto">
            Answer
          </Button>
        )}
      </div>
    </li>
  )
}

function NoteText({ note, nameOf }: { note: Note; nameOf: (userId: string) => string }) {
  const time = note.annotation.createdAt
  return (
    <p className={classes.note}>
      <span className={classes.who}>
        <b>{nameOf(note.by)}</b>{' '}
        <span className={classes.when}>{time ? inWords(time, Date.now()) : 'not sent yet'}</span>
      </span>
      {note.text}
    </p>
  )
}
