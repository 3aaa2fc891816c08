import type { Command } from '#app/command.ts'
import { commands } from '#app/commands.ts'
import { shownStroke } from '#app/keyStroke.ts'
import { groupRank, matches } from '#app/keys/groups.ts'

export interface Shortcut {
  readonly title: string
  /** as {@link Command.keys}; for the pointer as words */
  readonly keys: readonly string[]
}

/** What is done by pointer and by keys that are held: no commands, since they do nothing on their own. */
const gestures: readonly Shortcut[] = [
  { title: 'Zoom at the pointer', keys: ['Wheel'] },
  { title: 'Pan', keys: ['Space + drag', 'Middle button + drag'] },
  { title: 'Draw a box by dragging, or by clicking two corners', keys: ['Drag', 'Click, click'] },
  { title: 'While drawing: square, from the centre, without snapping', keys: ['Shift', 'Alt', 'Ctrl'] },
  { title: 'Move the box being drawn', keys: ['Space'] },
  { title: 'Polygon: set a vertex, or draw freehand; both may be mixed', keys: ['Click', 'Drag'] },
  { title: 'Polygon: close it', keys: ['Click the first vertex', 'Double click', 'Enter'] },
  { title: 'Polygon: take back the last vertex', keys: ['Right click', 'Backspace', 'Ctrl+Z'] },
  { title: 'Polygon: in steps of 45°, without snapping', keys: ['Shift', 'Ctrl'] },
  { title: 'Polygon: the other way round a neighbour', keys: ['Tab'] },
  { title: 'Polygon: a hole in the selected one', keys: ['Alt + first click inside'] },
  { title: 'Move a vertex, or put one into an edge', keys: ['Drag the vertex', 'Click or drag the edge'] },
  { title: 'Delete a vertex, or the hole it is on; a point with the Point tool', keys: ['Alt + click'] },
  { title: 'Pick several vertices', keys: ['Shift + click', 'Shift + drag a frame'] },
  { title: 'Move a shared vertex alone', keys: ['Ctrl + drag'] },
  { title: 'Redraw a part of the outline', keys: ['Shift + drag from the outline back to it'] },
  { title: 'Add to or take from the selection', keys: ['Ctrl + click'] },
  { title: 'Select what lies below', keys: ['Click again'] },
  { title: 'Select by a frame; with Alt also what it touches', keys: ['Drag on nothing'] },
  { title: 'Select for as long as it is held', keys: ['V held'] },
]

export interface ShortcutGroup {
  readonly title: string
  readonly shortcuts: readonly Shortcut[]
}

/** Every key there is, by group, from the one list of commands. The ten digits are one line, as are the four arrows. */
export function shortcutGroups(among: readonly Command[] = commands): readonly ShortcutGroup[] {
  const groups = Map.groupBy(
    among.filter(({ keys }) => keys.length > 0),
    ({ group }) => group,
  )
  const titles = [...groups.keys()].sort((a, b) => groupRank(a) - groupRank(b))
  const ofCommands = titles.map((title) => ({ title, shortcuts: folded(groups.get(title) ?? []) }))
  return [...ofCommands, { title: 'Pointer and held keys', shortcuts: gestures }]
}

/** What of them matches what was typed, by name, group or key. */
export function shortcutsFound(groups: readonly ShortcutGroup[], typed: string): readonly ShortcutGroup[] {
  const wanted = typed.trim()
  const left = groups.map(({ title: group, shortcuts }) => ({
    title: group,
    shortcuts: shortcuts.filter((shortcut) => matches({ ...shortcut, group }, wanted)),
  }))
  return left.filter(({ shortcuts }) => shortcuts.length > 0)
}

const digitFamilies: Readonly<Record<string, string>> = {
  'concept.slot': 'Use the concept with this digit; with Classify, tick it for the whole image',
  'concept.not': 'Classify: the image does not show the concept with this digit',
}

const DIRECTION = /(Left|Right|Up|Down)$/

function folded(list: readonly { id: string; title: string; keys: readonly string[] }[]): readonly Shortcut[] {
  const lines = new Map<string, Shortcut>()
  for (const { id, title, keys } of list) {
    const family = id.replace(DIRECTION, '').replace(/^(concept\.\w+)\.\d+$/, '$1')
    const name = digitFamilies[family] ?? (DIRECTION.test(id) ? title.replace(/ (left|right|up|down)$/, '') : title)
    const known = lines.get(family)
    lines.set(family, { title: name, keys: [...(known?.keys ?? []), ...keys] })
  }
  return [...lines.values()]
}

const isGesture = (key: string) => / |^Click|Wheel|Drag|Click|held/.test(key)

/** The text of docs/shortcuts.md. */
export function shortcutsMarkdown(): string {
  const tables = shortcutGroups().map(({ title, shortcuts }) => {
    const rows = shortcuts.map((line) => `| ${line.title} | ${line.keys.map(markdownKey).join(', ')} |`)
    return [`## ${title}`, '', '| | |', '|---|---|', ...rows].join('\n')
  })
  const start = [
    '# Shortcuts',
    '',
    'Written by `npx vitest run src/app/help -u` from the list of commands (`src/app/commands.ts`).',
  ]
  const notes =
    'Ctrl stands for Cmd on a Mac. Letters and digits are keys by their place on the keyboard, symbols what they type.'
  return `${[...start, notes, '', tables.join('\n\n')].join('\n')}\n`
}

const markdownKey = (key: string) => {
  const text = (isGesture(key) ? key : shownStroke(key)).replaceAll('|', '\\|')
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}
