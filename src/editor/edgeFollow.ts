import type { Point } from '#geometry/point.ts'
import { edgePan } from './edgePan.ts'
import type { Editor } from './editor.ts'

const tickMs = 16

/** A drag near the edge of the surface. */
export interface Followed {
  /** has been away from the edge, so that the edge may pull now; the same object for the same press */
  readonly press: { inside: boolean }
  /** screen px */
  readonly at: Point
}

interface Options {
  readonly schedule: (tick: () => void, ms: number) => unknown
  /** the drag that may be followed now; undefined when there is none */
  readonly drag: () => Followed | undefined
  /** moves the view, and tells the tool where the pointer now is */
  readonly pan: (dx: number, dy: number) => void
}

/** Near the edge the view follows a drag for as long as the pointer stays there. */
export class EdgeFollow {
  readonly #editor: Editor
  readonly #options: Options
  #waiting = false

  constructor(editor: Editor, options: Options) {
    this.#editor = editor
    this.#options = options
  }

  follow(): void {
    const { state } = this.#editor
    const { drag, schedule, pan } = this.#options
    const followed = drag()
    if (!followed || !state.draft.autoPan) return
    const { press, at } = followed
    const [dx, dy] = edgePan(at, state)
    if (dx === 0 && dy === 0) {
      press.inside = true
      return
    }
    if (!press.inside || this.#waiting) return
    this.#waiting = true
    schedule(() => {
      this.#waiting = false
      const now = drag()
      if (now?.press !== press) return
      pan(...edgePan(now.at, this.#editor.state))
      this.follow()
    }, tickMs)
  }
}
