import { describe, expect, it } from 'vitest'
import { type Command, overlap } from '#app/command.ts'
import { commands } from '#app/commands.ts'
import { canonicalStroke, strokesClash } from '#app/keyStroke.ts'
import { heldBy } from './heldBy.ts'
import {
  boundCommands,
  clashes,
  type Keymap,
  keymapText,
  parseKeymap,
  rebound,
  reset,
  standardKeymap,
} from './keymap.ts'
import { type PresetId, presets } from './presets.ts'
import { whyNotBound, whyReserved } from './reserved.ts'

const keys = (keymap: Keymap, id: string) =>
  boundCommands(commands, keymap).find((command) => command.id === id)?.keys ?? []

/** Every pair of commands that answer to the same key at the same moment. */
function collisions(bound: readonly Command[]): string[] {
  const strokes = bound.flatMap((command) => command.keys.map((key) => ({ command, stroke: canonicalStroke(key) })))
  return strokes.flatMap((a, i) =>
    strokes
      .slice(i + 1)
      .filter(
        (b) => strokesClash(a.stroke, b.stroke) && a.command !== b.command && overlap(a.command.scope, b.command.scope),
      )
      .map((b) => `${a.stroke}: ${a.command.id}, ${b.command.id}`),
  )
}

describe.each(Object.keys(presets) as PresetId[])('the preset %s', (preset) => {
  const bound = boundCommands(commands, { version: 1, preset, own: {} })
  it('gives no key to two commands that can be live at once, and none that a browser takes', () => {
    expect(collisions(bound)).toEqual([])
    const refused = bound.flatMap(({ id, keys: given }) => given.filter((key) => whyNotBound(id, key) !== undefined))
    expect(refused).toEqual([])
  })
  it('keeps a way to every tool, to undo, to the palette and to this list', () => {
    for (const id of ['tool.select', 'tool.box', 'tool.polygon', 'edit.undo', 'edit.delete', 'palette', 'image.next']) {
      expect({ id, keys: bound.find((command) => command.id === id)?.keys.length }).not.toEqual({ id, keys: 0 })
    }
    for (let slot = 1; slot <= 10; slot++)
      expect(keys({ version: 1, preset, own: {} }, `concept.slot.${slot}`)).not.toEqual([])
  })
})

describe('rebinding', () => {
  it('takes the key from whoever has it at the same moment, and only then', () => {
    const [other] = clashes(commands, 'view.fit', 'R')
    expect(other?.id).toBe('tool.box')
    const keymap = rebound(commands, standardKeymap, 'view.fit', ['F', 'R'])
    expect(keys(keymap, 'view.fit')).toEqual(['F', 'R'])
    expect(keys(keymap, 'tool.box')).toEqual([])
    expect(collisions(boundCommands(commands, keymap))).toEqual([])
    // arrows nudge with a selection and turn images without: both may have them
    expect(clashes(commands, 'image.nextByArrow', 'ArrowRight')).toEqual([])
  })

  it('gives the standard keys back, taking them from who got them since', () => {
    const keymap = rebound(commands, standardKeymap, 'view.fit', ['R'])
    const again = reset(commands, keymap, 'tool.box')
    expect(keys(again, 'tool.box')).toEqual(['R'])
    expect(keys(again, 'view.fit')).toEqual([])
    expect(reset(commands, again, 'view.fit')).toEqual(standardKeymap)
  })

  it('leaves a key that a preset needs to the preset, and what the person chose to the person', () => {
    expect(keys({ version: 1, preset: 'cvat', own: {} }, 'image.next')).toEqual(['F'])
    expect(keys({ version: 1, preset: 'cvat', own: {} }, 'view.fit')).toEqual(['Shift+F'])
    expect(keys({ version: 1, preset: 'cvat', own: { 'view.fit': ['F'] } }, 'image.next')).toEqual([])
  })

  it('gives CVAT’s hands T H and T L, and takes both from there when T alone is wanted elsewhere', () => {
    const cvat: Keymap = { version: 1, preset: 'cvat', own: {} }
    expect(keys(cvat, 'select.allHidden')).toEqual(['T H'])
    expect(keys(cvat, 'select.allLocked')).toEqual(['T L'])
    const bound = boundCommands(commands, cvat)
    expect(clashes(bound, 'view.fit', 'T').map(({ id }) => id)).toEqual(['select.allHidden', 'select.allLocked'])
    const own = rebound(commands, cvat, 'view.fit', ['T'])
    expect(keys(own, 'select.allHidden')).toEqual([])
    expect(keys(own, 'select.allLocked')).toEqual([])
    expect(parseKeymap(keymapText(rebound(commands, cvat, 'view.fit', ['Y F'])), commands).own).toEqual({
      'view.fit': ['Y F'],
    })
  })

  it('finds digits of concepts to be commands like all others', () => {
    expect(clashes(commands, 'view.fit', '3').map(({ id }) => id)).toEqual(['concept.slot.3'])
  })
})

