import { useRouter } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useRef, useState } from 'react'
import { appHref } from '#app/appHref.ts'
import { useFollow } from '#app/frame/useFollow.ts'
import { useChangedInputs } from '#app/session/useSyncStatus.ts'
import { WorkBadge } from '#app/work/WorkBadge.tsx'
import { type BadgeKind, badgeLabels } from '#app/work/workBadges.ts'
import { dotOf } from '#app/workspace/session/inputStatus.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import type { InputScope } from '#sync/scope.ts'
import { painted } from '#ui/painted.ts'
import { type DotKind, dotLabels, StatusDot } from '#ui/StatusDot.tsx'
import classes from './FilmstripBar.module.css'
import type { ImageQueue, WorkspaceSearch } from './imageQueue.ts'
import type { Filmstrip } from './useFilmstrip.ts'

const GAP = 6

interface Props {
  scope: InputScope
  strip: Filmstrip
  /** px */
  height: number
  /** the dot of the open image, known here before the server counts it */
  currentDot: DotKind | undefined
  /** the images are those of a queue: their badges say how far that is */
  queue?: ImageQueue | undefined
  /** the open item is no longer this person's */
  lost?: boolean
}

/** Every image of the app in a row, the open one marked. Arrows move along it, Enter opens. */
export const FilmstripBar = memo(function FilmstripBar({
  scope,
  strip,
  height,
  currentDot,
  queue,
  lost = false,
}: Props) {
  const scroller = useRef<HTMLElement>(null)
  const unsent = useChangedInputs(scope)
  const side = height - 16
  const place = strip.current?.place
  const total = strip.total ?? 0
  const cells = useVirtualizer({
    horizontal: true,
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => side * 1.25 + GAP,
    overscan: 4,
    paddingStart: 8,
    paddingEnd: 8,
  })
  const items = cells.getVirtualItems()
  const [focused, setFocused] = useState<number>()
  const { show } = strip
  const first = items[0]?.index
  const last = items.at(-1)?.index
  useEffect(() => {
    if (first !== undefined && last !== undefined) show(first + 1, last + 1)
  }, [show, first, last])
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes follow the height
  useEffect(() => cells.measure(), [side])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another image scrolls
  useEffect(() => {
    let left = false
    // measuring the strip takes a layout of the page, which the image need not wait for
    void painted().then(() => {
      if (place !== undefined && !left) cells.scrollToIndex(place - 1, { align: 'center' })
    })
    return () => {
      left = true
    }
  }, [place, total > 0])
  const onKeyDown = (event: React.KeyboardEvent) => {
    const at = focused ?? place ?? 1
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 1, End: total }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = Math.min(total, Math.max(1, to))
    setFocused(next)
    cells.scrollToIndex(next - 1)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-place="${next}"]`)?.focus())
  }
  const tabStop = focused ?? place
  const { stringifySearch } = useRouter().options
  const hrefAt = (at: number) => {
    const search: WorkspaceSearch = queue?.searchAt(at) ?? {}
    return `${appHref(scope)}/inputs/${encodeURIComponent(strip.at(at)?.inputId ?? '')}${stringifySearch(search)}`
  }
  return (
    <nav
      ref={scroller}
      aria-label="Images"
      className={classes.strip}
      onKeyDown={onKeyDown}
      onBlur={() => setFocused(undefined)}
    >
      <div className={classes.row} style={{ width: cells.getTotalSize() }}>
        {items.map(({ index, start, size }) => (
          <div key={index} className={classes.slot} style={{ transform: `translateX(${start}px)`, width: size - GAP }}>
            <Cell
              {...shownOf(strip.at(index + 1))}
              href={hrefAt(index + 1)}
              place={index + 1}
              total={total}
              current={index + 1 === place}
              dot={dotFor(strip.at(index + 1), index + 1 === place ? currentDot : undefined, unsent)}
              tabbable={index + 1 === tabStop}
              badge={lost && index + 1 === place ? 'leased' : queue?.badgeAt(index + 1)}
            />
          </div>
        ))}
      </div>
    </nav>
  )
})

const dotFor = (
  summary: InputSummary | undefined,
  own: DotKind | undefined,
  unsent: ReturnType<typeof useChangedInputs>,
) => own ?? (summary && dotOf(summary, unsent.get(summary.inputId)))

interface CellProps {
  /** undefined: not loaded */
  name: string | undefined
  kind: string
  thumbnailUrl: string
  href: string
  place: number
  total: number
  current: boolean
  dot: DotKind | undefined
  tabbable: boolean
  badge: BadgeKind | undefined
}

const shownOf = (summary: InputSummary | undefined) => ({
  name: summary && (summary.filename || summary.inputId),
  kind: summary?.kind || 'image',
  thumbnailUrl: summary?.thumbnailUrl ?? '',
})

/** Renders only when something of its own has changed: of twenty, two do from image to image. */
const Cell = memo(function Cell({
  name,
  kind,
  thumbnailUrl,
  href,
  place,
  total,
  current,
  dot,
  tabbable,
  badge,
}: CellProps) {
  const [failed, setFailed] = useState<string>()
  const follow = useFollow()
  if (name === undefined || !dot) return <div className={classes.blank} />
  return (
    <a
      href={href}
      onClick={follow}
      className={classes.cell}
      aria-current={current ? 'page' : undefined}
      aria-label={`${place} of ${total}: ${name}, ${badge ? badgeLabels[badge] : dotLabels[dot]}`}
      title={name}
      data-place={place}
      tabIndex={tabbable ? 0 : -1}
      draggable={false}
    >
      {thumbnailUrl && thumbnailUrl !== failed ? (
        <img
          src={thumbnailUrl}
          alt=""
          loading="lazy"
          decoding="async"
          className={classes.image}
          draggable={false}
          onError={() => setFailed(thumbnailUrl)}
        />
      ) : (
        <span className={classes.kind}>{kind}</span>
      )}
      <span className={classes.badge} aria-hidden>
        {badge ? <WorkBadge kind={badge} /> : <StatusDot kind={dot} />}
      </span>
    </a>
  )
})
