import { holdLock, isLockHeld, tabLock } from './browser.ts'
import { type AtOnce, browserStorage } from './lastWords.ts'
import { type InputScope, inputKey } from './scope.ts'

interface Kept {
  /** the tab that draws it */
  readonly tab: string
  readonly draft: unknown
}

/**
 * Unfinished work of one person, one draft an input, in the browser's own storage: it has what it was given when the
 * call returns, so that a page that is killed has kept it. A draft belongs to the tab that draws it for as long as that
 * tab lives; afterwards to whichever opens the input first.
 */
export class Drafts {
  readonly #prefix: string
  readonly #tab: string
  readonly #storage: AtOnce | undefined

  constructor(person: string, tab: string, storage: AtOnce | undefined = browserStorage()) {
    this.#prefix = `marquee.draft:${person}:`
    this.#tab = tab
    this.#storage = storage
  }

  /** Says that this tab lives. Returns how to take it back. */
  start(): () => void {
    return holdLock(tabLock(this.#tab), () => undefined)
  }

  /** JSON; undefined forgets it. What does not fit is not kept. */
  keep(scope: InputScope, draft: unknown): void {
    const key = this.#prefix + inputKey(scope)
    try {
      if (draft === undefined) this.#storage?.removeItem(key)
      else this.#storage?.setItem(key, JSON.stringify({ tab: this.#tab, draft } satisfies Kept))
    } catch {
      // off or full: the draft then lasts as long as the page
    }
  }

  /** What was left unfinished here, unless another tab is still at it. Whoever asks must not trust its form. */
  async find(scope: InputScope): Promise<unknown> {
    const kept = parsed(this.#storage?.getItem(this.#prefix + inputKey(scope)) ?? '')
    if (!kept) return undefined
    const elsewhere = kept.tab !== this.#tab && (await isLockHeld(tabLock(kept.tab)))
    return elsewhere ? undefined : kept.draft
  }
}

function parsed(text: string): Kept | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isKept = typeof value === 'object' && value !== null && 'tab' in value && 'draft' in value
    return isKept && typeof value.tab === 'string' ? { tab: value.tab, draft: value.draft } : undefined
  } catch {
    return undefined
  }
}
