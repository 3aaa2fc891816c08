import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { deletedAppsQuery, restoreApp } from '#sync/apps.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { failureToast, plainToast } from '#ui/toast.tsx'

/** Brings back a deleted app: the one that is named, or the last with this id. */
export function useRestoreApp(): (which: { readonly key?: string; readonly id: string }) => Promise<void> {
  const { clients, queryClient, person } = useApp()
  return async ({ key, id }) => {
    try {
      const found = key ?? (await deletedOf(id))
      if (found === undefined) throw new Error('It was deleted more than 30 days ago.')
      await restoreApp(clients, found)
      plainToast(`${id} is back, with all that was in it`)
    } catch (error) {
      failureToast('Not brought back', messageOf(error))
    }
    await queryClient.invalidateQueries({ queryKey: queryKeys.apps(person.id) })
  }

  async function deletedOf(id: string): Promise<string | undefined> {
    const apps = await queryClient.fetchQuery({ ...deletedAppsQuery(clients, person.id), staleTime: 0 })
    return apps.find((app) => app.appId === id)?.key
  }
}
