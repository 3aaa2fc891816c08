import { editorCommands } from '#editor/commands.ts'
import type { Editor } from '#editor/editor.ts'
import type { Notice } from '#editor/editorCore.ts'
import { pickedVertices } from '#editor/vertexHit.ts'
import type { Point } from '#geometry/point.ts'
import type { Polygon } from '#geometry/shape.ts'
import { anEditor, aPolygon, aRegion, keyOf, shapeOf } from './builders.ts'
import { type Gesture, gesture } from './gesture.ts'

// A polygon that is selected, so that its vertices can be edited.

export const square = () => aRegion('square', aPolygon([100, 100], [300, 100], [300, 300], [100, 300]))
export const ring: readonly Point[] = [
  [400, 150],
  [500, 150],
  [450, 250],
]
export const ringed = () =>
  aRegion('ringed', { ...(aPolygon([350, 100], [600, 100], [600, 300], [350, 300]) as Polygon), holes: [ring] })

export function editing(
  regions = [square()],
  select = regions[0]!.id,
): { editor: Editor; g: Gesture; notices: Notice[] } {
  const editor = anEditor({ regions })
  editor.select([keyOf(select)])
  const notices: Notice[] = []
  editor.onNotice((notice) => notices.push(notice))
  return { editor, g: gesture(editor), notices }
}

export const press = (editor: Editor, key: string) => {
  const command = editorCommands.find(({ keys }) => keys.includes(key))!
  if (command.whyNot(editor.state) === undefined) command.run(editor)
}
export const pointsOf = (editor: Editor, id = 'square'): readonly Point[] => (shapeOf(editor, id) as Polygon).points
export const picked = (editor: Editor) => [...pickedVertices(editor.state)].sort((a, b) => a - b)
