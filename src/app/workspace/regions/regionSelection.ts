import type { RegionKey } from '#model/region.ts'

interface Choice {
  /** in the list's order */
  readonly keys: readonly RegionKey[]
  readonly selected: ReadonlySet<RegionKey>
  /** where a range begins */
  readonly anchor: RegionKey | undefined
  readonly to: RegionKey
  readonly range: boolean
  readonly toggle: boolean
}

/** What is selected after a row was chosen: it alone, it added or taken away, or all from the anchor to it. */
export function movedSelection({ keys, selected, anchor, to, range, toggle }: Choice): ReadonlySet<RegionKey> {
  if (range) {
    const from = anchor === undefined ? -1 : keys.indexOf(anchor)
    const end = keys.indexOf(to)
    if (from >= 0 && end >= 0) return new Set(keys.slice(Math.min(from, end), Math.max(from, end) + 1))
  }
  if (!toggle) return new Set([to])
  const next = new Set(selected)
  if (!next.delete(to)) next.add(to)
  return next
}
