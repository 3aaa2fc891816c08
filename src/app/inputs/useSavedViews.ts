import { useQuery } from '@tanstack/react-query'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { newId } from '#model/ids.ts'
import { deleteSearch, renameSearch, savedSearchesQuery, saveSearch } from '#sync/datasets.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { failureToast, plainToast, undoToast } from '#ui/toast.tsx'
import { type SavedView, viewsOf } from './savedViews.ts'
import { queryOfView, sharedViewsOf } from './sharedViews.ts'

export interface SavedViews {
  /** The person's own, then the team's; each in the order they were saved. */
  readonly views: readonly SavedView[]
  /** @param shared everybody in the app has it; else it is the person's own */
  save(view: SavedView, shared: boolean): Promise<void>
  rename(view: SavedView, name: string): Promise<void>
  /** At once; the toast brings it back. */
  remove(view: SavedView): Promise<void>
  /** Makes a person's own view everybody's. */
  share(view: SavedView): Promise<void>
}

/** Views of an app: a person's own are kept with their preferences, the team's are saved searches of the app. */
export function useSavedViews(scope: AppScope): SavedViews {
  const { clients, queryClient } = useApp()
  const preference = `views.${scope.owner}/${scope.app}`
  const queryKey = [...queryKeys.app(scope), 'views'] as const
  const read = async () => viewsOf((await clients.account.getPreferences({})).preferences[preference])
  const { data: own = [] } = useQuery({ queryKey, queryFn: read, staleTime: 60_000 })
  const searches = savedSearchesQuery(clients, scope)
  const { data: saved = [] } = useQuery({ ...searches, staleTime: 60_000 })

  /** Changes what the server has now, not what this page saw: another window may have saved a view since. */
  async function change(step: (views: readonly SavedView[]) => readonly SavedView[]): Promise<void> {
    const next = step(await read())
    await clients.account.putPreferences({ preferences: { [preference]: next.length > 0 ? JSON.stringify(next) : '' } })
    queryClient.setQueryData(queryKey, next)
  }
  async function changeShared(act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } finally {
      await queryClient.invalidateQueries({ queryKey: searches.queryKey })
    }
  }
  const post = ({ id, name, search }: SavedView) =>
    changeShared(() =>
      saveSearch(clients, scope, { id: id ?? `view-${newId().slice(0, 12)}`, name, query: queryOfView(search) }),
    )
  const keep = ({ name, search }: SavedView) => change((old) => [...without(name)(old), { name, search }])
  const put = (view: SavedView) => (view.id === undefined ? keep(view) : post(view))

  /** @returns whether it was done; what went wrong is said */
  async function done(act: () => Promise<void>): Promise<boolean> {
    try {
      await act()
      return true
    } catch (error) {
      failureToast('The views were not saved', messageOf(error))
      return false
    }
  }

  return {
    views: [...own, ...sharedViewsOf(saved)],
    save: async (view, shared) => void (await done(() => (shared ? post(view) : keep(view)))),
    rename: async ({ id, name }, next) =>
      void (await done(() =>
        id === undefined
          ? change((old) => old.map((other) => (other.name === name ? { ...other, name: next } : other)))
          : changeShared(() => renameSearch(clients, scope, id, next)),
      )),
    remove: async (view) => {
      const { id, name } = view
      const gone = await done(() =>
        id === undefined ? change(without(name)) : changeShared(() => deleteSearch(clients, scope, id)),
      )
      if (gone) undoToast(`View “${name}” deleted`, () => void done(() => put(view)))
    },
    share: async (view) => {
      const shared = await done(async () => {
        await post(view)
        await change(without(view.name))
      })
      if (shared) plainToast(`Everybody in ${scope.app} has the view “${view.name}” now`)
    },
  }
}

const without = (name: string) => (old: readonly SavedView[]) => old.filter((view) => view.name !== name)
