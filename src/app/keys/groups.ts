import type { Command } from '#app/command.ts'
import { canonicalStroke, shownStroke } from '#app/keyStroke.ts'
import { matchRank } from '#app/workspace/concepts/conceptSearch.ts'

export interface CommandGroup {
  readonly title: string
  readonly commands: readonly Command[]
}

const groupOrder = [
  'Tools',
  'Brush',
  'Images',
  'Work',
  'Review',
  'Notes',
  'Concepts',
  'Edit',
  'Shapes',
  'Selection',
  'Suggestions',
  'View',
  'General',
  'Settings',
  'Go to',
]

/** For sorting groups; those that are not known come last. */
export const groupRank = (group: string): number =>
  groupOrder.includes(group) ? groupOrder.indexOf(group) : groupOrder.length

/** The commands that match what was typed, by name, group or key, in their groups. */
export function groupsOf(commands: readonly Command[], typed: string): readonly CommandGroup[] {
  const found = commands.filter((command) => matches(command, typed.trim()))
  const groups = Map.groupBy(found, ({ group }) => group)
  return [...groups.keys()]
    .sort((a, b) => groupRank(a) - groupRank(b))
    .map((title) => ({ title, commands: groups.get(title) ?? [] }))
}

/** Letters with gaps between them are no match here: the list is read, not picked from. */
const CLOSE = 3

/** Whether something with keys is what was typed: by its name, its group, or a key (all of it, or two letters and more). */
export function matches({ title, group, keys, id = '' }: Named, typed: string): boolean {
  if (typed === '') return true
  const isKey = keys.some(
    (key) => shownStroke(key).toLowerCase() === typed.toLowerCase() || canonicalStroke(key) === canonicalStroke(typed),
  )
  const texts = [title, group, id, ...keys.map((key) => shownStroke(key))]
  return isKey || (typed.length > 1 && texts.some((text) => (matchRank(text, typed) ?? CLOSE + 1) <= CLOSE))
}

interface Named extends Pick<Command, 'title' | 'group' | 'keys'> {
  readonly id?: string
}
