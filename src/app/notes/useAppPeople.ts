import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { Named } from '#sync/mentions.ts'
import { peopleHereQuery } from '#sync/people.ts'
import type { AppScope } from '#sync/scope.ts'

/** Everybody in an app, by name; only oneself and the owner where the list cannot be had. */
export function useAppPeople(scope: AppScope): readonly Named[] {
  const { clients, person } = useApp()
  const { data } = useQuery({ ...peopleHereQuery(clients, scope), retry: false, staleTime: 300_000 })
  const { owner } = scope
  return useMemo(() => {
    const named = new Map<string, string>([
      [owner, owner],
      [person.id, person.id],
    ])
    for (const { id, name } of data ?? []) named.set(id, name || id)
    return [...named].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name))
  }, [data, owner, person.id])
}
