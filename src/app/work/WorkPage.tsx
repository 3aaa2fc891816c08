import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ListChecks } from 'lucide-react'
import { useApp } from '#app/appContext.tsx'
import { ButtonLink } from '#app/frame/ButtonLink.tsx'
import { count, messageOf } from '#app/messages.ts'
import type { ListWorkResponse } from '#gen/marquee/v1/team_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { workQuery } from '#sync/work.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { ContinueCard } from './ContinueCard.tsx'
import { isMine } from './continueWith.ts'
import { TaskLines } from './TaskLines.tsx'
import { WorkGroups } from './WorkGroups.tsx'
import classes from './WorkPage.module.css'

const route = getRouteApi('/signed-in/apps/$user/$app/work')

/** How often the list is asked for while it is looked at, ms: work comes from others. */
const EVERY_MS = 20_000

/** What the signed-in person has to label in an app, and one button that goes on with it. */
export function WorkPage() {
  const { user, app } = route.useParams()
  const scope = { owner: user, app }
  usePageTitle('My work', app)
  const { clients } = useApp()
  const query = useQuery({ ...workQuery(clients, scope), refetchInterval: EVERY_MS })
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>My work</h1>
      {query.isPending && <Loading />}
      {query.error && !query.data && (
        <ErrorState
          title="Your work could not be loaded"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      )}
      {query.data && <Work scope={scope} answer={query.data} />}
    </div>
  )
}

function Work({ scope, answer }: { scope: AppScope; answer: ListWorkResponse }) {
  const { show, task } = route.useSearch()
  const works = answer.work.filter(isMine)
  const toReview = answer.work.reduce((sum, work) => sum + work.toReview, 0)
  const chosen = task === undefined ? works : works.filter(({ taskId }) => taskId === task)
  if (works.length === 0) return <NoWork scope={scope} toReview={toReview} />
  return (
    <>
      <ContinueCard scope={scope} works={chosen} only={chosen.length < works.length} />
      <TaskLines scope={scope} works={works} chosen={task} />
      <WorkGroups scope={scope} works={works} approved={answer.approvedThisWeek} show={show} task={task} />
    </>
  )
}

function NoWork({ scope, toReview }: { scope: AppScope; toReview: number }) {
  const params = { user: scope.owner, app: scope.app }
  return (
    <EmptyState
      icon={ListChecks}
      title="Nothing is assigned to you"
      action={
        <ButtonLink to="/apps/$user/$app/inputs" params={params} variant="default">
          Look at the inputs
        </ButtonLink>
      }
    >
      {toReview > 0
        ? `You have nothing to label here, but ${count(toReview, 'image')} of others ${toReview === 1 ? 'waits' : 'wait'} for your review.`
        : 'When somebody assigns images to you, or adds you to a task, they appear here at once; nothing else is needed.'}
    </EmptyState>
  )
}

function Loading() {
  return (
    <div className={classes.loading} aria-hidden>
      <Skeleton height={96} radius={8} />
      <Skeleton height={72} radius={8} />
      <Skeleton height={280} radius={8} />
    </div>
  )
}
