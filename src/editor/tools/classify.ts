import { emptyDraft, type Tool } from './tool.ts'

/** Speaks about the whole image: concepts are ticked by digits and in the panel, and the surface only shows. */
export const classifyTool: Tool<object> = {
  id: 'classify',
  start: {},
  step: (state) => [state],
  draft: () => emptyDraft,
  busy: () => false,
  holdsSpace: () => false,
}
