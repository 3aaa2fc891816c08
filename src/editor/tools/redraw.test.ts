import { describe, expect, it } from 'vitest'
import type { Editor } from '#editor/editor.ts'
import type { Point } from '#geometry/point.ts'
import { ringContains } from '#geometry/polygon.ts'
import { area, type Polygon } from '#geometry/shape.ts'
import { selectedIds, shapeOf } from '#testing/builders.ts'
import { editing, pointsOf, press, ringed } from '#testing/contours.ts'
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

  it('Shift+Tab takes it as well, since Shift is still held', () => {
    const { editor, g } = editing()
    g.hold('shift').down(300, 150).drag(360, 150).drag(360, 250).drag(303, 250).up()
    press(editor, 'Shift+Tab')
    press(editor, 'Enter')
    expect(new Set(pointsOf(editor).map(String))).toEqual(new Set(['300,150', '360,150', '360,250', '300,250']))
  })

  it('let go beside the outline it says how it goes on, and Enter goes straight to the outline', () => {
    const { editor, g } = editing()
    g.hold('shift').down(300, 150).drag(360, 150).drag(360, 250).up().release('shift').wait(500).hover(500, 500)
    expect(editor.state.draft.readout?.text).toBe('Go on to the outline · Enter: straight to it')
    press(editor, 'Enter')
    expect(editor.state.draft.readout?.text).toContain('Tab: the other part')
    press(editor, 'Enter')
    expect(new Set(pointsOf(editor).map(String))).toEqual(
      new Set(['300,150', '360,150', '360,250', '300,250', '300,300', '100,300', '100,100', '300,100']),
    )
  })

  it('Esc leaves everything as it was', () => {
    const { editor, g } = editing()
    drawBay(g)
    press(editor, 'Escape')
    expect(editor.state.draft.sketch).toBeUndefined()
    expect(selectedIds(editor)).toEqual(['square'])
    expect(editor.state.canUndo).toBe(false)
  })

  const preview = (editor: Editor) => editor.state.draft.shapes[0]!.shape as Polygon

  it('keeps the body when the stroke goes far round outside it', () => {
    const { editor, g } = editing()
    g.hold('shift')
      .down(200, 100)
      .drag(200, 20)
      .drag(600, 20)
      .drag(600, 200)
      .drag(303, 200)
      .up()
      .release('shift')
      .wait(500)
    press(editor, 'Enter')
    expect(area(shapeOf(editor, 'square')!)).toBeGreaterThan(40_000)
    expect(pointsOf(editor).map(String)).toContain('100,300')
    expect(pointsOf(editor).map(String)).not.toContain('300,100')
  })

  it.each<[string, readonly Point[], number]>([
    [
      'a long thin spike outwards',
      [
        [300, 150],
        [900, 160],
        [303, 170],
      ],
      46_000,
    ],
    [
      'a dent that goes deep and wide',
      [
        [300, 120],
        [200, 120],
        [200, 280],
        [302, 280],
      ],
      24_000,
    ],
    [
      'most of the outline again',
      [
        [110, 100],
        [312, 92],
        [308, 308],
        [95, 306],
        [100, 150],
      ],
      44_000,
    ],
  ])('takes the part that leaves more of the body: %s', (_, [start, ...way], about) => {
    const { editor, g } = editing()
    g.hold('shift').down(...start!)
    for (const [x, y] of way) g.drag(x, y)
    g.up().release('shift').wait(500)
    expect(Math.abs(area(preview(editor)) - about)).toBeLessThan(3000)
    press(editor, 'Tab')
    expect(area(preview(editor))).not.toBeCloseTo(about, -3)
  })

  describe('holes', () => {
    const over = (g: Gesture, ...[start, ...way]: readonly Point[]) => {
      g.hold('shift').down(...start!)
      for (const [x, y] of way) g.drag(x, y)
      g.up().release('shift').wait(500)
    }
    const shaped = (editor: Editor) => shapeOf(editor, 'ringed') as Polygon

    it('go, and it is said, where they would lie outside the new outline', () => {
      const { editor, g, notices } = editing([ringed()])
      over(g, [390, 100], [390, 270], [520, 270], [520, 100])
      press(editor, 'Enter')
      expect(shaped(editor).holes).toBeUndefined()
      expect(notices.at(-1)?.text).toContain('A hole outside the new outline')
      editor.undo()
      expect(shaped(editor).holes).toHaveLength(1)
    })

    it('that the new outline crosses are cut out of it', () => {
      const { editor, g } = editing([ringed()])
      over(g, [450, 100], [450, 280], [600, 280])
      press(editor, 'Enter')
      expect(shaped(editor).holes).toBeUndefined()
      expect(ringContains(shaped(editor).points, [440, 180])).toBe(false)
    })
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
