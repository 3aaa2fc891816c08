/** What a keyboard event says, without the event. */
export interface KeyFacts {
  /** `KeyboardEvent.key` */
  readonly key: string
  /** `KeyboardEvent.code` */
  readonly code: string
  readonly shift: boolean
  readonly alt: boolean
  readonly ctrl: boolean
  readonly meta: boolean
  readonly repeat?: boolean
}

/**
 * The key as commands write it, e.g. `Ctrl+Shift+Z`, `]`, `Shift+ArrowLeft`: letters and digits by position
 * (`event.code`), symbols by what they type (`event.key`), Cmd as Ctrl. Shift is not named with symbols that need it.
 */
export function keyName(k: KeyFacts): string {
  const letter = /^Key([A-Z])$/.exec(k.code)?.[1] ?? /^(?:Digit|Numpad)(\d)$/.exec(k.code)?.[1]
  const name = letter ?? (k.code === 'Space' ? 'Space' : k.key)
  const symbol = letter === undefined && name.length === 1
  const modifiers = [k.ctrl || k.meta ? 'Ctrl+' : '', k.alt ? 'Alt+' : '', k.shift && !symbol ? 'Shift+' : '']
  return modifiers.join('') + name
}
