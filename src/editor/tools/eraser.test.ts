import { describe, expect, it } from 'vitest'
import { maskContains } from '#geometry/mask.ts'
import type { Mask } from '#geometry/shape.ts'
import { aRegion, keyOf, selectedIds, shapeOf, shapes } from '#testing/builders.ts'
import { aMask, brush } from '#testing/painted.ts'

describe('erasing', () => {
  it('takes from the selected mask; with Alt the eraser adds and the brush erases', () => {
    const { editor, g } = brush(10, aRegion('one', aMask(100, 100, 50, 50)))
    editor.select([keyOf('one')])
    editor.setTool('eraser')
    g.click(125, 125)
    expect(maskContains(shapeOf(editor, 'one') as Mask, 125, 125)).toBe(false)
    g.hold('alt').click(125, 125).release('alt')
    expect(shapeOf(editor, 'one')).toEqual(aMask(100, 100, 50, 50))
    editor.setTool('brush')
    g.hold('alt').click(125, 125).release('alt')
    expect(maskContains(shapeOf(editor, 'one') as Mask, 125, 125)).toBe(false)
  })

  it('without a selected mask takes from the one it is pressed on', () => {
    const { editor, g, notices } = brush(10, aRegion('one', aMask(100, 100, 50, 50)))
    editor.setTool('eraser')
    g.click(500, 500)
    expect(notices).toEqual(['Nothing to erase: select a mask, or press on one.'])
    g.click(125, 125)
    expect(selectedIds(editor)).toEqual(['one'])
    expect(maskContains(shapeOf(editor, 'one') as Mask, 125, 125)).toBe(false)
  })

  it('of everything deletes the mask, which undo brings back', () => {
    const { editor, g, notices } = brush(40, aRegion('one', aMask(100, 100, 5, 5)))
    editor.select([keyOf('one')])
    editor.setTool('eraser')
    g.click(102, 102)
    expect(shapes(editor)).toEqual([])
    expect(notices).toEqual(['Nothing was left of the mask: it is deleted.'])
    editor.undo()
    expect(shapes(editor)).toEqual([aMask(100, 100, 5, 5)])
  })

  it("is what a pen's other end and its barrel button do", () => {
    for (const button of [5, 2]) {
      const { editor, g } = brush(10, aRegion('one', aMask(100, 100, 50, 50)))
      editor.select([keyOf('one')])
      g.with('pen').down(110, 125, button).drag(140, 125).up(button)
      expect(maskContains(shapeOf(editor, 'one') as Mask, 125, 125)).toBe(false)
    }
  })
})
