import { isAnyBox } from '#geometry/boxFrame.ts'
import { crossedRings } from './combine.ts'
import type { EditorCommand } from './command.ts'
import { all, editable, needs, selects } from './enabled.ts'
import { editedPolygon } from './vertexHit.ts'

/** Something selected can be cut: a polygon, a box or a mask. */
const cornered = selects(['polygon', 'box', 'mask'], 'select a polygon, box or mask first')
/** More selected than this are not looked at one by one. */
const MOST = 200
const crossed = needs(
  ({ selected, regions }) =>
    [...selected].slice(0, MOST).some((key) => {
      const shape = regions.get(key)?.shape
      return shape?.kind === 'polygon' && crossedRings(shape)
    }),
  'select a polygon whose outline crosses itself first',
)
const combinable = all(
  editable,
  needs(({ selected }) => selected.size > 1, 'select two or more regions first'),
)

/** A box is selected, turned or not. */
const selectsBoxes = all(
  editable,
  needs(
    ({ selected, regions }) => [...selected].some((key) => isAnyBox(regions.get(key)?.shape)),
    'select a box first',
  ),
)

/** What is made of the shapes that are selected. */
export const shapeCommands: readonly EditorCommand[] = [
  {
    id: 'shape.union',
    title: 'Unite: merge the selected into one',
    group: 'Shapes',
    keys: ['U'],
    whyNot: combinable,
    run: (e) => e.combine('union'),
  },
  {
    id: 'shape.subtract',
    title: 'Subtract the last selected, which goes, from the others',
    group: 'Shapes',
    keys: ['Shift+U'],
    whyNot: combinable,
    run: (e) => e.combine('subtract'),
  },
  {
    id: 'shape.intersect',
    title: 'Intersect',
    group: 'Shapes',
    keys: ['Alt+U'],
    whyNot: combinable,
    run: (e) => e.combine('intersect'),
  },
  {
    id: 'shape.cut',
    title: 'Cut with a line',
    group: 'Shapes',
    keys: ['C'],
    whyNot: cornered,
    run: (e) => e.setTool('cut'),
  },
  {
    id: 'shape.simplify',
    title: 'Simplify the polygon',
    group: 'Shapes',
    keys: [],
    whyNot: needs((state) => editedPolygon(state) !== undefined, 'select one polygon first'),
    run: (e) => e.simplify(),
  },
  {
    id: 'shape.turnable',
    title: 'Make the box one that can be turned',
    group: 'Shapes',
    keys: [],
    whyNot: selects(['box'], 'select a box first'),
    run: (e) => e.makeTurnable(),
  },
  {
    id: 'shape.corners',
    title: 'Make the box a polygon, whose corners move one by one',
    group: 'Shapes',
    keys: [],
    whyNot: selectsBoxes,
    run: (e) => e.freeCorners(),
  },
  {
    id: 'shape.fix',
    title: 'Fix: split where the outline crosses itself',
    group: 'Shapes',
    keys: [],
    whyNot: crossed,
    run: (e) => e.fixCrossing(),
  },
]
