import { describe, expect, it } from 'vitest'
import { aBox, anEditor, aRegion, keyOf, selectedIds, shapeOf, shapes } from '#testing/builders.ts'
import { editorCommands } from './commands.ts'
import { type KeyFacts, keyName } from './keys.ts'

const key = (key: string, code: string, rest: Partial<KeyFacts> = {}): KeyFacts => ({
  key,
  code,
  shift: false,
  alt: false,
  ctrl: false,
  meta: false,
  ...rest,
})

describe('keyName', () => {
  it.each([
    [key('я', 'KeyZ', { ctrl: true }), 'Ctrl+Z'],
    [key('z', 'KeyZ', { meta: true, shift: true }), 'Ctrl+Shift+Z'],
    [key('&', 'Digit1'), '1'],
    [key('1', 'Numpad1'), '1'],
    [key('{', 'BracketLeft', { shift: true }), '{'],
    [key('ArrowLeft', 'ArrowLeft', { shift: true }), 'Shift+ArrowLeft'],
    [key(' ', 'Space'), 'Space'],
    [key('Delete', 'Delete', { shift: true }), 'Shift+Delete'],
    [key('®', 'KeyR', { ctrl: true, alt: true }), 'Ctrl+Alt+R'],
  ])('%j is %s', (facts, name) => {
    expect(keyName(facts)).toBe(name)
  })
})

describe('commands', () => {
  it.each(['brush', 'select'] as const)(
    'Enter takes the polygons a mask is to become, Esc keeps the mask: %s',
    (tool) => {
      const mask = { kind: 'mask', x: 10, y: 10, w: 20, h: 20, runs: Uint32Array.of(0, 400) } as const
      const editor = anEditor({ regions: [aRegion('one', mask)] })
      const asks: unknown[] = []
      editor.onAsk((ask) => asks.push(ask))
      editor.setTool(tool)
      editor.select([keyOf('one')])
      editor.toPolygon()
      run(editor, 'Escape')
      expect(editor.state.converting).toBeUndefined()
      expect(selectedIds(editor)).toEqual(['one'])
      expect(editor.state.tool).toBe(tool)
      editor.toPolygon()
      run(editor, 'Enter')
      expect(shapes(editor).map(({ kind }) => kind)).toEqual(['polygon'])
      expect(selectedIds(editor)).toEqual(['one'])
      expect(asks).toEqual([])
    },
  )

  it('have ids and keys of their own (LS#1957, LS#491)', () => {
    const ids = editorCommands.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    // with a brush in hand some keys mean something else
    for (const other of ['painting', 'notPainting']) {
      const keys = editorCommands.filter(({ scope }) => scope !== other).flatMap((command) => command.keys)
      expect(new Set(keys).size).toBe(keys.length)
    }
  })

  it('do not take keys of the browser', () => {
    const keys = editorCommands.flatMap((command) => command.keys)
    for (const taken of ['Ctrl+W', 'Ctrl+T', 'Ctrl+N', 'Ctrl+Tab', 'Alt+F4', 'Alt+Tab'])
      expect(keys).not.toContain(taken)
  })

  const run = (editor: ReturnType<typeof anEditor>, name: string) => {
    const command = editorCommands.find(({ keys, scope }) => keys.includes(name) && scope !== 'painting')!
    if (command.whyNot(editor.state) === undefined) command.run(editor)
    return command.whyNot(editor.state) === undefined
  }

  it('do what their keys say', () => {
    const editor = anEditor({ regions: [aRegion('one', aBox(100, 100, 50, 50))] })
    expect(run(editor, 'ArrowLeft')).toBe(false)
    run(editor, 'Ctrl+A')
    run(editor, 'ArrowLeft')
    run(editor, 'Shift+ArrowDown')
    run(editor, 'Ctrl+ArrowRight')
    expect(shapeOf(editor, 'one')).toEqual(aBox(99, 110, 51, 50))
    run(editor, 'L')
    expect(editor.state.locked.has(keyOf('one'))).toBe(true)
    run(editor, 'L')
    run(editor, 'Delete')
    expect(editor.state.regions.size).toBe(0)
    run(editor, 'Ctrl+Z')
    expect(editor.state.regions.size).toBe(1)
    run(editor, 'R')
    expect(editor.state.tool).toBe('box')
    run(editor, 'Escape')
    run(editor, 'Escape')
    expect(editor.state.tool).toBe('select')
    run(editor, 'Ctrl+Alt+R')
    run(editor, 'Enter')
    for (let i = 0; i < 3; i++) {
      run(editor, 'Shift+ArrowRight')
      run(editor, 'Shift+ArrowDown')
    }
    run(editor, 'Enter')
    expect([...editor.state.regions.values()].at(-1)!.shape).toEqual(aBox(500, 400, 30, 30))
  })

  it('that edit are off where all is read-only', () => {
    const editor = anEditor({ regions: [aRegion('one', aBox(100, 100, 50, 50))], readOnly: 'Submitted.' })
    editor.selectAll()
    const on = editorCommands.filter(({ whyNot }) => whyNot(editor.state) === undefined).map(({ id }) => id)
    for (const id of ['edit.delete', 'edit.nudgeLeft', 'edit.duplicate', 'select.front', 'tool.boxByKeyboard']) {
      expect(on).not.toContain(id)
    }
    expect(on).toContain('select.hide')
  })
})
