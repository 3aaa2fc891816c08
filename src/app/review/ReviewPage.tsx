import { Alert, Button, Select, Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { CheckCheck } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import { useNameOf } from '#app/people/useNameOf.ts'
import { inputNameOf, refusalWords } from '#app/work/refusalWords.ts'
import { workName } from '#app/work/workWords.ts'
import { useConcepts } from '#app/workspace/concepts/useConcepts.ts'
import type { Work, WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { TaskReview_TaskReviewStrategy as Strategy } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Verdict } from '#sync/commands.ts'
import type { AppScope } from '#sync/scope.ts'
import { workQuery } from '#sync/work.ts'
import { ErrorState } from '#ui/ErrorState.tsx'
import { Kbd } from '#ui/Kbd.tsx'
import { plainToast } from '#ui/toast.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { NothingToReview, WaitsElsewhere } from './NothingToReview.tsx'
import { type Order, ordered, orders, orderTitles } from './queueOrder.ts'
import { type Asking, ReasonDialog } from './ReasonDialog.tsx'
import classes from './Review.module.css'
import { ReviewGrid } from './ReviewGrid.tsx'
import { answeredWords, isApprovable, isMarked, together } from './together.ts'
import { useAgreement } from './useAgreement.ts'
import { useReviewQueue } from './useReviewQueue.ts'
import { useVerdicts } from './useVerdicts.tsx'

const route = getRouteApi('/signed-in/apps/$user/$app/review')
const EVERY_MS = 20_000

/** Everything that waits for a verdict of the signed-in person, to be decided at a glance or opened. */
export function ReviewPage() {
  const { user, app } = route.useParams()
  const scope = useMemo(() => ({ owner: user, app }), [user, app])
  usePageTitle('Review', app)
  const { clients } = useApp()
  const query = useQuery({ ...workQuery(clients, scope), refetchInterval: EVERY_MS })
  const works = query.data?.work.filter(({ toReview, isReviewer }) => toReview > 0 || isReviewer) ?? []
  return (
    <div className={classes.page}>
      {query.isPending && <Skeleton height={400} radius={8} />}
      {query.error && !query.data && (
        <ErrorState
          title="What waits for review could not be loaded"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      )}
      {query.data && <Queue scope={scope} works={works} />}
    </div>
  )
}

function Queue({ scope, works }: { scope: AppScope; works: readonly Work[] }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const nameOf = useNameOf(scope)
  const concepts = useConcepts(scope)
  const verdicts = useVerdicts(scope)
  const chosen = search.task === undefined ? works : works.filter(({ taskId }) => taskId === search.task)
  const queue = useReviewQueue(scope, chosen, search.author === undefined ? [] : [search.author])
  const agreement = useAgreement(scope, chosen)
  const [asking, setAsking] = useState<Asking & { of: readonly WorkItem[] }>()
  const order = search.order ?? 'age'
  const decided = useMemo(
    () => new Set(verdicts.pending.filter(({ refused }) => !refused).map(({ body }) => `${body.task}/${body.item}`)),
    [verdicts.pending],
  )
  const items = useMemo(
    () => ordered(queue.items, order, agreement.of).filter((item) => !decided.has(`${item.taskId}/${item.id}`)),
    [queue.items, order, agreement, decided],
  )
  const consensus = useMemo(
    () =>
      new Set(works.filter(({ reviewStrategy }) => reviewStrategy === Strategy.CONSENSUS).map(({ taskId }) => taskId)),
    [works],
  )
  const cards = useMemo(() => together(items, consensus), [items, consensus])
  const approvable = cards.filter(isApprovable)
  const alone = approvable.filter((card) => !isMarked(card)).map(([item]) => item)
  const marked = approvable.length - alone.length
  const authors = [
    ...new Set([...queue.items.map(({ workerId }) => workerId), ...(search.author ? [search.author] : [])]),
  ]
  const filter = (changed: { task?: string | undefined; author?: string | undefined; order?: Order }) => {
    const { task, author, order } = { ...search, ...changed }
    void navigate({
      search: {
        ...(task !== undefined && { task }),
        ...(author && { author }),
        ...(order && order !== 'age' && { order }),
      },
      replace: true,
    })
  }
  const judge = (of: readonly WorkItem[], verdict: Verdict) => {
    const [first] = of
    if (!first) return
    const answered = of.length === 1 ? answeredWords(first, nameOf) : undefined
    if (verdict === 'approve' && answered) plainToast(answered)
    else if (verdict === 'approve') verdicts.give(of, verdict)
    else setAsking({ verdict, items: of.length, of })
  }
  const taskName = (id: string) => {
    const work = works.find(({ taskId }) => taskId === id)
    return id === '' || !work ? 'Outside of tasks' : workName(work)
  }
  const total = chosen.reduce((sum, { toReview }) => sum + toReview, 0)
  const refused = verdicts.pending.filter((command) => command.refused)
  const { ref, width } = useElementSize<HTMLDivElement>()
  return (
    <>
      <div className={classes.head}>
        <h1 className={classes.title}>Review</h1>
        <span className={`${classes.dim} ${classes.waits}`}>
          {waitingWords(cards.length, queue.more || queue.pending ? total - decided.size : undefined)}
        </span>
        <Select
          size="xs"
          className={classes.filter}
          aria-label="Task"
          placeholder="All tasks"
          clearable
          value={search.task ?? null}
          onChange={(task) => filter({ task: task ?? undefined })}
          data={works.map((work) => ({
            value: work.taskId,
            label: taskName(work.taskId),
          }))}
        />
        <Select
          size="xs"
          className={classes.filter}
          aria-label="Author"
          placeholder="All authors"
          clearable
          value={search.author ?? null}
          onChange={(author) => filter({ author: author ?? undefined })}
          data={authors.map((id) => ({ value: id, label: nameOf(id) }))}
        />
        <Select
          size="xs"
          className={classes.filter}
          aria-label="Order"
          allowDeselect={false}
          value={order}
          onChange={(value) => value && filter({ order: value as Order })}
          data={orders
            .filter((one) => one !== 'agreement' || agreement.known)
            .map((value) => ({ value, label: orderTitles[value] }))}
        />
        <span className={classes.space} />
        <span className={classes.keys}>
          <Kbd keys="Y" /> approve <Kbd keys="U" /> request changes <Kbd keys="X" /> deny <Kbd keys="Enter" /> open
        </span>
        <Button
          variant="default"
          leftSection={<CheckCheck size={14} />}
          disabled={alone.length === 0}
          title={
            alone.length + marked < cards.length
              ? 'Not what several people made of one image: compare these'
              : undefined
          }
          onClick={() => judge(alone, 'approve')}
        >
          {approveAllWords(queue.pending ? undefined : alone.length, marked)}
        </Button>
      </div>
      {refused.map((command) => (
        <Alert
          key={command.id}
          color="red"
          role="alert"
          mb="md"
          title={`Your verdict on ${inputNameOf(command)} was not taken`}
          withCloseButton
          closeButtonLabel="Dismiss"
          onClose={() => verdicts.dismiss(command.id)}
        >
          {refusalWords(command, nameOf)}
        </Alert>
      ))}
      {queue.error !== undefined && queue.error !== null && (
        <ErrorState
          title="What waits for review could not be loaded"
          message={messageOf(queue.error)}
          onRetry={queue.retry}
          retrying={false}
        />
      )}
      {queue.pending && <Skeleton height={320} radius={8} />}
      {!queue.pending && items.length === 0 && !queue.more && (
        <NothingToReview scope={scope} works={chosen} nameOf={nameOf} />
      )}
      <div ref={ref}>
        <ReviewGrid
          scope={scope}
          cards={cards}
          width={width}
          concepts={concepts}
          nameOf={nameOf}
          agreement={agreement.of}
          taskName={works.length > 1 && search.task === undefined ? taskName : undefined}
          among={{
            ...(search.task === undefined && { among: 'all' as const }),
            ...(search.author && { author: search.author }),
            ...(order !== 'age' && { order }),
          }}
          onJudge={judge}
          onApproveAll={() => judge(alone, 'approve')}
        />
      </div>
      {items.length > 0 && <WaitsElsewhere scope={scope} works={chosen} nameOf={nameOf} />}
      {queue.more && (
        <Button variant="default" mt="md" loading={queue.loadingMore} onClick={queue.more}>
          Show more
        </Button>
      )}
      <ReasonDialog
        asking={asking}
        onClose={() => setAsking(undefined)}
        onGive={(reason) => {
          if (asking) verdicts.give(asking.of, asking.verdict, reason)
          setAsking(undefined)
        }}
      />
      <span className="visually-hidden" aria-live="polite">
        {!queue.pending && `${count(cards.length, 'image')} shown`}
      </span>
    </>
  )
}

/** @param n undefined: not known yet; `marked`: with open notes, left out */
function approveAllWords(n: number | undefined, marked: number): string {
  if (n === undefined) return 'Approve all shown'
  return `Approve all shown (${n})${marked > 0 ? `, without ${marked} with open pins` : ''}`
}

/** "3 images wait"; as far as it is known. @param total of all pages, undefined: all are shown */
function waitingWords(shown: number, total: number | undefined): string {
  const n = Math.max(total ?? 0, shown)
  return `${count(n, 'image')} ${n === 1 ? 'waits' : 'wait'}`
}
