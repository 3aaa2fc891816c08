import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import type { Point, Size } from '#geometry/point.ts'
import type { Box } from '#geometry/shape.ts'
import { boundsOnScreen } from '#geometry/view.ts'
import { placeBeside } from './placeBeside.ts'

const viewPart = (state: EditorState) => state.view
const viewportPart = (state: EditorState) => state.viewport

/** The top left corner, screen px, for something of `size` beside `near` (image px); it follows the view. */
export function useBeside(editor: Editor, near: Box, size: Size): Point {
  const view = useEditorState(editor, viewPart)
  const viewport = useEditorState(editor, viewportPart)
  return placeBeside(boundsOnScreen(view, near), size, viewport)
}
