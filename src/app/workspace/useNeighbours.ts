import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import { annotationsQuery } from '#sync/annotations.ts'
import type { InputScope } from '#sync/scope.ts'

/** Annotations fetched ahead count as fresh for this long. */
const FRESH_MS = 15_000

/** Fetches what the neighbouring images need besides their pictures, once the open one has had its turn. */
export function useNeighbours(
  scope: InputScope,
  near: readonly InputSummary[],
  places: readonly number[],
  show: (first: number, last: number) => void,
): void {
  const { clients } = useApp()
  const queryClient = useQueryClient()
  const { owner, app, input } = scope
  const ids = near.map(({ inputId }) => inputId).join(' ')
  const first = places.length ? Math.min(...places) : undefined
  const last = places.length ? Math.max(...places) : undefined
  useEffect(() => {
    if (first !== undefined && last !== undefined) show(first, last)
  }, [first, last, show])
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const id of ids.split(' ')) {
        if (id === '' || id === input) continue
        void queryClient.prefetchQuery({ ...annotationsQuery(clients, { owner, app, input: id }), staleTime: FRESH_MS })
      }
    }, 60)
    return () => clearTimeout(timer)
  }, [clients, queryClient, owner, app, input, ids])
}
