import { Popover } from '@mantine/core'
import { MessageSquareDot } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count } from '#app/messages.ts'
import { focusAnswer } from '#app/notes/NoteCard.tsx'
import { ThreadList } from '#app/notes/ThreadList.tsx'
import type { Notes } from '#app/notes/useNotes.ts'
import { useNameOf } from '#app/people/useNameOf.ts'
import type { NoticeAction } from '#app/workspace/NoticeBar.tsx'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { unansweredPins } from './openPins.ts'
import classes from './WorkBar.module.css'

interface Options {
  readonly scope: AppScope
  readonly session: InputSession
  readonly item: WorkItem | undefined
  readonly notes: Notes
  readonly say: (text: string, offer?: NoticeAction | (() => void)) => void
}

export interface Pins {
  /** how many threads are open, and the list to answer them; null without any */
  readonly button: ReactNode
  /** ids of threads that keep returned work from being submitted */
  readonly waiting: ReadonlySet<string>
  /** True if a pin was neither answered nor touched: it is named and shown. */
  readonly stops: () => boolean
}

/** What reviewers have pinned to the open input, as the work bar shows it. */
export function usePins({ scope, session, item, notes, say }: Options): Pins {
  const { person } = useApp()
  const nameOf = useNameOf(scope)
  const regions = useEditorState(session.editor, ({ regions }) => regions)
  const [opened, setOpened] = useState(false)
  const { threads } = notes
  // the reason of a verdict stands beside it and asks for no answer
  const open = threads.filter(({ resolved, notes: [first] }) => !resolved && first.verdict === '')
  const time = item?.modifiedAt
  const since = time ? Number(time.seconds) * 1000 + time.nanos / 1e6 : 0
  const unanswered = unansweredPins(threads, {
    me: person.id,
    regions: regions.values(),
    size: session.editor.state.size,
    annotation: (id) => session.annotation(id),
    unsent: (id) => session.isUnsent(id),
    since,
  })
  const waiting = new Set(unanswered.map(({ id }) => id))
  const stops = () => {
    const [first] = unanswered
    if (!first || !item || item.round === 0) return false
    const words = first.notes.findLast(({ text }) => text !== '')?.text ?? ''
    notes.show(first)
    focusAnswer()
    say(
      `${nameOf(first.notes[0].by)} has pinned “${words}”: answer it, or change what it points at, before you submit.`,
    )
    return true
  }
  const button = threads.length > 0 && (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      width={340}
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <button
          type="button"
          className={classes.pins}
          data-open={open.length > 0 || undefined}
          onClick={() => setOpened(!opened)}
          aria-expanded={opened}
        >
          <MessageSquareDot size={14} aria-hidden />{' '}
          {open.length > 0 ? count(open.length, 'open note') : count(threads.length, 'note')}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Notes on this image">
        <ThreadList
          threads={threads}
          nameOf={nameOf}
          people={notes.people}
          waiting={waiting}
          onReply={notes.answer}
          onResolve={(thread, resolved) => notes.answer(thread, '', resolved)}
          onRemove={notes.remove}
          onShow={(thread) => {
            setOpened(false)
            notes.show(thread)
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
  return { button, waiting, stops }
}
