import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { Work, WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { TaskReview_TaskReviewStrategy as Strategy } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'

/** How far people agree on the input of a piece of work; undefined where it is not known, and outside of consensus tasks. */
export interface Agreement {
  readonly known: boolean
  readonly of: (item: WorkItem) => number | undefined
}

/** In the consensus tasks among these. */
export function useAgreement(scope: AppScope, works: readonly Work[]): Agreement {
  const { clients } = useApp()
  const ids = works.filter(({ reviewStrategy }) => reviewStrategy === Strategy.CONSENSUS).map(({ taskId }) => taskId)
  const { data } = useQuery({
    queryKey: [...queryKeys.work(scope), 'agreement', ids] as const,
    queryFn: async ({ signal }) => {
      const team = await clients.team()
      const found = new Map<string, number>()
      for (const taskId of ids) {
        const asked = { userId: scope.owner, appId: scope.app, taskId, perPage: 1000 }
        const { inputs } = await team.listAgreement(asked, { signal })
        for (const { input, agreement } of inputs) if (input) found.set(key(taskId, input.inputId), agreement)
      }
      return found
    },
    enabled: ids.length > 0,
  })
  return useMemo(
    () => ({
      known: data !== undefined && data.size > 0,
      of: ({ taskId, input }) => data?.get(key(taskId, input?.inputId ?? '')),
    }),
    [data],
  )
}

const key = (taskId: string, inputId: string) => JSON.stringify([taskId, inputId])
