import { useQuery } from '@tanstack/react-query'
import { useApp } from '#app/appContext.tsx'
import type { Clients } from '#sync/client.ts'
import { ok } from '#sync/errors.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { type AppScope, userAppId } from '#sync/scope.ts'

/** What the signed-in person may do in an app. Nothing until the server has said so, but for the owner. */
export interface Rights {
  readonly isOwner: boolean
  readonly canLabel: boolean
  readonly canUpload: boolean
  readonly canDeleteInputs: boolean
  readonly canEditConcepts: boolean
  readonly canInvite: boolean
  readonly canRemovePeople: boolean
  readonly canExport: boolean
  readonly canDeleteExports: boolean
  readonly canSeeActivity: boolean
  /** Saved searches of the app: views of the grid that everybody has. */
  readonly canSaveSearches: boolean
}

export const scopesQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: [...queryKeys.app(scope), 'scopes'] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<readonly string[]> =>
    ok(await clients.api.myScopes({ userAppId: userAppId(scope) }, { signal })).scopes,
  staleTime: 60_000,
})

/** @param scopes names of clarifai.auth.scope.S, or `All` */
export function rightsOf(scopes: readonly string[], isOwner: boolean): Rights {
  const given = new Set(scopes)
  const may = (...needed: readonly string[]) => isOwner || given.has('All') || needed.every((scope) => given.has(scope))
  return {
    isOwner,
    canLabel: may('Annotations_Add'),
    canUpload: may('Inputs_Add'),
    canDeleteInputs: may('Inputs_Delete', 'Annotations_Delete'),
    canEditConcepts: may('Concepts_Add'),
    canInvite: may('Collaborators_Add'),
    canRemovePeople: may('Collaborators_Delete'),
    canExport: may('Datasets_Get', 'Datasets_Add', 'Inputs_Add', 'BulkOperation_Add', 'BulkOperation_Get'),
    canDeleteExports: may('Datasets_Delete'),
    canSeeActivity: may('Tasks_Add', 'Tasks_Get'),
    canSaveSearches: may('SavedSearch_Get', 'SavedSearch_Add', 'SavedSearch_Delete', 'Search', 'Inputs_Get'),
  }
}

export function useRights(scope: AppScope): Rights {
  const { clients, person } = useApp()
  const query = useQuery(scopesQuery(clients, scope))
  return rightsOf(query.data ?? [], person.id === scope.owner)
}
