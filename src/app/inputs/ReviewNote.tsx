import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useApp } from '#app/appContext.tsx'
import { useNameOf } from '#app/people/useNameOf.ts'
import { policyWords } from '#app/settings/reviewPolicy.ts'
import { settingsOf } from '#sync/appSettings.ts'
import { appQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'
import classes from './AssignDialog.module.css'

/** What becomes of the work that is about to be given out, and where that is set. */
export function ReviewNote({ scope }: { scope: AppScope }) {
  const { clients } = useApp()
  const { data } = useQuery(appQuery(clients, scope))
  const nameOf = useNameOf(scope)
  if (!data) return null
  return (
    <p className={classes.hint}>
      {policyWords(settingsOf(data), nameOf)}{' '}
      <Link to="/apps/$user/$app/settings" params={{ user: scope.owner, app: scope.app }}>
        Change
      </Link>
    </p>
  )
}
