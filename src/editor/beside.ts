/**
 * Steps that are not of regions and are taken back with them, in the order in which all were made: choices between
 * answers, say. Each knows how many steps of regions there were when it was made.
 */
export interface Beside {
  /** Whether a step is newer than so many steps of regions. */
  canUndo(steps: number): boolean
  /** Whether one comes back next, at so many steps of regions. */
  canRedo(steps: number): boolean
  undo(): void
  redo(): void
}

export interface BesideStep<T> {
  /** steps of regions when it was made */
  readonly at: number
  readonly before: T
  readonly after: T
}

/** Something chosen, with its own past and future. */
export interface Chosen<T> {
  readonly now: T
  readonly past: readonly BesideStep<T>[]
  readonly future: readonly BesideStep<T>[]
}

export const unchosen = <T>(now: T): Chosen<T> => ({ now, past: [], future: [] })

export const chosen = <T>({ now, past }: Chosen<T>, next: T, steps: number): Chosen<T> => ({
  now: next,
  past: [...past, { at: steps, before: now, after: next }],
  future: [],
})

/** The last choice taken back; the same where there is none. */
export function unchoose<T>(all: Chosen<T>): Chosen<T> {
  const last = all.past.at(-1)
  return last ? { now: last.before, past: all.past.slice(0, -1), future: [...all.future, last] } : all
}

export function rechoose<T>(all: Chosen<T>): Chosen<T> {
  const next = all.future.at(-1)
  return next ? { now: next.after, past: [...all.past, next], future: all.future.slice(0, -1) } : all
}

/** @param read what is chosen now @param set called with what is chosen after a step */
export const besideOf = <T>(read: () => Chosen<T>, set: (next: Chosen<T>) => void): Beside => ({
  canUndo: (steps) => (read().past.at(-1)?.at ?? -1) >= steps,
  canRedo: (steps) => read().future.at(-1)?.at === steps,
  undo: () => set(unchoose(read())),
  redo: () => set(rechoose(read())),
})
