import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import { useApp } from '#app/appContext.tsx'
import { departureWords } from '#app/apps/Departures.tsx'
import { useRights } from '#app/apps/rights.ts'
import { isMissing, messageOf } from '#app/messages.ts'
import { NotFound } from '#app/NotFound.tsx'
import { departuresQuery } from '#sync/people.ts'
import { appQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'
import { workQuery } from '#sync/work.ts'
import { ErrorState } from '#ui/ErrorState.tsx'
import { Bell } from './Bell.tsx'
import classes from './Frame.module.css'
import { Frame } from './Frame.tsx'

const route = getRouteApi('/signed-in/apps/$user/$app')

const pages = [
  { to: '/apps/$user/$app', label: 'Overview', exact: true },
  { to: '/apps/$user/$app/work', label: 'My work', exact: false },
  { to: '/apps/$user/$app/review', label: 'Review', exact: false },
  { to: '/apps/$user/$app/tasks', label: 'Tasks', exact: false },
  { to: '/apps/$user/$app/inputs', label: 'Inputs', exact: false },
  { to: '/apps/$user/$app/concepts', label: 'Concepts', exact: false },
  { to: '/apps/$user/$app/people', label: 'People', exact: false },
  { to: '/apps/$user/$app/exports', label: 'Exports', exact: false },
  { to: '/apps/$user/$app/activity', label: 'Activity', exact: false },
  { to: '/apps/$user/$app/settings', label: 'Settings', exact: false },
] as const

/** The frame of an app's pages. Shows them only once the app is known to be there and to be for us. */
export function AppFrame() {
  const { clients, session } = useApp()
  const { user, app } = route.useParams()
  const query = useQuery(appQuery(clients, { owner: user, app }))
  const rights = useRights({ owner: user, app })
  const hidden: readonly string[] = [
    ...(rights.canExport ? [] : ['Exports']),
    ...(rights.canSeeActivity && !session.noRestore ? [] : ['Activity']),
  ]
  const shown = pages.filter(({ label }) => !hidden.includes(label))
  const waiting = useWaiting({ owner: user, app })
  if (query.error && isMissing(query.error)) return <NotHere owner={user} app={app} />
  return (
    <Frame
      tools={<Bell key={`${user}/${app}`} scope={{ owner: user, app }} />}
      path={
        <>
          <Link to="/apps" className={classes.crumb}>
            {user}
          </Link>
          <span aria-hidden className={classes.slash}>
            /
          </span>
          <Link to="/apps/$user/$app" params={{ user, app }} className={classes.crumb} data-here>
            {app}
          </Link>
        </>
      }
      navigation={
        <nav className={classes.nav} aria-label="App">
          {shown.map(({ to, label, exact }) => (
            <Link key={to} to={to} params={{ user, app }} activeOptions={{ exact }} className={classes.tab}>
              {label}
              {label === 'My work' && <Waiting n={waiting.work} what="to do" />}
              {label === 'Review' && <Waiting n={waiting.review} what="waiting" />}
            </Link>
          ))}
        </nav>
      }
    >
      {query.error && !query.data ? (
        <ErrorState
          title="This app could not be opened"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      ) : (
        <Outlet />
      )}
    </Frame>
  )
}

/** An app that is not there, or that one is not in any more. */
function NotHere({ owner, app }: { owner: string; app: string }) {
  const { clients, person } = useApp()
  const { data } = useQuery(departuresQuery(clients))
  const departure = data?.find((one) => one.userId === owner && one.appId === app)
  return departure ? (
    <NotFound title={`You are no longer in ${departure.appName || app}`}>
      {departureWords(departure, person.id)}
    </NotFound>
  ) : (
    <NotFound what="app" />
  )
}

/** How often the counts beside the pages are asked for while the window is in sight, ms. */
const EVERY_MS = 30_000

/** How much needs the signed-in person: work to do, returned work first of all, and verdicts. None where it is not known. */
function useWaiting(scope: AppScope): { work: number; review: number } {
  const { clients } = useApp()
  const { data } = useQuery({ ...workQuery(clients, scope), refetchInterval: EVERY_MS, retry: false })
  const sum = { work: 0, review: 0 }
  for (const { mine, toReview, paused } of data?.work ?? []) {
    if (paused) continue
    sum.work += (mine?.todo ?? 0) + (mine?.begun ?? 0) + (mine?.returned ?? 0)
    sum.review += toReview
  }
  return sum
}

function Waiting({ n, what }: { n: number; what: string }) {
  if (n === 0) return null
  return (
    <span className={classes.waiting}>
      {n > 999 ? '999+' : n}
      <span className="visually-hidden"> {what}</span>
    </span>
  )
}
