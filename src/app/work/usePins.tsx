import { Popover } from '@mantine/core'
import { MessageSquareDot } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count } from '#app/messages.ts'
import { ThreadList } from '#app/notes/ThreadList.tsx'
import type { NoticeAction } from '#app/workspace/NoticeBar.tsx'
import type { InputSession } from '#app/workspace/session.ts'
import { useEditorState, useNameOf, useSessionState } from '#app/workspace/useSession.ts'
import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { type Thread, threadsOf } from '#sync/notes.ts'
import type { AppScope } from '#sync/scope.ts'
import { unansweredPins } from './openPins.ts'
import classes from './WorkBar.module.css'

interface Options {
  readonly scope: AppScope
  readonly session: InputSession
  readonly item: WorkItem | undefined
  readonly task: string
  readonly say: (text: string, offer?: NoticeAction | (() => void)) => void
}

export interface Pins {
  /** how many threads are open, and the list to answer them; null without any */
  readonly button: ReactNode
  /** True if a pin was neither answered nor touched: it is named and shown. */
  readonly stops: () => boolean
}

/** What reviewers have pinned to the open input, as the work bar shows it. */
export function usePins({ scope, session, item, task, say }: Options): Pins {
  const { person } = useApp()
  const nameOf = useNameOf(scope)
  const { annotations } = useSessionState(session)
  const regions = useEditorState(session.editor, ({ regions }) => regions)
  const [opened, setOpened] = useState(false)
  const threads = useMemo(
    () => threadsOf(annotations ?? []).filter((thread) => concerns(thread, task, person.id)),
    [annotations, task, person.id],
  )
  const open = threads.filter(({ resolved }) => !resolved)
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
  const show = ({ region }: Thread) => {
    const found = [...regions.values()].find(({ id, annotation }) => id === region || annotation === region)
    if (!found) return
    session.editor.select([found.key])
    session.editor.reveal(found.key)
  }
  const write = (thread: Thread, text: string, resolved?: boolean) =>
    session.addNote({ thread: thread.id, text, resolved, task })
  const stops = () => {
    const [first] = unanswered
    if (!first || !item || item.round === 0) return false
    const words = first.notes.findLast(({ text }) => text !== '')?.text ?? ''
    setOpened(true)
    show(first)
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
          waiting={new Set(unanswered.map(({ id }) => id))}
          onReply={write}
          onResolve={(thread, resolved) => write(thread, '', resolved)}
          onShow={show}
        />
      </Popover.Dropdown>
    </Popover>
  )
  return { button, stops }
}

/** Of this task or of none, and for everybody or for this person. */
function concerns({ notes }: Thread, task: string, me: string): boolean {
  const [first] = notes
  const to = addressee(first.annotation)
  return (first.task === '' || first.task === task) && (to === undefined || to === me || first.by === me)
}

function addressee({ annotationInfo }: Thread['notes'][0]['annotation']): string | undefined {
  const marquee = annotationInfo?.marquee as { note?: { to?: unknown } } | undefined
  return typeof marquee?.note?.to === 'string' && marquee.note.to !== '' ? marquee.note.to : undefined
}
