import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import type { ListActivityResponse } from '#gen/marquee/v1/office_pb.ts'
import type { Clients } from './client.ts'
import type { AppScope } from './scope.ts'

export interface ActivityFilter {
  /** as the history names kinds; empty: all */
  readonly kind: string
  /** empty: everybody */
  readonly person: string
  /** empty: any */
  readonly input: string
  readonly since: Date | undefined
  /** not included */
  readonly until: Date | undefined
}

const PER_PAGE = 100

/** The pages of what was done in an app, newest first, for useInfiniteQuery. */
export const activityQuery = (clients: Clients, scope: AppScope, filter: ActivityFilter) => ({
  queryKey: ['app', scope.owner, scope.app, 'activity', filter] as const,
  queryFn: async ({ signal, pageParam }: { signal: AbortSignal; pageParam: string }): Promise<ListActivityResponse> =>
    (await clients.office()).listActivity(
      {
        userId: scope.owner,
        appId: scope.app,
        kind: filter.kind,
        personId: filter.person,
        inputId: filter.input,
        ...(filter.since && { since: timestampFromDate(filter.since) }),
        ...(filter.until && { until: timestampFromDate(filter.until) }),
        after: pageParam,
        perPage: PER_PAGE,
      },
      { signal },
    ),
  initialPageParam: '',
  getNextPageParam: ({ nextPage }: ListActivityResponse): string | undefined => nextPage || undefined,
})
