import { describe, expect, it } from 'vitest'
import { editorCommands } from '#editor/commands.ts'
import type { Editor } from '#editor/editor.ts'
import { aBox, anEditor, aPolygon, aRegion, keyOf, selectedIds, shapeOf, shapes } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import type { Ask } from './tool.ts'

/** Presses a key as a person does: what is enabled and has it runs. */
function press(editor: Editor, key: string): boolean {
  const command = editorCommands.find((one) => one.keys.includes(key) && one.whyNot(editor.state) === undefined)
  command?.run(editor)
  return command !== undefined
}

const big = aRegion('big', aBox(100, 100, 400, 400), { concept: 'car' })
const small = aRegion('small', aBox(250, 250, 50, 50))
const aside = aRegion('aside', aBox(600, 100, 100, 100))
const scene = () => anEditor({ regions: [big, small, aside] })
const asks = (editor: Editor) => {
  const told: Ask[] = []
  editor.onAsk((ask) => told.push(ask))
  return told
}

// one test a row of the Select tool's table: what a person who has read it tries
describe('Select, row by row', () => {
  it('hover: the handle of the selection, then an edge, then the smallest area', () => {
    const editor = scene()
    const pointer = gesture(editor).hover(270, 270)
    expect(editor.state.hovered).toBe(keyOf('small'))
    pointer.hover(102, 300)
    expect(editor.state.hovered).toBe(keyOf('big'))
    editor.select([keyOf('small')])
    pointer.hover(300, 300)
    expect(editor.state.draft.handles.find(({ active }) => active)).toMatchObject({ handle: 'se', key: keyOf('small') })
  })

  it('click: selects one; the same spot again goes through the stack; the right button lists it', () => {
    const editor = scene()
    const told = asks(editor)
    const pointer = gesture(editor).click(270, 270)
    expect(selectedIds(editor)).toEqual(['small'])
    pointer.wait(1000).click(270, 270)
    expect(selectedIds(editor)).toEqual(['big'])
    pointer.wait(1000).click(270, 270)
    expect(selectedIds(editor)).toEqual(['small'])
    pointer.click(270, 270, 2)
    expect(told).toMatchObject([{ kind: 'menu', stack: [keyOf('small'), keyOf('big')] }])
  })

  it('Ctrl+click toggles; Ctrl+A takes all that is visible and unlocked', () => {
    const editor = scene()
    gesture(editor).hold('ctrl').click(270, 270).wait(1000).click(650, 150).wait(1000).click(270, 270)
    expect(selectedIds(editor)).toEqual(['aside'])
    editor.setHidden([keyOf('small')], true)
    editor.setLocked([keyOf('aside')], true)
    press(editor, 'Ctrl+A')
    expect(selectedIds(editor)).toEqual(['big'])
  })

  it('drag on empty: a frame takes what it contains, with Alt, or X for Alt, also what it touches', () => {
    const editor = scene()
    const frame = () => gesture(editor).down(550, 50).drag(650, 300).up()
    frame()
    expect(selectedIds(editor)).toEqual([])
    gesture(editor).hold('alt').down(550, 50).drag(650, 300).up()
    expect(selectedIds(editor)).toEqual(['aside'])
    editor.select([])
    press(editor, 'X')
    frame()
    expect(selectedIds(editor)).toEqual(['aside'])
    press(editor, 'X')
    editor.select([])
    frame()
    expect(selectedIds(editor)).toEqual([])
  })

  it('drag on a selected shape moves it after 4 px; an unselected one needs a click first', () => {
    const editor = scene()
    gesture(editor).down(650, 150).drag(680, 170).up()
    expect(shapeOf(editor, 'aside')).toEqual(aBox(600, 100, 100, 100))
    gesture(editor).click(650, 150).wait(1000).down(650, 150).drag(653, 150).up()
    expect(shapeOf(editor, 'aside')).toEqual(aBox(600, 100, 100, 100))
    gesture(editor).wait(3000).down(650, 150).drag(680, 170).up()
    expect(shapeOf(editor, 'aside')).toEqual(aBox(630, 120, 100, 100))
  })

  it('arrows: 1 px, with Shift 10, with Ctrl the size; with nothing selected they are left to turning images', () => {
    const editor = scene()
    expect(press(editor, 'ArrowRight')).toBe(false)
    editor.select([keyOf('aside')])
    press(editor, 'ArrowRight')
    press(editor, 'Shift+ArrowDown')
    expect(shapeOf(editor, 'aside')).toEqual(aBox(601, 110, 100, 100))
    press(editor, 'Ctrl+ArrowRight')
    press(editor, 'Ctrl+Shift+ArrowUp')
    expect(shapeOf(editor, 'aside')).toEqual(aBox(601, 110, 101, 90))
  })

  it('Tab and Shift+Tab: the next and previous in reading order, brought into view; Ctrl+Shift+F zooms to it', () => {
    const editor = scene()
    press(editor, 'Tab')
    expect(selectedIds(editor)).toEqual(['big'])
    press(editor, 'Tab')
    expect(selectedIds(editor)).toEqual(['aside'])
    press(editor, 'Shift+Tab')
    expect(selectedIds(editor)).toEqual(['big'])
    editor.setView({ scale: 1, x: -2000, y: 0 })
    press(editor, 'Tab')
    expect(editor.state.view.x).not.toBe(-2000)
    press(editor, 'Ctrl+Shift+F')
    expect(editor.state.view.scale).toBeCloseTo(7)
  })

  it('double click: a box asks for its concept, a polygon is there to be edited', () => {
    const editor = scene()
    const told = asks(editor)
    gesture(editor).doubleClick(650, 150)
    expect(told).toMatchObject([{ kind: 'concept', keys: [keyOf('aside')] }])
    const polygon = anEditor({ regions: [aRegion('p', aPolygon([100, 100], [200, 100], [150, 200]))] })
    const others = asks(polygon)
    gesture(polygon).doubleClick(150, 130)
    expect(others).toEqual([])
    expect(polygon.state.draft.vertices?.polygon.points).toHaveLength(3)
  })

  it('copy and paste: the same place elsewhere, 8 px on here; under the pointer where a click says', () => {
    const editor = scene()
    editor.select([keyOf('aside')])
    const copied = editor.copy()
    editor.paste(copied)
    expect(shapes(editor).at(-1)).toEqual(aBox(608, 108, 100, 100))
    const other = anEditor()
    other.paste(copied)
    expect(shapes(other)).toEqual([aBox(600, 100, 100, 100)])
    other.carry(copied)
    gesture(other).hover(200, 200).click(300, 400)
    expect(shapes(other).at(-1)).toEqual(aBox(250, 350, 100, 100))
  })

  it('Ctrl+D duplicates in place and selects', () => {
    const editor = scene()
    editor.select([keyOf('big')])
    press(editor, 'Ctrl+D')
    expect(shapes(editor)).toHaveLength(4)
    const [key] = editor.state.selected
    expect(editor.state.regions.get(key!)).toMatchObject({ shape: big.shape, concepts: big.concepts })
    expect(key).not.toBe(big.key)
  })

  it('] [ move up and down, } { to front and back', () => {
    const editor = scene()
    const order = () => editor.state.order.map((key) => editor.state.regions.get(key)!.id)
    editor.select([keyOf('big')])
    press(editor, ']')
    expect(order()).toEqual(['small', 'big', 'aside'])
    press(editor, '[')
    expect(order()).toEqual(['big', 'small', 'aside'])
    press(editor, '}')
    expect(order()).toEqual(['small', 'aside', 'big'])
    press(editor, '{')
    expect(order()).toEqual(['big', 'small', 'aside'])
  })

  it('L locks, H hides, Shift+H shows only these, hold . shows names, hold ` hides all', () => {
    const editor = scene()
    editor.select([keyOf('aside')])
    press(editor, 'L')
    expect([...editor.state.locked]).toEqual([keyOf('aside')])
    gesture(editor).down(650, 150).drag(700, 200).up()
    expect(shapeOf(editor, 'aside')).toEqual(aBox(600, 100, 100, 100))
    editor.select([keyOf('aside')])
    press(editor, 'L')
    press(editor, 'H')
    expect([...editor.state.hidden]).toEqual([keyOf('aside')])
    press(editor, 'H')
    press(editor, 'Shift+H')
    expect([...editor.state.hidden].sort()).toEqual([keyOf('big'), keyOf('small')])
    press(editor, 'Shift+H')
    expect(editor.state.hidden.size).toBe(0)
    const pointer = gesture(editor).hover(10, 10).keyDown('Period')
    expect(editor.state.peek).toBe('names')
    pointer.keyUp('Period').keyDown('Backquote')
    expect(editor.state.peek).toBe('bare')
    pointer.keyUp('Backquote')
    expect(editor.state.peek).toBe('none')
  })

  it('read-only: selects, and changes nothing', () => {
    const editor = scene()
    editor.setReadOnly('Approved by Ben.')
    const told: string[] = []
    editor.onNotice(({ text }) => told.push(text))
    gesture(editor).click(650, 150)
    expect(selectedIds(editor)).toEqual(['aside'])
    gesture(editor).wait(1000).down(650, 150).drag(700, 200).up()
    for (const key of ['ArrowRight', 'Delete', 'Ctrl+D', ']']) press(editor, key)
    expect(shapes(editor)).toEqual([big.shape, small.shape, aside.shape])
    expect(told).toContain('Approved by Ben.')
  })

  it('a finger that rests opens the menu, and lifting it presses nothing', () => {
    const editor = scene()
    const told = asks(editor)
    gesture(editor).with('touch').down(270, 270).wait(700).tick().up()
    expect(told).toMatchObject([{ kind: 'menu', stack: [keyOf('small'), keyOf('big')] }])
    expect(selectedIds(editor)).toEqual(['small'])
    // a finger that has moved is dragging
    gesture(editor).with('touch').down(270, 270).drag(330, 330).wait(700).tick().up()
    expect(told).toHaveLength(1)
    expect(shapeOf(editor, 'small')).toEqual(aBox(310, 310, 50, 50))
  })

  it('the same keys do the same to polygons', () => {
    const editor = anEditor({ regions: [aRegion('p', aPolygon([100, 100], [200, 100], [150, 200]))] })
    gesture(editor).click(150, 130)
    press(editor, 'ArrowDown')
    expect(shapeOf(editor, 'p')).toMatchObject({
      points: [
        [100, 101],
        [200, 101],
        [150, 201],
      ],
    })
  })
})
