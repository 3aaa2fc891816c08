import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import { fullName } from '#app/people/fullName.ts'
import type { Named } from '#sync/mentions.ts'
import { collaboratorsQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'

/** Everybody in an app, by name; only oneself and the owner where the list cannot be had. */
export function useAppPeople(scope: AppScope): readonly Named[] {
  const { clients, person } = useApp()
  const { data } = useQuery({ ...collaboratorsQuery(clients, scope), retry: false, staleTime: 300_000 })
  const { owner } = scope
  return useMemo(() => {
    const named = new Map<string, string>([
      [owner, owner],
      [person.id, person.id],
    ])
    for (const { user } of data ?? []) if (user) named.set(user.id, fullName(user) || user.id)
    return [...named].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name))
  }, [data, owner, person.id])
}
