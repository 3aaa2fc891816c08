import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { Work, WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { workItems } from '#sync/work.ts'
import { countIn, stateOfGroup } from './continueWith.ts'
import type { Group } from './groups.ts'

const PER_PAGE = 200
const WEEK_MS = 7 * 24 * 3_600_000

/** Where the next page begins: in which task of the list, and after what. */
interface Place {
  readonly at: number
  readonly after: string
}

export interface WorkItems {
  readonly items: readonly { readonly item: WorkItem; readonly work: Work }[]
  readonly pending: boolean
  readonly error: unknown
  readonly retry: () => void
  readonly more: boolean
  readonly loadingMore: boolean
  readonly loadMore: () => void
}

/** The caller's items of one group, task after task, a page at a time. */
export function useWorkItems(scope: AppScope, works: readonly Work[], group: Group, text: string): WorkItems {
  const { clients, person } = useApp()
  const wanted = works.filter((work) => countIn(work, group) > 0)
  const ids = wanted.map(({ taskId }) => taskId)
  const query = useInfiniteQuery({
    queryKey: [...queryKeys.work(scope), 'mine', group, ids] as const,
    queryFn: async ({ pageParam: { at }, pageParam, signal }) => {
      const filter = { task: ids[at] ?? '', workers: [person.id], state: stateOfGroup[group] }
      const page = await workItems(clients, scope, { ...filter, after: pageParam.after, perPage: PER_PAGE }, signal)
      return { at, page }
    },
    initialPageParam: { at: 0, after: '' } as Place,
    getNextPageParam: ({ at, page }): Place | undefined => {
      if (page.nextPage) return { at, after: page.nextPage }
      return at + 1 < ids.length ? { at: at + 1, after: '' } : undefined
    },
    enabled: ids.length > 0,
  })
  const byTask = useMemo(() => new Map(works.map((work) => [work.taskId, work])), [works])
  const items = useMemo(() => {
    const belongs = belongsTo(group, Date.now())
    const asked = text.trim().toLowerCase()
    return (query.data?.pages ?? []).flatMap(({ page }) =>
      page.items.flatMap((item) => {
        const work = byTask.get(item.taskId)
        return work && belongs(item) && matches(item, asked) ? [{ item, work }] : []
      }),
    )
  }, [query.data, byTask, group, text])
  return {
    items,
    pending: ids.length > 0 && query.isPending,
    error: query.data ? undefined : query.error,
    retry: () => void query.refetch(),
    more: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    loadMore: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage()
    },
  }
}

/** The server's lists are wider than some groups. */
function belongsTo(group: Group, now: number): (item: WorkItem) => boolean {
  if (group === 'todo') return ({ begun }) => !begun
  if (group === 'begun') return ({ begun }) => begun
  if (group === 'done') return ({ modifiedAt }) => Number(modifiedAt?.seconds ?? 0) * 1000 > now - WEEK_MS
  return () => true
}

const matches = ({ input, lastNote }: WorkItem, asked: string): boolean =>
  asked === '' || [input?.filename, input?.inputId, lastNote].some((text) => text?.toLowerCase().includes(asked))
