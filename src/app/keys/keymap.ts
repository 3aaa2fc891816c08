import { type Command, overlap } from '#app/command.ts'
import { canonicalStroke, strokesClash, strokesIn } from '#app/keyStroke.ts'
import { type PresetId, presets } from './presets.ts'
import { whyNotBound } from './reserved.ts'

/** A person's keys: one of the presets, and what they have changed. Only differences are kept, so new commands get theirs. */
export interface Keymap {
  readonly version: 1
  readonly preset: PresetId
  /** keys by command id, instead of the preset's; none = no key */
  readonly own: Readonly<Record<string, readonly string[]>>
}

export const standardKeymap: Keymap = { version: 1, preset: 'marquee', own: {} }

/**
 * The commands with a person's keys. What they chose stands above the preset, that above our own keys: a key that a
 * higher one needs at the same moment is taken from the lower, so no two commands ever share one.
 */
export function boundCommands(commands: readonly Command[], keymap: Keymap): readonly Command[] {
  if (keymap.preset === 'marquee' && Object.keys(keymap.own).length === 0) return commands
  const preset = presets[keymap.preset].keys
  const layered = commands.map((command) => {
    const own = keymap.own[command.id]
    if (own) return { command, keys: own, layer: 2 }
    const given = preset[command.id]
    return given ? { command, keys: given, layer: 1 } : { command, keys: command.keys, layer: 0 }
  })
  // by their first strokes: keys that clash begin alike
  const owners = Map.groupBy(
    layered.flatMap((entry) => entry.keys.map((key) => ({ ...entry, key }))),
    ({ key }) => firstStroke(key),
  )
  const isFree = ({ layer, command }: (typeof layered)[number], key: string) =>
    !owners
      .get(firstStroke(key))
      ?.some(
        (other) => other.layer > layer && strokesClash(other.key, key) && overlap(other.command.scope, command.scope),
      )
  return layered.map((entry) => {
    const keys = entry.keys.filter((key) => isFree(entry, key))
    return sameKeys(keys, entry.command.keys) ? entry.command : { ...entry.command, keys }
  })
}

const firstStroke = (key: string): string => canonicalStroke(strokesIn(key)[0] ?? key)

/** The commands, other than `id`, that answer to this combination, or to one it begins, at a moment when `id` does. */
export function clashes(commands: readonly Command[], id: string, stroke: string): readonly Command[] {
  const command = commands.find((one) => one.id === id)
  if (!command) return []
  return commands.filter(
    (other) =>
      other.id !== id && overlap(other.scope, command.scope) && other.keys.some((key) => strokesClash(key, stroke)),
  )
}

/** The keymap with these keys for a command, each taken from whoever had it at the same moment. */
export function rebound(commands: readonly Command[], keymap: Keymap, id: string, keys: readonly string[]): Keymap {
  const own: Record<string, readonly string[]> = { ...keymap.own, [id]: keys }
  for (const key of keys) {
    for (const other of clashes(boundCommands(commands, keymap), id, key)) {
      const left = own[other.id] ?? other.keys
      own[other.id] = left.filter((theirs) => !strokesClash(theirs, key))
    }
  }
  return tidied(commands, { ...keymap, own })
}

/** The keymap with the preset's keys for one command again, taken back from whoever was given them since. */
export function reset(commands: readonly Command[], keymap: Keymap, id: string): Keymap {
  const standard = boundCommands(commands, { ...keymap, own: {} }).find((command) => command.id === id)
  return rebound(commands, keymap, id, standard?.keys ?? [])
}

/** Without entries that say what the preset says anyway. */
function tidied(commands: readonly Command[], keymap: Keymap): Keymap {
  const standard = new Map(boundCommands(commands, { ...keymap, own: {} }).map((command) => [command.id, command.keys]))
  const own = Object.entries(keymap.own).filter(([id, keys]) => !sameKeys(keys, standard.get(id) ?? []))
  return { ...keymap, own: Object.fromEntries(own) }
}

const sameKeys = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((key, i) => canonicalStroke(key) === canonicalStroke(b[i]!))

/** For a file: what {@link parseKeymap} reads. */
export const keymapText = (keymap: Keymap): string => `${JSON.stringify({ marquee: 'keymap', ...keymap }, null, 2)}\n`

/**
 * A keymap from a file or from where it is kept. Commands that this version does not know are kept for the one that
 * does.
 * @throws RangeError that says, for people, which field is wrong
 */
export function parseKeymap(text: string, commands: readonly Command[]): Keymap {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new RangeError('This is no JSON.')
  }
  if (!isRecord(value) || !('own' in value || 'preset' in value)) throw new RangeError('This is no keymap of Marquee.')
  if (value.version !== 1) throw new RangeError(`version: ${JSON.stringify(value.version)} is not known here, only 1.`)
  const { preset = 'marquee', own = {} } = value
  if (typeof preset !== 'string' || !Object.hasOwn(presets, preset))
    throw new RangeError(`preset: ${JSON.stringify(preset)} is none of ${Object.keys(presets).join(', ')}.`)
  if (!isRecord(own)) throw new RangeError('own: must be an object of lists of keys.')
  const keymap: Keymap = { version: 1, preset: preset as PresetId, own: readOwn(own) }
  checkClashes(commands, keymap)
  return keymap
}

function readOwn(own: Readonly<Record<string, unknown>>): Record<string, readonly string[]> {
  const read: Record<string, readonly string[]> = {}
  for (const [id, keys] of Object.entries(own)) {
    if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string' && key !== '' && key.length <= 40))
      throw new RangeError(`own["${id}"]: must be a list of keys such as "Ctrl+B".`)
    for (const key of keys as string[]) {
      const why = whyNotBound(id, key)
      if (why) throw new RangeError(`own["${id}"]: ${key} cannot be used. ${why}`)
    }
    read[id] = keys as string[]
  }
  return read
}

function checkClashes(commands: readonly Command[], keymap: Keymap): void {
  const bound = boundCommands(commands, keymap)
  for (const [id, keys] of Object.entries(keymap.own)) {
    for (const key of keys) {
      const [other] = clashes(bound, id, key)
      if (other) throw new RangeError(`own["${id}"]: ${key} is also the key of “${other.title}” (${other.id}).`)
    }
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
