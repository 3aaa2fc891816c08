import { describe, expect, it } from 'vitest'
import { validBrush } from '#editor/painting.ts'
import { maskArea, maskContains, unionMasks } from '#geometry/mask.ts'
import type { Mask } from '#geometry/shape.ts'
import { aRegion, keyOf, shapeOf, shapes } from '#testing/builders.ts'
import { aMask, brush, capsule, only } from '#testing/painted.ts'

describe('where masks overlap', () => {
  const others = () => [aRegion('one', aMask(100, 100, 50, 50)), aRegion('two', aMask(140, 100, 60, 50))]
  const paintOver = (overlap: 'overlay' | 'overwrite' | 'preserve') => {
    const made = brush(20, ...others())
    made.editor.setBrush({ overlap, shape: 'square' })
    made.g.down(110, 120).drag(190, 120).up()
    return made
  }

  it('Overlay leaves both', () => {
    const { editor } = paintOver('overlay')
    expect(shapeOf(editor, 'one')).toEqual(aMask(100, 100, 50, 50))
    expect(maskArea(shapes(editor).at(-1) as Mask)).toBe(100 * 20)
  })

  it('Overwrite takes the pixels of others, in the same step', () => {
    const { editor } = paintOver('overwrite')
    expect(maskArea(shapeOf(editor, 'one') as Mask)).toBe(50 * 50 - 50 * 20)
    expect(maskArea(shapeOf(editor, 'two') as Mask)).toBe(60 * 50 - 60 * 20)
    editor.undo()
    expect(shapes(editor)).toEqual([aMask(100, 100, 50, 50), aMask(140, 100, 60, 50)])
    editor.redo()
    expect(maskArea(shapeOf(editor, 'one') as Mask)).toBe(50 * 50 - 50 * 20)
  })

  it('Overwrite leaves alone what may not be changed or is hidden, and says so', () => {
    const { editor, g, notices } = brush(20, ...others())
    editor.setBrush({ overlap: 'overwrite' })
    editor.setLocked([keyOf('one')], true)
    editor.setHidden([keyOf('two')], true)
    g.down(110, 120).drag(190, 120).up()
    expect(shapeOf(editor, 'one')).toEqual(aMask(100, 100, 50, 50))
    expect(shapeOf(editor, 'two')).toEqual(aMask(140, 100, 60, 50))
    expect(notices).toEqual(['1 mask below stayed as it is: locked, or not yours.'])
  })

  it('Overwrite deletes a mask of which nothing is left', () => {
    const { editor, g } = brush(100, aRegion('one', aMask(100, 100, 10, 10)))
    editor.setBrush({ overlap: 'overwrite' })
    g.click(105, 105)
    expect(shapes(editor)).toHaveLength(1)
    editor.undo()
    expect(shapes(editor)).toEqual([aMask(100, 100, 10, 10)])
  })

  it('Preserve paints round the others', () => {
    const { editor, notices } = paintOver('preserve')
    expect(shapeOf(editor, 'one')).toEqual(aMask(100, 100, 50, 50))
    expect(shapes(editor)).toHaveLength(2)
    expect(notices).toEqual(['Nothing painted: other masks are preserved here.'])
    const { editor: next, g } = brush(20, ...others())
    next.setBrush({ overlap: 'preserve', shape: 'square' })
    g.down(60, 120).drag(120, 120).up()
    expect(shapes(next).at(-1)).toEqual(aMask(50, 110, 50, 20))
  })
})

