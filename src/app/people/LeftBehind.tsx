import { Button, Modal, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import { deleteAll } from '#sync/assign.ts'
import { giveTo, handOver, isNothing, leftBehindQuery, restoreLeft } from '#sync/leftBehind.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { failureToast, undoToast } from '#ui/toast.tsx'
import classes from './PeoplePage.module.css'
import { shownName, useKnownPeople } from './useNameOf.ts'

interface Props {
  scope: AppScope
  /** who has gone */
  person: { readonly id: string; readonly name: string }
}

const UNDO_MS = 12_000

/** What somebody who has gone had not submitted: how much, and what is to become of it. Nothing where there is nothing. */
export function LeftBehind({ scope, person }: Props) {
  const { clients } = useApp()
  const { data } = useQuery(leftBehindQuery(clients, scope, person.id))
  const [opened, setOpened] = useState(false)
  const nothing = data !== undefined && isNothing(data)
  useEffect(() => {
    // it does not open by itself when something comes back
    if (nothing) setOpened(false)
  }, [nothing])
  if (!data || nothing) return null
  const images = new Set(
    [...data.orders, ...data.ordered, ...data.inherited, ...data.loose].map(({ inputId }) => inputId),
  ).size
  return (
    <>
      <Button
        variant="default"
        size="compact-xs"
        aria-label={`What ${person.name} left behind`}
        onClick={() => setOpened(true)}
      >
        {count(images, 'image')} left behind
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} size={520} title={`Left behind by ${person.name}`}>
        <Ways scope={scope} person={person} />
        <p className={classes.note}>
          Or bring {person.name} back: then all of it is theirs to finish.{' '}
          <Link
            to="/apps/$user/$app/inputs"
            params={{ user: scope.owner, app: scope.app }}
            search={{ author: person.id }}
          >
            See what they labelled
          </Link>
        </p>
      </Modal>
    </>
  )
}

/** A line for each kind of thing that is left, with what can be done about it. */
function Ways({ scope, person }: Props) {
  const { clients, queryClient } = useApp()
  const { data } = useQuery(leftBehindQuery(clients, scope, person.id))
  const people = useKnownPeople(scope).filter(({ left }) => !left)
  const [to, setTo] = useState(scope.owner)
  const [busy, setBusy] = useState(false)
  if (!data) return null
  const { orders, ordered, inherited, loose } = data
  const name = (id: string) => {
    const found = people.find((one) => one.id === id)
    return found ? shownName(found) : id
  }

  async function act(work: () => Promise<void>, failed: string) {
    setBusy(true)
    try {
      await work()
    } catch (error) {
      failureToast(failed, messageOf(error))
    }
    setBusy(false)
    await queryClient.invalidateQueries({ queryKey: queryKeys.app(scope) })
  }
  const undo = (text: string, work: () => Promise<void>) =>
    undoToast(text, () => void act(work, 'Not taken back'), { forMs: UNDO_MS })
  const back = (some: readonly { inputId: string; id: string }[]) =>
    giveTo(
      clients,
      scope,
      some.map((one) => ({ ...one, to: person.id })),
    )

  return (
    <div className={classes.ways} aria-busy={busy}>
      {orders.length + ordered.length > 0 && (
        <section aria-label="Assigned images">
          <p>
            {count(orders.length, 'image')} assigned to them, not submitted
            {ordered.length > 0 && `, with ${count(ordered.length, 'label')}`}.
          </p>
          <div className={classes.way}>
            <NativeSelect
              size="xs"
              aria-label="To whom"
              value={to}
              data={people.map((one) => ({ value: one.id, label: shownName(one) }))}
              onChange={(event) => setTo(event.currentTarget.value)}
            />
            <Button
              size="xs"
              disabled={busy}
              onClick={() =>
                void act(async () => {
                  const { given, deleted } = await handOver(clients, scope, data, to)
                  undo(`${count(orders.length, 'image')} handed over to ${name(to)}, labels included`, async () => {
                    await back(given)
                    await restoreLeft(clients, scope, deleted)
                  })
                }, 'Not handed over')
              }
            >
              Hand over
            </Button>
          </div>
        </section>
      )}
      {inherited.length > 0 && (
        <section aria-label="Images that others have now">
          <p>
            {count(inherited.length, 'unfinished label')} in tasks, on images that {heirs(inherited, name)} now{' '}
            {new Set(inherited.map(({ heir }) => heir)).size === 1 ? 'has' : 'have'} to do.
          </p>
          <div className={classes.way}>
            <Button
              size="xs"
              disabled={busy}
              onClick={() =>
                void act(async () => {
                  await giveTo(
                    clients,
                    scope,
                    inherited.map(({ heir, ...one }) => ({ ...one, to: heir })),
                  )
                  undo(`${count(inherited.length, 'label')} handed to who has the images now`, () => back(inherited))
                }, 'Not handed over')
              }
            >
              Hand the labels to them
            </Button>
          </div>
        </section>
      )}
      {loose.length > 0 && (
        <section aria-label="Labels of no use">
          <p>
            {count(loose.length, 'unfinished label')} on images that others have finished, or label apart. They are part
            of no result and exported nowhere.
          </p>
          <div className={classes.way}>
            <Button
              size="xs"
              variant="default"
              disabled={busy}
              onClick={() =>
                void act(async () => {
                  await deleteAll(clients, scope, loose)
                  undo(`${count(loose.length, 'label')} deleted`, () => restoreLeft(clients, scope, loose))
                }, 'Not deleted')
              }
            >
              Delete these labels
            </Button>
          </div>
        </section>
      )}
    </div>
  )
}

const heirs = (inherited: readonly { readonly heir: string }[], name: (id: string) => string): string =>
  new Intl.ListFormat('en').format([...new Set(inherited.map(({ heir }) => heir))].map(name))
