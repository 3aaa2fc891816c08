import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { BookOpen, Check, GitCompareArrows, MapPin, MapPinOff, Pencil, Reply, RotateCcw, Users, X } from 'lucide-react'
import { useStore } from 'zustand'
import { ButtonLink } from '#app/frame/ButtonLink.tsx'
import { Initials } from '#app/frame/Initials.tsx'
import { count } from '#app/messages.ts'
import { pinsShown } from '#app/notes/useNotes.ts'
import work from '#app/work/WorkBar.module.css'
import { workName } from '#app/work/workWords.ts'
import { Hint } from '#app/workspace/Hint.tsx'
import type { AppScope } from '#sync/scope.ts'
import { SaidPlace } from '#ui/SaidPlace.tsx'
import classes from './ReviewBar.module.css'
import { closedWords, isConsensus, sampleOf } from './reviewWords.ts'
import type { ReviewMode } from './useReviewMode.ts'
import type { SinceSentBack } from './useSentBack.ts'

export interface ReviewActs {
  readonly approve: () => void
  readonly requestChanges: () => void
  readonly deny: () => void
  readonly fix: () => void
  readonly stopFixing: () => void
  readonly goOn: () => void
}

interface Props {
  scope: AppScope
  mode: ReviewMode
  acts: ReviewActs
  /** undefined: it is not approved, or not theirs to reopen */
  onReopen: (() => void) | undefined
  nameOf: (userId: string) => string
  fixing: boolean
  /** pins on the image */
  pins: number
  since: SinceSentBack | undefined
  comparing: boolean
  onCompare: (on: boolean) => void
  onInstructions: (() => void) | undefined
}

/** Whose work it is, how it came here, and what can be decided. */
export function ReviewBar(props: Props) {
  const { scope, mode, acts, onReopen, nameOf, fixing, pins, since, comparing, onCompare, onInstructions } = props
  const { item, details } = mode
  const pending = item && mode.verdicts.pendingOf(item)
  const closed = closedWords(mode, pending, nameOf)
  const decides = item !== undefined && closed === undefined
  const shown = useStore(pinsShown, (state) => state.shown)
  const sample = sampleOf(details)
  // one of several answers is not approved by itself: the server refuses it, so Compare stands where Approve would
  const compared = isConsensus(mode) && decides && !fixing && (item?.othersWaiting ?? 0) > 0
  return (
    <section className={work.bar} aria-label="Review">
      <div className={work.what}>
        <Link
          to="/apps/$user/$app/review"
          params={{ user: scope.owner, app: scope.app }}
          search={{}}
          className={work.name}
          title="Everything that waits for review"
        >
          {mode.task === '' ? 'Review' : (details?.name ?? (mode.work ? workName(mode.work) : 'Review'))}
        </Link>
        {onInstructions && (
          <button type="button" className={work.plain} aria-label="Instructions" onClick={onInstructions}>
            <BookOpen size={15} aria-hidden />
          </button>
        )}
      </div>
      {item && (
        <span className={classes.author}>
          <Initials name={nameOf(item.workerId)} size={22} />
          <span className={classes.clip}>{nameOf(item.workerId)}</span>
          {item.sentBack > 0 && <span className={classes.round}>Round {item.sentBack + 1}</span>}
          {mode.agreement !== undefined && (
            <span className={work.dim} title="How far the labelers of this image agree">
              {Math.round(mode.agreement * 100)}% agreement
            </span>
          )}
        </span>
      )}
      <div className={work.state} aria-live="polite">
        {closed ? (
          <span className={closed.bad ? work.bad : work.dim}>{closed.text}</span>
        ) : fixing ? (
          <span className={classes.fixing}>You are fixing it: what you change is saved as you draw.</span>
        ) : (
          <span className={work.dim}>
            {mode.waiting > 0 && `${count(mode.waiting, 'image')} waiting`}
            {sample !== undefined && ` · ${sample}% of the task is reviewed, chosen at random`}
          </span>
        )}
        <SaidPlace />
      </div>
      <div className={work.acts}>
        {isConsensus(mode) && item?.input && (
          <ButtonLink
            size="xs"
            variant={compared ? 'filled' : 'default'}
            leftSection={<Users size={14} aria-hidden />}
            to="/apps/$user/$app/inputs/$input"
            params={{ user: scope.owner, app: scope.app, input: item.input.inputId }}
            search={{ consensus: mode.task }}
          >
            Compare people
          </ButtonLink>
        )}
        {since && (
          <Hint command="review.compare">
            <Button
              size="xs"
              variant={comparing ? 'light' : 'default'}
              leftSection={<GitCompareArrows size={14} aria-hidden />}
              aria-pressed={comparing}
              onClick={() => onCompare(!comparing)}
            >
              {count(since.changes.length, 'change')}
            </Button>
          </Hint>
        )}
        {pins > 0 && (
          <Hint command="notes.toggle">
            <Button
              size="xs"
              variant="default"
              leftSection={shown ? <MapPin size={14} aria-hidden /> : <MapPinOff size={14} aria-hidden />}
              aria-pressed={shown}
              onClick={() => pinsShown.setState({ shown: !shown })}
            >
              {pins}
              <span className="visually-hidden"> pins</span>
            </Button>
          </Hint>
        )}
        {onReopen && (
          <Button
            size="xs"
            variant="default"
            leftSection={<RotateCcw size={14} aria-hidden />}
            onClick={onReopen}
            title="It is no longer approved, and goes back to who labelled it with your reason"
          >
            Reopen…
          </Button>
        )}
        {closed && (
          <Button size="xs" onClick={acts.goOn}>
            {mode.queue.next ? 'Next item' : 'Back to the review'}
          </Button>
        )}
        {decides && fixing && (
          <>
            <Button size="xs" variant="default" onClick={acts.stopFixing}>
              Stop fixing
            </Button>
            <Hint command="review.fixed">
              <Button size="xs" color="green" leftSection={<Check size={14} aria-hidden />} onClick={acts.approve}>
                Fix and approve
              </Button>
            </Hint>
          </>
        )}
        {decides && !fixing && (
          <>
            <Hint command="review.fix">
              <Button size="xs" variant="default" leftSection={<Pencil size={14} aria-hidden />} onClick={acts.fix}>
                Fix
              </Button>
            </Hint>
            <Hint command="review.deny">
              <Button
                size="xs"
                variant="default"
                c="var(--danger)"
                leftSection={<X size={14} aria-hidden />}
                onClick={acts.deny}
              >
                Deny
              </Button>
            </Hint>
            <Hint command="review.changes">
              <Button
                size="xs"
                variant="default"
                leftSection={<Reply size={14} aria-hidden />}
                onClick={acts.requestChanges}
              >
                Request changes
              </Button>
            </Hint>
            {!compared && (
              <Hint command="review.approve">
                <Button size="xs" color="green" leftSection={<Check size={14} aria-hidden />} onClick={acts.approve}>
                  Approve
                </Button>
              </Hint>
            )}
          </>
        )}
      </div>
    </section>
  )
}
