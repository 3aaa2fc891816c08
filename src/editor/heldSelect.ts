import type { Editor } from './editor.ts'
import { isBusy } from './state.ts'
import type { ToolId } from './tools/tool.ts'

/** V held longer than this, ms, is a visit to Select, not a change to it. */
const visitMs = 300

/** V: Select while it is held; tapped, it is a change of tool. */
export class HeldSelect {
  readonly #editor: Editor
  readonly #now: () => number
  #visit: { readonly from: ToolId; readonly since: number; used: boolean } | undefined

  constructor(editor: Editor, now: () => number) {
    this.#editor = editor
    this.#now = now
  }

  /** True when the key is ours, which it is in the middle of a shape too: that is not left by it. */
  hold(): boolean {
    const { tool, toolState } = this.#editor.state
    if (this.#visit || isBusy(toolState)) return true
    if (tool === 'select') return false
    this.#visit = { from: tool, since: this.#now(), used: false }
    this.#editor.setTool('select')
    return true
  }

  /** Something was done with Select meanwhile. */
  used(): void {
    if (this.#visit) this.#visit.used = true
  }

  /** Back to the tool before. */
  release(): void {
    const visit = this.#visit
    this.#visit = undefined
    if (visit && (visit.used || this.#now() - visit.since >= visitMs)) this.#editor.setTool(visit.from)
  }

  forget(): void {
    this.#visit = undefined
  }
}
