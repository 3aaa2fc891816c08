import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { makeArchives } from '#sync/exportActs.ts'
import { type Export, exportsQuery, isBusy, missingFormats } from '#sync/exports.ts'
import type { AppScope } from '#sync/scope.ts'
import { failureToast } from '#ui/toast.tsx'

/** While something is being made, and otherwise: addresses for downloading are good for an hour or more. */
const BUSY_MS = 1_000
const IDLE_MS = 15 * 60_000

/** The history of exports, kept up to date; asks for the archives that were wanted once a version is ready. */
export function useExports(scope: AppScope, canExport: boolean): UseQueryResult<readonly Export[]> {
  const { clients } = useApp()
  const asked = useRef(new Set<string>())
  const query = useQuery({
    ...exportsQuery(clients, scope),
    enabled: canExport,
    refetchInterval: ({ state }) => (state.data?.some(isBusy) ? BUSY_MS : IDLE_MS),
  })
  useEffect(() => {
    if (!canExport) return
    for (const one of query.data ?? []) {
      const missing = missingFormats(one)
      if (missing.length === 0 || asked.current.has(one.version)) continue
      asked.current.add(one.version)
      makeArchives(clients, scope, one, missing).catch((error: unknown) => {
        failureToast('The archives could not be made', messageOf(error))
      })
    }
  }, [clients, scope, canExport, query.data])
  return query
}
