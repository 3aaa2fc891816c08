import { alongScreen } from '#geometry/view.ts'
import type { EditorCommand } from './command.ts'
import type { Editor } from './editor.ts'
import { all, any, editable, needs, selection, selectionEdit } from './enabled.ts'
import { canGoBack } from './state.ts'

const caret = needs(
  ({ toolState }) => toolState.id === 'box' && toolState.state.at === 'caret',
  'draw by keyboard first',
)
const sketching = needs(({ toolState }) => canGoBack(toolState), 'nothing is being drawn')

/** Undo, deleting, duplicating, and moving by keys. */
export const editCommands: readonly EditorCommand[] = [
  {
    id: 'edit.undo',
    title: 'Undo',
    group: 'Edit',
    keys: ['Ctrl+Z'],
    repeats: true,
    whyNot: needs((state) => state.canUndo || state.historyComing, 'nothing to undo on this image'),
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
    whyNot: needs((state) => state.canRedo || state.historyComing, 'nothing to redo on this image'),
    run: (e) => {
      e.redo()
    },
  },
  {
    id: 'edit.delete',
    title: 'Delete: the last vertex, picked vertices, or the selection',
    group: 'Edit',
    keys: ['Delete', 'Backspace'],
    whyNot: any(selectionEdit, sketching),
    run: (e) => e.deleteSelected(),
  },
  {
    id: 'edit.deleteLocked',
    title: 'Delete, locked too',
    group: 'Edit',
    keys: ['Shift+Delete', 'Shift+Backspace'],
    whyNot: selectionEdit,
    run: (e) => e.deleteSelected(true),
  },
  {
    id: 'edit.deleteAll',
    title: 'Delete all regions',
    group: 'Edit',
    keys: [],
    whyNot: needs(({ regions, readOnly }) => regions.size > 0 && readOnly === undefined, 'there are no regions'),
    run: (e) => e.deleteEvery(),
  },
  {
    id: 'edit.duplicate',
    title: 'Duplicate',
    group: 'Edit',
    keys: ['Ctrl+D'],
    whyNot: selectionEdit,
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
    whyNot: all(editable, any(selection, caret)),
    run: (e) => run(e, dx, dy),
  }))
}
