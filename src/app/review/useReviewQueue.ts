import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { ListWorkItemsResponse, Work, WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'

const PER_PAGE = 60
/** What others submit and decide is seen after this long, ms. */
const EVERY_MS = 20_000

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

/** Where it goes on: in the same task or in the next. */
function afterPage({ at }: Place, nextPage: string, tasks: number): Place | undefined {
  if (nextPage) return { at, after: nextPage }
  return at + 1 < tasks ? { at: at + 1, after: '' } : undefined
}

/** What waits for a verdict of the caller in these tasks, one after the other, a page at a time. */
export function useReviewQueue(scope: AppScope, works: readonly Work[], workers: readonly string[]): ReviewQueue {
  const { clients } = useApp()
  const ids = works.filter(({ toReview }) => toReview > 0).map(({ taskId }) => taskId)
  const asked = { userId: scope.owner, appId: scope.app, reviewable: true, workerIds: [...workers] }
  const query = useInfiniteQuery({
    queryKey: [...queryKeys.work(scope), 'review', ids, workers] as const,
    queryFn: async ({ pageParam, signal }) => {
      const team = await clients.team()
      const items: WorkItem[] = []
      // of as many tasks as it takes to fill the page
      let next: Place | undefined = pageParam
      while (next && items.length < PER_PAGE) {
        const place: Place = next
        const part = { taskId: ids[place.at] ?? '', after: place.after, perPage: PER_PAGE - items.length }
        const page: ListWorkItemsResponse = await team.listWorkItems({ ...asked, ...part }, { signal })
        items.push(...page.items)
        next = afterPage(place, page.nextPage, ids.length)
      }
      return { items, next }
    },
    initialPageParam: { at: 0, after: '' } as Place,
    getNextPageParam: ({ next }): Place | undefined => next,
    enabled: ids.length > 0,
    refetchInterval: EVERY_MS,
  })
  const items = useMemo(() => (query.data?.pages ?? []).flatMap(({ items }) => items), [query.data])
  return {
    items,
    pending: ids.length > 0 && query.isPending,
    error: query.data ? undefined : query.error,
    retry: () => void query.refetch(),
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    loadingMore: query.isFetchingNextPage,
  }
}
