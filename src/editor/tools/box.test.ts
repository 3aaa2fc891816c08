import { describe, expect, it } from 'vitest'
import { aBox, anEditor, aRegion, draftBoxes, keyOf, selectedIds, shapeOf, shapes } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import type { Ask } from './tool.ts'

function boxEditor(...args: Parameters<typeof anEditor>) {
  const editor = anEditor(...args)
  editor.setTool('box')
  editor.setConcept('car')
  return editor
}

describe('drawing a box', () => {
  it('draws from press to release, with the active concept, selected, the tool still in hand', () => {
    const editor = boxEditor()
    gesture(editor).down(110, 110).drag(140, 160).up()
    expect(shapes(editor)).toEqual([aBox(110, 110, 30, 50)])
    const [region] = editor.state.regions.values()
    expect(region).toMatchObject({
      concepts: [{ id: 'car', value: 1 }],
      status: 24150,
      madeBy: { kind: 'user', id: 'ana' },
    })
    expect([...editor.state.selected]).toEqual([region!.key])
    expect(editor.state.tool).toBe('box')
  })

  it('draws in any direction', () => {
    const editor = boxEditor()
    gesture(editor).down(140, 160).drag(110, 110).up()
    expect(shapes(editor)).toEqual([aBox(110, 110, 30, 50)])
  })

  it('draws with two clicks, the band following between them', () => {
    const editor = boxEditor()
    const g = gesture(editor).click(110, 110).hover(130, 150)
    expect(draftBoxes(editor)).toEqual([aBox(110, 110, 20, 40)])
    expect(editor.state.draft.readout).toEqual({ text: '20 × 40', at: [130, 150] })
    expect(editor.state.regions.size).toBe(0)
    g.click(140, 160)
    expect(shapes(editor)).toEqual([aBox(110, 110, 30, 50)])
  })

  it('takes a long press without movement as a click', () => {
    const editor = boxEditor()
    gesture(editor).down(110, 110).wait(2000).drag(113, 112).up().hover(150, 150).down(160, 160).wait(900).up()
    expect(shapes(editor)).toEqual([aBox(110, 110, 50, 50)])
  })

  it('may finish a click-click band by a drag', () => {
    const editor = boxEditor()
    gesture(editor).click(110, 110).down(150, 150).drag(180, 190).up()
    expect(shapes(editor)).toEqual([aBox(110, 110, 70, 80)])
  })

  it('finishes a click-click band by Enter', () => {
    const editor = boxEditor()
    gesture(editor).click(110, 110).hover(150, 170)
    editor.finish()
    expect(shapes(editor)).toEqual([aBox(110, 110, 40, 60)])
  })

  it('may start and end outside the image, and is clamped to it', () => {
    const editor = boxEditor()
    editor.setView({ scale: 1, x: 100, y: 100 })
    gesture(editor).down(20, 30).drag(300, 400).up()
    expect(shapes(editor)).toEqual([aBox(0, 0, 200, 300)])
    gesture(editor).down(1050, 850).drag(2000, 2000).up()
    expect(shapes(editor)[1]).toEqual(aBox(950, 750, 50, 50))
  })

  it('is square with Shift, also when Shift is pressed in the middle, and stays in the image', () => {
    const editor = boxEditor()
    const g = gesture(editor).down(500, 500).drag(560, 530)
    expect(draftBoxes(editor)).toEqual([aBox(500, 500, 60, 30)])
    g.hold('shift')
    expect(draftBoxes(editor)).toEqual([aBox(500, 500, 60, 60)])
    g.release('shift')
    expect(draftBoxes(editor)).toEqual([aBox(500, 500, 60, 30)])
    g.hold('shift').drag(999, 520).up()
    expect(shapes(editor)).toEqual([aBox(500, 500, 300, 300)])
  })

  it('grows from its middle with Alt, and stays in the image', () => {
    const editor = boxEditor()
    gesture(editor).hold('alt').down(100, 100).drag(130, 120).up()
    expect(shapes(editor)).toEqual([aBox(70, 80, 60, 40)])
    gesture(editor).hold('alt').down(30, 300).drag(150, 340).up()
    expect(shapes(editor)[1]).toEqual(aBox(0, 260, 60, 80))
  })

  it('moves the whole band with Space, and goes on drawing when Space is let go', () => {
    const editor = boxEditor()
    const g = gesture(editor).down(100, 100).drag(150, 140)
    const view = editor.state.view
    g.keyDown('Space').drag(170, 170)
    expect(draftBoxes(editor)).toEqual([aBox(120, 130, 50, 40)])
    expect(editor.state.view).toBe(view)
    g.keyUp('Space').drag(180, 190).up()
    expect(shapes(editor)).toEqual([aBox(120, 130, 60, 60)])
  })

  it('keeps the size of a band that Space pushes against the border', () => {
    const editor = boxEditor()
    const g = gesture(editor).down(100, 100).drag(60, 50)
    g.keyDown('Space').drag(-400, 50)
    expect(draftBoxes(editor)).toEqual([aBox(0, 50, 40, 50)])
    g.up()
    expect(shapes(editor)).toEqual([aBox(0, 50, 40, 50)])
  })

  it('discards silently what is under 3 screen px or 1 image px a side', () => {
    const editor = boxEditor()
    const notices: string[] = []
    editor.onNotice(({ text }) => notices.push(text))
    gesture(editor).down(100, 100).drag(150, 102.5).up()
    editor.setView({ scale: 20, x: 0, y: 0 })
    gesture(editor).down(210, 210).drag(228, 400).up()
    expect(editor.state.regions.size).toBe(0)
    expect(editor.state.canUndo).toBe(false)
    expect(notices).toEqual([])
    gesture(editor).hold('ctrl').down(210, 210).drag(230, 400).up()
    expect(shapes(editor)).toEqual([aBox(10.5, 10.5, 1, 9.5)])
  })

  it('does nothing on a double click', () => {
    const editor = boxEditor()
    gesture(editor).doubleClick(300, 300).hover(400, 400)
    expect(editor.state.regions.size).toBe(0)
    expect(draftBoxes(editor)).toEqual([])
  })

  it.each([
    ['Esc', (editor: ReturnType<typeof anEditor>) => editor.cancel()],
    ['undo', (editor: ReturnType<typeof anEditor>) => editor.undo()],
  ])('gives the band up on %s, dragging or between clicks', (_, give) => {
    const editor = boxEditor()
    const g = gesture(editor).down(100, 100).drag(200, 200)
    give(editor)
    expect(draftBoxes(editor)).toEqual([])
    g.drag(300, 300).up().wait(500)
    g.click(100, 100).hover(200, 200)
    give(editor)
    g.hover(250, 250)
    expect(draftBoxes(editor)).toEqual([])
    expect(editor.state.regions.size).toBe(0)
  })

  it('gives the band up on a right click, dragging or between clicks', () => {
    const editor = boxEditor()
    const g = gesture(editor).click(100, 100).hover(200, 200).click(200, 200, 2)
    expect(draftBoxes(editor)).toEqual([])
    g.wait(500).down(100, 100).drag(200, 200).down(200, 200, 2).up(2).drag(300, 300).up()
    expect(editor.state.regions.size).toBe(0)
    expect(draftBoxes(editor)).toEqual([])
  })

  it('gives the band up when the system takes the pointer', () => {
    const editor = boxEditor()
    gesture(editor).down(100, 100).drag(200, 200).cancel().hover(300, 300)
    expect(editor.state.regions.size).toBe(0)
    expect(draftBoxes(editor)).toEqual([])
  })

  it('ends where the pointer was last seen when its release is lost', () => {
    const editor = boxEditor()
    const g = gesture(editor).down(100, 100).drag(200, 200)
    g.input.move({
      id: 1,
      kind: 'mouse',
      at: [700, 700],
      buttons: 0,
      button: -1,
      shift: false,
      alt: false,
      ctrl: false,
      meta: false,
      time: 5000,
    })
    expect(shapes(editor)).toEqual([aBox(100, 100, 100, 100)])
  })

  it('asks for a concept at the shape when none is active, and keeps the shape', () => {
    const editor = boxEditor()
    editor.setConcept(undefined)
    const asked: Ask[] = []
    editor.onAsk((ask) => asked.push(ask))
    gesture(editor).down(100, 100).drag(200, 200).up()
    expect(asked).toEqual([{ kind: 'concept', keys: [...editor.state.selected], near: aBox(100, 100, 100, 100) }])
    expect([...editor.state.regions.values()][0]!.concepts).toEqual([])
  })

  it('says why it cannot draw on what is read-only', () => {
    const editor = boxEditor({ readOnly: 'Ben is reviewing this.' })
    const notices: string[] = []
    editor.onNotice(({ text }) => notices.push(text))
    expect(editor.state.draft.cursor).toBe('not-allowed')
    gesture(editor).down(100, 100).drag(200, 200).up()
    expect(editor.state.regions.size).toBe(0)
    expect(notices).toEqual(['Ben is reviewing this.'])
  })

  it('shows guides through the pointer while hovering', () => {
    const editor = boxEditor()
    const g = gesture(editor).hover(320, 240)
    expect(editor.state.draft).toMatchObject({ crosshair: [320, 240], cursor: 'crosshair' })
    g.leave()
    expect(editor.state.draft.crosshair).toBeUndefined()
  })
})

