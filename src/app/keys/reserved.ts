import { canonicalStroke, strokesIn } from '#app/keyStroke.ts'

const reasons: Readonly<Record<string, string>> = {
  'Ctrl+W': 'The browser closes the tab with it.',
  'Ctrl+Shift+W': 'The browser closes the window with it.',
  'Ctrl+T': 'The browser opens a tab with it.',
  'Ctrl+Shift+T': 'The browser opens the last closed tab with it.',
  'Ctrl+N': 'The browser opens a window with it.',
  'Ctrl+Shift+N': 'The browser opens a private window with it.',
  'Ctrl+Shift+P': 'Firefox opens a private window with it.',
  'Ctrl+Q': 'It quits the browser on some systems.',
  'Ctrl+Tab': 'The browser changes tabs with it.',
  'Ctrl+Shift+Tab': 'The browser changes tabs with it.',
  'Ctrl+PageUp': 'The browser changes tabs with it.',
  'Ctrl+PageDown': 'The browser changes tabs with it.',
  'Alt+F4': 'The system closes the window with it.',
  'Alt+Tab': 'The system changes windows with it.',
  'Shift+Alt+Tab': 'The system changes windows with it.',
  'Alt+Space': 'The system opens the window’s menu with it.',
  'Alt+ArrowLeft': 'The browser goes back a page with it.',
  'Alt+ArrowRight': 'The browser goes forward a page with it.',
  F5: 'The browser loads the page anew with it.',
  'Ctrl+F5': 'The browser loads the page anew with it.',
  F6: 'The browser goes to its address bar with it.',
  F11: 'The browser fills the screen with it.',
  F12: 'The browser opens its developer tools with it.',
  'Ctrl+Shift+I': 'The browser opens its developer tools with it.',
  'Ctrl+Shift+J': 'The browser opens its developer tools with it.',
}

/** Why this combination cannot be a shortcut: browser or system take it before a page hears of it. Undefined if it can. */
export function whyReserved(stroke: string): string | undefined {
  const canonical = canonicalStroke(stroke)
  if (/^Alt\+\d$/.test(canonical)) return 'Browsers change tabs with Alt and a digit.'
  return reasons[canonical]
}

/** Keys that mean one thing all over the product, and the only commands that may bear them. */
const kept: Readonly<Record<string, { readonly ids: readonly string[]; readonly why: string }>> = {
  Escape: { ids: ['tool.cancel'], why: 'Esc always cancels and closes.' },
  Tab: { ids: ['select.next', 'select.previous'], why: 'Tab moves from control to control.' },
  'Shift+Tab': { ids: ['select.next', 'select.previous'], why: 'Shift+Tab moves from control to control.' },
  Space: { ids: ['hold.pan'], why: 'Space presses buttons and pans while it is held.' },
}

/** Why this command may not have this combination, or these two in a row; undefined if it may. */
export function whyNotBound(id: string, key: string): string | undefined {
  const strokes = strokesIn(key).map(canonicalStroke)
  for (const stroke of strokes) {
    const own = kept[stroke]
    const why = whyReserved(stroke) ?? (own && (strokes.length > 1 || !own.ids.includes(id)) ? own.why : undefined)
    if (why !== undefined) return why
  }
  return strokes.length > 2 ? 'Two keys in a row are the most.' : undefined
}
