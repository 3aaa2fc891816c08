import { Menu, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Bell as BellIcon } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { type AppScope, appKey } from '#sync/scope.ts'
import { workQuery } from '#sync/work.ts'
import classes from './Bell.module.css'
import { needKey, needsOf, unseen } from './needs.ts'

/** While the page is looked at, ms. */
const EVERY_MS = 30_000

/** What needs the signed-in person in this app, with a count of what came since they last looked. */
export function Bell({ scope }: { scope: AppScope }) {
  const { clients, person } = useApp()
  const navigate = useNavigate()
  const query = useQuery({ ...workQuery(clients, scope), refetchInterval: EVERY_MS, retry: false })
  const place = `marquee.seen.${person.id}.${appKey(scope)}`
  const [seen, setSeen] = useState(() => readSeen(place))
  if (!query.data) return undefined
  const needs = needsOf(query.data.work)
  const fresh = unseen(needs, seen)
  function look() {
    const now = Object.fromEntries(needs.map((need) => [needKey(need), need.n]))
    localStorage.setItem(place, JSON.stringify(now))
    setSeen(now)
  }
  return (
    <Menu position="bottom-end" onOpen={look}>
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
        {needs.length === 0 && <Menu.Label>Nothing needs you here</Menu.Label>}
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
      </Menu.Dropdown>
    </Menu>
  )
}

/** By needKey; empty when nothing, or nothing readable, is kept. */
function readSeen(place: string): Readonly<Record<string, number>> {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '{}') as Record<string, number>
  } catch {
    return {}
  }
}
