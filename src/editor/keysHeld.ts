import type { Editor } from './editor.ts'
import { defaultHeldKeys, type Held, type HeldKeys } from './heldKeys.ts'
import type { KeyFacts } from './keys.ts'
import { isPaintTool } from './painting.ts'

/** What a key starts and ends. */
interface Holdable {
  /** False: not now, and the key is a command's */
  hold(): unknown
  release(): void
}

interface Gestures {
  readonly pan: Holdable
  readonly zoom: Holdable
  readonly turn: Holdable
  readonly select: Holdable & { forget(): void }
}

/** Which keys are held that do something while they are, and what for. */
export class KeysHeld {
  readonly #editor: Editor
  readonly #gestures: Gestures
  /** by the key that does it */
  readonly #held = new Map<string, Held>()
  means: HeldKeys = defaultHeldKeys

  constructor(editor: Editor, gestures: Gestures) {
    this.#editor = editor
    this.#gestures = gestures
  }

  /** True: the key is ours now. */
  down(k: KeyFacts): boolean {
    const held = this.means(k, isPaintTool(this.#editor.state.tool))
    if (held === undefined || !this.#hold(held)) return false
    this.#held.set(k.code, held)
    return true
  }

  up({ code }: KeyFacts): void {
    const held = this.#held.get(code)
    this.#held.delete(code)
    if (held === 'names' || held === 'bare') this.#editor.setPeek('none')
    else if (held !== undefined) this.#gestures[held].release()
  }

  /** Whatever was held is not known to be held any more. */
  forget(): void {
    const { pan, zoom, turn, select } = this.#gestures
    this.#held.clear()
    for (const gesture of [pan, zoom, turn]) gesture.release()
    select.forget()
    this.#editor.setPeek('none')
  }

  #hold(held: Held): boolean {
    if (held !== 'names' && held !== 'bare') return this.#gestures[held].hold() !== false
    this.#editor.setPeek(held)
    return true
  }
}
