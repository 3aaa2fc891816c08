import { useQueries } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { workItems } from '#sync/work.ts'
import { grown, itemKey, leftOf } from './reviewList.ts'

/** Looked up at a time: more than a strip shows. */
const MOST = 60
const EVERY_MS = 20_000

interface Listed {
  /** another one begins anew */
  readonly key: string
  /** what waits, as the server last listed it */
  readonly fresh: readonly WorkItem[]
  /** false: `fresh` is not known yet */
  readonly complete: boolean
  /** the one on the screen, as it is now */
  readonly open: WorkItem | undefined
}

/**
 * What has waited since one came, in its places. The list has only what waits: how it went with the others, whoever
 * decided them, is asked for one by one.
 */
export function useKnownWork(scope: AppScope, { key, fresh, complete, open }: Listed): readonly WorkItem[] {
  const { clients } = useApp()
  const known = useRef<{ key: string; items: readonly WorkItem[] }>({ key, items: [] })
  if (known.current.key !== key) known.current = { key, items: [] }
  const { items } = known.current
  const left = useMemo(() => (complete ? leftOf(items, fresh).slice(-MOST) : []), [complete, items, fresh])
  const looked = useQueries({
    queries: left.map((item) => ({
      queryKey: [...queryKeys.work(scope), 'one', itemKey(item)] as const,
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<WorkItem | null> => {
        const one = { task: item.taskId, workers: [item.workerId], input: item.input?.inputId ?? '' }
        const { items: found } = await workItems(clients, scope, one, signal)
        return found.find(({ id }) => id === item.id) ?? null
      },
      refetchInterval: EVERY_MS,
      gcTime: 0,
    })),
    combine: (all) => all.flatMap(({ data }) => data ?? []),
  })
  const next = grown(grown(grown(items, fresh), looked), open ? [open] : [])
  if (next !== items) known.current = { key, items: next }
  return next
}
