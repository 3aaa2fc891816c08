import type { EditorState } from './state.ts'

type Listener = (state: EditorState, previous: EditorState) => void

/**
 * Holds the state and tells of it: everything inside one {@link run} is one change to whoever listens, however many
 * steps it took. What is sent with {@link later} goes out when the change is whole; what its receivers change in turn
 * belongs to the same change.
 */
export class Store {
  #state: EditorState
  #told: EditorState
  #depth = 0
  #outgoing: (() => void)[] = []
  readonly #listeners = new Set<Listener>()
  readonly #settle: (state: EditorState) => EditorState

  /** `settle` brings what follows from the rest (draft, canUndo …) up to date. */
  constructor(state: EditorState, settle: (state: EditorState) => EditorState) {
    this.#settle = settle
    this.#state = state
    this.#told = state
  }

  get state(): EditorState {
    return this.#state
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  update(patch: Partial<EditorState>): void {
    this.run(() => {
      this.#state = { ...this.#state, ...patch }
    })
  }

  run(change: () => void): void {
    this.#depth++
    try {
      change()
      if (this.#depth === 1) this.#deliver()
    } finally {
      this.#depth--
    }
    if (this.#depth > 0 || this.#state === this.#told) return
    const previous = this.#told
    this.#told = this.#state
    for (const listener of this.#listeners) listener(this.#state, previous)
  }

  later(tell: () => void): void {
    this.run(() => this.#outgoing.push(tell))
  }

  #deliver(): void {
    this.#state = this.#settle(this.#state)
    while (this.#outgoing.length > 0) {
      for (const tell of this.#outgoing.splice(0)) tell()
      this.#state = this.#settle(this.#state)
    }
  }
}

/** Listeners of one kind of news. */
export class Announcer<T extends readonly unknown[]> {
  readonly #listeners = new Set<(...news: T) => void>()

  listen(listener: (...news: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(...news: T): void {
    for (const listener of this.#listeners) listener(...news)
  }
}
