import type { EditorCommand } from './command.ts'
import { always, editable, selection } from './enabled.ts'
import { canFinishMask } from './paintCommands.ts'
import { canFinish, isBusy } from './state.ts'

/** Which tool is in hand, and how what it draws ends. Brush and Eraser are in paintCommands.ts. */
export const toolCommands: readonly EditorCommand[] = [
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
    enabled: (state) => state.converting !== undefined || canFinish(state.toolState) || canFinishMask(state),
    run: (e) => e.finish(),
  },
  {
    id: 'tool.cancel',
    title: 'Cancel, deselect, back to Select',
    group: 'Tools',
    keys: ['Escape'],
    enabled: (state) =>
      state.converting !== undefined || isBusy(state.toolState) || selection(state) || state.tool !== 'select',
    run: (e) => {
      e.cancel()
    },
  },
]
