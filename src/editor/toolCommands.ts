import type { EditorCommand } from './command.ts'
import { always, any, editable, needs, selection } from './enabled.ts'
import { canFinishMask } from './paintCommands.ts'
import { canFinish, isBusy } from './state.ts'

/** Which tool is in hand, and how what it draws ends. Brush and Eraser are in paintCommands.ts. */
export const toolCommands: readonly EditorCommand[] = [
  { id: 'tool.select', title: 'Select', group: 'Tools', keys: ['V'], whyNot: always, run: (e) => e.setTool('select') },
  { id: 'tool.box', title: 'Box', group: 'Tools', keys: ['R'], whyNot: always, run: (e) => e.setTool('box') },
  {
    id: 'tool.extremes',
    title: 'Box by its four outermost points',
    group: 'Tools',
    keys: ['Shift+X'],
    whyNot: always,
    run: (e) => e.setTool('extremes'),
  },
  {
    id: 'tool.rotated',
    title: 'Rotated box by three points',
    group: 'Tools',
    keys: ['Shift+R'],
    whyNot: always,
    run: (e) => e.setTool('rotated'),
  },
  {
    id: 'tool.polygon',
    title: 'Polygon',
    group: 'Tools',
    keys: ['P'],
    whyNot: always,
    run: (e) => e.setTool('polygon'),
  },
  { id: 'tool.point', title: 'Point', group: 'Tools', keys: ['K'], whyNot: always, run: (e) => e.setTool('point') },
  {
    id: 'tool.classify',
    title: 'Classify: what the whole image shows',
    group: 'Tools',
    keys: ['T'],
    whyNot: always,
    run: (e) => e.setTool('classify'),
  },
  {
    id: 'tool.invert',
    title: 'Alt on or off: subtract, erase, touch without holding it',
    group: 'Tools',
    keys: ['X'],
    whyNot: always,
    run: (e) => e.setInverted(!e.state.inverted),
  },
  {
    id: 'tool.again',
    title: 'Draw again',
    group: 'Tools',
    keys: ['N'],
    whyNot: editable,
    run: (e) => e.drawAgain(),
  },
  {
    id: 'tool.boxByKeyboard',
    title: 'Draw box with keyboard',
    group: 'Tools',
    keys: ['Ctrl+Alt+R'],
    whyNot: editable,
    run: (e) => e.drawByKeyboard(),
  },
  {
    id: 'tool.finish',
    title: 'Finish the shape',
    group: 'Tools',
    keys: ['Enter'],
    whyNot: needs(
      (state) => state.converting !== undefined || canFinish(state.toolState) || canFinishMask(state),
      'nothing is being drawn',
    ),
    run: (e) => e.finish(),
  },
  {
    id: 'tool.cancel',
    title: 'Cancel, deselect, back to Select',
    group: 'Tools',
    keys: ['Escape'],
    whyNot: any(
      selection,
      needs(
        ({ converting, toolState, tool }) => converting !== undefined || isBusy(toolState) || tool !== 'select',
        'nothing to cancel',
      ),
    ),
    run: (e) => {
      e.cancel()
    },
  },
]
