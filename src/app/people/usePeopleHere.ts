import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { PersonProgress } from '#gen/marquee/v1/team_pb.ts'
import { formerPeopleQuery, peopleProgressQuery } from '#sync/people.ts'
import { collaboratorsQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'
import { strangersIn } from './peopleLines.ts'

/** Work moves and people come while one looks, ms. */
export const PEOPLE_EVERY_MS = 30_000

/**
 * Everybody in an app, those who left and how their work goes, kept up to date. Somebody who has work and is in neither
 * list is looked for before they are said to have left: they may have joined since.
 */
export function usePeopleHere(scope: AppScope, today: Date) {
  const { clients, session } = useApp()
  const every = { refetchInterval: PEOPLE_EVERY_MS }
  const people = useQuery({ ...collaboratorsQuery(clients, scope), ...every })
  const former = useQuery({ ...formerPeopleQuery(clients, scope), ...every, enabled: !session.noRestore })
  const progress = useQuery({ ...peopleProgressQuery(clients, scope, today), ...every })
  const looked = useRef<ReadonlySet<string>>(new Set())
  const strangers = strangersIn(scope.owner, people.data ?? [], former.data ?? [], progress.data ?? [])
  const sure = people.dataUpdatedAt >= progress.dataUpdatedAt
  if (sure) looked.current = new Set(strangers)
  const unsure = strangers.filter((id) => !looked.current.has(id))
  const { refetch } = people
  const { refetch: refetchFormer } = former
  const asks = unsure.join('/')
  useEffect(() => {
    if (asks === '') return
    void refetch()
    void refetchFormer()
  }, [asks, refetch, refetchFormer])
  const measured: readonly PersonProgress[] = (progress.data ?? []).filter(({ userId }) => !unsure.includes(userId))
  return { people, former: former.data ?? [], progress: measured }
}