describe('a keymap as a file', () => {
  it('comes back as it went', () => {
    const keymap = rebound(commands, { version: 1, preset: 'labelme', own: {} }, 'view.fit', ['Ctrl+F', 'Alt+Enter'])
    expect(parseKeymap(keymapText(keymap), commands)).toEqual(keymap)
  })
  it.each([
    ['{', 'This is no JSON.'],
    ['[]', 'This is no keymap of Marquee.'],
    ['{"own": {}, "version": 2}', 'version: 2 is not known here, only 1.'],
    ['{"own": {}, "version": 1, "preset": "emacs"}', 'preset: "emacs" is none of'],
    ['{"own": {"view.fit": "F"}, "version": 1}', 'own["view.fit"]: must be a list of keys such as "Ctrl+B".'],
    ['{"own": {"view.fit": ["Ctrl+W"]}, "version": 1}', 'own["view.fit"]: Ctrl+W cannot be used.'],
    ['{"own": {"view.fit": ["Q"], "tool.box": ["Q"]}, "version": 1}', 'own["view.fit"]: Q is also the key of “Box”'],
  ])('%s: says what is wrong', (text, why) => {
    expect(() => parseKeymap(text, commands)).toThrow(why)
  })
  it('keeps commands that only another version knows', () => {
    const text = '{"version": 1, "own": {"brush.future": ["Alt+Q"]}}'
    expect(parseKeymap(text, commands).own).toEqual({ 'brush.future': ['Alt+Q'] })
  })
})

it('refuses what belongs to browser, system or all controls, and says why', () => {
  expect(whyReserved('Cmd+W')).toBe('The browser closes the tab with it.')
  expect(whyReserved('Alt+3')).toMatch(/change tabs/)
  expect(whyNotBound('view.fit', 'Escape')).toBe('Esc always cancels and closes.')
  expect(whyNotBound('tool.cancel', 'Esc')).toBeUndefined()
  expect(whyNotBound('view.fit', 'Tab')).toMatch(/control to control/)
  expect(whyNotBound('view.fit', 'Ctrl+B')).toBeUndefined()
  expect(whyNotBound('view.fit', 'T Esc')).toBe('Esc always cancels and closes.')
  expect(whyNotBound('view.fit', 'A B C')).toMatch(/two keys/i)
})

it('hears held keys where the person has put them, Select’s own among them', () => {
  const press = (key: string, code: string, shift = false) => ({
    key,
    code,
    shift,
    alt: false,
    ctrl: false,
    meta: false,
  })
  const own = heldBy(boundCommands(commands, rebound(commands, standardKeymap, 'hold.names', ['S'])))
  expect(own(press('s', 'KeyS'))).toBe('names')
  expect(own(press('.', 'Period'))).toBeUndefined()
  expect(own(press(' ', 'Space', true))).toBe('pan')
  expect(own(press('v', 'KeyV'))).toBe('select')
})
