import { describe, expect, it } from 'vitest'
import type { ToolId } from '#editor/tools/tool.ts'
import { toImage } from '#geometry/view.ts'
import { aBox, anEditor, aRegion, draftBoxes, keyOf, selectedIds, shapes } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'

function drawing() {
  const editor = anEditor()
  editor.setTool('box')
  return editor
}

describe('the wheel', () => {
  it('zooms 1.15 a notch at the pointer', () => {
    const editor = anEditor()
    const before = toImage(editor.state.view, [300, 200])
    const g = gesture(editor).wheel(300, 200, -100)
    expect(editor.state.view.scale).toBeCloseTo(1.15, 12)
    expect(toImage(editor.state.view, [300, 200])).toEqual(before.map((n) => expect.closeTo(n, 9)))
    g.wheel(300, 200, 120)
    expect(editor.state.view.scale).toBeCloseTo(1, 12)
    g.wheel(300, 200, -3, { deltaMode: 1 })
    expect(editor.state.view.scale).toBeCloseTo(1.15, 12)
    g.wheel(300, 200, -240)
    expect(editor.state.view.scale).toBeCloseTo(1.15 ** 3, 12)
  })

  it('stays between 5 % and 6400 %', () => {
    const editor = anEditor()
    const g = gesture(editor)
    for (let i = 0; i < 60; i++) g.wheel(300, 200, -100)
    expect(editor.state.view.scale).toBe(64)
    for (let i = 0; i < 100; i++) g.wheel(300, 200, 100)
    expect(editor.state.view.scale).toBe(0.05)
  })

  it('pinches with Ctrl and small steps, and takes notches with Ctrl as notches', () => {
    const editor = anEditor()
    const g = gesture(editor).wheel(300, 200, -5, { ctrl: true })
    expect(editor.state.view.scale).toBeCloseTo(Math.exp(0.05), 12)
    g.wheel(300, 200, -100, { ctrl: true })
    expect(editor.state.view.scale).toBeCloseTo(Math.exp(0.05) * 1.15, 12)
  })

  it('pans for two fingers on a trackpad, also while they go straight up', () => {
    const editor = anEditor()
    const g = gesture(editor).wheel(300, 200, 12, { deltaX: 7 })
    expect(editor.state.view).toEqual({ scale: 1, x: -7, y: -12 })
    g.wheel(300, 200, 10)
    expect(editor.state.view).toEqual({ scale: 1, x: -7, y: -22 })
    g.wait(1000).wheel(300, 200, -100)
    expect(editor.state.view.scale).toBeCloseTo(1.15, 12)
  })

  it('pans sideways with Shift', () => {
    const editor = anEditor()
    gesture(editor).wheel(300, 200, 100, { shift: true })
    expect(editor.state.view).toEqual({ scale: 1, x: -100, y: 0 })
  })

  it('does what it is set to', () => {
    const editor = anEditor()
    const g = gesture(editor)
    g.input.wheelMode = 'pan'
    g.wheel(300, 200, 100)
    expect(editor.state.view).toEqual({ scale: 1, x: 0, y: -100 })
    g.input.wheelMode = 'zoom'
    g.wheel(300, 200, -10, { deltaX: 3 })
    expect(editor.state.view.scale).toBeCloseTo(1.15 ** 0.1, 12)
  })
})

