import { Button, Popover } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Check, CloudOff, HardDrive, LoaderCircle, type LucideIcon, TriangleAlert } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'
import { workSearch } from '#app/work/workLink.ts'
import { ApiFailure, describe } from '#sync/errors.ts'
import type { InputScope } from '#sync/scope.ts'
import type { Sync } from '#sync/sync.ts'
import parts from './Problem.module.css'
import { AppGone, isAppGone, ProblemActions, ProblemsAtOnce, ProblemText } from './Problem.tsx'
import { problemName } from './problemName.ts'
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
      <ProblemsAtOnce sync={sync} kind="conflict" problems={problems} onDecided={onClose} />
      <ProblemsAtOnce sync={sync} kind="refused" problems={problems} onDecided={onClose} />
      <ul className={classes.problems}>
        {problems.slice(0, SHOWN_PROBLEMS).map(({ address, problem }) => (
          <li key={`${address.input}/${address.annotation}`} className={classes.problem}>
            {problem.mine && <p className={classes.name}>{problemName(problem.mine)}</p>}
            <ProblemText scope={address} problem={problem} />
            <div className={parts.actions}>
              <ProblemActions sync={sync} address={address} problem={problem} />
              <Show scope={address} search={{ region: address.annotation }} onClose={onClose} />
            </div>
          </li>
        ))}
        {more > 0 && <li className={classes.problem}>and {more.toLocaleString('en')} more</li>}
      </ul>
    </>
  )
}

interface ShowProps {
  scope: InputScope
  search: { region: string } | ReturnType<typeof workSearch>
  onClose: () => void
}

/** To the image that it is about. */
function Show({ scope, search, onClose }: ShowProps) {
  return (
    <Link
      to="/apps/$user/$app/inputs/$input"
      params={{ user: scope.owner, app: scope.app, input: scope.input }}
      search={search}
      className={classes.show}
      onClick={onClose}
    >
      Show
    </Link>
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
                <p className={parts.detail}>{detail}</p>
              </>
            )}
            <div className={parts.actions}>
              <Button size="compact-xs" onClick={() => sync.commands.retry(id)}>
                Retry
              </Button>
              <Button size="compact-xs" variant="default" onClick={() => sync.commands.cancel(id)}>
                Discard
              </Button>
              <Show scope={scope} search={workSearch(body.task)} onClose={onClose} />
            </div>
          </li>
        )
      })}
    </ul>
  )
}
