import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import { fullName } from '#app/people/fullName.ts'
import { useNameOf } from '#app/people/useNameOf.ts'
import type { App } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { newId } from '#model/ids.ts'
import { type Order, ordersOf, type Plan } from '#model/orders.ts'
import { settingsOf } from '#sync/appSettings.ts'
import { deleteAll, lastAuthors, openOrders, postOrders, postQueue } from '#sync/assign.ts'
import { ok } from '#sync/errors.ts'
import { appQuery, collaboratorsQuery } from '#sync/queries.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { type AppScope, userAppId } from '#sync/scope.ts'
import { failureToast, plainToast, undoToast } from '#ui/toast.tsx'

/** Somebody who can be given work. */
export interface Assignee {
  readonly id: string
  /** empty: not known */
  readonly name: string
  readonly isOwner: boolean
  /** Pieces of work they have not submitted yet; undefined where the server does not tell. */
  readonly open: number | undefined
}

/** The owner and the collaborators, with what each has to do already. */
export function useAssignees(scope: AppScope): { people: readonly Assignee[]; error: unknown; loading: boolean } {
  const { clients, person } = useApp()
  const members = useQuery(collaboratorsQuery(clients, scope))
  const progress = useQuery({
    queryKey: [...queryKeys.work(scope), 'people'],
    queryFn: async ({ signal }) =>
      (await clients.team()).listPeopleProgress({ userId: scope.owner, appId: scope.app }, { signal }),
    retry: false,
  })
  const open = new Map(
    (progress.data?.people ?? []).map(({ userId, counts }) => [
      userId,
      (counts?.todo ?? 0) + (counts?.begun ?? 0) + (counts?.returned ?? 0),
    ]),
  )
  const owner = { id: scope.owner, name: scope.owner === person.id ? fullName(person) : '' }
  const others = (members.data ?? []).flatMap(({ user }) => (user ? [{ id: user.id, name: fullName(user) }] : []))
  return {
    people: [...others, owner].map(({ id, name }) => ({
      id,
      name,
      isOwner: id === scope.owner,
      open: progress.data ? (open.get(id) ?? 0) : undefined,
    })),
    error: members.error,
    loading: members.isPending || progress.isPending,
  }
}

/** Who has open orders on which inputs; asked for anew whenever the dialog opens. */
export function useOpenOrders(scope: AppScope) {
  const { clients } = useApp()
  return useQuery({
    queryKey: [...queryKeys.work(scope), 'open orders'],
    queryFn: ({ signal }) => openOrders(clients, scope, signal),
    gcTime: 0,
    staleTime: 0,
    retry: false,
  })
}

/** Who labelled each of these inputs last. */
export function useAuthors(scope: AppScope, inputIds: readonly string[] | undefined, wanted: boolean) {
  const { clients } = useApp()
  return useQuery({
    queryKey: [...queryKeys.summaries(scope), 'authors', inputIds],
    queryFn: ({ signal }) => lastAuthors(clients, scope, inputIds ?? [], signal),
    enabled: wanted && inputIds !== undefined,
    gcTime: 0,
  })
}

/** As long as decisions §8 asks. */
const UNDO_MS = 10_000

/** Gives work out; each way says what it did and can be undone for ten seconds. */
export function useAssign(scope: AppScope) {
  const { clients } = useApp()
  const queryClient = useQueryClient()
  const nameOf = useNameOf(scope)
  const [done, setDone] = useState<number>()
  const refresh = () => queryClient.invalidateQueries({ queryKey: queryKeys.work(scope) })

  async function undoOrders(orders: readonly Order[]) {
    try {
      await deleteAll(clients, scope, orders)
      plainToast(`${count(orders.length, 'assignment')} taken back`)
    } catch (error) {
      failureToast('Not taken back', messageOf(error))
    }
    await refresh()
  }

  /** @returns whether all of it was done */
  async function assign({ given }: Plan): Promise<boolean> {
    const batch = newId()
    const made: Order[] = []
    let failed: unknown
    setDone(0)
    try {
      await postOrders(clients, scope, ordersOf(given, scope, batch), batch, (some) => {
        made.push(...some)
        setDone(made.length)
      })
    } catch (error) {
      failed = error
    }
    setDone(undefined)
    await refresh()
    const people = new Set(made.map(({ userId }) => userId)).size
    if (made.length > 0)
      undoToast(
        `${count(made.length, 'input')} given to ${people === 1 ? nameOf(made[0]!.userId) : `${people} people`}`,
        () => {
          void undoOrders(made)
        },
        { forMs: UNDO_MS },
      )
    if (failed !== undefined)
      failureToast(
        made.length > 0 ? `Only ${made.length} of ${given.length} were given out` : 'Not assigned',
        messageOf(failed),
      )
    return failed === undefined
  }

  async function undoQueue(id: string) {
    try {
      ok(await clients.api.deleteTasks({ userAppId: userAppId(scope), ids: [id] }))
      plainToast('The shared queue was taken back')
    } catch (error) {
      failureToast('Not taken back', messageOf(error))
    }
    await refresh()
  }

  async function share(inputIds: readonly string[], people: readonly string[], name: string): Promise<boolean> {
    setDone(0)
    try {
      const details = await queryClient.fetchQuery(appQuery(clients, scope))
      const id = newId()
      await postQueue(clients, scope, {
        id,
        name,
        inputIds,
        people,
        reviewers: reviewersFor(details, people, scope),
      })
      undoToast(
        `${count(inputIds.length, 'input')} shared by ${count(people.length, 'person', 'people')}`,
        () => {
          void undoQueue(id)
        },
        { forMs: UNDO_MS },
      )
      return true
    } catch (error) {
      failureToast('Not shared', messageOf(error))
      return false
    } finally {
      setDone(undefined)
      await refresh()
    }
  }

  return { assign, share, done }
}

/** Whom the app's settings name where they ask for a review; the owner when they name nobody. */
function reviewersFor(app: App, people: readonly string[], { owner }: AppScope): string[] {
  const { review, reviewers } = settingsOf(app)
  if (review === 'none') return []
  if (reviewers.length > 0) return [...reviewers]
  return people.includes(owner) ? [] : [owner]
}
