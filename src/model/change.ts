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
