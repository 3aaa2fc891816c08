import { describe, expect, it } from 'vitest'
import { turnableBox } from '#geometry/rotatedBox.ts'
import { aBox, anEditor, aPolygon, aRegion, keyOf } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import { endable, hintFor, hintsOf } from './toolHints.ts'

const open = () =>
  anEditor({
    regions: [
      aRegion('box', aBox(10, 10, 50, 50)),
      aRegion('turned', turnableBox(aBox(100, 10, 50, 50))),
      aRegion('polygon', aPolygon([200, 10], [250, 10], [250, 60])),
    ],
  })

describe('what the strip says', () => {
  it('follows the tool, and with Select what is selected', () => {
    const editor = open()
    const said = () => hintFor(editor.state)
    expect(said()).toBe('select')
    for (const [id, name] of [
      ['box', 'atBox'],
      ['turned', 'atTurnedBox'],
      ['polygon', 'atPolygon'],
    ] as const) {
      editor.select([keyOf(id)])
      expect(said()).toBe(name)
    }
    editor.select([keyOf('box'), keyOf('polygon')])
    expect(said()).toBe('atSeveral')
    editor.select([keyOf('box')])
    editor.setLocked([keyOf('box')], true)
    expect(said()).toBe('select')
    for (const tool of ['box', 'extremes', 'rotated', 'polygon', 'point', 'classify'] as const) {
      editor.setTool(tool)
      expect(said()).toBe(tool)
      expect(hintsOf(tool, false).length).toBeGreaterThan(0)
    }
    editor.setTool('brush')
    expect(said()).toBeUndefined()
  })

  it('says how a section that is redrawn goes on, and which part goes', () => {
    const editor = open()
    editor.select([keyOf('polygon')])
    const g = gesture(editor).hold('shift').down(250, 30).drag(300, 30).drag(300, 45).up().release('shift').wait(600)
    expect(hintFor(editor.state)).toBe('redrawing')
    g.click(251, 50)
    expect(hintFor(editor.state)).toBe('choosing')
    editor.cancel()
    expect(hintFor(editor.state)).toBe('atPolygon')
  })

  it('names no keys to fingers, and offers them the end of what is drawn', () => {
    const editor = open()
    editor.setTool('polygon')
    expect(endable(editor.state)).toBeUndefined()
    gesture(editor).click(400, 400).wait(600).click(500, 400)
    expect(hintFor(editor.state)).toBe('polygonDrawn')
    expect(endable(editor.state)).toBe('finish')
    const words = hintsOf('polygonDrawn', true).flat().join(' ')
    expect(words).not.toMatch(/Enter|Shift|Ctrl|Backspace/)
  })
})
