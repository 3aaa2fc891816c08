import { isTurned } from '#geometry/view.ts'
import type { EditorCommand } from './command.ts'
import { always, needs, selection } from './enabled.ts'

/** How the image lies on the screen: no data changes. */
export const viewCommands: readonly EditorCommand[] = [
  { id: 'view.fit', title: 'Fit', group: 'View', keys: ['F'], whyNot: always, run: (e) => e.fit() },
  {
    id: 'view.actualSize',
    title: 'Actual size',
    group: 'View',
    keys: ['Shift+F'],
    whyNot: always,
    run: (e) => e.actualSize(),
  },
  {
    id: 'view.zoomIn',
    title: 'Zoom in',
    group: 'View',
    keys: ['+', '=', 'Ctrl+=', 'Ctrl++'],
    repeats: true,
    whyNot: always,
    run: (e) => e.zoom(1.15),
  },
  {
    id: 'view.zoomOut',
    title: 'Zoom out',
    group: 'View',
    keys: ['-', 'Ctrl+-'],
    repeats: true,
    whyNot: always,
    run: (e) => e.zoom(1 / 1.15),
  },
  {
    id: 'view.turnRight',
    title: 'Turn the view 90° right',
    group: 'View',
    keys: ['>'],
    whyNot: always,
    run: (e) => e.turnQuarter(1),
  },
  {
    id: 'view.turnLeft',
    title: 'Turn the view 90° left',
    group: 'View',
    keys: ['<'],
    whyNot: always,
    run: (e) => e.turnQuarter(-1),
  },
  {
    id: 'view.mirror',
    title: 'Mirror the view',
    group: 'View',
    keys: ['Shift+M'],
    whyNot: always,
    run: (e) => e.mirror(),
  },
  {
    id: 'view.upright',
    title: 'View neither turned nor mirrored',
    group: 'View',
    keys: ['Shift+O'],
    whyNot: needs(({ view }) => isTurned(view), 'the view is upright'),
    run: (e) => e.setUpright(),
  },
  {
    id: 'view.selection',
    title: 'Zoom to the selection',
    group: 'View',
    keys: ['Ctrl+Shift+F'],
    whyNot: selection,
    run: (e) => e.zoomToSelection(),
  },
]
