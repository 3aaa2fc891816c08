import { Code, ConnectError } from '@connectrpc/connect'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import { workState } from '#app/work/workStates.ts'
import type { ImageQueue, WorkspaceSearch } from '#app/workspace/filmstrip/imageQueue.ts'
import type { Filmstrip } from '#app/workspace/filmstrip/useFilmstrip.ts'
import type { Work, WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { TaskReview_TaskReviewStrategy as Strategy, type Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { classify } from '#sync/errors.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { appKey, type InputScope } from '#sync/scope.ts'
import { openWork, taskQuery, workQuery } from '#sync/work.ts'
import { isOrder, ordered } from './queueOrder.ts'
import { itemKey, nextWaiting, reviewBadge, type Walked, walked } from './reviewList.ts'
import { useAgreement } from './useAgreement.ts'
import { useKnownWork } from './useKnownWork.ts'
import { useReviewQueue } from './useReviewQueue.ts'
import { useVerdicts, type Verdicts } from './useVerdicts.tsx'

/** Open work is said to be open this often: nobody else is given it, and its author does not take it back. */
const RENEW_MS = 30_000
/** What others decide or submit meanwhile is seen after this long, ms. */
const EVERY_MS = 20_000

/** Which piece of work is reviewed, and what comes after it, as the address says. */
export interface Reviewed extends Pick<WorkspaceSearch, 'among' | 'author' | 'order'> {
  /** empty: an order outside of tasks */
  readonly task: string
  readonly item: string
}

/** The open input as a piece of somebody's work that is reviewed. */
export interface ReviewMode {
  readonly task: string
  readonly work: Work | undefined
  readonly details: Task | undefined
  /** undefined while it is looked for, or when it cannot be had */
  readonly item: WorkItem | undefined
  /** why it is not for this person to decide, or no longer */
  readonly closed: 'decided' | 'returned' | 'taken back' | 'opened' | 'gone' | 'own' | undefined
  readonly error: unknown
  readonly verdicts: Verdicts
  /** how many wait, this one included */
  readonly waiting: number
  readonly agreement: number | undefined
  readonly queue: ImageQueue
  readonly strip: Filmstrip | undefined
}

const nothing: readonly Work[] = []

/** @param reviewed undefined: the input is not open to be reviewed */
export function useReviewMode(scope: InputScope, reviewed: Reviewed | undefined): ReviewMode | undefined {
  const { clients, person } = useApp()
  const { owner, app, input } = scope
  const task = reviewed?.task ?? ''
  const asked = reviewed !== undefined
  const opened = useQuery({
    queryKey: [...queryKeys.work(scope), 'open', task, input, reviewed?.item] as const,
    queryFn: () => openWork(clients, { owner, app }, { task, input, item: reviewed?.item ?? '' }),
    enabled: asked,
    refetchInterval: RENEW_MS,
    retry: (failures, error) => classify(error) === 'retry' && failures < 3,
    gcTime: 0,
  })
  const list = useQuery({ ...workQuery(clients, scope), enabled: asked, refetchInterval: EVERY_MS })
  const { data: details } = useQuery({ ...taskQuery(clients, scope, task), enabled: asked && task !== '' })
  const works = useMemo(() => {
    const all = asked ? (list.data?.work ?? nothing).filter(({ isReviewer }) => isReviewer) : nothing
    return reviewed?.among === 'all' ? all : all.filter(({ taskId }) => taskId === task)
  }, [asked, list.data, reviewed?.among, task])
  const consensusTasks = useMemo(
    () => new Set(works.filter((work) => work.reviewStrategy === Strategy.CONSENSUS).map(({ taskId }) => taskId)),
    [works],
  )
  const found = useReviewQueue(scope, works, reviewed?.author ? [reviewed.author] : [])
  const agreement = useAgreement(scope, works)
  const verdicts = useVerdicts(scope)
  const order = isOrder(reviewed?.order) ? reviewed.order : 'age'
  const sorted = useMemo(() => ordered(found.items, order, agreement.of), [found.items, order, agreement])
  const item = opened.data?.id === reviewed?.item ? opened.data : undefined
  const items = useKnownWork(scope, {
    key: `${appKey(scope)}/${asked}/${reviewed?.among}/${task}/${reviewed?.author}/${order}`,
    fresh: sorted,
    complete: list.data !== undefined && !found.pending,
    open: item,
  })
  return useMemo(() => {
    if (!reviewed) return undefined
    const key = item ? itemKey(item) : `${task}/${input}/${reviewed.item}`
    const pendingOf = (one: WorkItem) => verdicts.pendingOf(one)
    const waits = (one: WorkItem) => {
      const pending = pendingOf(one)
      const decided = pending ? !pending.refused : verdicts.givenOf(one) !== undefined
      return one.state === workState.waiting && !one.openedBy && !decided
    }
    const badge = (one: WorkItem) => reviewBadge(one, pendingOf(one), verdicts.givenOf(one))
    const cards = walked(items, consensusTasks, key, waits)
    const entries = cards.map((card) => card.item)
    const searchOf = ({ item: one, compared }: Walked): WorkspaceSearch => ({
      ...(compared ? { consensus: one.taskId } : { review: one.taskId, item: one.id }),
      ...(!compared && reviewed.among && { among: reviewed.among }),
      ...(!compared && reviewed.author && { author: reviewed.author }),
      ...(!compared && order !== 'age' && { order }),
    })
    const next = nextWaiting(entries, key, waits)
    const nextCard = cards.find((card) => card.item === next)
    // nobody reviews their own work, unless the app lets them: then the server lists it
    const listed = found.pending || found.items.some((one) => itemKey(one) === key)
    const isOwn = (one: WorkItem | undefined) => one?.workerId === person.id && !listed
    return {
      task,
      work: list.data?.work.find(({ taskId }) => taskId === task),
      details,
      item,
      closed: closedBy(item, opened.error) ?? (isOwn(item) ? 'own' : undefined),
      error: item ? undefined : opened.error,
      verdicts,
      waiting: entries.filter(waits).length,
      agreement: item && agreement.of(item),
      strip: stripOf(entries, key),
      queue: {
        searchAt: (place) => (cards[place - 1] ? searchOf(cards[place - 1]!) : {}),
        badgeAt: (place) => entries[place - 1] && badge(entries[place - 1]!),
        next: nextCard?.item.input && { input: nextCard.item.input, search: searchOf(nextCard) },
        atEnd: 'Nothing else waits for your review here.',
      },
    }
  }, [
    reviewed,
    item,
    items,
    task,
    input,
    list.data,
    details,
    opened.error,
    verdicts,
    agreement,
    order,
    person.id,
    found,
    consensusTasks,
  ])
}

function closedBy(item: WorkItem | undefined, error: unknown): ReviewMode['closed'] {
  if (!item) {
    const gone =
      error instanceof ConnectError && [Code.NotFound, Code.PermissionDenied, Code.Aborted].includes(error.code)
    return gone || (error && classify(error) === 'refused') ? 'gone' : undefined
  }
  if (item.state === workState.waiting) return item.openedBy ? 'opened' : undefined
  if (item.state === workState.done) return 'decided'
  return item.state === workState.returned ? 'returned' : 'taken back'
}

function stripOf(items: readonly WorkItem[], open: string): Filmstrip | undefined {
  const at = (place: number) => {
    const summary = items[place - 1]?.input
    return summary && { ...summary, place }
  }
  const place = items.findIndex((item) => itemKey(item) === open) + 1
  if (place === 0) return undefined
  return {
    total: items.length,
    current: at(place),
    at,
    show: () => undefined,
    error: undefined,
    missing: false,
    retry: () => undefined,
  }
}
