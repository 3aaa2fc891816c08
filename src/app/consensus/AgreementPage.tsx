import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Users } from 'lucide-react'
import { useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count, isMissing, messageOf } from '#app/messages.ts'
import { NotFound } from '#app/NotFound.tsx'
import { useNameOf } from '#app/people/useNameOf.ts'
import task from '#app/tasks/TaskPage.module.css'
import page from '#app/tasks/Tasks.module.css'
import { agreementPagesQuery } from '#sync/agreement.ts'
import { taskQuery } from '#sync/work.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { AgreementMatrix } from './AgreementMatrix.tsx'
import classes from './Consensus.module.css'
import { DisagreementCard } from './DisagreementCard.tsx'
import { KnownAnswers } from './KnownAnswers.tsx'

const route = getRouteApi('/signed-in/apps/$user/$app/tasks/$task/agreement')

/** How far the people of a task agree: with each other, image by image, and with answers that are known. */
export function AgreementPage() {
  const { user, app, task: id } = route.useParams()
  const scope = useMemo(() => ({ owner: user, app }), [user, app])
  const { clients, person } = useApp()
  const nameOf = useNameOf(scope)
  const found = useQuery(taskQuery(clients, scope, id))
  const query = useInfiniteQuery(agreementPagesQuery(clients, scope, id))
  usePageTitle('Agreement', found.data?.name || app)
  if (found.error && isMissing(found.error)) return <NotFound what="task" />
  const pages = query.data?.pages ?? []
  const [first] = pages
  const inputs = pages.flatMap((one) => one.inputs)
  return (
    <div className={page.page}>
      <div className={page.head}>
        <Link to="/apps/$user/$app/tasks" params={{ user, app }} className={task.back}>
          Tasks
        </Link>
        <span className={page.dim} aria-hidden>
          /
        </span>
        <Link to="/apps/$user/$app/tasks/$task" params={{ user, app, task: id }} className={task.back}>
          {found.data?.name || id}
        </Link>
        <span className={page.dim} aria-hidden>
          /
        </span>
        <h1 className={page.title}>Agreement</h1>
        {first?.mean !== undefined && (
          <span className={page.dim}>
            {Math.round(first.mean * 100)}% over {count(first.total, 'image')}
          </span>
        )}
      </div>
      {query.isPending && <Skeleton height={320} radius={8} />}
      {query.error && !query.data && (
        <ErrorState
          title="How far people agree could not be loaded"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      )}
      {first && first.total === 0 && (
        <EmptyState icon={Users} title="No image has been submitted by two people yet">
          As soon as a second person submits an image it appears here, the one on which they disagree most first.
        </EmptyState>
      )}
      {first && first.total > 0 && (
        <>
          {first.pairs.length > 0 && <AgreementMatrix pairs={first.pairs} nameOf={nameOf} />}
          <h2 className={classes.heading}>Where they disagree most</h2>
          <ul className={classes.gallery} aria-label="Images by agreement">
            {inputs.map((one) => (
              <li key={one.input?.inputId}>
                {one.input && <DisagreementCard scope={scope} task={id} input={one.input} of={one} />}
              </li>
            ))}
          </ul>
          {query.hasNextPage && (
            <Button
              variant="default"
              mt="md"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              Show more
            </Button>
          )}
        </>
      )}
      {person.id === user && <KnownAnswers scope={scope} task={id} />}
    </div>
  )
}
