import { isAnyBox } from '#geometry/boxFrame.ts'
import type { EditorCommand } from './command.ts'
import { editable, selects } from './enabled.ts'
import type { EditorState } from './state.ts'
import { editedPolygon } from './vertexHit.ts'

/** Something selected can be cut: a polygon, a box or a mask. */
const cornered = (state: EditorState) => selects(state, ['polygon', 'box', 'mask'])
const combinable = (state: EditorState) => state.selected.size > 1 && editable(state)

/** A box is selected, turned or not. */
const selectsBoxes = (state: EditorState) =>
  editable(state) && [...state.selected].some((key) => isAnyBox(state.regions.get(key)?.shape))

/** What is made of the shapes that are selected. */
export const shapeCommands: readonly EditorCommand[] = [
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
    title: 'Subtract the last selected, which goes, from the others',
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
    id: 'shape.turnable',
    title: 'Make the box one that can be turned',
    group: 'Shapes',
    keys: [],
    enabled: (state) => selects(state, ['box']),
    run: (e) => e.makeTurnable(),
  },
  {
    id: 'shape.corners',
    title: 'Make the box a polygon, whose corners move one by one',
    group: 'Shapes',
    keys: [],
    enabled: (state) => selectsBoxes(state),
    run: (e) => e.freeCorners(),
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
