import { useRouter } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { cellAfterKey } from '#app/inputs/gridKeys.ts'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import type { WorkspaceSearch } from '#app/workspace/filmstrip/imageQueue.ts'
import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'
import type { Verdict } from '#sync/commands.ts'
import type { AppScope } from '#sync/scope.ts'
import { plainToast } from '#ui/toast.tsx'
import classes from './Review.module.css'
import { ReviewCard } from './ReviewCard.tsx'
import { isJudged } from './together.ts'

const CARD = 260
const GAP = 14

interface Props {
  scope: AppScope
  /** a piece of work each, or what several people made of one image, which is compared and not judged here */
  cards: readonly (readonly [WorkItem, ...WorkItem[]])[]
  /** of the grid, CSS px; 0 until it is known */
  width: number
  concepts: Concepts
  nameOf: (id: string) => string
  agreement: (item: WorkItem) => number | undefined
  /** of a task, where several are shown */
  taskName: ((taskId: string) => string) | undefined
  /** what the opened one is among: it goes on from there */
  among: Pick<WorkspaceSearch, 'among' | 'author' | 'order'>
  onJudge: (items: readonly WorkItem[], verdict: Verdict) => void
  onApproveAll: () => void
}

const verdictOf: Readonly<Record<string, Verdict>> = { KeyY: 'approve', KeyU: 'changes', KeyX: 'deny' }

/** Large thumbnails; arrows walk them, Y, U and X decide, Enter opens, Shift+Y approves all. */
export function ReviewGrid(props: Props) {
  const { scope, cards, width, concepts, nameOf, agreement, taskName, among, onJudge, onApproveAll } = props
  const router = useRouter()
  const list = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(0)
  const at = Math.max(0, Math.min(current, cards.length - 1))
  const columns = Math.max(1, Math.floor((width + GAP) / (CARD + GAP)))
  const focused = useRef(false)
  // the card that was decided has gone: its neighbour takes the focus with its place; a page that has just come is ready
  // for its keys
  const here = cards[at]?.[0].id
  useEffect(() => {
    if (here && (focused.current || isFree(document.activeElement))) cellAt(list.current, at)?.focus()
  }, [at, here])
  if (cards.length === 0 || width === 0) return null

  function open(card: readonly [WorkItem, ...WorkItem[]]) {
    const [item] = card
    const { inputId: input } = item.input ?? {}
    if (input === undefined) return
    void router.navigate({
      to: '/apps/$user/$app/inputs/$input',
      params: { user: scope.owner, app: scope.app, input },
      search: !isJudged(card) ? { consensus: item.taskId } : { review: item.taskId, item: item.id, ...among },
    })
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const card = cards[at]
    const verdict = verdictOf[event.code]
    const next = cellAfterKey(event.key, at, false, { total: cards.length, columns, rowsInView: 3 })
    if (verdict === 'approve' && event.shiftKey && !event.repeat) onApproveAll()
    else if (verdict && card && !event.repeat) {
      if (isJudged(card)) onJudge(card, verdict)
      else plainToast('Several people labelled this image: Enter compares what they made.')
    } else if (event.key === 'Enter' && card) open(card)
    else if (next !== undefined) setCurrent(next)
    else return
    event.preventDefault()
  }

  return (
    <div
      ref={list}
      role="listbox"
      aria-label="Waiting for review"
      className={classes.grid}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
      onKeyDown={onKeyDown}
      onFocus={() => {
        focused.current = true
      }}
      onBlur={(event) => {
        // a card that goes away while it has the focus leaves it nowhere: that is no leaving
        if (event.relatedTarget) focused.current = event.currentTarget.contains(event.relatedTarget)
      }}
    >
      {cards.map((card, i) => (
        <div
          key={`${card[0].taskId}/${card[0].input?.inputId}/${card[0].id}`}
          role="presentation"
          className={classes.card}
          data-current={i === at || undefined}
        >
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the list around it has the keys of all its options */}
          <div
            role="option"
            aria-selected={i === at}
            tabIndex={i === at ? 0 : -1}
            className={classes.item}
            onFocus={() => setCurrent(i)}
            onClick={() => setCurrent(i)}
            onDoubleClick={() => open(card)}
          >
            <ReviewCard
              scope={scope}
              items={card}
              concepts={concepts}
              nameOf={nameOf}
              agreement={agreement(card[0])}
              task={taskName?.(card[0].taskId)}
            />
          </div>
          {isJudged(card) ? (
            <Verdicts name={card[0].input?.filename ?? ''} onJudge={(verdict) => onJudge(card, verdict)} />
          ) : (
            <span className={classes.verdicts} aria-hidden>
              <button type="button" tabIndex={-1} onClick={() => open(card)}>
                Compare
              </button>
            </span>
          )}
        </div>
      ))}
    </div>
  )
}

const cellAt = (list: HTMLElement | null, i: number) => list?.querySelectorAll<HTMLElement>('[role="option"]')[i]

/** For the mouse; the keys do the same. A list of options holds no controls: hidden from assistive technology. */
function Verdicts({ name, onJudge }: { name: string; onJudge: (verdict: Verdict) => void }) {
  const button = (verdict: Verdict, text: string) => (
    <button
      type="button"
      tabIndex={-1}
      data-verdict={verdict}
      title={`${text} ${name}`}
      onClick={() => onJudge(verdict)}
    >
      {text}
    </button>
  )
  return (
    <span className={classes.verdicts} aria-hidden>
      {button('approve', 'Approve')}
      {button('changes', 'Request changes')}
      {button('deny', 'Deny')}
    </span>
  )
}

/** Nothing that takes keys has the focus: no field, no dialog, no button; a link that led here does not count. */
const isFree = (focused: Element | null): boolean =>
  focused === null || focused === document.body || focused.matches('nav a')
