import type { Point } from '#geometry/point.ts'
import { toImage } from '#geometry/view.ts'
import type { Editor } from './editor.ts'
import { isPaintTool } from './painting.ts'

/** Ctrl and the right button: dragging to the right makes the brush larger, where it was pressed. Screen px. */
export class BrushSizing {
  readonly #editor: Editor
  #from: { readonly pointer: number; readonly at: Point; readonly size: number } | undefined

  constructor(editor: Editor) {
    this.#editor = editor
  }

  get running(): boolean {
    return this.#from !== undefined
  }

  /** True when the press is ours. */
  down(pointer: number, at: Point): boolean {
    const { tool, brush, view } = this.#editor.state
    if (!isPaintTool(tool)) return false
    this.#from = { pointer, at, size: brush.size }
    this.#editor.setSizing(toImage(view, at))
    return true
  }

  /** The outline follows the pointer: its far side moves as far as that does. */
  move(pointer: number, at: Point): boolean {
    if (this.#from?.pointer !== pointer) return false
    const grown = (2 * (at[0] - this.#from.at[0])) / this.#editor.state.view.scale
    this.#editor.setBrush({ size: this.#from.size + grown })
    return true
  }

  up(pointer: number): boolean {
    if (this.#from?.pointer !== pointer) return false
    this.#from = undefined
    this.#editor.setSizing(undefined)
    return true
  }
}
