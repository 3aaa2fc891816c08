import type { AttributeDefinition } from '#model/attributes.ts'

/** What the panels know of a concept. */
export interface ConceptRow {
  readonly id: string
  readonly name: string
  /** #rrggbb */
  readonly color: string
  /** 1…10: the digit that sets it (10 is the key 0); undefined without one */
  readonly slot?: number | undefined
  /** what it means, as the owner describes it */
  readonly meaning?: string
  /** what can be said of its regions */
  readonly attributes?: readonly AttributeDefinition[] | undefined
  /** the task that is worked on asks for it */
  readonly asked?: boolean
}

/**
 * How well a text matches what was typed, lower is better; undefined when it does not. Equal, beginning, beginning of
 * a word, anywhere or word for word in any order, then letters in order with gaps.
 */
export function matchRank(text: string, typed: string): number | undefined {
  const name = text.toLocaleLowerCase()
  const wanted = typed.trim().toLocaleLowerCase()
  if (wanted === '') return 3
  if (name === wanted) return 0
  if (name.startsWith(wanted)) return 1
  const at = name.indexOf(wanted)
  if (at > 0) return /[\s_\-/.]/.test(name[at - 1] ?? '') ? 2 : 3
  if (wanted.split(/\s+/).every((word) => name.includes(word))) return 3
  return hasInOrder(name, wanted) ? GAPS : undefined
}

/** The rank of a match by letters with others between them. */
export const GAPS = 4

/**
 * Each word that was typed stands, with letters left out, in one word of the name (`mmap`), or in some of its words one
 * after the other, from their first letters on (`nxtimg`). Letters scattered over a whole name mean nothing.
 */
function hasInOrder(name: string, wanted: string): boolean {
  const words = name.split(/[\s_\-/.:,;()]+/)
  return wanted.split(/\s+/).every((part) => words.some((word) => isWithin(word, part)) || begins(words, part))
}

function isWithin(word: string, wanted: string): boolean {
  let from = 0
  for (const letter of wanted) {
    const at = word.indexOf(letter, from)
    if (at < 0) return false
    from = at + 1
  }
  return true
}

function begins(words: readonly string[], wanted: string): boolean {
  if (wanted === '') return true
  return words.some((word, i) => {
    if (word[0] !== wanted[0]) return false
    for (let length = 1; length <= wanted.length && isWithin(word, wanted.slice(0, length)); length++)
      if (begins(words.slice(i + 1), wanted.slice(length))) return true
    return false
  })
}

/** Concepts that match, best first; among equals those used last, then the app's order. Ids match too. */
export function searchConcepts<C extends ConceptRow>(
  concepts: readonly C[],
  typed: string,
  recent: readonly string[] = [],
): readonly C[] {
  const age = (id: string) => {
    const at = recent.indexOf(id)
    return at < 0 ? recent.length : at
  }
  return concepts
    .flatMap((concept, order) => {
      const ranks = [matchRank(concept.name, typed), matchRank(concept.id, typed)].filter((rank) => rank !== undefined)
      return ranks.length ? [{ concept, order, rank: Math.min(...ranks), age: age(concept.id) }] : []
    })
    .sort((a, b) => a.rank - b.rank || a.age - b.age || a.order - b.order)
    .map(({ concept }) => concept)
}

/** Whether typing this would make a new concept: no concept bears the name already. */
export function isNewName(concepts: readonly ConceptRow[], typed: string): boolean {
  const name = typed.trim().toLocaleLowerCase()
  return (
    name !== '' &&
    !concepts.some((concept) => concept.name.toLocaleLowerCase() === name || concept.id.toLocaleLowerCase() === name)
  )
}

/**
 * What Enter does with what was typed: the best match, or making a new one when nothing matches better than by letters
 * with gaps ("rat" is not "train track"). Undefined for blanks.
 */
export function enterMeans<C extends ConceptRow>(
  shown: readonly C[],
  typed: string,
  mayMake: boolean,
): { pick: C } | { make: string } | undefined {
  const name = typed.trim()
  if (name === '') return undefined
  const [top] = shown
  const isClose = top !== undefined && [top.name, top.id].some((text) => (matchRank(text, name) ?? GAPS) < GAPS)
  if (top && (isClose || !mayMake)) return { pick: top }
  return mayMake ? { make: name } : undefined
}

/** A readable id for a name, not among `taken`: lower case, `/` and blanks become `-` (decisions §31). ≤ 100 bytes. */
export function conceptIdFor(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .trim()
    .toLocaleLowerCase()
    .replaceAll(/[\s/\\\p{C}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
  const base = clipped(plain || 'concept')
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`
    if (!taken.has(id)) return id
  }
}

function clipped(text: string): string {
  const encoder = new TextEncoder()
  let id = text
  while (encoder.encode(id).length > 100) id = [...id].slice(0, -1).join('')
  return id
}
