import type { Editor } from '#editor/editor.ts'
import type { Drafts } from '#sync/drafts.ts'
import type { InputScope } from '#sync/scope.ts'

const KEEP_AFTER_MS = 300

/** Keeps what is unfinished on this device as it grows: closing the page, or a browser that dies, does not lose it. */
export class DraftKeeper {
  readonly #editor: Editor
  readonly #drafts: Pick<Drafts, 'keep' | 'find'>
  readonly #scope: InputScope
  #timer: ReturnType<typeof setTimeout> | undefined
  #kept = false

  constructor(editor: Editor, drafts: Pick<Drafts, 'keep' | 'find'>, scope: InputScope) {
    this.#editor = editor
    this.#drafts = drafts
    this.#scope = scope
  }

  /** The tool in hand is in another state. What is finished or given up is forgotten in the same turn. */
  changed(): void {
    if (this.#editor.unfinished() === undefined) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), KEEP_AFTER_MS)
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const unfinished = this.#editor.unfinished()
    if (unfinished !== undefined || this.#kept) this.#drafts.keep(this.#scope, unfinished)
    this.#kept = unfinished !== undefined
  }

  /** Goes on with what an earlier visit left. */
  async resume(): Promise<void> {
    const draft = await this.#drafts.find(this.#scope)
    if (draft === undefined || !this.#editor.resume(draft)) return
    // from now on it is this page's, and gone once it is finished or given up
    this.#kept = true
    this.changed()
  }
}
