import { useQuery } from '@tanstack/react-query'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { failureToast, undoToast } from '#ui/toast.tsx'
import { type SavedView, viewsOf } from './savedViews.ts'

export interface SavedViews {
  readonly views: readonly SavedView[]
  save(view: SavedView): Promise<void>
  rename(view: SavedView, name: string): Promise<void>
  /** At once; the toast brings it back. */
  remove(view: SavedView): Promise<void>
}

/** The person's own views of an app, kept with their preferences: others get one as a link. */
export function useSavedViews(scope: AppScope): SavedViews {
  const { clients, queryClient } = useApp()
  const preference = `views.${scope.owner}/${scope.app}`
  const queryKey = [...queryKeys.app(scope), 'views'] as const
  const read = async () => viewsOf((await clients.account.getPreferences({})).preferences[preference])
  const { data: views = [] } = useQuery({ queryKey, queryFn: read, staleTime: 60_000 })

  /** Changes what the server has now, not what this page saw: another window may have saved a view since. */
  async function change(step: (views: readonly SavedView[]) => readonly SavedView[]): Promise<boolean> {
    try {
      const next = step(await read())
      await clients.account.putPreferences({
        preferences: { [preference]: next.length > 0 ? JSON.stringify(next) : '' },
      })
      queryClient.setQueryData(queryKey, next)
      return true
    } catch (error) {
      failureToast('The views were not saved', messageOf(error))
      return false
    }
  }
  const without = (name: string) => (old: readonly SavedView[]) => old.filter((view) => view.name !== name)

  return {
    views,
    save: async (view) => void (await change((old) => [...without(view.name)(old), view])),
    rename: async (view, name) =>
      void (await change((old) => old.map((other) => (other.name === view.name ? { ...other, name } : other)))),
    remove: async (view) => {
      if (await change(without(view.name)))
        undoToast(`View “${view.name}” deleted`, () => void change((old) => [...without(view.name)(old), view]))
    },
  }
}
