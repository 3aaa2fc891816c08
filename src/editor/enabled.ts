import type { Shape } from '#geometry/shape.ts'
import type { EditorState } from './state.ts'

/** Why a command cannot be done now, as a few words that follow its name; undefined: it can. */
export type WhyNot = (state: EditorState) => string | undefined

export const always: WhyNot = () => undefined

export const needs =
  (possible: (state: EditorState) => boolean, else_: string): WhyNot =>
  (state) =>
    possible(state) ? undefined : else_

/** All must hold: the first that does not says why. */
export const all =
  (...whys: readonly WhyNot[]): WhyNot =>
  (state) => {
    for (const why of whys) {
      const reason = why(state)
      if (reason !== undefined) return reason
    }
    return undefined
  }

/** One must hold: else the first says why. */
export const any =
  (...whys: readonly WhyNot[]): WhyNot =>
  (state) => {
    const reasons = whys.map((why) => why(state))
    return reasons.includes(undefined) ? undefined : reasons[0]
  }

export const editable: WhyNot = ({ readOnly }) => readOnly

export const selection = needs(({ selected }) => selected.size > 0, 'select a region first')

export const selectionEdit = all(editable, selection)

export const regions = needs((state) => state.regions.size > 0, 'there are no regions')

/** Something of one of these kinds is selected, and things may be changed here. */
export const selects = (kinds: readonly Shape['kind'][], else_: string): WhyNot =>
  all(
    editable,
    needs(({ selected, regions }) => {
      for (const key of selected) {
        const kind = regions.get(key)?.shape.kind
        if (kind !== undefined && kinds.includes(kind)) return true
      }
      return false
    }, else_),
  )
