import { count } from '#app/messages.ts'
import type { AssignSource } from './AssignDialog.tsx'
import type { GridFilter, InputPages } from './useInputPages.ts'

const kinds = { all: 'input', unlabelled: 'unlabelled input', labelled: 'labelled input' } as const

/** What of the grid can be given out: what is selected, and all that it lists. */
export function assignSources(
  pages: InputPages,
  selected: ReadonlySet<string>,
  { text, show, query }: GridFilter,
): readonly AssignSource[] {
  const total = pages.total ?? 0
  const matching = query ? ' that match the filters' : text === '' ? '' : ` that match “${text}”`
  const listed: AssignSource = {
    key: `listed ${show} ${text} ${JSON.stringify(query ?? {})}`,
    label: `All ${count(total, kinds[show])}${matching}`,
    ids: () => pages.idsBetween(0, total - 1),
  }
  if (selected.size === 0) return [listed]
  const ids = [...selected]
  const chosen = {
    key: `selected ${ids.length}`,
    label: ids.length === 1 ? 'The selected input' : `The ${count(ids.length, 'selected input')}`,
    ids: async () => ids,
  }
  return [chosen, listed]
}
