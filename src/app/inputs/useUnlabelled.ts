import { useQuery } from '@tanstack/react-query'
import { useApp } from '#app/appContext.tsx'
import { ListInputSummariesRequest_Labelled } from '#gen/marquee/v1/marquee_pb.ts'
import { inputSummariesQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'

/** All that nobody has labelled yet: how many, and their ids when they are wanted. */
export function useUnlabelled(
  scope: AppScope,
  enabled = true,
): { total: number | undefined; ids: () => Promise<string[]> } {
  const { clients, queryClient } = useApp()
  const page = (n: number, perPage: number) =>
    inputSummariesQuery(clients, scope, { page: n, perPage, labelled: ListInputSummariesRequest_Labelled.NO })
  const { data } = useQuery({ ...page(1, 1), enabled })
  const ids = async () => {
    const found: string[] = []
    for (let n = 1; ; n++) {
      const { inputs, total } = await queryClient.fetchQuery(page(n, 1000))
      found.push(...inputs.map(({ inputId }) => inputId))
      if (inputs.length === 0 || found.length >= total) return found
    }
  }
  return { total: data?.total, ids }
}
