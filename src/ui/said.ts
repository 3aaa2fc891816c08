export interface SaidAction {
  readonly name: string
  run(): void
}

/** What was just done, and the ways to act on it. */
export interface Said {
  readonly message: string
  readonly actions: readonly SaidAction[]
  readonly failed: boolean
}

/**
 * What a bar of the page says that was done just now, in place of a toast over the picture that one works on. A bar
 * with such a place opens it while it is on the screen; what is said when that goes is handed on.
 */
export const saidNow = (): Said | undefined => current

export function onSaid(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

let current: Said | undefined
const listeners = new Set<() => void>()
function become(said: Said | undefined): void {
  current = said
  for (const listener of [...listeners]) listener()
}

let places = 0
let timer: ReturnType<typeof setTimeout> | undefined
let until = 0
let handOn: ((said: Said, forMs: number) => void) | undefined

/** Another image has its bar within this time, ms. */
const NEXT_BAR_MS = 500
/** How long it stays after it was pointed at, ms. */
const AFTER_POINTING_MS = 2500

/** Says it where there is a place for it. False: there is none. `elsewhere` says it when the place goes too early. */
export function sayInBar(said: Said, forMs: number, elsewhere: (said: Said, forMs: number) => void): boolean {
  if (places === 0) return false
  handOn = elsewhere
  become(said)
  hideIn(forMs)
  return true
}

export function hideSaid(): void {
  clearTimeout(timer)
  become(undefined)
}

/** It stays while it is pointed at. */
export function holdSaid(): void {
  clearTimeout(timer)
  until = Number.POSITIVE_INFINITY
}

export const letSaidGo = (): void => hideIn(AFTER_POINTING_MS)

/** Opens a place; the returned function closes it. */
export function openPlace(): () => void {
  places++
  return () => {
    places--
    setTimeout(() => {
      const said = current
      const left = until - Date.now()
      if (places > 0 || !said) return
      hideSaid()
      if (left > 0) handOn?.(said, Math.min(left, AFTER_POINTING_MS * 4))
    }, NEXT_BAR_MS)
  }
}

function hideIn(ms: number): void {
  clearTimeout(timer)
  until = Date.now() + ms
  timer = setTimeout(hideSaid, ms)
}
