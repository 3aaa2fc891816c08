import type { EditorCommand } from './command.ts'
import { always, needs, selects } from './enabled.ts'
import { type BrushSettings, currentMask, isPaintTool, type Overlap } from './painting.ts'
import type { EditorState } from './state.ts'

const painting = needs(({ tool }) => isPaintTool(tool), 'take the brush first')
const masks = selects(['mask'], 'select a mask first')

/** The mask that is painted can be finished: the next stroke begins another one. */
export const canFinishMask = (state: EditorState): boolean =>
  isPaintTool(state.tool) && currentMask(state) !== undefined

const tools: readonly EditorCommand[] = [
  { id: 'tool.brush', title: 'Brush', group: 'Tools', keys: ['B'], whyNot: always, run: (e) => e.setTool('brush') },
  { id: 'tool.eraser', title: 'Eraser', group: 'Tools', keys: ['E'], whyNot: always, run: (e) => e.setTool('eraser') },
  {
    id: 'tool.bucket',
    title: 'Bucket: fill a hole of the mask',
    group: 'Brush',
    keys: ['G'],
    scope: 'painting',
    whyNot: painting,
    run: (e) => e.setTool('bucket'),
  },
  {
    id: 'tool.lasso',
    title: 'Lasso: add what it goes round to the mask',
    group: 'Brush',
    keys: ['L'],
    scope: 'painting',
    whyNot: painting,
    run: (e) => e.setTool('lasso'),
  },
]

const sizes: readonly EditorCommand[] = (
  [
    ['larger', 'Larger brush', ']', (e) => e.stepBrush(1)],
    ['smaller', 'Smaller brush', '[', (e) => e.stepBrush(-1)],
    ['double', 'Brush of double size', '}', (e) => e.setBrush({ size: e.state.brush.size * 2 })],
    ['half', 'Brush of half size', '{', (e) => e.setBrush({ size: e.state.brush.size / 2 })],
  ] satisfies [id: string, title: string, key: string, run: EditorCommand['run']][]
).map(([id, title, key, run]) => ({
  id: `brush.${id}`,
  title,
  group: 'Brush',
  keys: [key],
  scope: 'painting',
  repeats: true,
  whyNot: painting,
  run,
}))

const overlaps: readonly (readonly [Overlap, string])[] = [
  ['overlay', 'Overlay: masks may share pixels'],
  ['overwrite', 'Overwrite: the brush takes pixels of other masks'],
  ['preserve', 'Preserve: the brush spares other masks'],
]

/** What the sliders of the brush are mostly wanted for, so that the palette and keys of one's own reach it. */
const amounts: readonly (readonly [id: string, title: string, settings: Partial<BrushSettings>])[] = [
  ['steady0', 'Stabiliser of the brush: off', { stabiliser: 0 }],
  ['steady30', 'Stabiliser of the brush: light', { stabiliser: 30 }],
  ['steady70', 'Stabiliser of the brush: strong', { stabiliser: 70 }],
  ['gaps0', 'Bucket: closes no gaps', { closeGaps: 0 }],
  ['gaps4', 'Bucket: closes gaps of 4 px', { closeGaps: 4 }],
  ['gaps20', 'Bucket: closes gaps of 20 px', { closeGaps: 20 }],
]

const settings: readonly EditorCommand[] = [
  {
    id: 'brush.shape',
    title: 'Round or square brush',
    group: 'Brush',
    keys: [],
    scope: 'painting',
    whyNot: painting,
    run: (e) => e.setBrush({ shape: e.state.brush.shape === 'circle' ? 'square' : 'circle' }),
  },
  {
    id: 'brush.pressure',
    title: 'Pen pressure changes the size, or not',
    group: 'Brush',
    keys: [],
    scope: 'painting',
    whyNot: painting,
    run: (e) => e.setBrush({ pressure: !e.state.brush.pressure }),
  },
  ...overlaps.map(
    ([overlap, title]): EditorCommand => ({
      id: `brush.${overlap}`,
      title,
      group: 'Brush',
      keys: [],
      scope: 'painting',
      whyNot: painting,
      run: (e) => e.setBrush({ overlap }),
    }),
  ),
  ...amounts.map(
    ([id, title, brush]): EditorCommand => ({
      id: `brush.${id}`,
      title,
      group: 'Brush',
      keys: [],
      scope: 'painting',
      whyNot: painting,
      run: (e) => e.setBrush(brush),
    }),
  ),
]

const shapes: readonly EditorCommand[] = [
  {
    id: 'mask.toPolygon',
    title: 'Mask to polygon',
    group: 'Shapes',
    keys: [],
    whyNot: masks,
    run: (e) => e.toPolygon(),
  },
  {
    id: 'mask.fromShape',
    title: 'Polygon or box to mask',
    group: 'Shapes',
    keys: [],
    whyNot: selects(['box', 'polygon'], 'select a polygon or box first'),
    run: (e) => e.toMask(),
  },
  {
    id: 'mask.islands',
    title: 'Remove small islands of the mask',
    group: 'Shapes',
    keys: [],
    whyNot: masks,
    run: (e) => e.removeIslands(),
  },
  {
    id: 'mask.fillHoles',
    title: 'Fill all holes of the mask',
    group: 'Shapes',
    keys: [],
    whyNot: masks,
    run: (e) => e.fillHoles(),
  },
  {
    id: 'mask.split',
    title: 'Split the mask into its pieces',
    group: 'Shapes',
    keys: [],
    whyNot: masks,
    run: (e) => e.splitMask(),
  },
]

export const paintCommands: readonly EditorCommand[] = [...tools, ...sizes, ...settings, ...shapes]
