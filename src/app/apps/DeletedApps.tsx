import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApp } from '#app/appContext.tsx'
import { count } from '#app/messages.ts'
import { inWords } from '#app/work/ago.ts'
import { deletedAppsQuery } from '#sync/apps.ts'
import classes from './AppsPage.module.css'
import { useRestoreApp } from './useRestoreApp.ts'

/** One's own apps that were deleted in the last 30 days, and the way back. */
export function DeletedApps() {
  const { clients, person } = useApp()
  const { data = [] } = useQuery(deletedAppsQuery(clients, person.id))
  const restore = useRestoreApp()
  if (data.length === 0) return null
  return (
    <section className={classes.group} aria-label="Deleted">
      <h2 className={classes.groupTitle}>Deleted</h2>
      <ul className={classes.list}>
        {data.map(({ key, appId, name, inputs, at }) => (
          <li key={key} className={classes.gone} data-row>
            <span>
              <span className={classes.name}>{name || appId}</span> {appId} · {count(inputs, 'input')} · deleted{' '}
              {at && inWords(at, Date.now())}; gone for good after 30 days
            </span>
            <Button
              variant="default"
              size="compact-xs"
              aria-label={`Bring ${name || appId} back`}
              onClick={() => void restore({ key, id: appId })}
            >
              Bring back
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
