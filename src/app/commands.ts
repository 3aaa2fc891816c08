import { setSingleChoice, singleChoice } from '#app/workspace/concepts/classify.ts'
import { digitRenames, setDigitRenames } from '#app/workspace/concepts/digitRenames.ts'
import type { EditorCommand } from '#editor/command.ts'
import { editorCommands } from '#editor/commands.ts'
import type { Editor } from '#editor/editor.ts'
import type { Held } from '#editor/heldKeys.ts'
import { isVisible } from '#editor/hit.ts'
import { neighbour } from '#editor/readingOrder.ts'
import { isBusy } from '#editor/state.ts'
import { appHref } from './appHref.ts'
import type { Command, Scope, Studio } from './command.ts'
import { type PresetId, presets } from './keys/presets.ts'
import { noteCommands, reviewCommands } from './reviewCommands.ts'
import { inScope } from './studioCommand.ts'
import { studioCommands } from './studioCommands.ts'
import { enterSubmits, setEnterSubmits } from './work/enterSubmits.ts'

const page = (id: string, title: string, path: string): Command => ({
  id: `go.${id}`,
  title,
  group: 'Go to',
  keys: [],
  scope: 'everywhere',
  when: ({ app }) => app !== undefined,
  run: ({ shell, app }) => {
    if (app) shell.go(`${appHref(app)}${path}`)
  },
})

const always: readonly Command[] = [
  {
    id: 'palette',
    title: 'Open the command palette',
    group: 'General',
    keys: ['Ctrl+K'],
    scope: 'everywhere',
    inFields: true,
    when: () => true,
    run: ({ shell }) => shell.openPalette(),
  },
  {
    id: 'help',
    title: 'Show all shortcuts',
    group: 'General',
    keys: ['?'],
    scope: 'everywhere',
    when: () => true,
    run: ({ shell }) => shell.openHelp(),
  },
  {
    id: 'go.apps',
    title: 'All apps',
    group: 'Go to',
    keys: [],
    scope: 'everywhere',
    when: () => true,
    run: ({ shell }) => shell.go('/apps'),
  },
  {
    id: 'go.account',
    title: 'Account settings',
    group: 'Go to',
    keys: [],
    scope: 'everywhere',
    when: () => true,
    run: ({ shell }) => shell.go('/settings'),
  },
  {
    id: 'go.keys',
    title: 'Keyboard shortcuts: change them',
    group: 'Go to',
    keys: [],
    scope: 'everywhere',
    when: () => true,
    run: ({ shell }) => shell.go('/settings/keys'),
  },
  page('overview', 'Overview of this app', ''),
  page('work', 'My work in this app', '/work'),
  page('inputs', 'Inputs of this app', '/inputs'),
  page('concepts', 'Concepts of this app', '/concepts'),
  page('people', 'People of this app', '/people'),
  page('exports', 'Exports of this app', '/exports'),
  page('activity', 'Activity in this app', '/activity'),
  page('appSettings', 'Settings of this app', '/settings'),
]

const setting = (id: string, title: string, run: Command['run']): Command => ({
  id,
  title,
  group: 'Settings',
  keys: [],
  scope: 'everywhere',
  when: () => true,
  run,
})

/** What else is set on pages or panels, so that the palette finds it by name. */
const settings: readonly Command[] = [
  setting('theme.auto', 'Theme: like the system', ({ shell }) => shell.setTheme('auto')),
  setting('theme.light', 'Theme: light', ({ shell }) => shell.setTheme('light')),
  setting('theme.dark', 'Theme: dark', ({ shell }) => shell.setTheme('dark')),
  ...(Object.keys(presets) as PresetId[]).map((preset) =>
    setting(`keys.of.${preset}`, `Keyboard: keys of ${presets[preset].name}`, ({ shell }) => shell.takeKeysOf(preset)),
  ),
  setting('classify.single', 'Classify: one choice, then the next image; on or off', () =>
    setSingleChoice(!singleChoice.getState().on),
  ),
  setting('concept.digitRenames', 'A digit after drawing also renames what was just drawn; on or off', () =>
    setDigitRenames(!digitRenames.getState().on),
  ),
  {
    ...setting('app.sharedVertices', 'Shared vertices move together in this app; on or off', ({ shell, app }) => {
      if (app) shell.toggleSharedVertices(app)
    }),
    when: ({ app }) => app !== undefined,
  },
  setting('work.enterSubmits', 'Enter submits the image when nothing is selected; on or off', () =>
    setEnterSubmits(!enterSubmits.getState().on),
  ),
]

