import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { departureWords } from '#app/apps/Departures.tsx'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { type ApiFailure, describe } from '#sync/errors.ts'
import { departuresQuery } from '#sync/people.ts'
import type { Problem } from '#sync/problem.ts'
import { appQuery } from '#sync/queries.ts'
import type { AnnotationAddress, AppScope } from '#sync/scope.ts'
import type { Sync } from '#sync/sync.ts'
import classes from './Problem.module.css'

/** What happened and what one can do, in words. */
export function ProblemText({ scope, problem }: { scope: AppScope; problem: Problem }) {
  const { title, detail, action } = describe(problem.error)
  if (isAppGone(problem.error)) return <AppGone {...scope} />
  const gone = problem.kind === 'conflict' && !problem.theirs
  return (
    <>
      <b>{gone ? 'Somebody else deleted this' : title}</b>
      <p className={classes.detail}>
        {gone
          ? 'It is no longer on the server. Keep yours to put it back.'
          : `${detail} ${problem.kind === 'conflict' ? '' : action}`}
      </p>
    </>
  )
}

export const isAppGone = ({ code, details }: ApiFailure): boolean =>
  code === StatusCode.CONN_DOES_NOT_EXIST && details.startsWith('user_app_id:')

/** The person was removed, or the app deleted, with something of theirs on the way. */
export function AppGone({ owner, app }: AppScope) {
  const { clients, person } = useApp()
  const { data } = useQuery({ ...departuresQuery(clients), refetchOnMount: 'always' })
  const departure = data?.find((one) => one.userId === owner && one.appId === app)
  const there = useQuery({ ...appQuery(clients, { owner, app }), refetchOnMount: 'always', retry: false })
  const name = departure?.appName || app
  if (data && !departure && there.isSuccess && there.isFetchedAfterMount)
    return (
      <>
        <b>You are in “{there.data.name || app}” again</b>
        <p className={classes.detail}>This was refused while you were not. Press Retry to send it.</p>
      </>
    )
  return (
    <>
      <b>{departure ? `You are no longer in “${name}”` : `“${app}” is not there any more`}</b>
      <p className={classes.detail}>
        {departure
          ? departureWords(departure, person.id)
          : 'Its owner has deleted it, or does not share it any more. For 30 days a deleted app can be brought back.'}{' '}
        What you made since is kept on this device. Once you are back, press Retry.
      </p>
    </>
  )
}

/** Retry and Discard; where two versions clash, they are named for what they do. */
export function ProblemActions({
  sync,
  address,
  problem,
}: {
  sync: Sync
  address: AnnotationAddress
  problem: Problem
}) {
  const conflict = problem.kind === 'conflict'
  return (
    <>
      <Button size="compact-xs" onClick={() => sync.retry([address])}>
        {conflict ? 'Keep mine' : 'Retry'}
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => sync.discard([address])}>
        {conflict ? 'Take theirs' : 'Discard'}
      </Button>
    </>
  )
}

interface AtOnceProps {
  sync: Sync
  kind: Problem['kind']
  problems: ReturnType<Sync['allProblems']>
  onDecided?: () => void
}

/** One decision for all of a kind, if there are several: after a day without a network there may be hundreds. */
export function ProblemsAtOnce({ sync, kind, problems, onDecided }: AtOnceProps) {
  const [asked, setAsked] = useState(false)
  const all = problems.filter(({ problem }) => problem.kind === kind)
  if (all.length < 2) return null
  const count = all.length.toLocaleString('en')
  const decide = (way: 'retry' | 'discard') => {
    sync[way](all.map(({ address }) => address))
    setAsked(false)
    onDecided?.()
  }
  if (asked)
    return (
      <div className={`${classes.actions} ${classes.all}`}>
        <span className={classes.question}>Give up {count} changes of yours?</span>
        <Button size="compact-xs" color="red" onClick={() => decide('discard')}>
          Give up
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => setAsked(false)}>
          Back
        </Button>
      </div>
    )
  return (
    <div className={`${classes.actions} ${classes.all}`}>
      <Button size="compact-xs" onClick={() => decide('retry')}>
        {kind === 'conflict' ? `Keep all ${count} of mine` : `Retry all ${count}`}
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => setAsked(true)}>
        {kind === 'conflict' ? 'Take all theirs' : 'Discard all'}
      </Button>
    </div>
  )
}
