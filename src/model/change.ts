/** What happened to one thing: no `before` = created, no `after` = deleted. */
export interface Edit<V> {
  readonly before?: V | undefined
  readonly after?: V | undefined
}

/** Edits by id: the one currency of undo, of the outbox and of what a server sends. */
export type Change<K, V> = ReadonlyMap<K, Edit<V>>

/** The change that takes `change` back. */
export const invert = <K, V>(change: Change<K, V>): Change<K, V> =>
  new Map([...change].map(([key, edit]) => [key, { before: edit.after, after: edit.before }]))

/** One edit that does what `first` and then `second` do: the first `before`, the last `after`. */
export const compose = <V>(first: Edit<V>, second: Edit<V>): Edit<V> => ({ before: first.before, after: second.after })

/** `base` after the change: a new map, `base` stays. New keys come last. */
export function apply<K, V>(base: ReadonlyMap<K, V>, change: Change<K, V>): Map<K, V> {
  const out = new Map(base)
  for (const [key, edit] of change) {
    if (edit.after === undefined) out.delete(key)
    else out.set(key, edit.after)
  }
  return out
}

/** The change that makes `after` of `before`. Values that are `same` (identical, by default) are not in it. */
export function diff<K, V>(
  before: ReadonlyMap<K, V>,
  after: ReadonlyMap<K, V>,
  same: (a: V, b: V) => boolean = Object.is,
): Change<K, V> {
  const change = new Map<K, Edit<V>>()
  for (const [key, value] of before) {
    const next = after.get(key)
    if (next === undefined) change.set(key, { before: value })
    else if (!same(value, next)) change.set(key, { before: value, after: next })
  }
  for (const [key, value] of after) if (!before.has(key)) change.set(key, { after: value })
  return change
}

/** Whether both maps hold the same values under the same keys in the same order. */
export function sameEntries<V>(a: ReadonlyMap<string, V>, b: ReadonlyMap<string, V>): boolean {
  if (a.size !== b.size) return false
  const entries = b.entries()
  for (const [key, value] of a) {
    const [otherKey, other] = entries.next().value!
    if (key !== otherKey || value !== other) return false
  }
  return true
}
