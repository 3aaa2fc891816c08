import { describe, expect, it } from 'vitest'
import type { Polygon } from '#geometry/shape.ts'
import { selectedIds } from '#testing/builders.ts'
import { editing, pointsOf, press } from '#testing/contours.ts'
import type { Gesture } from '#testing/gesture.ts'

describe('redrawing a part', () => {
  const drawBay = (g: Gesture) =>
    g.hold('shift').down(300, 150).drag(360, 150).drag(360, 250).drag(303, 250).up().release('shift').wait(500)

  it('CVAT#1515: Shift+drag from the outline back to it, the nearer part goes, one step', () => {
    const { editor, g } = editing()
    drawBay(g)
    expect(pointsOf(editor)).toHaveLength(4)
    expect((editor.state.draft.shapes[0]!.shape as Polygon).points).toHaveLength(8)
    expect(editor.state.draft.sketch?.strokes[0]?.look).toBe('other')
    press(editor, 'Enter')
    expect(new Set(pointsOf(editor).map(String))).toEqual(
      new Set(['300,150', '360,150', '360,250', '300,250', '300,300', '100,300', '100,100', '300,100']),
    )
    editor.undo()
    expect(pointsOf(editor)).toHaveLength(4)
    expect(editor.state.canUndo).toBe(false)
  })

  it('Tab takes the other part, a click accepts', () => {
    const { editor, g } = editing()
    drawBay(g)
    press(editor, 'Tab')
    g.click(700, 700)
    expect(new Set(pointsOf(editor).map(String))).toEqual(new Set(['300,150', '360,150', '360,250', '300,250']))
  })

  it('Esc leaves everything as it was', () => {
    const { editor, g } = editing()
    drawBay(g)
    press(editor, 'Escape')
    expect(editor.state.draft.sketch).toBeUndefined()
    expect(selectedIds(editor)).toEqual(['square'])
    expect(editor.state.canUndo).toBe(false)
  })

  it('goes by clicks after Shift+click on the outline, too', () => {
    const { editor, g } = editing()
    g.hold('shift').click(300, 150).release('shift').wait(500)
    g.click(360, 150).wait(500).click(360, 250).wait(500)
    g.hover(305, 250)
    expect(editor.state.draft.marks?.at(-1)?.look).toBe('close')
    g.click(305, 250).wait(500)
    press(editor, 'Enter')
    expect(pointsOf(editor)).toHaveLength(8)
  })

  it('takes its own clicks back before anything else', () => {
    const { editor, g } = editing()
    g.hold('shift').click(300, 150).release('shift').wait(500)
    g.click(360, 150).wait(500)
    press(editor, 'Backspace')
    press(editor, 'Backspace')
    expect(editor.state.draft.sketch).toBeUndefined()
    expect(editor.state.regions.size).toBe(1)
  })
})
