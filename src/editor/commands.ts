import { alongScreen, isTurned } from '#geometry/view.ts'
import type { Editor } from './editor.ts'
import { always, editable, selects } from './enabled.ts'
import { canFinishMask, paintCommands } from './paintCommands.ts'
import { canFinish, canFlip, canGoBack, type EditorState, isBusy } from './state.ts'
import { editedPolygon } from './vertexHit.ts'

/** One thing a person can do, for keys, menus, palette, help and the list of shortcuts. */
export interface EditorCommand {
  /** unique, `group.verb` */
  readonly id: string
  readonly title: string
  readonly group: 'Tools' | 'Brush' | 'Edit' | 'Shapes' | 'Selection' | 'View'
  /** as {@link keyName} writes them; several are alternatives */
  readonly keys: readonly string[]
  /** where its keys hold, if not everywhere in the studio: with Brush and Eraser in hand, or with anything else */
  readonly scope?: 'painting' | 'notPainting'
  /** may run again while the key is held */
  readonly repeats?: true
  enabled(state: EditorState): boolean
  run(editor: Editor): void
}

const selection = (state: EditorState) => state.selected.size > 0
const selectionEdit = (state: EditorState) => selection(state) && editable(state)
const caret = ({ toolState }: EditorState) => toolState.id === 'box' && toolState.state.at === 'caret'
const sketching = ({ toolState }: EditorState) => canGoBack(toolState)
/** Something selected can be cut: a polygon, a box or a mask. */
const cornered = (state: EditorState) => selects(state, ['polygon', 'box', 'mask'])
const combinable = (state: EditorState) => state.selected.size > 1 && editable(state)

const tools: readonly EditorCommand[] = [
  { id: 'tool.select', title: 'Select', group: 'Tools', keys: ['V'], enabled: always, run: (e) => e.setTool('select') },
  { id: 'tool.box', title: 'Box', group: 'Tools', keys: ['R'], enabled: always, run: (e) => e.setTool('box') },
  {
    id: 'tool.extremes',
    title: 'Box by its four outermost points',
    group: 'Tools',
    keys: ['Shift+X'],
    enabled: always,
    run: (e) => e.setTool('extremes'),
  },
  {
    id: 'tool.rotated',
    title: 'Rotated box by three points',
    group: 'Tools',
    keys: ['Shift+R'],
    enabled: always,
    run: (e) => e.setTool('rotated'),
  },
  {
    id: 'tool.polygon',
    title: 'Polygon',
    group: 'Tools',
    keys: ['P'],
    enabled: always,
    run: (e) => e.setTool('polygon'),
  },
  { id: 'tool.point', title: 'Point', group: 'Tools', keys: ['K'], enabled: always, run: (e) => e.setTool('point') },
  {
    id: 'tool.classify',
    title: 'Classify: what the whole image shows',
    group: 'Tools',
    keys: ['T'],
    enabled: always,
    run: (e) => e.setTool('classify'),
  },
  {
    id: 'tool.invert',
    title: 'Alt on or off: subtract, erase, touch without holding it',
    group: 'Tools',
    keys: ['X'],
    enabled: always,
    run: (e) => e.setInverted(!e.state.inverted),
  },
  {
    id: 'tool.again',
    title: 'Draw again',
    group: 'Tools',
    keys: ['N'],
    enabled: editable,
    run: (e) => e.drawAgain(),
  },
  {
    id: 'tool.boxByKeyboard',
    title: 'Draw box with keyboard',
    group: 'Tools',
    keys: ['Ctrl+Alt+R'],
    enabled: editable,
    run: (e) => e.drawByKeyboard(),
  },
  {
    id: 'tool.finish',
    title: 'Finish the shape',
    group: 'Tools',
    keys: ['Enter'],
    enabled: (state) => canFinish(state.toolState) || canFinishMask(state),
    run: (e) => e.finish(),
  },
  {
    id: 'tool.cancel',
    title: 'Cancel, deselect, back to Select',
    group: 'Tools',
    keys: ['Escape'],
    enabled: (state) => isBusy(state.toolState) || selection(state) || state.tool !== 'select',
    run: (e) => {
      e.cancel()
    },
  },
]

