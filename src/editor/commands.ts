import type { EditorCommand } from './command.ts'
import { editCommands } from './editCommands.ts'
import { paintCommands } from './paintCommands.ts'
import { selectionCommands, suggestionCommands } from './selectionCommands.ts'
import { shapeCommands } from './shapeCommands.ts'
import { toolCommands } from './toolCommands.ts'
import { viewCommands } from './viewCommands.ts'

/** What the editor can do; the app adds its own. Copy and paste go through the browser's clipboard events. */
export const editorCommands: readonly EditorCommand[] = [
  ...toolCommands,
  ...paintCommands,
  ...editCommands,
  ...shapeCommands,
  ...selectionCommands,
  ...suggestionCommands,
  ...viewCommands,
]
