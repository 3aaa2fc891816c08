import { type Command, type CommandContext, type Scope, scopeNames } from '#app/command.ts'
import { keyStore } from '#app/keys/keyStore.ts'
import { inScope } from '#app/studioCommand.ts'
import { GAPS, matchRank } from '#app/workspace/concepts/conceptSearch.ts'

/** One line of the palette. */
export interface Entry {
  readonly id: string
  readonly title: string
  readonly group: string
  /** as {@link Command.keys}, the first of them */
  readonly key?: string | undefined
  readonly color?: string | undefined
  /** when it holds, where that is not now: it is shown, and cannot be run */
  readonly why?: string | undefined
  run(): void
}

/** So many of what matches what was typed; of nothing typed, all commands are offered. */
const SHOWN = 50
/** Other ways to do what the palette lists already. */
const isUnlisted = (id: string) =>
  id === 'palette' || /^concept\.slot\.|ByArrow$|^tool\.(again|finish|cancel)$/.test(id)

const told: ReadonlySet<Scope> = new Set(['selected', 'painting', 'notPainting', 'classify'])

/** Why a command of the open image cannot be done now: it is for another tool, or for what is selected; as words. */
function whyNot(command: Command, context: CommandContext): string | undefined {
  const { scope, held } = command
  const editor = context.studio?.editor
  if (!editor || held) return undefined
  const outside = told.has(scope) && !inScope(scope, editor)
  // what has to be selected says more than that something has
  const why = outside && scope !== 'selected' ? undefined : command.whyNot?.(context)
  return why ?? (outside ? `only ${scopeNames[scope]}` : undefined)
}

/**
 * What the palette offers for what was typed, best first: commands and concepts, among equals what was used last, then
 * images found on the server.
 * Commands that are looked for and do not hold now come last, with the reason.
 */
export function entriesFor(
  typed: string,
  context: CommandContext,
  images: readonly { id: string; title: string }[],
  recent: readonly string[] = [],
): readonly Entry[] {
  const { studio } = context
  const all: Entry[] = keyStore.getState().commands.flatMap((command) => {
    if (isUnlisted(command.id)) return []
    const possible = command.when(context)
    const why = possible || !typed.trim() ? undefined : whyNot(command, context)
    if (!possible && why === undefined) return []
    const { id, title, group, keys } = command
    return [{ id, title, group, key: keys[0], why, run: () => possible && command.run(context) }]
  })
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
    // what cannot be done is worth a line only to whoever named it
    return rank < (entry.why === undefined ? Number.POSITIVE_INFINITY : GAPS)
      ? [{ entry, rank, age: at < 0 ? recent.length : at, order }]
      : []
  })
  // letters with others between them are a guess, for when nothing is better
  const close = ranked.filter(({ rank }) => rank < GAPS)
  const offered = close.length > 0 ? close : ranked
  offered.sort(
    (a, b) => Number(!!a.entry.why) - Number(!!b.entry.why) || a.rank - b.rank || a.age - b.age || a.order - b.order,
  )
  const shown = typed.trim() ? offered.slice(0, SHOWN) : offered
  return [...shown.map(({ entry }) => entry), ...found]
}
