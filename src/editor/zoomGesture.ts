import { between } from '#geometry/box.ts'
import type { Point } from '#geometry/point.ts'
import { toImage } from '#geometry/view.ts'
import type { Editor } from './editor.ts'

/** Z and drag: zooms to the box it spans. Positions in screen px. */
export class ZoomGesture {
  readonly #editor: Editor
  /** a drag of at most this is none, screen px */
  readonly #clickPx: number
  #held = false
  #from: { readonly pointer: number; readonly at: Point } | undefined

  constructor(editor: Editor, clickPx: number) {
    this.#editor = editor
    this.#clickPx = clickPx
  }

  hold(): void {
    this.#held = true
  }

  /** Gives up what was being spanned, too. */
  release(): void {
    this.#held = false
    this.#from = undefined
    this.#editor.setZoomBox(undefined)
  }

  get running(): boolean {
    return this.#from !== undefined
  }

  /** True when the press is ours. */
  down(pointer: number, at: Point): boolean {
    if (this.#held) this.#from = { pointer, at }
    return this.#held
  }

  move(pointer: number, at: Point): boolean {
    if (this.#from?.pointer !== pointer) return false
    this.#editor.setZoomBox(this.#box(at))
    return true
  }

  up(pointer: number, at: Point): boolean {
    if (this.#from?.pointer !== pointer) return false
    const box = this.#box(at)
    this.#from = undefined
    this.#editor.setZoomBox(undefined)
    if (box) this.#editor.zoomTo(box, 0)
    return true
  }

  cancel(pointer: number): void {
    if (this.#from?.pointer === pointer) this.release()
  }

  #box(at: Point) {
    const from = this.#from!.at
    if (Math.hypot(at[0] - from[0], at[1] - from[1]) <= this.#clickPx) return undefined
    const { view } = this.#editor.state
    return between(toImage(view, from), toImage(view, at))
  }
}