describe('what can be hit while the box tool is in hand', () => {
  const big = aRegion('big', aBox(100, 100, 400, 400), { concept: 'bus' })

  it('draws over existing shapes, even from a selected one', () => {
    const editor = boxEditor({ regions: [big] })
    editor.select([keyOf('big')])
    const g = gesture(editor).hover(200, 200)
    expect(editor.state.hovered).toBeUndefined()
    expect(editor.state.draft.cursor).toBe('crosshair')
    g.down(200, 200).drag(300, 300).up()
    expect(shapes(editor)).toEqual([aBox(100, 100, 400, 400), aBox(200, 200, 100, 100)])
  })

  it('keeps the handles of the box just drawn live, its interior not', () => {
    const editor = boxEditor()
    const g = gesture(editor).down(200, 200).drag(300, 300).up().hover(294, 294)
    expect(editor.state.draft.cursor).toBe('nwse-resize')
    expect(editor.state.draft.handles.find(({ active }) => active)?.handle).toBe('se')
    g.down(294, 294).drag(344, 344).up()
    expect(shapes(editor)).toEqual([aBox(200, 200, 150, 150)])
    g.down(250, 250).drag(300, 300).up()
    expect(shapes(editor)).toEqual([aBox(200, 200, 150, 150), aBox(250, 250, 50, 50)])
  })

  it.each([1, 0.5, 8])(
    'begins the next box on the very corner and side of the one just drawn, at %f times',
    (scale) => {
      const editor = boxEditor()
      editor.setView({ scale, x: 0, y: 0 })
      const g = gesture(editor).down(100, 100).drag(200, 200).up().hover(200, 150)
      expect(editor.state.draft.cursor).toBe('crosshair')
      g.down(200, 100).drag(300, 200).up().hover(250, 200)
      expect(editor.state.draft.cursor).toBe('crosshair')
      g.click(200, 200).hover(300, 300).wait(600).click(300, 300)
      const box = (x: number, y: number) => aBox(x / scale, y / scale, 100 / scale, 100 / scale)
      expect(shapes(editor)).toEqual([box(100, 100), box(200, 100), box(200, 200)])
    },
  )

  it('has no live handles in a box that is hardly larger than they are', () => {
    const editor = boxEditor()
    gesture(editor).down(200, 200).drag(230, 300).up().hover(205, 205)
    expect(editor.state.draft.handles).toEqual([])
  })

  it('has no live handles after the next action', () => {
    const editor = boxEditor()
    const g = gesture(editor).down(200, 200).drag(300, 300).up()
    g.click(500, 500)
    editor.cancel()
    g.hover(300, 300)
    expect(editor.state.draft.cursor).toBe('crosshair')
    expect(editor.state.draft.handles).toEqual([])
  })

  it('selects with Ctrl+click, and shows beforehand what', () => {
    const editor = boxEditor({ regions: [big] })
    const g = gesture(editor).hold('ctrl').hover(200, 200)
    expect(editor.state.hovered).toBe(keyOf('big'))
    g.click(200, 200)
    expect(selectedIds(editor)).toEqual(['big'])
    expect(editor.state.tool).toBe('box')
    g.release('ctrl').hover(210, 210)
    expect(editor.state.hovered).toBeUndefined()
  })

  it('selects while V is held, and comes back', () => {
    const editor = boxEditor({ regions: [big] })
    const g = gesture(editor).keyDown('KeyV').click(200, 200)
    expect(selectedIds(editor)).toEqual(['big'])
    g.keyUp('KeyV')
    expect(editor.state.tool).toBe('box')
    g.keyDown('KeyV').keyUp('KeyV')
    expect(editor.state.tool).toBe('select')
  })
})

