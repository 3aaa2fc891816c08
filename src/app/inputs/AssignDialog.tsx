import { Button, Group, Modal, NumberInput, Radio, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import { planByAuthor, planOrders } from '#model/orders.ts'
import { whyNoShares } from '#model/shares.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import classes from './AssignDialog.module.css'
import { AssignPeople } from './AssignPeople.tsx'
import { ReviewNote } from './ReviewNote.tsx'
import { useAssign, useAssignees, useAuthors, useOpenOrders } from './useAssign.ts'
import { useUnlabelled } from './useUnlabelled.ts'

/** What can be given out: a name, and how its inputs are found. */
export interface AssignSource {
  readonly key: string
  readonly label: string
  readonly ids: () => Promise<readonly string[]>
}

interface Props {
  scope: AppScope
  opened: boolean
  /** `assigned`: something was given out. */
  onClose: (assigned: boolean) => void
  sources: readonly AssignSource[]
  /** Chosen at first: all that nobody has labelled, not the first of `sources`. */
  pending?: boolean
}

type How = 'evenly' | 'weighted' | 'author' | 'queue'

const ways = [
  { value: 'evenly', label: 'Evenly' },
  { value: 'weighted', label: 'By weight' },
  { value: 'author', label: 'Previous author' },
  { value: 'queue', label: 'Shared queue' },
]

const hints: Readonly<Record<How, string>> = {
  evenly: 'Everybody gets as many inputs as the others.',
  weighted: 'A weight of 2 gets twice as many inputs as a weight of 1.',
  author: 'Each input goes to who labelled it last; the others evenly to the people chosen below.',
  queue: 'Everybody takes the next input when they are ready. What somebody leaves for two minutes is free again.',
}

/** Gives inputs to people, with what each will get before it happens. */
export function AssignDialog({ scope, opened, onClose, sources, pending }: Props) {
  return (
    <Modal opened={opened} onClose={() => onClose(false)} title="Assign inputs" size={560}>
      <AssignForm scope={scope} onClose={onClose} sources={sources} pending={pending ?? false} />
    </Modal>
  )
}

function AssignForm({ scope, onClose, sources, pending }: Omit<Props, 'opened'>) {
  const { person } = useApp()
  const [sourceKey, setSourceKey] = useState(pending ? UNLABELLED : (sources[0]?.key ?? ''))
  const [how, setHow] = useState<How>('evenly')
  const [perInput, setPerInput] = useState(1)
  const [chosen, setChosen] = useState<ReadonlyMap<string, number>>(new Map())
  const [name, setName] = useState('')
  const { people, error, loading } = useAssignees(scope)
  const orders = useOpenOrders(scope)
  const { assign, share, done } = useAssign(scope)
  const unlabelled = useUnlabelled(scope)
  const all = unlabelled.total ? [...sources, unlabelledSource(unlabelled.total, unlabelled.ids)] : sources
  const source = all.find(({ key }) => key === sourceKey) ?? sources[0]
  const ids = useQuery({
    queryKey: [...queryKeys.summaries(scope), 'to assign', source?.key],
    queryFn: () => source?.ids() ?? [],
    enabled: source !== undefined,
    gcTime: 0,
  })

  const shared = how === 'queue'
  const byAuthor = how === 'author'
  const authors = useAuthors(scope, ids.data, byAuthor)
  const weighted = people
    .filter(({ id }) => chosen.has(id))
    .map(({ id }) => ({ id, weight: how === 'weighted' ? (chosen.get(id) ?? 0) : 1 }))
  const why = byAuthor ? undefined : shared ? whyNoShares(weighted, 1) : whyNoShares(weighted, perInput)
  const ready = ids.data !== undefined && (shared || !orders.isPending) && (!byAuthor || authors.data !== undefined)
  const has = orders.data ?? new Map<string, readonly string[]>()
  const inApp = new Set(people.map(({ id }) => id))
  const known = new Map([...(authors.data ?? [])].filter(([, id]) => inApp.has(id)))
  const plan =
    !ready || shared || why !== undefined
      ? undefined
      : byAuthor
        ? planByAuthor(ids.data, known, weighted, has)
        : planOrders(ids.data, weighted, perInput, has)
  const total = shared ? (ids.data?.length ?? 0) : (plan?.given.length ?? 0)
  const problem = error ?? ids.error ?? (byAuthor ? authors.error : null)
  const nothing = ready && why === undefined && total === 0

  async function submit() {
    const title = name.trim() || `Queue of ${count(total, 'input')}`
    const complete = shared
      ? await share(
          ids.data ?? [],
          weighted.map(({ id }) => id),
          title,
        )
      : plan && (await assign(plan))
    if (complete) onClose(true)
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Stack gap="md">
        <Radio.Group label="Inputs" value={source?.key ?? ''} onChange={setSourceKey}>
          <Stack gap={6} mt={4}>
            {all.map(({ key, label }) => (
              <Radio key={key} value={key} label={label} size="xs" />
            ))}
          </Stack>
        </Radio.Group>
        <div>
          <SegmentedControl
            aria-label="How"
            fullWidth
            data={ways}
            value={how}
            onChange={(value) => setHow(value as How)}
          />
          <p className={classes.hint}>{hints[how]}</p>
        </div>
        {shared ? (
          <TextInput
            label="Name of the queue"
            placeholder={`Queue of ${count(total, 'input')}`}
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        ) : byAuthor ? null : (
          <NumberInput
            label="People for each input"
            min={1}
            max={Math.max(1, people.length)}
            allowDecimal={false}
            value={perInput}
            onChange={(value) => setPerInput(Number(value) || 1)}
            w={180}
          />
        )}
        <AssignPeople
          people={people}
          ownId={person.id}
          loading={loading}
          chosen={chosen}
          onChange={setChosen}
          weights={how === 'weighted'}
          gets={plan?.counts}
        />
        <p className={classes.summary} role="status" data-problem={problem ? true : undefined}>
          {problem
            ? messageOf(problem)
            : !ready
              ? 'Counting…'
              : (why ??
                (nothing
                  ? nothingWords(byAuthor, plan?.served ?? 0)
                  : summaryOf(total, plan?.served ?? 0, shared || byAuthor ? 1 : perInput)))}
        </p>
        <ReviewNote scope={scope} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => onClose(false)}>
            Cancel
          </Button>
          <Button
            type="submit"
            disabled={!ready || why !== undefined || total === 0 || problem !== null}
            loading={done !== undefined}
          >
            {shared ? `Share ${total}` : `Assign ${total}`}
          </Button>
        </Group>
        {done !== undefined && !shared && (
          <p className={classes.hint} aria-live="polite">
            {done} of {total} given out
          </p>
        )}
      </Stack>
    </form>
  )
}

const UNLABELLED = 'unlabelled'

const unlabelledSource = (total: number, ids: () => Promise<readonly string[]>): AssignSource => ({
  key: UNLABELLED,
  label: `All ${count(total, 'unlabelled input')} of the app`,
  ids,
})

const nothingWords = (byAuthor: boolean, served: number): string =>
  byAuthor && served === 0
    ? 'Nobody has labelled these inputs: choose people to share them out to.'
    : 'All of these inputs have been given to people already.'

function summaryOf(total: number, served: number, perInput: number): string {
  const what =
    perInput > 1 ? `${count(total, 'assignment')} will be made.` : `${count(total, 'input')} will be given out.`
  return served > 0 ? `${what} ${count(served, 'input')} ${served === 1 ? 'has' : 'have'} enough people already.` : what
}
