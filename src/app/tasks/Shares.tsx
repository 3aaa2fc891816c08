import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { type TaskShare, taskSharesQuery } from '#sync/tasks.ts'
import classes from './TaskForm.module.css'
import type { FieldProps } from './TaskForm.tsx'
import { changesOf, patchOf } from './taskChange.ts'
import { sharesOfDraft, type TaskDraft } from './taskDraft.ts'
import { draftOf, taskOf } from './taskWire.ts'

interface Props {
  scope: AppScope
  draft: TaskDraft
  people: FieldProps['people']
  /** how many inputs it is about, where they are given and no source is there yet */
  given: number | undefined
  /** the task that is changed */
  before: Task | undefined
  /** something about the draft is wrong: nothing can be said yet */
  incomplete: boolean
}

/** Who will get how many inputs, before it happens. */
export function Shares({ scope, draft, people, given, before, incomplete }: Props) {
  const { clients } = useApp()
  const asked = incomplete || given !== undefined ? undefined : previewOf(draft, before)
  const [task] = useDebouncedValue(asked && JSON.stringify(asked), 250)
  const answer = useQuery(taskSharesQuery(clients, scope, task === undefined ? undefined : asked))
  if (draft.labelers.length === 0) return null
  const { inputs, shares } =
    given === undefined ? { inputs: answer.data?.inputs, shares: answer.data?.shares } : sharesOfGiven(draft, given)
  const known = inputs === undefined ? 'The inputs' : count(inputs, 'input')
  const kept = shares?.reduce((sum, share) => sum + share.kept, 0) ?? 0
  if (draft.give === 'queue')
    return (
      <p className={classes.shares}>
        {known} wait in one queue for {count(draft.labelers.length, 'person', 'people')}. An input that somebody leaves
        lying for two minutes goes back.
      </p>
    )
  if (asked && answer.error)
    return (
      <p className={classes.shares} role="status">
        {messageOf(answer.error)}
      </p>
    )
  if (!shares)
    return (
      <p className={classes.shares}>
        {asked && answer.isFetching
          ? 'Counting who gets how many…'
          : 'How many each gets is said here before it happens.'}
      </p>
    )
  const most = Math.max(1, ...shares.map(({ fresh, kept: has }) => fresh + has))
  return (
    <>
      <ul className={classes.shares} aria-label="Who gets how many">
        {shares.map((share) => (
          <Share key={share.userId} share={share} most={most} people={people} />
        ))}
      </ul>
      {kept > 0 && <p className={classes.kept}>Grey, after the +: begun or submitted, which stays with whose it is.</p>}
    </>
  )
}

function Share({ share, most, people }: { share: TaskShare; most: number; people: FieldProps['people'] }) {
  const { userId, fresh, kept } = share
  const said = kept > 0 ? `${fresh.toLocaleString('en')} + ${kept.toLocaleString('en')}` : fresh.toLocaleString('en')
  return (
    <li>
      <span className={classes.shareName}>{people.find(({ value }) => value === userId)?.label ?? userId}</span>
      <span className={classes.shareBar} aria-hidden>
        <span data-kept style={{ width: `${(kept / most) * 100}%` }} />
        <span style={{ width: `${(fresh / most) * 100}%` }} />
      </span>
      <span className={classes.shareCount} title={kept > 0 ? 'new + kept' : undefined}>
        {said}
      </span>
    </li>
  )
}

/** What the server is asked about. Undefined: nothing changes, or it is not known yet. */
const previewOf = (draft: TaskDraft, before: Task | undefined) => {
  // a name may still come; it gives out nothing
  if (!before) return { ...taskOf({ ...draft, name: 'preview', instructions: '' }) }
  const changes = changesOf(draftOf(before), draft)
  return patchOf(before, changes) ?? { id: before.id }
}

/** Of inputs that are not in a dataset yet. */
const sharesOfGiven = (
  draft: TaskDraft,
  given: number,
): { inputs: number; shares: readonly TaskShare[] | undefined } => ({
  inputs: given,
  shares: sharesOfDraft(draft, given)?.map((fresh, i) => ({ userId: draft.labelers[i]!.id, fresh, kept: 0 })),
})
