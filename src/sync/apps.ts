import type { DeletedApp } from '#gen/marquee/v1/office_pb.ts'
import type { Clients } from './client.ts'
import { ok } from './errors.ts'
import { queryKeys } from './queryKeys.ts'
import { type AppScope, userAppId } from './scope.ts'

/** What is empty stays as it is (the API's rule). @throws ApiFailure */
export async function describeApp(
  clients: Clients,
  scope: AppScope,
  { name, description }: { readonly name: string; readonly description: string },
): Promise<void> {
  const apps = [{ id: scope.app, name, description }]
  ok(await clients.api.patchApps({ userAppId: userAppId(scope), action: 'overwrite', apps }))
}

/** With all that is in it; its owner can have it back for 30 days. @throws ApiFailure */
export async function deleteApp(clients: Clients, scope: AppScope): Promise<void> {
  ok(await clients.api.deleteApp({ userAppId: userAppId(scope) }))
}

/** Apps of the signed-in person that can be had back, the last deleted first; none where the server keeps none. */
export const deletedAppsQuery = (clients: Clients, userId: string) => ({
  queryKey: [...queryKeys.apps(userId), 'deleted'] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<readonly DeletedApp[]> => {
    const office = await clients.office()
    return (await office.listDeletedApps({}, { signal }).catch(() => ({ apps: [] }))).apps
  },
})

/** @throws ConnectError */
export const restoreApp = async (clients: Clients, key: string): Promise<void> => {
  await (await clients.office()).restoreApp({ key })
}
