import { editorCommands } from '#editor/commands.ts'
import type { Editor } from '#editor/editor.ts'
import type { Notice } from '#editor/editorCore.ts'
import type { Point } from '#geometry/point.ts'
import { anEditor, aPolygon, aRegion, shapes } from '#testing/builders.ts'
import { type Gesture, gesture } from '#testing/gesture.ts'

export const square = aRegion('square', aPolygon([100, 100], [200, 100], [200, 200], [100, 200]), { concept: 'car' })

/** An editor with the Polygon tool in hand, the concept car, and a square to snap to. */
export function drawing(regions = [square]): { editor: Editor; g: Gesture; notices: Notice[] } {
  const editor = anEditor({ regions })
  editor.setConcept('car')
  editor.setTool('polygon')
  const notices: Notice[] = []
  editor.onNotice((notice) => notices.push(notice))
  return { editor, g: gesture(editor), notices }
}

/** Clicks far enough apart in time that no two make a double click. */
export const clicks = (g: Gesture, ...points: readonly Point[]) => {
  for (const [x, y] of points) g.hover(x, y).click(x, y).wait(500)
  return g
}

/** The command that answers to this key, if it can be run. */
export const press = (editor: Editor, key: string) => {
  const command = editorCommands.find(({ keys }) => keys.includes(key))!
  if (command.whyNot(editor.state) === undefined) command.run(editor)
}

/** What is drawn so far. */
export const edge = (editor: Editor) =>
  editor.state.draft.sketch?.strokes.find(({ look }) => look === 'edge')?.points ?? []
/** The line to the pointer. */
export const rubber = (editor: Editor) =>
  editor.state.draft.sketch?.strokes.find(({ look }) => look === 'rubber')?.points ?? []
/** The corners of the last polygon. */
export const drawn = (editor: Editor): readonly Point[] => {
  const shape = shapes(editor).at(-1)
  return shape?.kind === 'polygon' ? shape.points : []
}
export const triangle: readonly Point[] = [
  [400, 100],
  [600, 100],
  [500, 300],
]
