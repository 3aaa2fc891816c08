import type { Point } from '#geometry/point.ts'
import type { Editor } from './editor.ts'

/** Near a right angle it stays there, radians. */
const catches = (2 * Math.PI) / 180
/** Steps with Shift, radians. */
const step = (15 * Math.PI) / 180

/** A held key and a drag: turns the view around the middle of the surface. Positions in screen px. */
export class TurnGesture {
  readonly #editor: Editor
  #held = false
  #from: { readonly pointer: number; readonly bearing: number; readonly angle: number } | undefined

  constructor(editor: Editor) {
    this.#editor = editor
  }

  hold(): void {
    this.#held = true
    this.#editor.setHand('grab')
  }

  release(): void {
    if (!this.#held) return
    this.#held = false
    this.#from = undefined
    this.#editor.setHand(undefined)
  }

  get running(): boolean {
    return this.#from !== undefined
  }

  /** True when the press is ours. */
  down(pointer: number, at: Point): boolean {
    if (!this.#held) return false
    this.#from = { pointer, bearing: this.#bearing(at), angle: this.#editor.state.view.angle ?? 0 }
    this.#editor.setHand('grabbing')
    return true
  }

  move(pointer: number, at: Point, shift: boolean): boolean {
    const from = this.#from
    if (from?.pointer !== pointer) return false
    const wanted = caught(from.angle + this.#bearing(at) - from.bearing, shift)
    this.#editor.turnBy(wanted - (this.#editor.state.view.angle ?? 0))
    return true
  }

  up(pointer: number): boolean {
    if (this.#from?.pointer !== pointer) return false
    this.#from = undefined
    this.#editor.setHand(this.#held ? 'grab' : undefined)
    return true
  }

  /** Direction from the middle of the surface. */
  #bearing([x, y]: Point): number {
    const { width, height } = this.#editor.state.viewport
    return Math.atan2(y - height / 2, x - width / 2)
  }
}

const caught = (angle: number, shift: boolean): number => {
  if (shift) return Math.round(angle / step) * step
  const quarter = Math.round(angle / (Math.PI / 2)) * (Math.PI / 2)
  return Math.abs(angle - quarter) < catches ? quarter : angle
}