describe('moving the view by hand', () => {
  it('pans by Space and drag, with a hand, in any tool', () => {
    for (const tool of ['select', 'box'] as const) {
      const editor = anEditor({ regions: [aRegion('one', aBox(100, 100, 100, 100))] })
      editor.setTool(tool)
      editor.select([keyOf('one')])
      const g = gesture(editor).hover(150, 150).keyDown('Space')
      expect(editor.state.draft.cursor).toBe('grab')
      g.down(150, 150)
      expect(editor.state.draft.cursor).toBe('grabbing')
      g.drag(180, 160).up()
      expect(editor.state.draft.cursor).toBe('grab')
      g.keyUp('Space')
      expect(editor.state.view).toEqual({ scale: 1, x: 30, y: 10 })
      expect(shapes(editor)).toEqual([aBox(100, 100, 100, 100)])
      expect(selectedIds(editor)).toEqual(['one'])
      expect(editor.state.draft.cursor).not.toBe('grab')
    }
  })

  it('pans by the middle button', () => {
    const editor = drawing()
    gesture(editor).down(150, 150, 1).drag(130, 190).up(1)
    expect(editor.state.view).toEqual({ scale: 1, x: -20, y: 40 })
    expect(editor.state.regions.size).toBe(0)
  })

  it.each([
    ['drag', (g: ReturnType<typeof gesture>) => g.down(200, 200).drag(300, 300)],
    ['band between clicks', (g: ReturnType<typeof gesture>) => g.click(200, 200).hover(300, 300)],
  ])('does not end or alter a %s: by wheel, middle button and Space', (name, begin) => {
    const editor = drawing()
    const g = gesture(editor)
    begin(g)
    const held = name === 'drag'
    expect(draftBoxes(editor)).toEqual([aBox(200, 200, 100, 100)])
    g.wheel(300, 300, -100)
    expect(draftBoxes(editor)).toEqual([aBox(200, 200, 100, 100)])
    g.down(300, 300, 1).drag(340, 320).up(1)
    expect(draftBoxes(editor)).toEqual([aBox(200, 200, 100, 100)])
    if (!held) {
      g.keyDown('Space').down(340, 320).drag(300, 300).up().keyUp('Space')
      expect(draftBoxes(editor)).toEqual([aBox(200, 200, 100, 100)])
    }
    editor.zoomAt([0, 0], 1 / 1.15)
    editor.setView({ scale: 1, x: 0, y: 0 })
    if (held) g.drag(260, 290).up()
    else g.click(260, 290)
    expect(shapes(editor)).toEqual([aBox(200, 200, 60, 90)])
  })

  it('pans by Space in the middle of a move, which then goes on', () => {
    const editor = anEditor({ regions: [aRegion('one', aBox(100, 100, 100, 100))] })
    editor.select([keyOf('one')])
    const g = gesture(editor).down(150, 150).drag(170, 170)
    g.keyDown('Space').drag(171, 170).drag(271, 170).keyUp('Space')
    expect(draftBoxes(editor)).toEqual([aBox(120, 120, 100, 100)])
    g.drag(281, 170).up()
    expect(shapes(editor)).toEqual([aBox(130, 120, 100, 100)])
  })

  it('zooms by Z and drag to the box it spans, also between two clicks of a band', () => {
    const editor = drawing()
    const g = gesture(editor).click(200, 200).hover(300, 300).keyDown('KeyZ').down(250, 250).drag(350, 330)
    expect(editor.state.draft).toMatchObject({ marquee: aBox(250, 250, 100, 80), cursor: 'zoom-in' })
    g.up().keyUp('KeyZ')
    expect(editor.state.draft.marquee).toBeUndefined()
    expect(editor.state.view).toEqual({ scale: 10, x: -2500, y: -2500 })
    g.click(500, 500)
    expect(shapes(editor)).toEqual([aBox(200, 200, 100, 100)])
  })

  it('does not zoom for a click with Z, nor after Z is let go', () => {
    const editor = drawing()
    const g = gesture(editor).keyDown('KeyZ').click(250, 250)
    expect(editor.state.view.scale).toBe(1)
    g.down(250, 250).drag(350, 350).keyUp('KeyZ').up()
    expect(editor.state.view.scale).toBe(1)
    expect(editor.state.draft.marquee).toBeUndefined()
    expect(editor.state.regions.size).toBe(0)
  })

  it('ends a drag whose button was let go while the middle one was held', () => {
    const editor = drawing()
    const g = gesture(editor).down(200, 200).drag(300, 300).down(300, 300, 1)
    g.up(0).up(1).hover(500, 500)
    expect(shapes(editor)).toEqual([aBox(200, 200, 100, 100)])
    expect(draftBoxes(editor)).toEqual([])
  })
})

describe('near the edge', () => {
  it('follows a drag for as long as the pointer stays there, up to the end of the image', () => {
    const editor = drawing()
    editor.resize({ width: 500, height: 400 })
    editor.setView({ scale: 1, x: 0, y: 0 })
    const g = gesture(editor).down(300, 200).drag(400, 300).drag(495, 300)
    const first = draftBoxes(editor)[0]!.w
    g.tick(5)
    expect(editor.state.view.x).toBeLessThan(0)
    expect(draftBoxes(editor)[0]!.w).toBeGreaterThan(first)
    g.tick(500)
    expect(editor.state.view).toEqual({ scale: 1, x: -500, y: 0 })
    g.drag(450, 300).tick(10)
    expect(editor.state.view.x).toBe(-500)
    g.up()
    expect(shapes(editor)).toEqual([aBox(300, 200, 650, 100)])
  })

  it('does not follow when nothing lies beyond, nor from where the drag began', () => {
    const editor = drawing()
    gesture(editor).down(300, 200).drag(400, 300).drag(995, 300).tick(10)
    expect(editor.state.view.x).toBe(0)
    editor.cancel()
    editor.setView({ scale: 2, x: 0, y: 0 })
    gesture(editor).down(990, 300).drag(980, 330).tick(10)
    expect(editor.state.view.x).toBe(0)
  })
})

