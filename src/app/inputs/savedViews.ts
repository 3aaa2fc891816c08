import { type GridSearch, gridSearchOf } from './gridFilter.ts'

/** Filters of the grid under a name. */
export interface SavedView {
  readonly name: string
  /** Of the saved search of the app that it is; a person's own view has none. */
  readonly id?: string
  readonly search: GridSearch
}

const mostViews = 100
const longestName = 60

/** A person's own views as they are kept; what cannot be read is left out. */
export function viewsOf(text: string | undefined): SavedView[] {
  if (!text) return []
  try {
    const kept: unknown = JSON.parse(text)
    if (!Array.isArray(kept)) return []
    return kept.flatMap((view: { name?: unknown; search?: unknown } | null) =>
      typeof view?.name === 'string' && typeof view.search === 'object' && view.search !== null
        ? [{ name: view.name, search: gridSearchOf(view.search as Record<string, unknown>) }]
        : [],
    )
  } catch {
    return []
  }
}

/** Why a view cannot have this name; undefined when it can. `own` is the view that is being renamed. */
export function whyNoName(name: string, views: readonly SavedView[], own?: SavedView): string | undefined {
  const said = name.trim()
  if (said === '') return 'Give it a name'
  if (said.length > longestName) return `At most ${longestName} characters`
  if (views.some((view) => view !== own && same(view.name, said))) return 'There is a view of this name'
  return !own && views.length >= mostViews ? `At most ${mostViews} views: delete one first` : undefined
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** The view that shows what the address says. */
export const viewAt = (views: readonly SavedView[], search: GridSearch): SavedView | undefined => {
  const key = searchKey(search)
  return views.find((view) => searchKey(view.search) === key)
}

export const searchKey = (search: GridSearch): string =>
  JSON.stringify(Object.entries(search).sort(([a], [b]) => (a < b ? -1 : 1)))
