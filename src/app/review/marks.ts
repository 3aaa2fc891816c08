import { isRegionOf } from '#app/notes/notePlace.ts'
import type { Region } from '#model/region.ts'
import type { Thread } from '#sync/notes.ts'

/** What a reviewer has said of a region so far: a tick is only theirs, a cross is an open note that its author reads. */
export type Mark = 'right' | 'wrong' | undefined

/** Open threads on a region, by others than its author. */
export const crossesOn = (region: Region, threads: readonly Thread[]): readonly Thread[] =>
  threads.filter(
    ({ resolved, region: name, notes }) =>
      !resolved && name !== undefined && isRegionOf(region, name) && notes[0].by !== region.madeBy.id,
  )

export const markOf = (region: Region, ticked: ReadonlySet<string>, threads: readonly Thread[]): Mark => {
  if (crossesOn(region, threads).length > 0) return 'wrong'
  return ticked.has(region.key) ? 'right' : undefined
}

export interface KeptTicks {
  /** of the last tick; ms since the epoch */
  readonly at: number
  /** the last piece of work first, with the regions found right in each */
  readonly works: readonly (readonly [work: string, regions: readonly string[]])[]
}

/** So many pieces of work are remembered, and so many characters, as far as preferences go. */
const MOST_WORKS = 40
const MOST_CHARACTERS = 60_000

const noTicks: KeptTicks = { at: 0, works: [] }

export const ticksText = (kept: KeptTicks): string => JSON.stringify(kept)

/** What cannot be read counts as nothing. */
export function readTicks(text: string | undefined): KeptTicks {
  try {
    const { at, works } = JSON.parse(text || 'null') as Record<string, unknown>
    if (typeof at !== 'number' || !Array.isArray(works)) return noTicks
    return { at, works: works.filter(isWork) }
  } catch {
    return noTicks
  }
}

const isWork = (one: unknown): one is readonly [string, readonly string[]] =>
  Array.isArray(one) &&
  typeof one[0] === 'string' &&
  Array.isArray(one[1]) &&
  one[1].every((region) => typeof region === 'string')

/** With those of one piece of work, which becomes the last; the oldest are forgotten. */
export function withTicks({ works }: KeptTicks, work: string, regions: ReadonlySet<string>, at: number): KeptTicks {
  const others = works.filter(([name]) => name !== work)
  const all = regions.size > 0 ? [[work, [...regions]] as const, ...others] : others
  let left = MOST_CHARACTERS
  const fits = (one: (typeof all)[number]) => {
    left -= JSON.stringify(one).length + 1
    return left >= 0
  }
  return { at, works: all.slice(0, MOST_WORKS).filter(fits) }
}

export const newer = (a: KeptTicks, b: KeptTicks): KeptTicks => (b.at > a.at ? b : a)
