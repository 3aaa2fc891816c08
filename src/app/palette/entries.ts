import type { CommandContext } from '#app/command.ts'
import { keyStore } from '#app/keys/keyStore.ts'
import { matchRank } from '#app/workspace/concepts/conceptSearch.ts'

/** One line of the palette. */
export interface Entry {
  readonly id: string
  readonly title: string
  readonly group: string
  /** as {@link Command.keys}, the first of them */
  readonly key?: string | undefined
  readonly color?: string | undefined
  run(): void
}

const SHOWN = 50
/** Other ways to do what the palette lists already. */
const isUnlisted = (id: string) =>
  id === 'palette' || /^concept\.slot\.|ByArrow$|^tool\.(again|finish|cancel)$/.test(id)

/**
 * What the palette offers for what was typed, best first: commands and concepts, among equals what was used last, then
 * images found on the server.
 */
export function entriesFor(
  typed: string,
  context: CommandContext,
  images: readonly { id: string; title: string }[],
  recent: readonly string[] = [],
): readonly Entry[] {
  const { studio } = context
  const all: Entry[] = keyStore
    .getState()
    .commands.filter((command) => !isUnlisted(command.id) && command.when(context))
    .map((command) => ({
      id: command.id,
      title: command.title,
      group: command.group,
      key: command.keys[0],
      run: () => command.run(context),
    }))
  const concepts: Entry[] = (studio?.concepts() ?? []).map(({ id, name, color }) => ({
    id: `concept/${id}`,
    title: name,
    group: 'Use concept',
    color,
    run: () => studio?.pickConcept(id),
  }))
  const found: Entry[] = images.map(({ id, title }) => ({
    id: `image/${id}`,
    title,
    group: 'Open image',
    run: () => studio?.openImage(id),
  }))
  const ranked = [...all, ...(typed.trim() ? concepts : [])].flatMap((entry, order) => {
    const ranks = [matchRank(entry.title, typed), matchRank(`${entry.group} ${entry.title}`, typed)]
    const rank = Math.min(...ranks.map((value) => value ?? Number.POSITIVE_INFINITY))
    const at = recent.indexOf(entry.id)
    return Number.isFinite(rank) ? [{ entry, rank, age: at < 0 ? recent.length : at, order }] : []
  })
  ranked.sort((a, b) => a.rank - b.rank || a.age - b.age || a.order - b.order)
  return [...ranked.slice(0, SHOWN).map(({ entry }) => entry), ...found]
}
