import type { Point } from '#geometry/point.ts'
import type { Editor } from './editor.ts'
import type { RawPointer } from './rawPointer.ts'
import { holdsSpace } from './state.ts'

type By = 'space' | 'middle'

/** A pointer that moves the view, by Space or the middle button, and the hand that says so. */
export class PanGesture {
  readonly #editor: Editor
  /** moves the view without the tool being told of it */
  readonly #moveView: (change: () => void) => void
  #running: { readonly id: number; readonly by: By; at: Point } | undefined
  #space = false

  constructor(editor: Editor, moveView: (change: () => void) => void) {
    this.#editor = editor
    this.#moveView = moveView
  }

  /** Space is held. */
  get space(): boolean {
    return this.#space
  }

  get running(): boolean {
    return this.#running !== undefined
  }

  get by(): By | undefined {
    return this.#running?.by
  }

  isOf(id: number): boolean {
    return this.#running?.id === id
  }

  /** `pressed`: a drag of a tool is under way, which the view now takes over, unless it moves a band by Space. */
  holdSpace(pressed: RawPointer | undefined): void {
    this.#space = true
    if (pressed && !this.#movesBand) this.start(pressed, 'space')
    this.#showHand()
  }

  releaseSpace(): void {
    this.#space = false
    if (this.#running?.by === 'space') this.end()
    this.#showHand()
  }

  start(p: RawPointer, by: By): void {
    this.#running = { id: p.id, by, at: p.at }
    this.#showHand()
  }

  /** True: this pointer moves the view. */
  move(p: RawPointer): boolean {
    const running = this.#running
    if (running?.id !== p.id) return false
    const [x, y] = running.at
    running.at = p.at
    this.#moveView(() => this.#editor.pan(p.at[0] - x, p.at[1] - y))
    return true
  }

  /** Its button was let go. */
  up(p: RawPointer): void {
    const running = this.#running
    if (running?.id === p.id && (p.buttons & (running.by === 'middle' ? 4 : 1)) === 0) this.end()
  }

  end(): void {
    this.#running = undefined
    this.#showHand()
  }

  get #movesBand(): boolean {
    return holdsSpace(this.#editor.state.toolState)
  }

  #showHand(): void {
    const ready = this.#space && !this.#movesBand
    this.#editor.setHand(this.#running ? 'grabbing' : ready ? 'grab' : undefined)
  }
}
