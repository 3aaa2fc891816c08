import type { Editor } from './editor.ts'
import { canFinishMask } from './paintCommands.ts'
import { isBusy } from './state.ts'

/** A shape, or a mask, is being made: Enter belongs to it. */
export const isDrawing = ({ state }: Editor): boolean => isBusy(state.toolState) || canFinishMask(state)
