import { Menu, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Bell as BellIcon } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { useNameOf } from '#app/people/useNameOf.ts'
import { inWords } from '#app/work/ago.ts'
import { workSearch } from '#app/work/workLink.ts'
import type { Mention } from '#gen/marquee/v1/team_pb.ts'
import { mentionsQuery } from '#sync/mentionsQuery.ts'
import { type AppScope, appKey } from '#sync/scope.ts'
import { workQuery } from '#sync/work.ts'
import classes from './Bell.module.css'
import { needKey, needsOf, unseen } from './needs.ts'

/** While the page is looked at, ms. */
const EVERY_MS = 30_000

/** Beside the needs, in what was seen. */
const MENTIONS = 'mentions'
const SHOWN = 8

/** What needs the signed-in person in this app, with a count of what came since they last looked. */
export function Bell({ scope }: { scope: AppScope }) {
  const { clients, person } = useApp()
  const navigate = useNavigate()
  const query = useQuery({ ...workQuery(clients, scope), refetchInterval: EVERY_MS, retry: false })
  const place = `marquee.seen.${person.id}.${appKey(scope)}`
  const [seen, setSeen] = useState(() => readSeen(place))
  const mentions = useQuery({ ...mentionsQuery(clients, scope), refetchInterval: EVERY_MS, retry: false })
  const nameOf = useNameOf(scope)
  if (!query.data) return undefined
  const needs = needsOf(query.data.work)
  const told = mentions.data ?? []
  const newest = told.reduce((latest, one) => Math.max(latest, timeOf(one)), 0)
  const fresh = unseen(needs, seen) + told.filter((one) => timeOf(one) > (seen[MENTIONS] ?? 0) && !one.resolved).length
  function look() {
    const now = { ...Object.fromEntries(needs.map((need) => [needKey(need), need.n])), [MENTIONS]: newest }
    localStorage.setItem(place, JSON.stringify(now))
    setSeen(now)
  }
  return (
    <Menu position="bottom-end" width={320} onOpen={look}>
      <Menu.Target>
        <UnstyledButton
          className={classes.bell}
          aria-label={fresh === 0 ? 'Notifications' : `Notifications: ${fresh} new`}
          title="Notifications"
        >
          <BellIcon size={16} aria-hidden />
          {fresh > 0 && (
            <span className={classes.count} aria-hidden>
              {fresh > 99 ? '99+' : fresh}
            </span>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {needs.length === 0 && told.length === 0 && <Menu.Label>Nothing needs you here</Menu.Label>}
        {needs.map((need) => (
          <Menu.Item
            key={needKey(need)}
            onClick={() => {
              const params = { user: scope.owner, app: scope.app }
              const to = need.kind === 'review' ? '/apps/$user/$app/review' : '/apps/$user/$app/work'
              void navigate({ to, params })
            }}
          >
            {need.text}
          </Menu.Item>
        ))}
        {told.length > 0 && needs.length > 0 && <Menu.Divider />}
        {told.length > 0 && <Menu.Label>Notes to you</Menu.Label>}
        {told.slice(0, SHOWN).map((one) => (
          <Menu.Item
            key={`${one.input?.inputId} ${one.thread} ${timeOf(one)}`}
            onClick={() => {
              const { inputId: input } = one.input ?? {}
              if (input === undefined) return
              const works = query.data.work.some(({ taskId, isWorker }) => taskId === one.taskId && isWorker)
              void navigate({
                to: '/apps/$user/$app/inputs/$input',
                params: { user: scope.owner, app: scope.app, input },
                search: { ...(works ? workSearch(one.taskId) : {}), note: one.thread },
              })
            }}
          >
            <span className={classes.told} data-resolved={one.resolved || undefined}>
              <span>
                <b>{nameOf(one.by)}</b> {one.named ? 'names you' : 'answers you'} on{' '}
                {one.input?.filename || one.input?.inputId}
                {one.resolved && ' (resolved)'}
              </span>
              <span className={classes.text}>{one.text}</span>
              <span className={classes.when}>{one.at && inWords(one.at, Date.now())}</span>
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

const timeOf = ({ at }: Mention): number => Number(at?.seconds ?? 0) * 1000 + (at?.nanos ?? 0) / 1e6

/** By needKey, and when the newest note was that they saw; empty when nothing, or nothing readable, is kept. */
function readSeen(place: string): Readonly<Record<string, number>> {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '{}') as Record<string, number>
  } catch {
    return {}
  }
}
