import { Code, ConnectError } from '@connectrpc/connect'
import type { Mention } from '#gen/marquee/v1/team_pb.ts'
import type { Clients } from './client.ts'
import { queryKeys } from './queryKeys.ts'
import type { AppScope } from './scope.ts'

/** What others have written to the caller, newest first; none on a server that does not tell. */
export const mentionsQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: [...queryKeys.work(scope), 'mentions'] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<readonly Mention[]> => {
    const team = await clients.team()
    const asked = { userId: scope.owner, appId: scope.app, limit: 20 }
    return (await team.listMentions(asked, { signal }).catch(absent)).mentions
  },
})

const absent = (error: unknown): { mentions: Mention[] } => {
  if (error instanceof ConnectError && error.code === Code.Unimplemented) return { mentions: [] }
  throw error
}
