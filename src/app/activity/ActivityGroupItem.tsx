import { Button } from '@mantine/core'
import { useState } from 'react'
import { Initials } from '#app/frame/Initials.tsx'
import type { Change } from '#gen/marquee/v1/office_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import classes from './ActivityPage.module.css'
import { type ActivityGroup, acts, deed } from './activityWords.ts'
import { ChangeLine } from './ChangeLine.tsx'
import type { Restore } from './useRestore.ts'

const SHOWN = 4

interface Props {
  scope: AppScope
  group: ActivityGroup
  person: string
  nameOf: (concept: string) => string
  personOf: (user: string) => string
  restore: Restore
}

/** What somebody did in one go: the first few writes, and the rest when asked. */
export function ActivityGroupItem({ scope, group, person, nameOf, personOf, restore }: Props) {
  const [open, setOpen] = useState(false)
  const { changes } = group
  const at = new Date(Number(changes[0]?.at?.seconds ?? 0n) * 1000)
  const mayRestore = ({ action, isDeleted, kind }: Change): boolean =>
    restore !== undefined && action === acts.deleted && isDeleted && (kind === 'annotation' || kind === 'input')
  return (
    <li className={classes.group}>
      <div className={classes.head}>
        <Initials name={person} />
        <span>
          <strong>{person}</strong> {deed(group)}
        </span>
        <time dateTime={at.toISOString()}>{at.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })}</time>
      </div>
      <ul className={classes.changes}>
        {(open ? changes : changes.slice(0, SHOWN)).map((change) => (
          <ChangeLine
            key={String(change.rev)}
            scope={scope}
            change={change}
            nameOf={nameOf}
            personOf={personOf}
            onRestore={restore && mayRestore(change) ? () => void restore(change) : undefined}
          />
        ))}
        {changes.length > SHOWN && (
          <li>
            <Button variant="subtle" size="compact-xs" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? 'Show fewer' : `Show ${changes.length - SHOWN} more`}
            </Button>
          </li>
        )}
      </ul>
    </li>
  )
}
