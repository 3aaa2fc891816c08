import type { Editor } from '#editor/editor.ts'
import { isPaintTool } from '#editor/painting.ts'
import type { Command, Scope, Studio } from './command.ts'

type OfStudio = Omit<Command, 'when' | 'run' | 'scope'> & {
  scope?: Scope
  run(studio: Studio): void
  when?(studio: Studio): boolean
}

/** A command of the workspace: it can be done with an input open, where its scope holds. */
export const ofStudio = ({ run, when, scope = 'image', ...rest }: OfStudio): Command => ({
  ...rest,
  scope,
  when: ({ studio }) => studio !== undefined && inScope(scope, studio.editor) && (when?.(studio) ?? true),
  run: ({ studio }) => {
    if (studio) run(studio)
  },
})

/** Whether a command of this scope can be done now. */
export function inScope(scope: Scope | undefined, editor: Editor | undefined): boolean {
  if (scope === 'selected') return (editor?.state.selected.size ?? 0) > 0
  if (scope === 'unselected') return (editor?.state.selected.size ?? 0) === 0
  if (scope === 'painting') return isPainting(editor)
  if (scope === 'notPainting') return !isPainting(editor)
  if (scope === 'classify') return editor === undefined || editor.state.tool === 'classify'
  return true
}

const isPainting = (editor: Editor | undefined): boolean => editor !== undefined && isPaintTool(editor.state.tool)
