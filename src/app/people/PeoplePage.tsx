import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { UserPlus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { useRights } from '#app/apps/rights.ts'
import { count, messageOf } from '#app/messages.ts'
import { settingsOf } from '#sync/appSettings.ts'
import { appQuery } from '#sync/queries.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { Page } from '#ui/Page.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { AddPerson } from './AddPerson.tsx'
import { Invitations } from './Invitations.tsx'
import { LeftBehind } from './LeftBehind.tsx'
import classes from './PeoplePage.module.css'
import { type Known, PersonRow } from './PersonRow.tsx'
import { PersonWork } from './PersonWork.tsx'
import { peopleLines } from './peopleLines.ts'
import { usePeopleActs } from './usePeopleActs.ts'
import { usePeopleHere } from './usePeopleHere.ts'

const route = getRouteApi('/signed-in/apps/$user/$app/people')

const columnsOf = ({ agreement, quality, decided }: Known): readonly string[] => [
  'Open',
  'Submitted',
  'Today',
  'Median time',
  'Sent back',
  ...(agreement ? ['Agreement'] : []),
  ...(quality ? ['Quality'] : []),
  ...(decided ? ['Verdicts given'] : []),
  'Last active',
]

/** Who works in this app, what each may do, and how their work goes. */
export function PeoplePage() {
  const { user, app } = route.useParams()
  const scope = useMemo(() => ({ owner: user, app }), [user, app])
  usePageTitle('People', app)
  const { clients, person, session } = useApp()
  const rights = useRights(scope)
  const acts = usePeopleActs(scope)
  const details = useQuery(appQuery(clients, scope))
  const [today] = useState(() => new Date(new Date().setHours(0, 0, 0, 0)))
  const { people: query, former, progress } = usePeopleHere(scope, today)
  const [adding, setAdding] = useState(false)
  const [queue, setQueue] = useState<{ id: string; name: string }>()
  const others = query.data ?? []
  const measured = progress.length > 0
  const known: Known = {
    agreement: progress.some((one) => one.agreement !== undefined),
    quality: progress.some((one) => one.quality !== undefined),
    decided: progress.some((one) => one.decided > 0),
  }
  const settings = settingsOf(details.data)
  const lines = peopleLines(scope.owner, person, others, settings.reviewers, progress, former)
  const add = rights.canInvite && (
    <Button leftSection={<UserPlus size={14} />} onClick={() => setAdding(true)}>
      Add a person
    </Button>
  )
  return (
    <Page
      title="People"
      hint={query.data && `The owner and ${count(others.length, 'collaborator')}`}
      actions={add}
      wide
    >
      {query.error && !query.data ? (
        <ErrorState
          title="The people could not be loaded"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      ) : (
        <div className={classes.scroller}>
          <table className={classes.table} aria-label="People">
            <thead>
              <tr>
                <th scope="col">Person</th>
                <th scope="col">May</th>
                <th scope="col" className={classes.centre} title="Work assigned outside of tasks; a task names its own">
                  Reviews
                </th>
                {measured &&
                  columnsOf(known).map((name) => (
                    <th key={name} scope="col" className={classes.number}>
                      {name}
                    </th>
                  ))}
                <th aria-hidden />
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <PersonRow
                  key={line.id}
                  person={line}
                  measured={measured}
                  known={known}
                  canChange={rights.canInvite}
                  canChoose={rights.isOwner}
                  canRemove={rights.canRemovePeople}
                  acts={acts}
                  onQueue={() => setQueue({ id: line.id, name: line.name || line.id })}
                  left={
                    rights.isOwner &&
                    !line.isOwner &&
                    !line.collaborator &&
                    !session.noRestore && (
                      <LeftBehind scope={scope} person={{ id: line.id, name: line.name || line.id }} />
                    )
                  }
                />
              ))}
            </tbody>
          </table>
          {query.isPending && <Skeleton height={48} aria-busy />}
        </div>
      )}
      {rights.isOwner && settings.review === 'none' && settings.reviewers.length > 0 && (
        <p className={classes.note} role="note">
          Assigned work is done at once now, so nothing comes to these reviewers outside of tasks.{' '}
          <Link to="/apps/$user/$app/settings" params={{ user, app }}>
            Have it reviewed
          </Link>
        </p>
      )}
      {query.data?.length === 0 && (
        <EmptyState title="Nobody else yet" action={add}>
          People you add see this app under “Shared with me”, and can do what you allow.
        </EmptyState>
      )}
      {rights.canInvite && !session.noRestore && <Invitations scope={scope} />}
      <PersonWork scope={scope} person={queue} onClose={() => setQueue(undefined)} />
      <AddPerson
        scope={scope}
        opened={adding}
        onClose={() => setAdding(false)}
        members={[user, ...others.flatMap((one) => (one.user ? [one.user.id] : []))]}
        former={former}
      />
    </Page>
  )
}
