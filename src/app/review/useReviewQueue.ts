import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { Work, WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'

const PER_PAGE = 60

interface Place {
  readonly at: number
  readonly after: string
}

export interface ReviewQueue {
  readonly items: readonly WorkItem[]
  readonly pending: boolean
  readonly error: unknown
  readonly retry: () => void
  readonly more: (() => void) | undefined
  readonly loadingMore: boolean
}

/** What waits for a verdict of the caller in these tasks, one after the other, a page at a time. */
export function useReviewQueue(scope: AppScope, works: readonly Work[], workers: readonly string[]): ReviewQueue {
  const { clients } = useApp()
  const ids = works.filter(({ toReview }) => toReview > 0).map(({ taskId }) => taskId)
  const query = useInfiniteQuery({
    queryKey: [...queryKeys.work(scope), 'review', ids, workers] as const,
    queryFn: async ({ pageParam: { at, after }, signal }) => {
      const team = await clients.team()
      const asked = { userId: scope.owner, appId: scope.app, taskId: ids[at] ?? '', reviewable: true }
      const page = await team.listWorkItems({ ...asked, workerIds: [...workers], after, perPage: PER_PAGE }, { signal })
      return { at, page }
    },
    initialPageParam: { at: 0, after: '' } as Place,
    getNextPageParam: ({ at, page }): Place | undefined => {
      if (page.nextPage) return { at, after: page.nextPage }
      return at + 1 < ids.length ? { at: at + 1, after: '' } : undefined
    },
    enabled: ids.length > 0,
  })
  const items = useMemo(() => (query.data?.pages ?? []).flatMap(({ page }) => page.items), [query.data])
  return {
    items,
    pending: ids.length > 0 && query.isPending,
    error: query.data ? undefined : query.error,
    retry: () => void query.refetch(),
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    loadingMore: query.isFetchingNextPage,
  }
}
