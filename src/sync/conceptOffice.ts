import type { GetConceptUseResponse, PastConcept } from '#gen/marquee/v1/office_pb.ts'
import type { Clients } from './client.ts'
import { queryKeys } from './queryKeys.ts'
import type { AppScope } from './scope.ts'

/** Taking a merge back writes its labels first, some at a time: about 2 ms each. */
const RESTORE_MS = 600_000

/** What uses a concept now. @throws ConnectError */
export const conceptUseQuery = (clients: Clients, scope: AppScope, conceptId: string) => ({
  queryKey: [...queryKeys.concepts(scope), conceptId, 'use'] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<GetConceptUseResponse> =>
    (await clients.office()).getConceptUse({ userId: scope.owner, appId: scope.app, conceptId }, { signal }),
  staleTime: 0,
  gcTime: 0,
  retry: false,
})

/** What was merged or deleted and can be taken back. @throws ConnectError */
export const pastConceptsQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: [...queryKeys.concepts(scope), 'past'] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<readonly PastConcept[]> =>
    (await (await clients.office()).listPastConcepts({ userId: scope.owner, appId: scope.app }, { signal })).concepts,
})

/**
 * Deletes a concept, with another in its place wherever it is used; `intoId` empty: nothing uses it.
 * @throws ConnectError
 */
export const mergeConcept = async (clients: Clients, scope: AppScope, conceptId: string, intoId: string) =>
  (await clients.office()).mergeConcept({ userId: scope.owner, appId: scope.app, conceptId, intoId })

/** Takes that back. `undo` is of its answer. @throws ConnectError */
export const restoreConcept = async (clients: Clients, scope: AppScope, conceptId: string, undo: string) =>
  (await clients.office()).restoreConcept(
    { userId: scope.owner, appId: scope.app, conceptId, undo },
    { timeoutMs: RESTORE_MS },
  )
