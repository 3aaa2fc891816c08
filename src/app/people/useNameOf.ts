import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import { useApp } from '#app/appContext.tsx'
import { pictureGate } from '#app/pictureGate.ts'
import { formerPeopleQuery, type KnownPerson, peopleGone, peopleHereQuery } from '#sync/people.ts'
import type { AppScope } from '#sync/scope.ts'

/** The owner, everybody in an app, and, once there is time for it, those who have left; empty until it is known. */
export function useKnownPeople(scope: AppScope): readonly KnownPerson[] {
  const { clients, session } = useApp()
  const gate = useStore(pictureGate, ({ open }) => open)
  const rarely = { retry: false, staleTime: 300_000 }
  const { data: here } = useQuery({ ...peopleHereQuery(clients, scope), ...rarely })
  const { data: former } = useQuery({
    ...formerPeopleQuery(clients, scope),
    ...rarely,
    enabled: gate && !session.noRestore,
  })
  return useMemo(() => [...(here ?? []), ...peopleGone(former ?? [])], [here, former])
}

/** "Ana Berg", "Ben Cole (left)"; the id where somebody has said no name. */
export const shownName = ({ id, name, left }: KnownPerson): string => `${name || id}${left ? ' (left)' : ''}`

/** Names of the people of an app by user id; the id itself for who is not known. The function stays the same. */
export function useNameOf(scope: AppScope): (userId: string) => string {
  const known = useKnownPeople(scope)
  const names = useRef<ReadonlyMap<string, string>>(new Map())
  names.current = new Map(known.map((one) => [one.id, shownName(one)]))
  return useCallback((userId: string) => names.current.get(userId) ?? userId, [])
}