describe('snapping', () => {
  const other = aRegion('other', aBox(300, 300, 100, 100))

  it('snaps both corners to sides of other boxes within 6 px, and shows to what', () => {
    const editor = boxEditor({ regions: [other] })
    const g = gesture(editor).down(403, 303).drag(470, 405)
    expect(draftBoxes(editor)).toEqual([aBox(400, 300, 70, 100)])
    expect(editor.state.draft.guides).toEqual([{ axis: 'y', at: 400, from: 300, to: 470 }])
    g.up()
    expect(shapes(editor)[1]).toEqual(aBox(400, 300, 70, 100))
  })

  it('snaps to the borders of the image', () => {
    const editor = boxEditor()
    gesture(editor).down(4, 5).drag(996, 100).up()
    expect(shapes(editor)).toEqual([aBox(0, 0, 1000, 100)])
  })

  it('lets go of a side that both corners would snap to: what is small is drawn, too', () => {
    const editor = boxEditor({ regions: [aRegion('old', aBox(100, 100, 200, 100))] })
    gesture(editor).down(150, 203).drag(162, 205).drag(162, 206).up()
    const [, small] = shapes(editor)
    expect(small).toEqual(aBox(150, 200, 12, 6))
  })

  it('measures its 6 px on the screen', () => {
    const editor = boxEditor({ regions: [other] })
    editor.setView({ scale: 4, x: 0, y: 0 })
    gesture(editor)
      .down(4 * 403, 4 * 303)
      .drag(4 * 450, 4 * 350)
      .up()
    expect(shapes(editor)[1]).toEqual(aBox(403, 303, 47, 47))
  })

  it('does not snap with Ctrl, nor to hidden boxes, nor to boxes far along the line', () => {
    const editor = boxEditor({ regions: [other] })
    gesture(editor).hold('ctrl').down(403, 303).drag(470, 405).up()
    expect(shapes(editor)[1]).toEqual(aBox(403, 303, 67, 102))
    editor.undo()
    gesture(editor).down(403, 600).drag(470, 700).up()
    expect(shapes(editor)[1]).toEqual(aBox(403, 600, 67, 100))
    editor.undo()
    editor.setHidden([keyOf('other')], true)
    gesture(editor).down(403, 303).drag(470, 405).up()
    expect(shapes(editor)[1]).toEqual(aBox(403, 303, 67, 102))
  })
})

