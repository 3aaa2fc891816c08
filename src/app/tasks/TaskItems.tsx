import { Button, Select } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { MessageSquareDot } from 'lucide-react'
import { useApp } from '#app/appContext.tsx'
import { Thumbnail } from '#app/inputs/Thumbnail.tsx'
import { count, messageOf } from '#app/messages.ts'
import { useNameOf } from '#app/people/useNameOf.ts'
import { inWords } from '#app/work/ago.ts'
import { WorkBadge } from '#app/work/WorkBadge.tsx'
import { badgeOf } from '#app/work/workBadges.ts'
import { workSearch } from '#app/work/workLink.ts'
import { workState } from '#app/work/workStates.ts'
import type { WorkItem, WorkState } from '#gen/marquee/v1/team_pb.ts'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { workPagesQuery } from '#sync/work.ts'
import { ErrorState } from '#ui/ErrorState.tsx'
import classes from './TaskPage.module.css'
import { stateTitles, type TaskState, taskStates } from './taskStates.ts'
import { draftOf } from './taskWire.ts'

interface Props {
  scope: AppScope
  task: Task
  /** only of this person */
  person: string | undefined
  state: TaskState | undefined
  onFilter: (next: { person?: string; show?: TaskState }) => void
}

const asked: Readonly<Record<TaskState, WorkState>> = {
  todo: workState.todo,
  begun: workState.todo,
  waiting: workState.waiting,
  returned: workState.returned,
  done: workState.done,
}

/** Every piece of a task's work, in the order of the queue, a page at a time. */
export function TaskItems({ scope, task, person, state, onFilter }: Props) {
  const { clients } = useApp()
  const nameOf = useNameOf(scope)
  const query = useInfiniteQuery(
    workPagesQuery(clients, scope, {
      task: task.id,
      workers: person ? [person] : [],
      state: state ? asked[state] : workState.any,
      perPage: 100,
    }),
  )
  const pages = query.data?.pages ?? []
  const items = pages.flatMap((page) => page.items).filter(belongsTo(state))
  const filter = (changed: { person?: string | undefined; show?: TaskState | undefined }) => {
    const next = { person, show: state, ...changed }
    onFilter({ ...(next.person && { person: next.person }), ...(next.show && { show: next.show }) })
  }
  return (
    <section aria-label="Work" className={classes.work}>
      <div className={classes.filters}>
        <h2 className={classes.heading}>Work</h2>
        <Select
          size="xs"
          aria-label="State"
          placeholder="Any state"
          clearable
          value={state ?? null}
          onChange={(value) => filter({ show: (value ?? undefined) as TaskState | undefined })}
          data={taskStates.map((value) => ({ value, label: stateTitles[value] }))}
        />
        <Select
          size="xs"
          aria-label="Labeler"
          placeholder="Everybody"
          clearable
          searchable
          value={person ?? null}
          onChange={(value) => filter({ person: value ?? undefined })}
          data={draftOf(task).labelers.map(({ id }) => ({ value: id, label: nameOf(id) }))}
        />
        {pages[0] && state !== 'todo' && state !== 'begun' && (
          <span className={classes.dim}>{count(pages[0].total, 'item')}</span>
        )}
      </div>
      {query.error && !query.data && (
        <ErrorState
          title="The work could not be loaded"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      )}
      {query.data && items.length === 0 && !query.hasNextPage && (
        <p className={classes.none}>No work is like this. Choose another state or person.</p>
      )}
      <ul className={classes.items}>
        {items.map((item) => (
          <Row key={item.id} scope={scope} item={item} nameOf={nameOf} />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  )
}

/** The server lists what is begun and what is not together. */
const belongsTo =
  (state: TaskState | undefined) =>
  ({ begun }: WorkItem): boolean =>
    state === 'todo' ? !begun : state === 'begun' ? begun : true

function Row({ scope, item, nameOf }: { scope: AppScope; item: WorkItem; nameOf: (id: string) => string }) {
  const { person } = useApp()
  const { input } = item
  if (!input) return null
  return (
    <li>
      <Link
        to="/apps/$user/$app/inputs/$input"
        params={{ user: scope.owner, app: scope.app, input: input.inputId }}
        search={item.workerId === person.id ? workSearch(item.taskId) : { review: item.taskId, item: item.id }}
        className={classes.item}
      >
        <span className={classes.thumb}>
          <Thumbnail input={input} />
        </span>
        <span className={classes.text}>
          <span className={classes.itemName}>
            <WorkBadge kind={badgeOf(item, undefined)} />
            <span className={classes.clip}>{input.filename || input.inputId}</span>
          </span>
          <span className={classes.note}>
            {nameOf(item.workerId)}
            {item.openedBy && ` · opened by ${nameOf(item.openedBy)}`}
            {item.lastNote && ` · “${item.lastNote}”`}
            {item.skips > 0 && ` · skipped${item.skipReason ? `: ${item.skipReason}` : ''}`}
          </span>
        </span>
        {item.openNotes > 0 && (
          <span className={classes.note} title={count(item.openNotes, 'open note')}>
            <MessageSquareDot size={14} aria-hidden /> {item.openNotes}
            <span className="visually-hidden"> open notes</span>
          </span>
        )}
        <span className={classes.fact}>{item.regions > 0 ? count(item.regions, 'region') : ''}</span>
        <span className={classes.fact}>{item.modifiedAt ? inWords(item.modifiedAt, Date.now()) : ''}</span>
      </Link>
    </li>
  )
}