const edits: readonly EditorCommand[] = [
  {
    id: 'edit.undo',
    title: 'Undo',
    group: 'Edit',
    keys: ['Ctrl+Z'],
    repeats: true,
    enabled: (state) => state.canUndo,
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
    enabled: (state) => state.canRedo,
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

const shapes: readonly EditorCommand[] = [
  {
    id: 'shape.union',
    title: 'Unite',
    group: 'Shapes',
    keys: ['U'],
    enabled: combinable,
    run: (e) => e.combine('union'),
  },
  {
    id: 'shape.subtract',
    title: 'Subtract the last selected from the others',
    group: 'Shapes',
    keys: ['Shift+U'],
    enabled: combinable,
    run: (e) => e.combine('subtract'),
  },
  {
    id: 'shape.intersect',
    title: 'Intersect',
    group: 'Shapes',
    keys: ['Alt+U'],
    enabled: combinable,
    run: (e) => e.combine('intersect'),
  },
  {
    id: 'shape.cut',
    title: 'Cut with a line',
    group: 'Shapes',
    keys: ['C'],
    enabled: cornered,
    run: (e) => e.setTool('cut'),
  },
  {
    id: 'shape.simplify',
    title: 'Simplify the polygon',
    group: 'Shapes',
    keys: [],
    enabled: (state) => editedPolygon(state) !== undefined,
    run: (e) => e.simplify(),
  },
  {
    id: 'shape.fix',
    title: 'Split where the outline crosses itself',
    group: 'Shapes',
    keys: [],
    enabled: cornered,
    run: (e) => e.fixCrossing(),
  },
]

const selections: readonly EditorCommand[] = [
  {
    id: 'select.all',
    title: 'Select all',
    group: 'Selection',
    keys: ['Ctrl+A'],
    enabled: always,
    run: (e) => e.selectAll(),
  },
  {
    id: 'select.none',
    title: 'Select nothing',
    group: 'Selection',
    keys: [],
    enabled: selection,
    run: (e) => e.select([]),
  },
  {
    id: 'select.next',
    title: 'Next region; while drawing, the other of two ways',
    group: 'Selection',
    keys: ['Tab'],
    repeats: true,
    enabled: (state) => state.regions.size > 0,
    run: (e) => (canFlip(e.state.toolState) ? e.flip() : e.selectNext(1)),
  },
  {
    id: 'select.previous',
    title: 'Previous region',
    group: 'Selection',
    keys: ['Shift+Tab'],
    repeats: true,
    enabled: (state) => state.regions.size > 0,
    run: (e) => e.selectNext(-1),
  },
  {
    id: 'select.forward',
    title: 'Bring forward',
    group: 'Selection',
    keys: [']'],
    scope: 'notPainting',
    enabled: selectionEdit,
    run: (e) => e.reorder('forward'),
  },
  {
    id: 'select.backward',
    title: 'Send backward',
    group: 'Selection',
    keys: ['['],
    scope: 'notPainting',
    enabled: selectionEdit,
    run: (e) => e.reorder('backward'),
  },
  {
    id: 'select.front',
    title: 'Bring to front',
    group: 'Selection',
    keys: ['}'],
    scope: 'notPainting',
    enabled: selectionEdit,
    run: (e) => e.reorder('front'),
  },
  {
    id: 'select.back',
    title: 'Send to back',
    group: 'Selection',
    keys: ['{'],
    scope: 'notPainting',
    enabled: selectionEdit,
    run: (e) => e.reorder('back'),
  },
  {
    id: 'select.lock',
    title: 'Lock or unlock',
    group: 'Selection',
    keys: ['L'],
    scope: 'notPainting',
    enabled: selection,
    run: (e) => e.setLocked(e.state.selected, ![...e.state.selected].every((key) => e.state.locked.has(key))),
  },
  {
    id: 'select.hide',
    title: 'Hide or show',
    group: 'Selection',
    keys: ['H'],
    scope: 'notPainting',
    enabled: selection,
    run: (e) => e.setHidden(e.state.selected, ![...e.state.selected].every((key) => e.state.hidden.has(key))),
  },
  {
    id: 'select.solo',
    title: 'Show only the selection, or everything again',
    group: 'Selection',
    keys: ['Shift+H'],
    enabled: (state) => selection(state) || state.hidden.size > 0,
    run: (e) => e.solo(),
  },
  {
    id: 'select.allHidden',
    title: 'Hide all regions, or show all again',
    group: 'Selection',
    keys: [],
    enabled: (state) => state.regions.size > 0,
    run: (e) => e.setHidden(e.state.regions.keys(), e.state.hidden.size < e.state.regions.size),
  },
  {
    id: 'select.allLocked',
    title: 'Lock all regions, or unlock all again',
    group: 'Selection',
    keys: [],
    enabled: (state) => state.regions.size > 0,
    run: (e) => e.setLocked(e.state.regions.keys(), e.state.locked.size < e.state.regions.size),
  },
]

const views: readonly EditorCommand[] = [
  { id: 'view.fit', title: 'Fit', group: 'View', keys: ['F'], enabled: always, run: (e) => e.fit() },
  {
    id: 'view.actualSize',
    title: 'Actual size',
    group: 'View',
    keys: ['Shift+F'],
    enabled: always,
    run: (e) => e.actualSize(),
  },
  {
    id: 'view.zoomIn',
    title: 'Zoom in',
    group: 'View',
    keys: ['+', '=', 'Ctrl+=', 'Ctrl++'],
    repeats: true,
    enabled: always,
    run: (e) => e.zoom(1.15),
  },
  {
    id: 'view.zoomOut',
    title: 'Zoom out',
    group: 'View',
    keys: ['-', 'Ctrl+-'],
    repeats: true,
    enabled: always,
    run: (e) => e.zoom(1 / 1.15),
  },
  {
    id: 'view.turnRight',
    title: 'Turn the view by 90°',
    group: 'View',
    keys: ['>'],
    enabled: always,
    run: (e) => e.turnQuarter(1),
  },
  {
    id: 'view.turnLeft',
    title: 'Turn the view back by 90°',
    group: 'View',
    keys: ['<'],
    enabled: always,
    run: (e) => e.turnQuarter(-1),
  },
  {
    id: 'view.mirror',
    title: 'Mirror the view',
    group: 'View',
    keys: ['M'],
    enabled: always,
    run: (e) => e.mirror(),
  },
  {
    id: 'view.upright',
    title: 'View neither turned nor mirrored',
    group: 'View',
    keys: ['Shift+O'],
    enabled: ({ view }) => isTurned(view),
    run: (e) => e.setUpright(),
  },
  {
    id: 'view.selection',
    title: 'Zoom to the selection',
    group: 'View',
    keys: ['Ctrl+Shift+F'],
    enabled: selection,
    run: (e) => e.zoomToSelection(),
  },
]

/** What the editor can do; the app adds its own. Copy and paste go through the browser's clipboard events. */
export const editorCommands: readonly EditorCommand[] = [
  ...tools,
  ...paintCommands,
  ...edits,
  ...shapes,
  ...selections,
  ...views,
]
