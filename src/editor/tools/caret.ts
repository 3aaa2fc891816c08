import { between, clampPoint } from '#geometry/box.ts'
import type { Point, Size } from '#geometry/point.ts'
import type { Box } from '#geometry/shape.ts'
import type { Region } from '#model/region.ts'
import { sizeText } from './resize.ts'
import { type Draft, emptyDraft, type ToolEvent } from './tool.ts'

/** A box drawn by the keyboard alone: arrows move the caret, Enter sets the first corner, then the second. */
export interface Caret {
  readonly at: 'caret'
  /** on whole image px */
  readonly caret: Point
  readonly first?: Point
}

export const startCaret = (at: Point, size: Size): Caret => ({
  at: 'caret',
  caret: clampPoint([Math.round(at[0]), Math.round(at[1])], size),
})

/** The next state, or the finished box. */
export function stepCaret(state: Caret, event: ToolEvent, size: Size): Caret | { readonly box: Box } {
  switch (event.type) {
    case 'step':
      return { ...state, caret: clampPoint([state.caret[0] + event.dx, state.caret[1] + event.dy], size) }
    case 'finish':
      return state.first ? { box: between(state.first, state.caret) } : { ...state, first: state.caret }
    default:
      return state
  }
}

export function caretDraft(state: Caret, region: (box: Box) => Region): Draft {
  const band = state.first && between(state.first, state.caret)
  const text = band ? sizeText(band) : `${state.caret[0]}, ${state.caret[1]}`
  return {
    ...emptyDraft,
    shapes: band ? [region(band)] : [],
    readout: { text, at: state.caret },
    crosshair: state.caret,
    caret: state.caret,
    cursor: 'crosshair',
  }
}
