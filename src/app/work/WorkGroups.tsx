import { Select, TextInput } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { messageOf } from '#app/messages.ts'
import type { Work } from '#gen/marquee/v1/team_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { ErrorState } from '#ui/ErrorState.tsx'
import { countIn } from './continueWith.ts'
import { type Group, groups } from './groups.ts'
import { ItemList } from './ItemList.tsx'
import { useWorkItems } from './useWorkItems.ts'
import classes from './WorkPage.module.css'
import { workName } from './workWords.ts'

interface Props {
  scope: AppScope
  works: readonly Work[]
  /** how much of the caller's work was approved within seven days */
  approved: number
  show: Group | undefined
  task: string | undefined
}

const ALL = ' all'

/** The caller's items, group by group. */
export function WorkGroups({ scope, works, approved, show, task }: Props) {
  const router = useRouter()
  const [text, setText] = useState('')
  const some = task === undefined ? works : works.filter(({ taskId }) => taskId === task)
  const countOf = (group: Group) =>
    group === 'done' && task === undefined ? approved : some.reduce((sum, work) => sum + countIn(work, group), 0)
  // until the person chooses: what is most urgent
  const shown = show ?? groups.find(({ id }) => countOf(id) > 0)?.id ?? 'todo'
  const list = useWorkItems(scope, some, shown, text)
  const go = (change: { show?: Group; task?: string | undefined }) => {
    const search = { ...(show ? { show } : {}), ...(task === undefined ? {} : { task }), ...change }
    void router.navigate({
      to: '/apps/$user/$app/work',
      params: { user: scope.owner, app: scope.app },
      search: {
        ...(search.show ? { show: search.show } : {}),
        ...(search.task === undefined ? {} : { task: search.task }),
      },
      replace: true,
      resetScroll: false,
    })
  }
  return (
    <section className={classes.items} aria-label="Items">
      <div className={classes.filters}>
        <div role="tablist" aria-label="Groups" className={classes.tabs}>
          {groups.map(({ id, label }) => (
            <button
              key={id}
              type="button"
              role="tab"
              id={`work-tab-${id}`}
              aria-selected={id === shown}
              aria-controls="work-items"
              tabIndex={id === shown ? 0 : -1}
              className={classes.groupTab}
              data-alert={(id === 'returned' && countOf(id) > 0) || undefined}
              onClick={() => go({ show: id })}
              onKeyDown={(event) => moveTab(event, (to) => go({ show: to }), id)}
            >
              {label}
              {id === 'done' && task !== undefined ? null : (
                <span className={classes.groupCount}>{countOf(id).toLocaleString('en')}</span>
              )}
            </button>
          ))}
        </div>
        <div className={classes.find}>
          {works.length > 1 && (
            <Select
              aria-label="Task"
              data={[
                { value: ALL, label: 'All tasks' },
                ...works.map((work) => ({ value: work.taskId, label: workName(work) })),
              ]}
              value={task ?? ALL}
              onChange={(value) => go({ task: value === null || value === ALL ? undefined : value })}
              allowDeselect={false}
              w={180}
            />
          )}
          <TextInput
            aria-label="Search these items"
            placeholder="Search"
            leftSection={<Search size={14} aria-hidden />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            w={150}
          />
        </div>
      </div>
      <div id="work-items" role="tabpanel" aria-labelledby={`work-tab-${shown}`} className={classes.panel}>
        {list.error ? (
          <ErrorState title="The items could not be loaded" message={messageOf(list.error)} onRetry={list.retry} />
        ) : (
          <ItemList
            key={`${shown}/${task ?? ALL}`}
            scope={scope}
            group={shown}
            list={list}
            searching={text.trim() !== ''}
            naming={task === undefined && works.length > 1}
          />
        )}
      </div>
    </section>
  )
}

/** Arrow keys go from tab to tab. */
function moveTab(event: React.KeyboardEvent, go: (to: Group) => void, from: Group): void {
  const at = groups.findIndex(({ id }) => id === from)
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: groups.length - 1 }[event.key]
  const next = to === undefined ? undefined : groups[(to + groups.length) % groups.length]
  if (!next) return
  event.preventDefault()
  go(next.id)
  document.getElementById(`work-tab-${next.id}`)?.focus()
}
