import { ActionIcon, Button } from '@mantine/core'
import { Check, MapPin, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { inWords } from '#app/work/ago.ts'
import { mentionParts, type Named } from '#sync/mentions.ts'
import type { Note, Thread } from '#sync/notes.ts'
import { MentionArea } from './MentionArea.tsx'
import classes from './ThreadList.module.css'

interface Acts {
  nameOf: (userId: string) => string
  people: readonly Named[]
  onReply: (thread: Thread, text: string) => void
  onResolve: (thread: Thread, resolved: boolean) => void
  onRemove: (note: Note) => void
  /** Shows where it points at. */
  onShow: ((thread: Thread) => void) | undefined
}

interface Props extends Acts {
  threads: readonly Thread[]
  /** ids of those that have to be answered or dealt with */
  waiting: ReadonlySet<string>
}

/** Threads of notes, each with its answers: what was said, by whom, and whether it is settled. */
export function ThreadList({ threads, waiting, ...rest }: Props) {
  const ordered = threads
    .map((thread, i) => ({ thread, number: i + 1 }))
    .sort((a, b) => Number(a.thread.resolved) - Number(b.thread.resolved))
  return (
    <ul className={classes.list}>
      {ordered.map(({ thread, number }) => (
        <ThreadItem key={thread.id} thread={thread} number={number} waits={waiting.has(thread.id)} {...rest} />
      ))}
    </ul>
  )
}

interface ItemProps extends Acts {
  as?: 'li' | 'div'
  thread: Thread
  /** as its pin has it */
  number?: number
  waits: boolean
  /** Esc in the answer */
  onCancel?: () => void
}

export function ThreadItem(props: ItemProps) {
  const {
    as: Root = 'li',
    thread,
    number,
    waits,
    nameOf,
    people,
    onReply,
    onResolve,
    onRemove,
    onShow,
    onCancel,
  } = props
  const [text, setText] = useState('')
  const [first] = thread.notes
  const points = thread.region !== undefined || thread.at !== undefined
  const send = () => {
    if (text.trim() === '') return
    onReply(thread, text.trim())
    setText('')
  }
  return (
    <Root
      className={classes.thread}
      data-resolved={thread.resolved || undefined}
      data-waits={waits || undefined}
      data-bare={Root === 'div' || undefined}
    >
      {thread.notes
        .filter((note) => note.text !== '')
        .map((note, i) => (
          <NoteText
            key={note.annotation.id}
            note={note}
            number={i === 0 && points ? number : undefined}
            nameOf={nameOf}
            people={people}
            onRemove={i > 0 || thread.notes.length === 1 ? onRemove : undefined}
          />
        ))}
      {thread.resolved && <p className={classes.settled}>Resolved by {nameOf(resolvedBy(thread))}</p>}
      {waits && <p className={classes.hint}>Answer it, or change what it points at, before you submit.</p>}
      {!thread.resolved && (
        <MentionArea
          label={`Answer to ${nameOf(first.by)}`}
          placeholder="Answer; @ names a person"
          value={text}
          people={people}
          onChange={setText}
          onSend={send}
          {...(onCancel && { onCancel })}
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
    </Root>
  )
}

const resolvedBy = ({ notes }: Thread): string => notes.findLast(({ resolved }) => resolved === true)?.by ?? ''

interface NoteProps {
  note: Note
  number: number | undefined
  nameOf: (userId: string) => string
  people: readonly Named[]
  onRemove: ((note: Note) => void) | undefined
}

function NoteText({ note, number, nameOf, people, onRemove }: NoteProps) {
  const { person } = useApp()
  const time = note.annotation.createdAt
  const isKnown = (id: string) => people.some((one) => one.id === id)
  return (
    <div className={classes.note}>
      <span className={classes.who}>
        {number !== undefined && <span className={classes.number}>{number}</span>}
        <b>{nameOf(note.by)}</b>{' '}
        <span className={classes.when}>{time ? inWords(time, Date.now()) : 'not sent yet'}</span>
        {onRemove && note.by === person.id && note.verdict === '' && (
          <ActionIcon
            size={18}
            variant="subtle"
            color="gray"
            aria-label="Delete this note"
            title="Delete this note"
            className={classes.remove}
            onClick={() => onRemove(note)}
          >
            <Trash2 size={12} aria-hidden />
          </ActionIcon>
        )}
      </span>
      {mentionParts(note.text, isKnown).map((part, i) =>
        part.id === undefined ? (
          part.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, which stays
          <span key={i} className={classes.mention} data-me={part.id === person.id || undefined} title={`@${part.id}`}>
            @{nameOf(part.id)}
          </span>
        ),
      )}
    </div>
  )
}
