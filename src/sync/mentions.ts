/** Somebody who can be named in a note. */
export interface Named {
  readonly id: string
  readonly name: string
}

/** Ids as accounts may have them; a full stop or hyphen at the end belongs to the sentence. */
const mention = /@([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9_])?)/g

/** The people a text names as `@id`, each once, in their order; other words with an @ are text. */
export function mentionsIn(text: string, people: Iterable<Named>): readonly string[] {
  const ids = new Set([...people].map(({ id }) => id))
  return [...new Set([...text.matchAll(mention)].flatMap(([, id]) => (id !== undefined && ids.has(id) ? [id] : [])))]
}

/** A text in pieces: what names somebody, and what lies between. */
export function mentionParts(
  text: string,
  isKnown: (id: string) => boolean,
): readonly { readonly text: string; readonly id?: string }[] {
  const parts: { text: string; id?: string }[] = []
  let from = 0
  for (const found of text.matchAll(mention)) {
    const id = found[1] ?? ''
    if (!isKnown(id)) continue
    if (found.index > from) parts.push({ text: text.slice(from, found.index) })
    parts.push({ text: found[0], id })
    from = found.index + found[0].length
  }
  if (from < text.length) parts.push({ text: text.slice(from) })
  return parts
}

/** What is being typed after an @ at the caret; undefined: nobody is being named. */
export function mentionAt(text: string, caret: number): { readonly from: number; readonly asked: string } | undefined {
  const before = text.slice(0, caret)
  const found = /(?:^|[\s(,;:])@([\w.-]*)$/.exec(before)
  return found ? { from: caret - found[1]!.length - 1, asked: found[1]!.toLowerCase() } : undefined
}

/** Those whose name or id has what is asked for: first where it begins one, then by name. */
export function suggested(people: readonly Named[], asked: string, most = 6): readonly Named[] {
  const rank = ({ id, name }: Named): number => {
    const [a, b] = [id.toLowerCase(), name.toLowerCase()]
    if (a.startsWith(asked) || b.startsWith(asked)) return 0
    if (b.split(/\s+/).some((word) => word.startsWith(asked))) return 1
    return a.includes(asked) || b.includes(asked) ? 2 : 3
  }
  return people
    .filter((person) => rank(person) < 3)
    .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    .slice(0, most)
}
