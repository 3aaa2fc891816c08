import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import { count } from '#app/messages.ts'
import work from '#app/work/WorkBar.module.css'
import { classify } from '#sync/errors.ts'
import type { AppScope } from '#sync/scope.ts'
import { SaidPlace } from '#ui/SaidPlace.tsx'
import type { ConsensusMode } from './useConsensusMode.ts'

const isRefused = (error: unknown): boolean => classify(error) === 'refused'

interface Props {
  scope: AppScope
  mode: ConsensusMode
  /** why it cannot be settled */
  why: string | undefined
  settles: boolean
  /** how many regions the answer has */
  kept: number
  onSettle: () => void
  /** all of it goes back to those who made it */
  onSendBack: () => void
  /** undefined: nothing of it is approved, or it is not theirs to reopen */
  onReopen: (() => void) | undefined
  onNext: () => void
}

/** How far people agree on the open image, and the way to make one answer of theirs. */
export function ConsensusBar({ scope, mode, why, settles, kept, onSettle, onSendBack, onReopen, onNext }: Props) {
  const { agreement, details, task } = mode
  const name = task === '' ? 'Consensus' : (details?.name ?? 'Task')
  return (
    <section className={work.bar} aria-label="Consensus">
      <div className={work.what}>
        {task === '' ? (
          <span className={work.name}>{name}</span>
        ) : (
          <Link
            to="/apps/$user/$app/tasks/$task/agreement"
            params={{ user: scope.owner, app: scope.app, task }}
            className={work.name}
            title="Agreement in this task"
          >
            {name}
          </Link>
        )}
      </div>
      <div className={work.state} aria-live="polite">
        {agreement?.agreement !== undefined && (
          <b>
            {Math.round(agreement.agreement * 100)}% agreement of{' '}
            {count(agreement.workerIds.length, 'person', 'people')}
          </b>
        )}
        {agreement && agreement.agreement === undefined && (
          <span className={work.dim}>Fewer than two people have submitted it.</span>
        )}
        {why && <span className={work.dim}>{why}</span>}
        {mode.error !== null && mode.error !== undefined && (
          <span className={work.bad}>
            {isRefused(mode.error)
              ? 'Only reviewers and the owner see what several people made of it.'
              : 'How far people agree could not be loaded; it is tried again.'}
          </span>
        )}
        <SaidPlace />
      </div>
      <div className={work.acts}>
        {onReopen && (
          <Button
            size="xs"
            variant="default"
            onClick={onReopen}
            title="What is approved here goes back to those who labelled it, with your reason"
          >
            Reopen…
          </Button>
        )}
        <Button size="xs" variant="default" onClick={onNext}>
          {mode.queue.next ? 'Next' : 'All images'}
        </Button>
        {settles && (
          <Button
            size="xs"
            variant="default"
            onClick={onSendBack}
            title="Everybody labels it once more, and reads your reason first"
          >
            Send back…
          </Button>
        )}
        {settles && (
          <Button
            size="xs"
            color="green"
            leftSection={<Check size={14} aria-hidden />}
            onClick={onSettle}
            title="What is chosen is the answer; the rest is put aside; nobody has to label it again"
          >
            Settle with {count(kept, 'region')}
          </Button>
        )}
      </div>
    </section>
  )
}
