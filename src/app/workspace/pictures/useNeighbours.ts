import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Size } from '#geometry/point.ts'
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
  const sizes = useRef<ReadonlyMap<string, Size>>(new Map())
  sizes.current = new Map(near.map((summary) => [summary.inputId, summary]))
  useEffect(() => {
    let left = false
    const stops: (() => void)[] = []
    const fetchAhead = async (id: string) => {
      const query = annotationsQuery(clients, { owner, app, input: id })
      await queryClient.prefetchQuery({ ...query, staleTime: FRESH_MS })
      const annotations = queryClient.getQueryData<readonly Annotation[]>(query.queryKey)
      const size = sizes.current.get(id)
      if (!annotations || !size?.width || left) return
      // not before the first picture: it comes with what reads masks
      const { readAhead } = await import('./readAhead.ts')
      if (!left) stops.push(readAhead(annotations, size))
    }
    const timer = setTimeout(() => {
      for (const id of ids.split(' ')) if (id !== '' && id !== input) void fetchAhead(id)
    }, 60)
    return () => {
      left = true
      clearTimeout(timer)
      for (const stop of stops) stop()
    }
  }, [clients, queryClient, owner, app, input, ids])
}
