import type { Shape } from '#geometry/shape.ts'
import type { EditorState } from './state.ts'

// When commands are possible.

export const always = (): boolean => true

export const editable = (state: EditorState): boolean => state.readOnly === undefined

export const selection = (state: EditorState): boolean => state.selected.size > 0

export const selectionEdit = (state: EditorState): boolean => selection(state) && editable(state)

/** Something of one of these kinds is selected, and things may be changed here. */
export const selects = (state: EditorState, kinds: readonly Shape['kind'][]): boolean =>
  editable(state) &&
  [...state.selected].some((key) => {
    const kind = state.regions.get(key)?.shape.kind
    return kind !== undefined && kinds.includes(kind)
  })
