import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { BookOpen, SkipForward, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useNameOf } from '#app/people/useNameOf.ts'
import { Hint } from '#app/workspace/Hint.tsx'
import type { InputSession } from '#app/workspace/session/session.ts'

import type { Command } from '#sync/commands.ts'
import type { AppScope } from '#sync/scope.ts'
import { SaidPlace } from '#ui/SaidPlace.tsx'
import { progressOf } from './continueWith.ts'
import { ProgressBar } from './ProgressBar.tsx'
import { isOpen } from './queue.ts'
import { refusalWords } from './refusalWords.ts'
import { SubmitButton } from './SubmitButton.tsx'
import type { WorkMode } from './useWork.ts'
import type { WorkActs } from './useWorkActs.ts'
import { WorkBadge } from './WorkBadge.tsx'
import classes from './WorkBar.module.css'
import { badgeOf, isSubmit, waitsForOthers } from './workBadges.ts'
import { workState } from './workStates.ts'
import { typeName, workName } from './workWords.ts'

interface Props {
  scope: AppScope
  session: InputSession
  mode: WorkMode
  acts: WorkActs
  /** why it is no longer this person's */
  lost: string | undefined
  /** what a reviewer has added to it, in words */
  added: string | undefined
  onInstructions: (() => void) | undefined
  /** the notes on the image */
  pins: ReactNode
  onRetry: (commandId: string) => void
}

/** What is asked, where one is in the queue, what was said of it, and what Submit will do. */
export function WorkBar({ scope, session, mode, acts, lost, added, onInstructions, pins, onRetry }: Props) {
  const { work, item } = mode
  const pending = item && mode.pendingOf(item)
  const submitted = item !== undefined && (!isOpen(item) || isSubmit(pending))
  const stuck = lost !== undefined || (!item && (mode.foreign || Boolean(mode.error)))
  return (
    <section className={classes.bar} aria-label="Work">
      <div className={classes.what}>
        <Link
          to="/apps/$user/$app/work"
          params={{ user: scope.owner, app: scope.app }}
          search={{}}
          className={classes.name}
          title="My work"
        >
          {work ? workName(work) : mode.task === '' ? 'Assigned to you' : (mode.details?.name ?? 'Task')}
        </Link>
        {work && work.taskId !== '' && <span className={classes.type}>{typeName(work.type)}</span>}
        {onInstructions && (
          <Hint command="work.instructions" label="Instructions">
            <button type="button" className={classes.plain} aria-label="Instructions" onClick={onInstructions}>
              <BookOpen size={15} aria-hidden />
            </button>
          </Hint>
        )}
      </div>
      {work && (
        <div className={classes.progress}>
          <ProgressBar {...progressOf(work)} name={workName(work)} />
        </div>
      )}
      <div className={classes.state} aria-live="polite">
        <State scope={scope} mode={mode} lost={lost} added={added} onRetry={onRetry} />
        {pins}
        <SaidPlace />
      </div>
      <div className={classes.acts}>
        {stuck && (
          <Button size="xs" onClick={acts.goOn}>
            {acts.goesOnTo}
          </Button>
        )}
        {!stuck && item && !submitted && acts.askSkip && (
          <Hint command="work.skip">
            <Button
              size="xs"
              variant="default"
              leftSection={<SkipForward size={14} aria-hidden />}
              onClick={acts.askSkip}
            >
              Skip
            </Button>
          </Hint>
        )}
        {!stuck && item && submitted && mayTakeBack(mode) && (
          <Hint command="work.unsubmit">
            <Button size="xs" variant="default" leftSection={<Undo2 size={14} aria-hidden />} onClick={acts.unsubmit}>
              Unsubmit
            </Button>
          </Hint>
        )}
        {!stuck && item && submitted && (
          <Button size="xs" onClick={acts.goOn}>
            Next item
          </Button>
        )}
        {!stuck && item && !submitted && (
          <SubmitButton session={session} task={mode.task} words={acts.words} onSubmit={acts.submit} />
        )}
      </div>
    </section>
  )
}

const isPause = ({ refused }: Command): boolean => /\bpaused\b/.test(refused?.details ?? '')

/** Until a reviewer has it open, and not while other labelers are waited for. */
function mayTakeBack({ item, pendingOf }: WorkMode): boolean {
  if (!item) return false
  if (isSubmit(pendingOf(item))) return true
  if (item.state === workState.done) return item.decidedBy === ''
  return item.openedBy === '' && !waitsForOthers(item)
}

type StateProps = Pick<Props, 'scope' | 'mode' | 'lost' | 'added' | 'onRetry'>

function State({ scope, mode, lost, added, onRetry }: StateProps) {
  const nameOf = useNameOf(scope)
  const { item, work, foreign, error } = mode
  if (lost) return <span className={classes.bad}>{lost} Your edits are kept.</span>
  if (!item && foreign)
    return <span className={classes.bad}>This image is not, or no longer, in your queue. What you drew is kept.</span>
  if (!item && error) return <span className={classes.bad}>Your queue could not be loaded; it is tried again.</span>
  if (!item) return <span className={classes.dim}>Looking up your queue…</span>
  const pending = mode.pendingOf(item)
  if (pending?.refused && isPause(pending) && work && !work.paused)
    return <span className={classes.dim}>The task goes on: submit again.</span>
  if (pending?.refused) {
    return (
      <span className={classes.bad}>
        {pending.body.is === 'submit' ? 'Not submitted' : 'Refused'}: {refusalWords(pending, nameOf)}{' '}
        <button type="button" className={classes.link} onClick={() => onRetry(pending.id)}>
          Try again
        </button>
      </span>
    )
  }
  if (work?.paused) return <span className={classes.bad}>The task is paused: your work is saved, nothing is lost.</span>
  const badge = badgeOf(item, pending)
  if (badge === 'returned' || badge === 'denied') {
    const by = item.decidedBy ? ` by ${nameOf(item.decidedBy)}` : ''
    return (
      <>
        <WorkBadge kind={badge} />
        <span className={classes.reason} title={item.lastNote || undefined}>
          <b>
            {badge === 'denied' ? 'Denied' : 'Returned'}
            {by}
          </b>
          {item.lastNote ? `: “${item.lastNote}”` : badge === 'denied' ? '' : ': changes requested'}
        </span>
        {added && (
          <span className={classes.dim} title={added}>
            {added}
          </span>
        )}
      </>
    )
  }
  if (isSubmit(pending)) {
    return (
      <>
        <WorkBadge kind="submitted" />
        <span className={classes.dim}>Submitted here, on its way to the server</span>
      </>
    )
  }
  if (item.state === workState.waiting || item.state === workState.done) {
    const text =
      item.state === workState.done
        ? item.decidedBy
          ? `Approved by ${nameOf(item.decidedBy)}`
          : 'Done'
        : item.openedBy
          ? `${nameOf(item.openedBy)} is reviewing it`
          : waitsForOthers(item)
            ? 'Submitted: waits for the other labelers'
            : 'Submitted: waits for review'
    return (
      <>
        <WorkBadge kind={badge} />
        <span className={classes.dim}>{text}</span>
      </>
    )
  }
  if (item.skips > 0 && item.skipReason) return <span className={classes.dim}>You skipped it: {item.skipReason}</span>
  return null
}
