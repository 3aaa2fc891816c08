import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { ArrowRight, CheckCheck } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'
import { ButtonLink } from '#app/frame/ButtonLink.tsx'
import { Thumbnail } from '#app/inputs/Thumbnail.tsx'
import { count, messageOf } from '#app/messages.ts'
import { useNameOf } from '#app/people/useNameOf.ts'
import type { Work } from '#gen/marquee/v1/team_pb.ts'
import { annotationsQuery } from '#sync/annotations.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { failureToast, plainToast } from '#ui/toast.tsx'
import { countIn, progressOf } from './continueWith.ts'
import { type NextItem, nextItem, takeNext } from './nextItem.ts'
import classes from './WorkPage.module.css'
import { workSearch } from './workLink.ts'
import { workName } from './workWords.ts'

interface Props {
  scope: AppScope
  works: readonly Work[]
  /** `works` is one task that the person has chosen among several */
  only: boolean
}

/** The one thing to press: what comes next, and why. */
export function ContinueCard({ scope, works, only }: Props) {
  const { clients, queryClient, sync, person } = useApp()
  const router = useRouter()
  const pending = useSyncExternalStore(sync.commands.subscribe, () => sync.commands.list)
  const asking = { clients, queryClient, scope, me: person.id, pending }
  const key = works.map(({ taskId, mine, unclaimed }) => [taskId, mine?.returned, mine?.begun, mine?.todo, unclaimed])
  const query = useQuery({
    queryKey: [...queryKeys.work(scope), 'next', key, pending.map(({ id }) => id)] as const,
    queryFn: async () => (await nextItem(works, asking)) ?? null,
    placeholderData: (before) => before,
  })
  const next = query.data ?? undefined
  usePrefetch(scope, next)
  const [opening, setOpening] = useState(false)
  const open = async () => {
    if (!next) return
    setOpening(true)
    try {
      const item = next.item ?? (await takeNext(next.work, asking))
      if (item?.input) {
        await router.navigate({
          to: '/apps/$user/$app/inputs/$input',
          params: { user: scope.owner, app: scope.app, input: item.input.inputId },
          search: workSearch(next.work.taskId),
        })
        return
      }
      plainToast('Others have taken the last images of this task.')
      await queryClient.invalidateQueries({ queryKey: queryKeys.work(scope) })
    } catch (error) {
      failureToast('Your work could not be opened', messageOf(error))
    } finally {
      setOpening(false)
    }
  }
  if (query.isPending) return <div className={classes.card} aria-busy />
  if (query.error && !next)
    return (
      <section className={classes.card} aria-label="Continue">
        <p className={classes.cardText}>{messageOf(query.error)}</p>
        <Button variant="default" onClick={() => void query.refetch()}>
          Try again
        </Button>
      </section>
    )
  if (!next) return <AllDone scope={scope} works={works} only={only} />
  return (
    <section className={classes.card} aria-label="Continue">
      <span className={classes.cardPicture}>{next.item?.input && <Thumbnail input={next.item.input} />}</span>
      <div className={classes.cardText}>
        <p className={classes.cardWhy} data-returned={next.group === 'returned' || undefined}>
          {whyNext[next.group]}
        </p>
        <p className={classes.cardName}>
          {next.item?.input?.filename ||
            next.item?.input?.inputId ||
            `${count(next.work.unclaimed, 'image')} in the shared queue`}
          <span className={classes.dim}> in {workName(next.work)}</span>
        </p>
        <Reason scope={scope} next={next} />
      </div>
      <Button
        size="md"
        rightSection={<ArrowRight size={16} aria-hidden />}
        onClick={() => void open()}
        loading={opening}
        data-autofocus
      >
        Continue
      </Button>
    </section>
  )
}

const whyNext: Readonly<Record<NextItem['group'], string>> = {
  returned: 'Returned to you, first',
  begun: 'Where you left off',
  todo: 'Next in your queue',
  unclaimed: 'Free to take',
}

function Reason({ scope, next }: { scope: AppScope; next: NextItem }) {
  const nameOf = useNameOf(scope)
  const { item, group } = next
  if (group !== 'returned' || !item) {
    const { due, total } = progressOf(next.work)
    return (
      <p className={classes.cardNote}>
        {due > 0
          ? `${count(due, 'image')} of ${total.toLocaleString('en')} left for you`
          : 'Ten at a time are reserved for you'}
      </p>
    )
  }
  return (
    <p className={classes.cardNote}>
      {item.decidedBy && <b>{nameOf(item.decidedBy)}: </b>}
      {item.lastNote ? `“${item.lastNote}”` : 'changes requested'}
      {item.openNotes > 0 && ` · ${count(item.openNotes, 'open note')}`}
    </p>
  )
}

function AllDone({ scope, works, only }: Props) {
  const waiting = works.reduce((sum, work) => sum + countIn(work, 'waiting'), 0)
  const [work] = works
  return (
    <section className={classes.card} aria-label="Continue">
      <span className={classes.cardIcon}>
        <CheckCheck size={26} strokeWidth={1.6} aria-hidden />
      </span>
      <div className={classes.cardText}>
        <p className={classes.cardName}>
          {only && work ? `Nothing is left for you in ${workName(work)} now` : 'You are through'}
        </p>
        <p className={classes.cardNote}>
          {waiting > 0
            ? `${count(waiting, 'image')} of yours ${waiting === 1 ? 'waits' : 'wait'} for others. What is sent back, and what is newly assigned, appears here.`
            : 'What is newly assigned to you, or sent back, appears here.'}
        </p>
      </div>
      {only && (
        <ButtonLink to="/apps/$user/$app/work" params={{ user: scope.owner, app: scope.app }} variant="default">
          Go on with all tasks
        </ButtonLink>
      )}
    </section>
  )
}

/** The picture and the annotations of what comes next are here before the button is pressed. */
function usePrefetch(scope: AppScope, next: NextItem | undefined): void {
  const { clients, queryClient } = useApp()
  const input = next?.item?.input
  const { owner, app } = scope
  useEffect(() => {
    if (!input) return
    if (input.imageUrl) new Image().src = input.imageUrl
    const query = annotationsQuery(clients, { owner, app, input: input.inputId })
    void queryClient.prefetchQuery({ ...query, staleTime: 15_000 })
    void import('#app/workspace/Workspace.tsx')
  }, [clients, queryClient, owner, app, input])
}
