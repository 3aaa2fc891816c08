import { keep, keptText } from '#app/kept.ts'
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

const placeOf = (person: string, work: string) => `marquee.ticks.${person}.${work}`

/** The regions that this person found right, in this round of a piece of work; kept in this browser. */
export function readTicks(person: string, work: string): ReadonlySet<string> {
  const text = keptText(placeOf(person, work))
  return new Set(text ? text.split('\n') : [])
}

export const keepTicks = (person: string, work: string, ticks: ReadonlySet<string>): void =>
  keep(placeOf(person, work), [...ticks].join('\n'))