describe('the line', () => {
  it('with Shift is straight from the end of the last stroke, and can be moved before it is let go', () => {
    const { editor, g } = brush(6)
    g.down(100, 100).drag(120, 100).up()
    g.hold('shift').down(200, 300).drag(210, 150).drag(200, 200).up().release('shift')
    const both = unionMasks(capsule([100, 100], [120, 100], 6), capsule([120, 100], [200, 200], 6))
    expect(only(editor)).toEqual(both)
  })

  it('with Shift shows where it would go', () => {
    const { editor, g } = brush(6)
    g.click(100, 100).hold('shift').hover(200, 200)
    expect(editor.state.draft.sketch?.strokes).toEqual([
      {
        points: [
          [100, 100],
          [200, 200],
        ],
        look: 'rubber',
      },
    ])
    g.release('shift')
    expect(editor.state.draft.sketch).toBeUndefined()
  })

  it('on the rope of the stabiliser smooths a shaking hand, and ends where the hand ends (LS#5370)', () => {
    const { editor, g } = brush(4)
    editor.setBrush({ stabiliser: 30 })
    g.down(100, 100)
    for (let i = 1; i <= 20; i++) g.drag(100 + i * 10, 100 + (i % 2 ? 8 : -8))
    g.drag(300, 100).up()
    const mask = only(editor)
    expect(mask.h).toBeLessThan(16)
    expect(maskContains(mask, 300, 100)).toBe(true)
  })

  it.each([
    ['pen that feels pressure', 'pen', 0.25, 10],
    ['pen that feels none', 'pen', 0.5, 40],
    ['finger', 'touch', 0.25, 40],
  ] as const)('a %s turns pressure on by itself, or not', (_, kind, pressure, height) => {
    const { editor, g, notices } = brush(40)
    g.with(kind).press(pressure).down(100, 100).drag(300, 100).up()
    expect(only(editor).h).toBe(height)
    expect(notices).toHaveLength(height === 10 ? 1 : 0)
    // as a browser keeps it: still nobody's choice
    expect(validBrush(editor.state.brush).pressureSet).toBe(false)
    expect(editor.state.brush.pressure).toBe(height === 10)
  })

  it("follows a pen's pressure only when that is on", () => {
    const heights = [false, true].map((pressure) => {
      const { editor, g } = brush(40)
      editor.setBrush({ pressure })
      g.with('pen').press(0.25).down(100, 100).drag(300, 100).up()
      return only(editor).h
    })
    expect(heights).toEqual([40, 10])
  })
})

describe('the size', () => {
  it('goes in the steps it is told, doubles and halves, and stays in its range', () => {
    const { editor } = brush(1)
    const sizes = Array.from({ length: 14 }, () => {
      editor.stepBrush(1)
      return editor.state.brush.size
    })
    expect(sizes).toEqual([2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 31, 39, 49])
    editor.setBrush({ size: 9999 })
    expect(editor.state.brush.size).toBe(500)
    editor.stepBrush(-1)
    expect(editor.state.brush.size).toBeLessThan(500)
    editor.setBrush({ size: 0 })
    expect(editor.state.brush.size).toBe(1)
    editor.setBrush({ size: Number.NaN })
    expect(editor.state.brush.size).toBe(20)
  })

  it('follows Ctrl and the right button to the right and left, where it was pressed', () => {
    const { editor, g } = brush(20)
    const asked: string[] = []
    editor.onAsk((ask) => asked.push(ask.kind))
    g.hover(400, 400).hold('ctrl').down(400, 400, 2).drag(415, 400)
    expect(editor.state.brush.size).toBe(50)
    expect(editor.state.draft.brush).toMatchObject({ at: [400, 400], size: 50 })
    expect(editor.state.draft.readout?.text).toBe('50 px')
    g.drag(395, 400).up(2).release('ctrl')
    expect(editor.state.brush.size).toBe(10)
    expect(asked).toEqual([])
    expect(shapes(editor)).toEqual([])
  })

  it('is shown on the pixels it would paint once they can be seen', () => {
    const { editor, g } = brush(3)
    editor.setView({ scale: 10, x: 0, y: 0 })
    g.hover(123, 147)
    expect(editor.state.draft.brush).toEqual({ at: [12.5, 14.5], size: 3, shape: 'circle', erases: false })
    g.hold('alt')
    expect(editor.state.draft.brush?.erases).toBe(true)
    g.release('alt')
    editor.setView({ scale: 2, x: 0, y: 0 })
    g.hover(123, 147)
    expect(editor.state.draft.brush?.at).toEqual([61.5, 73.5])
  })
})

it('H shows the bare image while it is held, and the stroke goes on', () => {
  const { editor, g } = brush()
  g.down(100, 100).drag(200, 100).keyDown('KeyH')
  expect(editor.state.peek).toBe('bare')
  expect(editor.state.draft.painting).toBeUndefined()
  g.drag(300, 100).keyUp('KeyH')
  expect(editor.state.peek).toBe('none')
  g.up()
  expect(only(editor)).toEqual(capsule([100, 100], [300, 100], 10))
})
