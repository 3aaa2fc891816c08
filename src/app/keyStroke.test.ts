import { describe, expect, it } from 'vitest'
import { canonicalStroke, type KeyPress, matchesStroke, shownKeys, shownStroke, strokesClash } from './keyStroke.ts'

const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})

describe('matchesStroke', () => {
  it('takes letters by position, whatever the layout types', () => {
    expect(matchesStroke('Ctrl+Z', press('w', 'KeyZ', { ctrlKey: true }))).toBe(true)
    expect(matchesStroke('Ctrl+Z', press('z', 'KeyW', { ctrlKey: true }))).toBe(false)
  })
  it('takes Cmd for Ctrl', () => {
    expect(matchesStroke('Ctrl+K', press('k', 'KeyK', { metaKey: true }))).toBe(true)
  })
  it('takes digits from both rows, and on layouts that need Shift for them', () => {
    expect(matchesStroke('1', press('&', 'Digit1'))).toBe(true)
    expect(matchesStroke('1', press('1', 'Numpad1'))).toBe(true)
    expect(matchesStroke('1', press('1', 'Digit1', { altKey: true }))).toBe(false)
  })
  it('takes symbols as typed, whatever it took to type them', () => {
    expect(matchesStroke('?', press('?', 'Slash', { shiftKey: true }))).toBe(true)
    expect(matchesStroke('/', press('/', 'Digit7', { shiftKey: true }))).toBe(true)
    expect(matchesStroke('\\', press('\\', 'Minus', { ctrlKey: true, altKey: true }))).toBe(true)
    expect(matchesStroke('Shift+[', press('{', 'BracketLeft', { shiftKey: true }))).toBe(true)
    expect(matchesStroke('[', press('{', 'BracketLeft', { shiftKey: true }))).toBe(false)
  })
  it('wants exactly the modifiers of a named key', () => {
    expect(matchesStroke('Esc', press('Escape', 'Escape'))).toBe(true)
    expect(matchesStroke('Shift+Delete', press('Delete', 'Delete'))).toBe(false)
    expect(matchesStroke('ArrowLeft', press('ArrowLeft', 'ArrowLeft', { ctrlKey: true }))).toBe(false)
  })
})

describe('the texts of a stroke', () => {
  it('are one per combination', () => {
    expect(canonicalStroke('Cmd+Shift+z')).toBe('Ctrl+Shift+Z')
    expect(canonicalStroke('Shift+Mod+Z')).toBe('Ctrl+Shift+Z')
    expect(canonicalStroke('Esc')).toBe(canonicalStroke('Escape'))
    expect(canonicalStroke('Ctrl++')).toBe('Ctrl++')
  })
  it('stand for two keys in a row, which no key may begin', () => {
    expect(canonicalStroke('t  h')).toBe('T H')
    expect(shownKeys('T Shift+H')).toEqual(['T', 'Shift', 'H'])
    expect(shownStroke('T Ctrl+H')).toBe('T Ctrl+H')
    expect(canonicalStroke('Space')).toBe('Space')
    expect(strokesClash('T H', 'T')).toBe(true)
    expect(strokesClash('T', 'T H')).toBe(true)
    expect(strokesClash('T H', 'T L')).toBe(false)
    expect(strokesClash('T H', 'H')).toBe(false)
    expect(strokesClash('T H', 'Shift+T')).toBe(false)
  })
  it('read as on the keyboard at hand', () => {
    expect(shownKeys('Ctrl+Shift+Z')).toEqual(['Ctrl', 'Shift', 'Z'])
    expect(shownStroke('Ctrl+ArrowLeft')).toBe('Ctrl+←')
    expect(shownStroke('Ctrl+K', true)).toBe('⌘K')
  })
})
