import { Link } from '@tanstack/react-router'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { MessageSquareDot } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'
import { Thumbnail } from '#app/inputs/Thumbnail.tsx'
import { count } from '#app/messages.ts'
import { useNameOf } from '#app/people/useNameOf.ts'
import type { Work, WorkItem } from '#gen/marquee/v1/team_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { inWords } from './ago.ts'
import type { Group } from './groups.ts'
import type { WorkItems } from './useWorkItems.ts'
import { WorkBadge } from './WorkBadge.tsx'
import classes from './WorkPage.module.css'
import { badgeOf } from './workBadges.ts'
import { workSearch } from './workLink.ts'
import { workName } from './workWords.ts'

const ROW = 68

interface Props {
  scope: AppScope
  group: Group
  list: WorkItems
  searching: boolean
  /** of several tasks: each row says which */
  naming: boolean
}

/** Items one under the other, only those in view drawn; the next page is asked for as its end comes near. */
export function ItemList({ scope, group, list, searching, naming }: Props) {
  const box = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop((box.current?.getBoundingClientRect().top ?? 0) + window.scrollY), [])
  const { items, more, loadingMore, loadMore } = list
  const rows = useWindowVirtualizer({ count: items.length, estimateSize: () => ROW, overscan: 6, scrollMargin: top })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  const near = last >= items.length - 12
  useEffect(() => {
    if (near && more && !loadingMore) loadMore()
  }, [near, more, loadingMore, loadMore])
  if (list.pending) return <p className={classes.none}>Loading…</p>
  if (items.length === 0 && !more)
    return <p className={classes.none}>{searching ? 'No item has this in its name.' : nothing[group]}</p>
  return (
    <>
      <ul ref={box} className={classes.list} style={{ height: rows.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const entry = items[index]
          return (
            entry && (
              <li
                key={`${entry.item.taskId}/${entry.item.id}`}
                className={classes.slot}
                style={{ height: ROW, transform: `translateY(${start - top}px)` }}
              >
                <ItemRow scope={scope} item={entry.item} work={entry.work} naming={naming} />
              </li>
            )
          )
        })}
      </ul>
      {loadingMore && <p className={classes.none}>Loading more…</p>}
    </>
  )
}

const nothing: Readonly<Record<Group, string>> = {
  returned: 'Nothing was sent back to you. When a reviewer asks for changes, the image is here, with the reason.',
  todo: 'Nothing is left to begin. What is newly assigned to you appears here.',
  begun: 'Nothing is in progress. An image is here from when you open it until you submit it.',
  waiting: 'Nothing of yours waits for a reviewer or for other labelers.',
  done: 'Nothing of yours was approved in the last seven days.',
}

interface RowProps {
  scope: AppScope
  item: WorkItem
  work: Work
  naming: boolean
}

function ItemRow({ scope, item, work, naming }: RowProps) {
  const { sync } = useApp()
  const nameOf = useNameOf(scope)
  const commands = useSyncExternalStore(sync.commands.subscribe, () => sync.commands.list)
  const pending = commands.findLast(({ body }) => body.item === item.id && body.task === item.taskId)
  const { input } = item
  if (!input) return null
  const badge = badgeOf(item, pending)
  const name = input.filename || input.inputId
  return (
    <Link
      to="/apps/$user/$app/inputs/$input"
      params={{ user: scope.owner, app: scope.app, input: input.inputId }}
      search={workSearch(item.taskId)}
      className={classes.item}
    >
      <span className={classes.thumb}>
        <Thumbnail input={input} />
      </span>
      <span className={classes.itemText}>
        <span className={classes.itemName}>
          <WorkBadge kind={badge} />
          <span className={classes.clip}>{name}</span>
        </span>
        <span className={classes.itemNote}>
          {item.lastNote !== '' && (badge === 'returned' || badge === 'denied') && (
            <>
              {item.decidedBy && <b>{nameOf(item.decidedBy)}: </b>}“{item.lastNote}”
            </>
          )}
          {item.lastNote === '' &&
            badge === 'returned' &&
            `Changes requested${item.decidedBy ? ` by ${nameOf(item.decidedBy)}` : ''}`}
          {item.skips > 0 && badge === 'todo' && `Skipped${item.skipReason ? `: ${item.skipReason}` : ''}`}
        </span>
      </span>
      {item.openNotes > 0 && (
        <span className={classes.pins} title={count(item.openNotes, 'open note')}>
          <MessageSquareDot size={14} aria-hidden /> {item.openNotes}
          <span className="visually-hidden"> open notes</span>
        </span>
      )}
      {naming && <span className={classes.itemTask}>{workName(work)}</span>}
      <span className={classes.itemFact}>{item.regions > 0 ? count(item.regions, 'region') : ''}</span>
      <span className={classes.itemFact}>{item.modifiedAt ? inWords(item.modifiedAt, Date.now()) : ''}</span>
    </Link>
  )
}
