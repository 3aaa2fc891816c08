import { Button, Checkbox, Group, Modal, NumberInput, Radio, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import { planOrders } from '#model/orders.ts'
import { whyNoShares } from '#model/shares.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import classes from './AssignDialog.module.css'
import { type Assignee, useAssign, useAssignees, useOpenOrders } from './useAssign.ts'

/** What can be given out: a name, and how its inputs are found. */
export interface AssignSource {
  readonly key: string
  readonly label: string
  readonly ids: () => Promise<readonly string[]>
}

interface Props {
  scope: AppScope
  opened: boolean
  onClose: () => void
  sources: readonly AssignSource[]
}

type How = 'evenly' | 'weighted' | 'queue'

const ways = [
  { value: 'evenly', label: 'Evenly' },
  { value: 'weighted', label: 'By weight' },
  { value: 'queue', label: 'Shared queue' },
]

const hints: Readonly<Record<How, string>> = {
  evenly: 'Everybody gets as many inputs as the others.',
  weighted: 'A weight of 2 gets twice as many inputs as a weight of 1.',
  queue: 'Everybody takes the next input when they are ready. What somebody leaves for two minutes is free again.',
}

/** Gives inputs to people, with what each will get before it happens. */
export function AssignDialog({ scope, opened, onClose, sources }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Assign inputs" size={560}>
      <AssignForm scope={scope} onClose={onClose} sources={sources} />
    </Modal>
  )
}

function AssignForm({ scope, onClose, sources }: Omit<Props, 'opened'>) {
  const { person } = useApp()
  const [sourceKey, setSourceKey] = useState(sources[0]?.key ?? '')
  const [how, setHow] = useState<How>('evenly')
  const [perInput, setPerInput] = useState(1)
  const [chosen, setChosen] = useState<ReadonlyMap<string, number>>(new Map())
  const [name, setName] = useState('')
  const { people, error, loading } = useAssignees(scope)
  const orders = useOpenOrders(scope)
  const { assign, share, done } = useAssign(scope)
  const source = sources.find(({ key }) => key === sourceKey) ?? sources[0]
  const ids = useQuery({
    queryKey: [...queryKeys.summaries(scope), 'to assign', source?.key],
    queryFn: () => source?.ids() ?? [],
    enabled: source !== undefined,
    gcTime: 0,
  })

  const shared = how === 'queue'
  const weighted = people
    .filter(({ id }) => chosen.has(id))
    .map(({ id }) => ({ id, weight: how === 'weighted' ? (chosen.get(id) ?? 0) : 1 }))
  const why = shared
    ? weighted.length === 0
      ? 'Choose at least one person.'
      : undefined
    : whyNoShares(weighted, perInput)
  const ready = ids.data !== undefined && (shared || !orders.isPending)
  const plan =
    ready && !shared && why === undefined
      ? planOrders(ids.data, weighted, perInput, orders.data ?? new Map())
      : undefined
  const total = shared ? (ids.data?.length ?? 0) : (plan?.given.length ?? 0)
  const problem = error ?? ids.error
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
    if (complete) onClose()
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
            {sources.map(({ key, label }) => (
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
        ) : (
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
        <People
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
                  ? 'All of these inputs have been given to people already.'
                  : summaryOf(total, plan?.served ?? 0, shared ? 1 : perInput)))}
        </p>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
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

function summaryOf(total: number, served: number, perInput: number): string {
  const what =
    perInput > 1 ? `${count(total, 'assignment')} will be made.` : `${count(total, 'input')} will be given out.`
  return served > 0 ? `${what} ${count(served, 'input')} ${served === 1 ? 'has' : 'have'} enough people already.` : what
}

interface PeopleProps {
  people: readonly Assignee[]
  ownId: string
  loading: boolean
  chosen: ReadonlyMap<string, number>
  onChange: (chosen: ReadonlyMap<string, number>) => void
  weights: boolean
  gets: ReadonlyMap<string, number> | undefined
}

/** Who is chosen, what they have open, and what they will get. */
function People({ people, ownId, loading, chosen, onChange, weights, gets }: PeopleProps) {
  const label = useId()
  const choose = (id: string, weight: number | undefined) => {
    const next = new Map(chosen)
    if (weight === undefined) next.delete(id)
    else next.set(id, weight)
    onChange(next)
  }
  const others = people.filter(({ isOwner }) => !isOwner)
  const all = others.length > 0 && others.every(({ id }) => chosen.has(id))
  return (
    <div>
      <div className={classes.head}>
        <span id={label}>People</span>
        {others.length > 1 && (
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() => onChange(all ? new Map() : new Map(others.map(({ id }) => [id, chosen.get(id) ?? 1])))}
          >
            {all ? 'Choose nobody' : 'Choose all collaborators'}
          </Button>
        )}
      </div>
      <table className={classes.people} aria-labelledby={label} aria-busy={loading || undefined}>
        <thead>
          <tr>
            <th scope="col">Person</th>
            {weights && <th scope="col">Weight</th>}
            <th scope="col">Open now</th>
            <th scope="col">Will get</th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ id, open }) => (
            <tr key={id}>
              <td>
                <Checkbox
                  size="xs"
                  label={id === ownId ? `${id} (you)` : id}
                  checked={chosen.has(id)}
                  onChange={(event) => choose(id, event.currentTarget.checked ? 1 : undefined)}
                />
              </td>
              {weights && (
                <td>
                  <NumberInput
                    aria-label={`Weight of ${id}`}
                    size="xs"
                    w={72}
                    min={0}
                    max={1000}
                    disabled={!chosen.has(id)}
                    value={chosen.get(id) ?? 1}
                    onChange={(value) => choose(id, Number(value) || 0)}
                  />
                </td>
              )}
              <td>{open ?? '–'}</td>
              <td>{chosen.has(id) && gets ? `+${gets.get(id) ?? 0}` : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