/** Arrows belong to what is selected, Enter to a shape that is being drawn; the rest holds with an image open. */
const editorScope = (command: EditorCommand): Scope => {
  if (command.keys.some((key) => key.includes('Arrow'))) return 'selected'
  return command.scope ?? (command.id === 'tool.finish' ? 'drawing' : 'image')
}

/** What is said of the whole input can be taken back where there is nothing to draw on, too. */
const editorFor = ({ id }: EditorCommand, studio: Studio | undefined): Editor | undefined =>
  studio?.editor ?? (id === 'edit.undo' || id === 'edit.redo' ? studio?.history : undefined)

const ofEditor = (command: EditorCommand): Command => ({
  id: command.id,
  title: command.title,
  group: command.group,
  keys: command.keys,
  scope: editorScope(command),
  repeats: command.repeats === true,
  // by the arrow keys or Tab themselves they are for the canvas only: elsewhere those move from control to control
  onCanvas: command.id === 'select.next' || command.id === 'select.previous',
  when: ({ studio }) => {
    const editor = editorFor(command, studio)
    if (!editor) return false
    return inScope(command.scope, editor) && !command.whyNot(editor.state) && !leavesCanvas(command.id, editor)
  },
  whyNot: ({ studio }) => {
    const editor = editorFor(command, studio)
    return editor && command.whyNot(editor.state)
  },
  run: ({ studio }) => {
    const editor = editorFor(command, studio)
    if (editor) command.run(editor)
  },
})

/** Past the last region Tab goes on to the next control, so that the keyboard is never caught in the canvas. */
function leavesCanvas(id: string, { state }: Editor): boolean {
  if ((id !== 'select.next' && id !== 'select.previous') || isBusy(state.toolState)) return false
  const [selected] = state.selected
  if (selected === undefined) return false
  const step = id === 'select.next' ? 1 : -1
  const visible = [...state.regions.values()].filter(({ key }) => isVisible(state, key))
  return neighbour(visible, state.regions.get(selected), step) === neighbour(visible, undefined, step)
}

const held = (does: Held, title: string, key: string): Command => ({
  id: `hold.${does}`,
  title,
  group: 'View',
  keys: [key],
  scope: 'image',
  held: does,
  when: () => false,
  run: () => undefined,
})

/** Done for as long as a key is held: the canvas hears them (useHeldKeys.ts). V is Select's own key. */
const holds: readonly Command[] = [
  held('pan', 'Hold: move the view, or the box being drawn', 'Space'),
  held('names', 'Hold: show all names', '.'),
  held('bare', 'Hold: hide all regions', '`'),
  { ...held('bare', 'Hold: hide all regions while painting', 'H'), id: 'hold.barePainting', scope: 'painting' },
  held('zoom', 'Hold and drag: zoom to a box', 'Z'),
  held('turn', 'Hold and drag: turn the view; Shift: by 15°', 'O'),
]

/** Every command there is, one list for keys, palette, tooltips, the shortcut sheet and docs/shortcuts.md. */
export const commands: readonly Command[] = [
  ...reviewCommands,
  ...editorCommands.map(ofEditor),
  ...studioCommands,
  ...noteCommands,
  ...holds,
  ...always,
  ...settings,
]

const byId: ReadonlyMap<string, Command> = new Map(commands.map((command) => [command.id, command]))

/** @throws RangeError for an id that no command has, so that a tooltip cannot name a key that does not exist. */
export function commandOf(id: string): Command {
  const command = byId.get(id)
  if (!command) throw new RangeError(`no command ${id}`)
  return command
}
