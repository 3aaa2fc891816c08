/** What a keyboard event tells about a press; a DOM KeyboardEvent is one. */
export interface KeyPress {
  /** the character or name the layout gives, as in KeyboardEvent.key */
  readonly key: string
  /** the physical key, as in KeyboardEvent.code */
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** One combination of keys. `ctrl` stands for Ctrl and for Cmd. */
interface Stroke {
  readonly ctrl: boolean
  readonly shift: boolean
  readonly alt: boolean
  /** `A`–`Z` and `0`–`9` by position, a name (`Enter`, `ArrowLeft` …) or a symbol as it is typed */
  readonly base: string
}

const NAMES: Readonly<Record<string, string>> = {
  esc: 'Escape',
  del: 'Delete',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  up: 'ArrowUp',
  down: 'ArrowDown',
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
  '↑': 'ArrowUp',
  '↓': 'ArrowDown',
  space: ' ',
  plus: '+',
  minus: '-',
}
const MODIFIERS: Readonly<Record<string, 'ctrl' | 'shift' | 'alt'>> = {
  ctrl: 'ctrl',
  control: 'ctrl',
  cmd: 'ctrl',
  meta: 'ctrl',
  mod: 'ctrl',
  shift: 'shift',
  alt: 'alt',
  option: 'alt',
}
/** What Shift makes of the symbols we bind with Shift, on the layouts where they are one key. */
const SHIFTED: Readonly<Record<string, string>> = { '[': '{', ']': '}', ',': '<', '.': '>', '/': '?' }

/** Reads `Ctrl+Shift+Z`, `Esc`, `Shift+[` or `+`. */
export function parseStroke(text: string): Stroke {
  const parts = text === '+' || text.endsWith('++') ? [...text.slice(0, -1).split('+'), '+'] : text.split('+')
  const words = parts.filter((part) => part !== '')
  const held = words.slice(0, -1).map((word) => MODIFIERS[word.toLowerCase()])
  const last = words.at(-1) ?? ''
  const base = NAMES[last.toLowerCase()] ?? (last.length === 1 ? last.toUpperCase() : last)
  return { ctrl: held.includes('ctrl'), shift: held.includes('shift'), alt: held.includes('alt'), base }
}

/** The combinations of a key that is two pressed one after the other, `T H`; of every other key itself. */
export const strokesIn = (text: string): readonly string[] => (text.trim() === '' ? [text] : text.trim().split(/\s+/))

/** One text per combination, so that `Cmd+Esc` and `Ctrl+Escape` are seen to be the same. */
export const canonicalStroke = (text: string): string => strokesIn(text).map(canonical).join(' ')

/** Whether two keys cannot stand beside each other: they are the same, or one is the beginning of the other. */
export function strokesClash(a: string, b: string): boolean {
  const [one, other] = [canonicalStroke(a), canonicalStroke(b)]
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `)
}

function canonical(text: string): string {
  const { ctrl, shift, alt, base } = parseStroke(text)
  return `${ctrl ? 'Ctrl+' : ''}${shift ? 'Shift+' : ''}${alt ? 'Alt+' : ''}${base === ' ' ? 'Space' : base}`
}

const isSymbol = (base: string) => base.length === 1 && !/[A-Z0-9 ]/.test(base)

/**
 * Whether a press is this combination: letters and digits by position (`event.code`), so that they work on every
 * layout; symbols by what was typed (`event.key`), whatever Shift or AltGr that took (decisions §25).
 */
export function matchesStroke(text: string, press: KeyPress): boolean {
  const stroke = parseStroke(text)
  const ctrl = press.ctrlKey || press.metaKey
  if (isSymbol(stroke.base)) {
    const typed = stroke.shift ? (SHIFTED[stroke.base] ?? stroke.base) : stroke.base
    const altGr = press.ctrlKey && press.altKey && !stroke.ctrl && !stroke.alt
    return press.key === typed && (altGr || (stroke.ctrl === ctrl && stroke.alt === press.altKey))
  }
  if (stroke.ctrl !== ctrl || stroke.alt !== press.altKey || stroke.shift !== press.shiftKey) return false
  if (/^[A-Z]$/.test(stroke.base)) return press.code === `Key${stroke.base}`
  if (/^[0-9]$/.test(stroke.base)) return press.code === `Digit${stroke.base}` || press.code === `Numpad${stroke.base}`
  return press.key === stroke.base
}

/**
 * The combination a press makes, as commands write it; undefined while only modifiers are held, and for a key that has
 * no name of its own (a dead key, an input method). {@link matchesStroke} is true of it and the same press.
 */
export function strokeOf(press: KeyPress): string | undefined {
  const { key, code } = press
  if (['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Process', 'Unidentified'].includes(key))
    return undefined
  const placed = /^Key([A-Z])$/.exec(code)?.[1] ?? /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1]
  const base = placed ?? (code === 'Space' ? 'Space' : key)
  const symbol = placed === undefined && base.length === 1
  // AltGr, which some layouts need to type a symbol, looks like Ctrl and Alt
  const altGr = symbol && press.ctrlKey && press.altKey
  const ctrl = (press.ctrlKey || press.metaKey) && !altGr ? 'Ctrl+' : ''
  return `${ctrl}${press.shiftKey && !symbol ? 'Shift+' : ''}${press.altKey && !altGr ? 'Alt+' : ''}${base}`
}

const SHOWN: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  Delete: 'Del',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ' ': 'Space',
}

/** The keys of a combination as a person reads them: `['Ctrl', 'Z']`, on a Mac `['⌘', 'Z']`; two in a row one by one. */
export const shownKeys = (text: string, mac = false): string[] =>
  strokesIn(text).flatMap((stroke) => shown(stroke, mac))

function shown(text: string, mac: boolean): string[] {
  const { ctrl, shift, alt, base } = parseStroke(text)
  const keys = [SHOWN[base] ?? base]
  if (shift) keys.unshift(mac ? '⇧' : 'Shift')
  if (alt) keys.unshift(mac ? '⌥' : 'Alt')
  if (ctrl) keys.unshift(mac ? '⌘' : 'Ctrl')
  return keys
}

/** `Ctrl+Z`, `⌘Z`, `T H` */
export const shownStroke = (text: string, mac = false): string =>
  strokesIn(text)
    .map((stroke) => shown(stroke, mac).join(mac ? '' : '+'))
    .join(' ')

/** Whether this browser runs on a Mac, where Cmd takes the place of Ctrl. */
export const onMac = (): boolean => typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

const TYPING = 'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="textbox"]'
const NOT_TEXT = new Set(['checkbox', 'radio', 'button', 'range', 'color', 'file', 'submit', 'reset'])

/** Whether a press belongs to a field somebody types in, or to an input method that is composing. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.key === 'Process' || event.keyCode === 229) return true
  const target = event.target
  if (!(target instanceof Element) || !target.matches(TYPING)) return false
  return !(target instanceof HTMLInputElement && NOT_TEXT.has(target.type))
}
