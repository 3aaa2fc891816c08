import { Button, Popover } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Check, CloudOff, HardDrive, LoaderCircle, type LucideIcon, TriangleAlert } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'
import { departureWords } from '#app/apps/Departures.tsx'
import { workSearch } from '#app/work/workLink.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { ApiFailure, describe } from '#sync/errors.ts'
import { departuresQuery } from '#sync/people.ts'
import type { Problem } from '#sync/problem.ts'
import { appQuery } from '#sync/queries.ts'
import type { AnnotationAddress, AppScope } from '#sync/scope.ts'
import type { Sync } from '#sync/sync.ts'
import classes from './SaveStatus.module.css'

type Save = ReturnType<Sync['status']>['state']

const icons: Readonly<Record<Save, LucideIcon>> = {
  saved: Check,
  saving: LoaderCircle,
  local: HardDrive,
  offline: CloudOff,
  conflict: TriangleAlert,
  refused: TriangleAlert,
  'signed-out': TriangleAlert,
}

const explanations: Readonly<Record<Save, string>> = {
  saved: 'Everything you have done is on the server.',
  saving: 'Your changes are on this device and on their way to the server.',
  local: 'Your changes are on this device. The server does not take them just now; it is tried again on its own.',
  offline:
    'Your changes are on this device. They are sent as soon as the server can be reached; you can close the page.',
  conflict: 'Somebody else changed the same thing. Choose which version counts.',
  refused: 'The server does not accept some of your changes. They stay here until you retry or discard them.',
  'signed-out': 'Your changes are on this device. Sign in again and they are sent.',
}

/** The others are decided together with them, or come after. */
const SHOWN_PROBLEMS = 50

interface Props {
  opened: boolean
  onOpen: (opened: boolean) => void
}

/** Whether what is on the screen is on the server. Pressed, it says what waits and what needs a decision. */
export function SaveStatus({ opened, onOpen }: Props) {
  const { sync } = useApp()
  const status = useSyncExternalStore(
    (listener) => sync.subscribe(listener),
    () => sync.status(),
  )
  const Icon = icons[status.state]
  return (
    <Popover opened={opened} onChange={onOpen} position="bottom-end" width={340} trapFocus returnFocus>
      <div role="status" data-save={status.state} className={classes.status}>
        <Popover.Target>
          <button type="button" className={classes.button} onClick={() => onOpen(!opened)} title="What is saved">
            <Icon size={15} strokeWidth={2} aria-hidden className={classes.icon} />
            <span className={classes.text}>{status.text}</span>
          </button>
        </Popover.Target>
      </div>
      <Popover.Dropdown aria-label="What is saved">
        <p className={classes.explanation}>{explanations[status.state]}</p>
        {status.waiting > 0 && (
          <p className={classes.explanation}>
            {status.waiting === 1 ? '1 change waits' : `${status.waiting} changes wait`} for the server.
          </p>
        )}
        {opened && <Problems sync={sync} onClose={() => onOpen(false)} />}
        {opened && <RefusedCommands sync={sync} onClose={() => onOpen(false)} />}
      </Popover.Dropdown>
    </Popover>
  )
}

function Problems({ sync, onClose }: { sync: Sync; onClose: () => void }) {
  const problems = sync.allProblems()
  if (problems.length === 0) return null
  const more = problems.length - SHOWN_PROBLEMS
  return (
    <>
      <AllAtOnce sync={sync} kind="conflict" problems={problems} onClose={onClose} />
      <AllAtOnce sync={sync} kind="refused" problems={problems} onClose={onClose} />
      <ul className={classes.problems}>
        {problems.slice(0, SHOWN_PROBLEMS).map(({ address, problem }) => (
          <li key={`${address.input}/${address.annotation}`} className={classes.problem}>
            <ProblemText scope={address} problem={problem} />
            <div className={classes.actions}>
              <ProblemActions sync={sync} address={address} problem={problem} />
              <Link
                to="/apps/$user/$app/inputs/$input"
                params={{ user: address.owner, app: address.app, input: address.input }}
                search={{ region: address.annotation }}
                className={classes.show}
                onClick={onClose}
              >
                Show
              </Link>
            </div>
          </li>
        ))}
        {more > 0 && <li className={classes.problem}>and {more.toLocaleString('en')} more</li>}
      </ul>
    </>
  )
}

interface AllAtOnceProps {
  sync: Sync
  kind: Problem['kind']
  problems: ReturnType<Sync['allProblems']>
  onClose: () => void
}

/** One decision for all of a kind: after a day without a network there may be hundreds. */
function AllAtOnce({ sync, kind, problems, onClose }: AllAtOnceProps) {
  const [asked, setAsked] = useState(false)
  const all = problems.filter(({ problem }) => problem.kind === kind)
  if (all.length < 2) return null
  const count = all.length.toLocaleString('en')
  const decide = (way: 'retry' | 'discard') => {
    sync[way](all.map(({ address }) => address))
    onClose()
  }
  if (asked)
    return (
      <div className={classes.actions}>
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
    <div className={classes.actions}>
      <Button size="compact-xs" onClick={() => decide('retry')}>
        {kind === 'conflict' ? `Keep all ${count} of mine` : `Retry all ${count}`}
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => setAsked(true)}>
        {kind === 'conflict' ? 'Take all theirs' : 'Discard all'}
      </Button>
    </div>
  )
}

const asked = { submit: 'Submit', unsubmit: 'Unsubmit', skip: 'Skip', verdict: 'Verdict', settle: 'Answer' } as const

/** What was asked for work and refused. */
function RefusedCommands({ sync, onClose }: { sync: Sync; onClose: () => void }) {
  const list = useSyncExternalStore(sync.commands.subscribe, () => sync.commands.list)
  const refused = list.flatMap((command) => (command.refused ? [{ ...command, refused: command.refused }] : []))
  if (refused.length === 0) return null
  return (
    <ul className={classes.problems}>
      {refused.map(({ id, scope, body, refused }) => {
        const failure = new ApiFailure(refused)
        const { title, detail } = describe(failure)
        return (
          <li key={id} className={classes.problem}>
            {isAppGone(failure) ? (
              <AppGone {...scope} />
            ) : (
              <>
                <b>
                  {asked[body.is]}: {title}
                </b>
                <p className={classes.detail}>{detail}</p>
              </>
            )}
            <div className={classes.actions}>
              <Button size="compact-xs" onClick={() => sync.commands.retry(id)}>
                Retry
              </Button>
              <Button size="compact-xs" variant="default" onClick={() => sync.commands.cancel(id)}>
                Discard
              </Button>
              <Link
                to="/apps/$user/$app/inputs/$input"
                params={{ user: scope.owner, app: scope.app, input: scope.input }}
                search={workSearch(body.task)}
                className={classes.show}
                onClick={onClose}
              >
                Show
              </Link>
            </div>
          </li>
        )
      })}
    </ul>
  )
}

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

const isAppGone = ({ code, details }: ApiFailure): boolean =>
  code === StatusCode.CONN_DOES_NOT_EXIST && details.startsWith('user_app_id:')

/** The person was removed, or the app deleted, with something of theirs on the way. */
function AppGone({ owner, app }: AppScope) {
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