describe('drawing by keyboard', () => {
  it('moves a caret by arrows and sets both corners by Enter', () => {
    const editor = boxEditor()
    editor.setTool('select')
    editor.drawByKeyboard()
    expect(editor.state.tool).toBe('box')
    expect(editor.state.draft).toMatchObject({ caret: [500, 400], readout: { text: '500, 400' } })
    editor.nudge(-10, 0)
    editor.nudge(0, 1)
    editor.finish()
    editor.nudge(30, 40)
    expect(draftBoxes(editor)).toEqual([aBox(490, 401, 30, 40)])
    expect(editor.state.draft.readout?.text).toBe('30 × 40')
    editor.finish()
    expect(shapes(editor)).toEqual([aBox(490, 401, 30, 40)])
    expect(editor.state.draft.caret).toBeUndefined()
  })

  it('stays in the image, and Esc gives it up', () => {
    const editor = boxEditor()
    editor.drawByKeyboard()
    editor.nudge(-9999, 9999)
    expect(editor.state.draft.caret).toEqual([0, 800])
    expect(editor.cancel()).toBe(true)
    expect(editor.state.draft.caret).toBeUndefined()
    expect(editor.state.tool).toBe('box')
  })
})

it('shapes drawn at any zoom are where they were seen', () => {
  const editor = boxEditor()
  editor.setView({ scale: 2.5, x: -300, y: 40 })
  expect(shapeOf(editor, 'new1')).toBeUndefined()
  gesture(editor).down(200, 290).drag(450, 540).up()
  expect(shapes(editor)).toEqual([aBox(200, 100, 100, 100)])
})
