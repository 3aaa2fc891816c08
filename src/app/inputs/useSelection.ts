import { useState } from 'react'

export interface Selection {
  readonly ids: ReadonlySet<string>
  /** The place a range starts from (Shift+click, Shift+arrow). */
  readonly anchor: number
  toggle(id: string, index: number): void
  /** Takes a whole range, replacing what was selected before it. */
  take(ids: Iterable<string>): void
  /** Moves the start of ranges without selecting. */
  setAnchor(index: number): void
  clear(): void
}

/** Which inputs are picked, by id: it survives scrolling, filtering and refetching. */
export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const [anchor, setAnchor] = useState(0)
  return {
    ids,
    anchor,
    toggle(id, index) {
      setAnchor(index)
      setIds((old) => (old.has(id) ? new Set([...old].filter((other) => other !== id)) : new Set([...old, id])))
    },
    take: (taken) => setIds(new Set(taken)),
    setAnchor,
    clear: () => setIds(new Set()),
  }
}