describe('touch', () => {
  it('is the tool with one finger', () => {
    const editor = drawing()
    gesture(editor).with('touch').down(200, 200).drag(300, 260).up()
    expect(shapes(editor)).toEqual([aBox(200, 200, 100, 60)])
  })

  it('pans and pinches with two, dropping a stroke that had only just begun', () => {
    const editor = drawing()
    const g = gesture(editor).with('touch').down(200, 200).drag(210, 200)
    g.with('touch', 2).down(400, 200)
    expect(draftBoxes(editor)).toEqual([])
    g.drag(600, 200).with('touch', 1).drag(200, 200)
    expect(editor.state.view.scale).toBeCloseTo(400 / 190, 6)
    g.up().with('touch', 2).drag(700, 300).up()
    expect(editor.state.regions.size).toBe(0)
    g.with('touch', 3).down(100, 100).drag(300, 300).up()
    expect(editor.state.regions.size).toBe(1)
  })

  it('pinches too when the second finger comes late and the first has hardly moved', () => {
    const editor = drawing()
    const g = gesture(editor).with('touch').down(200, 200).drag(215, 208).wait(250)
    g.with('touch', 2).down(400, 200).drag(600, 200).up().with('touch', 1).up()
    expect(editor.state.regions.size).toBe(0)
  })

  it.each<[ToolId, number]>([
    ['brush', 1],
    ['polygon', 0],
    ['lasso', 0],
  ])('ends a path of the %s that was under way: how the view is moved is no part of it', (tool, count) => {
    const draw = () => {
      const editor = drawing()
      editor.setTool(tool)
      const g = gesture(editor).with('touch').down(200, 200)
      for (let x = 220; x <= 400; x += 20) g.drag(x, 240)
      return { editor, g: g.wait(300) }
    }
    const { editor, g } = draw()
    g.with('touch', 2).down(600, 600)
    g.with('touch', 1).drag(500, 300).with('touch', 2).drag(700, 700)
    g.with('touch', 1).drag(520, 320).up().with('touch', 2).up()
    const lifted = draw()
    lifted.g.cancel()
    expect(editor.state.view).not.toEqual(lifted.editor.state.view)
    expect(shapes(editor)).toEqual(shapes(lifted.editor))
    expect(shapes(editor)).toHaveLength(count)
    expect(editor.unfinished()).toEqual(lifted.editor.unfinished())
  })

  it('keeps a stroke that was under way, and goes on with it', () => {
    const editor = drawing()
    const g = gesture(editor).with('touch').down(200, 200).drag(260, 260).wait(300)
    g.with('touch', 2).down(400, 400).drag(500, 500).up()
    expect(draftBoxes(editor)).toHaveLength(1)
    const { view } = editor.state
    const corner = toImage(view, [300, 310])
    g.with('touch', 1).drag(300, 310).up()
    expect(shapes(editor)).toEqual([
      aBox(200, 200, expect.closeTo(corner[0] - 200, 6), expect.closeTo(corner[1] - 200, 6)),
    ])
  })
})

describe('held keys', () => {
  it('show all names or the bare image', () => {
    const editor = anEditor({ regions: [aRegion('one', aBox(100, 100, 100, 100))] })
    const g = gesture(editor).keyDown('Period')
    expect(editor.state.peek).toBe('names')
    g.keyUp('Period').keyDown('Backquote')
    expect(editor.state.peek).toBe('bare')
    g.click(150, 150)
    expect(selectedIds(editor)).toEqual([])
    g.keyUp('Backquote')
    expect(editor.state.peek).toBe('none')
  })

  it('are let go when the window loses the focus, and with them the gesture', () => {
    const editor = drawing()
    const g = gesture(editor).down(200, 200).drag(300, 300).keyDown('Space')
    g.input.blur()
    expect(draftBoxes(editor)).toEqual([])
    expect(editor.state.hand).toBeUndefined()
    g.drag(400, 400).up()
    expect(editor.state.regions.size).toBe(0)
  })

  it('V does not take the tool away in the middle of a shape', () => {
    const editor = drawing()
    const g = gesture(editor).down(200, 200).drag(300, 300).keyDown('KeyV').keyUp('KeyV').up()
    expect(editor.state.tool).toBe('box')
    expect(editor.state.regions.size).toBe(1)
    g.wait(500).click(400, 400).keyDown('KeyV').keyUp('KeyV').hover(450, 450)
    expect(draftBoxes(editor)).toHaveLength(1)
  })
})
