import { isPaintTool } from '#editor/painting.ts'
import { canFinish, canFlip, type EditorState, isBusy } from '#editor/state.ts'
import { isRedraw } from '#editor/tools/select.ts'
import { isAnyBox } from '#geometry/boxFrame.ts'
import { isSuggestion } from '#model/suggestions.ts'

/** What to do, and what comes of it. */
export type ToolHint = readonly [act: string, outcome: string]

const atBox: readonly ToolHint[] = [
  ['Drag', 'move it'],
  ['Handle or side', 'resize'],
  ['Shift', 'keep the ratio'],
  ['Alt', 'from the middle'],
  ['Ctrl', 'no snapping'],
]

const atTurnedBox: readonly ToolHint[] = [
  ['Drag', 'move it'],
  ['Handle or side', 'resize'],
  ['Round handle', 'turn'],
  ['Shift', 'keep the ratio; turn by 15°'],
  ['Ctrl', 'no snapping'],
]

/** By what is in hand and what is under way. Keys that people may have moved elsewhere are not named here. */
const hints = {
  select: [
    ['Click', 'select'],
    ['Click again', 'what lies below'],
    ['Ctrl + click', 'add or take away'],
    ['Drag on nothing', 'frame'],
    ['Right click', 'menu'],
  ],
  atBox,
  atTurnedBox,
  atPolygon: [
    ['Drag a point', 'move it'],
    ['Click or drag the edge', 'new point'],
    ['Alt + click', 'delete'],
    ['Shift + drag along the edge', 'redraw'],
    ['Ctrl + drag', 'a shared point alone'],
  ],
  suggestion: [
    ['Digit', 'accept it as that concept'],
    ['Delete', 'reject it'],
    ['Right click', 'accept or reject'],
  ],
  atSeveral: [
    ['Drag', 'move all'],
    ['Ctrl + click', 'add or take away'],
    ['Right click', 'unite, subtract, cut…'],
  ],
  box: [
    ['Drag, or click twice', 'box'],
    ['Shift', 'square'],
    ['Alt', 'from the middle'],
    ['Space', 'move it while drawing'],
    ['Ctrl', 'no snapping'],
  ],
  extremes: [['Click', 'the outermost points: top, left, bottom, right, in any order']],
  rotated: [['Click', 'both ends of a side, then the opposite side']],
  caret: [
    ['Arrows', 'move'],
    ['Shift', 'by 10 px'],
    ['Enter', 'set the corner'],
  ],
  polygon: [
    ['Click', 'point'],
    ['Drag', 'freehand'],
    ['Alt + first click inside the selected', 'hole'],
  ],
  polygonDrawn: [
    ['Enter or double click', 'close'],
    ['Backspace', 'take a point back'],
    ['Shift', 'steps of 45°'],
    ['Ctrl', 'no snapping'],
  ],
  polygonTraced: [
    ['Tab', 'other way round the neighbour'],
    ['Enter or double click', 'close'],
    ['Backspace', 'take it back'],
    ['Ctrl', 'no snapping'],
  ],
  redrawing: [
    ['Click or drag', 'on to the outline'],
    ['Enter', 'straight to the outline'],
    ['Backspace', 'take a part back'],
    ['Esc', 'leave it as it was'],
  ],
  choosing: [
    ['Click or Enter', 'take it'],
    ['Tab', 'the other part'],
    ['Esc', 'leave it as it was'],
  ],
  point: [
    ['Click', 'point'],
    ['Alt + click', 'delete one'],
  ],
  classify: [
    ['Digit', 'tick the concept for the whole image'],
    ['Shift + digit', 'it does not show it'],
  ],
  cut: [
    ['Click or drag', 'a line right across'],
    ['Enter', 'cut'],
    ['Esc', 'leave it whole'],
  ],
  ghost: [
    ['Click', 'place the copies'],
    ['Esc', 'none'],
  ],
} satisfies Record<string, readonly ToolHint[]>

export type HintName = keyof typeof hints

/** What differs for fingers, which have no right button and mostly no keys. */
const touchHints: Partial<Record<HintName, readonly ToolHint[]>> = {
  select: [
    ['Tap', 'select'],
    ['Tap again', 'what lies below'],
    ['Drag on nothing', 'frame'],
    ['Rest', 'menu'],
    ['Two fingers', 'move and zoom'],
  ],
  atBox: [
    ['Drag', 'move it'],
    ['Handle or side', 'resize'],
    ['Rest', 'menu'],
  ],
  atTurnedBox: [
    ['Drag', 'move it'],
    ['Handle or side', 'resize'],
    ['Round handle', 'turn'],
    ['Rest', 'menu'],
  ],
  atPolygon: [
    ['Drag a point', 'move it'],
    ['Tap or drag the edge', 'new point'],
    ['Tap a point twice', 'delete'],
  ],
  atSeveral: [
    ['Drag', 'move all'],
    ['Rest', 'unite, subtract, cut…'],
  ],
  box: [
    ['Drag, or tap twice', 'box'],
    ['Two fingers', 'move and zoom'],
  ],
  extremes: [['Tap', 'the outermost points: top, left, bottom, right, in any order']],
  rotated: [['Tap', 'both ends of a side, then the opposite side']],
  polygon: [
    ['Tap', 'point'],
    ['Drag', 'freehand'],
  ],
  polygonDrawn: [
    ['Tap the first point, or rest', 'close'],
    ['Undo', 'take a point back'],
  ],
  polygonTraced: [
    ['Tap the first point, or rest', 'close'],
    ['Undo', 'take it back'],
  ],
  redrawing: [['Tap or drag', 'on to the outline']],
  choosing: [['Tap', 'take it']],
  point: [['Tap', 'point']],
  classify: [
    ['✓', 'the image shows it'],
    ['✗', 'it does not'],
  ],
  cut: [['Tap or drag', 'a line right across']],
  ghost: [['Tap', 'place the copies']],
}

export const hintsOf = (name: HintName, touch: boolean): readonly ToolHint[] =>
  (touch ? touchHints[name] : undefined) ?? hints[name]

/** Undefined with a brush in hand, which shows its options instead. */
export function hintFor(state: EditorState): HintName | undefined {
  const { tool, toolState } = state
  if (isPaintTool(tool)) return undefined
  if (toolState.id === 'box' && toolState.state.at === 'caret') return 'caret'
  if (toolState.id === 'select' && isRedraw(toolState.state)) return toolState.state.at
  if (tool === 'polygon') return canFlip(toolState) ? 'polygonTraced' : isBusy(toolState) ? 'polygonDrawn' : 'polygon'
  return tool === 'select' ? selectHint(state) : (tool as HintName)
}

function selectHint({ selected, regions, whyNot }: EditorState): HintName {
  const [key] = selected
  const region = regions.get(key ?? '')
  if (region && isSuggestion(region)) return 'suggestion'
  // what may not be changed says so itself when it is tried
  if (!region || whyNot(region) !== undefined) return 'select'
  if (selected.size > 1) return 'atSeveral'
  const { shape } = region
  if (isAnyBox(shape)) return shape.kind === 'box' ? 'atBox' : 'atTurnedBox'
  return shape?.kind === 'polygon' ? 'atPolygon' : 'select'
}

/** Something is drawn that a button may finish or give up, for hands without a keyboard. */
export const endable = ({ toolState }: EditorState): 'finish' | 'cancel' | undefined => {
  if (canFinish(toolState)) return 'finish'
  return isBusy(toolState) && (toolState.id === 'extremes' || toolState.id === 'rotated') ? 'cancel' : undefined
}
