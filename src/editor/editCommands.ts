import { alongScreen } from '#geometry/view.ts'
import type { EditorCommand } from './command.ts'
import type { Editor } from './editor.ts'
import { editable, selection, selectionEdit } from './enabled.ts'
import { canGoBack, type EditorState } from './state.ts'

const caret = ({ toolState }: EditorState) => toolState.id === 'box' && toolState.state.at === 'caret'
const sketching = ({ toolState }: EditorState) => canGoBack(toolState)

/** Undo, deleting, duplicating, and moving by keys. */
export const editCommands: readonly EditorCommand[] = [
  {
    id: 'edit.undo',
    title: 'Undo',
    group: 'Edit',
    keys: ['Ctrl+Z'],
    repeats: true,
    enabled: (state) => state.canUndo || state.historyComing,
    run: (e) => {
      e.undo()
    },
  },
  {
    id: 'edit.redo',
    title: 'Redo',
    group: 'Edit',
    keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    repeats: true,
    enabled: (state) => state.canRedo || state.historyComing,
    run: (e) => {
      e.redo()
    },
  },
  {
    id: 'edit.delete',
    title: 'Delete: the last vertex, picked vertices, or the selection',
    group: 'Edit',
    keys: ['Delete', 'Backspace'],
    enabled: (state) => selectionEdit(state) || sketching(state),
    run: (e) => e.deleteSelected(),
  },
  {
    id: 'edit.deleteLocked',
    title: 'Delete, locked too',
    group: 'Edit',
    keys: ['Shift+Delete', 'Shift+Backspace'],
    enabled: selectionEdit,
    run: (e) => e.deleteSelected(true),
  },
  {
    id: 'edit.duplicate',
    title: 'Duplicate',
    group: 'Edit',
    keys: ['Ctrl+D'],
    enabled: selectionEdit,
    run: (e) => e.duplicate(),
  },
  ...arrows('edit.nudge', 'Move', '', 1, (e, dx, dy) => e.nudge(...alongScreen(e.state.view, dx, dy))),
  ...arrows('edit.nudgeFar', 'Move 10 px', 'Shift+', 10, (e, dx, dy) => e.nudge(...alongScreen(e.state.view, dx, dy))),
  ...arrows('edit.grow', 'Resize', 'Ctrl+', 1, (e, dx, dy) => e.resizeBy(dx, dy)),
  ...arrows('edit.growFar', 'Resize 10 px', 'Ctrl+Shift+', 10, (e, dx, dy) => e.resizeBy(dx, dy)),
]

/** Four commands, one an arrow; they hold while something is selected or the caret of drawing by keyboard is shown. */
function arrows(
  id: string,
  title: string,
  modifiers: string,
  px: number,
  run: (editor: Editor, dx: number, dy: number) => void,
): readonly EditorCommand[] {
  const directions = [
    ['Left', -px, 0],
    ['Right', px, 0],
    ['Up', 0, -px],
    ['Down', 0, px],
  ] as const
  return directions.map(([name, dx, dy]) => ({
    id: `${id}${name}`,
    title: `${title} ${name.toLowerCase()}`,
    group: 'Edit',
    keys: [`${modifiers}Arrow${name}`],
    repeats: true,
    enabled: (state) => editable(state) && (selection(state) || caret(state)),
    run: (e) => run(e, dx, dy),
  }))
}
