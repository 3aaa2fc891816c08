import { describe, expect, it } from 'vitest'
import type { Editor } from '#editor/editor.ts'
import { currentMask } from '#editor/painting.ts'
import { maskArea, maskContains, unionMasks } from '#geometry/mask.ts'
import type { Mask } from '#geometry/shape.ts'
import { aBox, aRegion, keyOf, selectedIds, shapeOf, shapes } from '#testing/builders.ts'
import { aMask, brush, capsule, only } from '#testing/painted.ts'

describe('a stroke', () => {
  it('is a mask of the active concept, selected, and one step of undo', () => {
    const { editor, g } = brush()
    g.down(100, 100).drag(200, 100).up()
    expect(only(editor)).toEqual(capsule([100, 100], [200, 100], 10))
    expect(currentMask(editor.state)?.concepts).toEqual([{ id: 'car', value: 1 }])
    editor.undo()
    expect(shapes(editor)).toEqual([])
    expect(editor.state.concept).toBe('car')
    expect(editor.state.canUndo).toBe(false)
    editor.redo()
    expect(only(editor)).toEqual(capsule([100, 100], [200, 100], 10))
  })

  it('of size 1 is exactly the pixel under the pointer (LS#6223)', () => {
    const { editor, g } = brush(1)
    editor.setView({ scale: 20, x: 0, y: 0 })
    g.click(207, 113)
    expect(only(editor)).toEqual(aMask(10, 5, 1, 1))
  })

  it('paints at once, and as little as it is moved', () => {
    const { editor, g } = brush(3)
    g.down(100, 100)
    expect(editor.state.draft.painting).toMatchObject({ key: undefined, mode: 'add', concept: 'car' })
    g.drag(102, 100).up()
    expect(only(editor)).toEqual(capsule([100, 100], [102, 100], 3))
    expect(editor.state.draft.painting).toBeUndefined()
  })

  it('goes on with the mask that is selected; undone one by one (LS#867, LS#1242)', () => {
    const { editor, g } = brush(10)
    g.down(100, 100).drag(200, 100).up().down(150, 50).drag(150, 150).up()
    const both = unionMasks(capsule([100, 100], [200, 100], 10), capsule([150, 50], [150, 150], 10))
    expect(only(editor)).toEqual(both)
    editor.undo()
    expect(only(editor)).toEqual(capsule([100, 100], [200, 100], 10))
    g.down(300, 300).drag(310, 300).up()
    expect(shapes(editor)).toHaveLength(1)
  })

  it.each([
    ['Enter', (editor: Editor) => editor.finish()],
    ['another mask', (editor: Editor) => editor.select([keyOf('other')])],
    ['the eraser on another mask', (editor: Editor) => editor.select([])],
  ])('with Shift does not start at the end of the last one on another mask: after %s', (how, next) => {
    const { editor, g } = brush(10, aRegion('other', aMask(600, 600, 20, 20)))
    g.down(100, 100).drag(200, 100).up()
    if (how.includes('eraser')) {
      editor.select([keyOf('other')])
      editor.setTool('eraser')
      g.click(605, 605)
      editor.setTool('brush')
    }
    next(editor)
    g.hold('shift').hover(400, 400)
    expect(editor.state.draft.sketch).toBeUndefined()
    g.click(400, 400)
    const mask = currentMask(editor.state)!.shape
    expect(maskContains(mask, 400, 400)).toBe(true)
    expect(maskContains(mask, 300, 250)).toBe(false)
    // the next one on the same mask does
    g.hover(400, 450)
    expect(editor.state.draft.sketch?.strokes[0]?.points[0]).toEqual([400, 400])
    g.click(400, 450)
    expect(maskContains(currentMask(editor.state)!.shape, 400, 425)).toBe(true)
  })

  it('of a square leaves squares', () => {
    const { editor, g } = brush(8)
    editor.setBrush({ shape: 'square' })
    g.click(100, 100)
    expect(only(editor)).toEqual(aMask(96, 96, 8, 8))
  })

  it('is cut at the border of the image', () => {
    const { editor, g } = brush(20)
    g.down(-30, 50).drag(5, 50).up()
    const mask = only(editor)
    expect(mask.x).toBe(0)
    expect(mask.w).toBe(15)
  })
})

describe('what ends a stroke', () => {
  it('Esc, the right button and a second finger give it up', () => {
    const { editor, g } = brush()
    g.down(100, 100).drag(200, 100)
    editor.cancel()
    g.up()
    g.down(100, 100).drag(200, 100).down(200, 100, 2).up(2).up()
    g.with('touch', 1).down(100, 100).with('touch', 2).down(300, 300).up().with('touch', 1).up()
    expect(shapes(editor)).toEqual([])
    g.with('mouse').down(10, 10).drag(20, 10).up()
    expect(only(editor)).toEqual(capsule([10, 10], [20, 10], 10))
  })

  it('another tool, the system and a window that loses the focus finish it (LS#7385)', () => {
    for (const end of [
      ({ editor }: ReturnType<typeof brush>) => editor.setTool('select'),
      ({ g }: ReturnType<typeof brush>) => g.cancel(),
      ({ g }: ReturnType<typeof brush>) => g.input.blur(),
    ]) {
      const made = brush()
      made.g.down(100, 100).drag(200, 100)
      end(made)
      expect(only(made.editor)).toEqual(capsule([100, 100], [200, 100], 10))
    }
  })

  it('undo in its middle takes the stroke back, not the step before', () => {
    const { editor, g } = brush()
    g.down(100, 100).drag(200, 100).up().down(300, 300).drag(350, 300)
    editor.undo()
    g.up()
    expect(only(editor)).toEqual(capsule([100, 100], [200, 100], 10))
  })

  it('keeps what was painted when somebody deleted the mask meanwhile', () => {
    const mask = aRegion('one', aMask(100, 100, 50, 50), { concept: 'car' })
    const { editor, g } = brush(10, mask)
    editor.select([keyOf('one')])
    g.down(120, 120).drag(200, 120)
    editor.load(new Map())
    g.up()
    expect(maskArea(only(editor))).toBe(
      maskArea(unionMasks(aMask(100, 100, 50, 50), capsule([120, 120], [200, 120], 10))!),
    )
  })
})

describe('one mask after another', () => {
  it('Enter and N finish one; the next stroke begins another', () => {
    for (const finish of ['finish', 'drawAgain'] as const) {
      const { editor, g } = brush()
      g.click(100, 100)
      editor[finish]()
      expect(selectedIds(editor)).toEqual([])
      g.click(110, 100)
      expect(shapes(editor)).toHaveLength(2)
      expect(editor.state.tool).toBe('brush')
    }
  })

  it('another concept begins another, and the one painted keeps its own', () => {
    const { editor, g } = brush()
    g.click(100, 100)
    editor.pickConcept('tree')
    g.click(300, 100)
    expect([...editor.state.regions.values()].map(({ concepts }) => concepts[0]?.id)).toEqual(['car', 'tree'])
  })

  it('a mask without a concept gets the one that is picked, and is asked for at its end', () => {
    const { editor, g } = brush()
    editor.setConcept(undefined)
    const asked: string[] = []
    editor.onAsk((ask) => asked.push(ask.kind))
    g.click(100, 100).click(110, 100)
    expect(asked).toEqual([])
    editor.pickConcept('tree')
    g.click(120, 100)
    expect([...editor.state.regions.values()].map(({ concepts }) => concepts[0]?.id)).toEqual(['tree'])
    editor.finish()
    editor.setConcept(undefined)
    g.click(500, 500)
    editor.finish()
    expect(asked).toEqual(['concept'])
  })

  it('a selected mask is continued, anything else is not', () => {
    const { editor, g } = brush(4, aRegion('one', aMask(100, 100, 50, 50)), aRegion('two', aBox(300, 300, 50, 50)))
    editor.select([keyOf('two')])
    g.click(500, 500)
    expect(shapes(editor)).toHaveLength(3)
    editor.select([keyOf('one')])
    g.click(200, 125)
    expect(shapes(editor)).toHaveLength(3)
    expect(maskContains(shapeOf(editor, 'one') as Mask, 200, 125)).toBe(true)
  })

  it('a double click in Select goes on with a mask', () => {
    const { editor, g } = brush(4, aRegion('one', aMask(100, 100, 50, 50)))
    editor.setTool('select')
    g.doubleClick(120, 120)
    expect(editor.state.tool).toBe('brush')
    expect(selectedIds(editor)).toEqual(['one'])
  })

  it('a locked mask is not painted, and says why', () => {
    const { editor, g, notices } = brush(4, aRegion('one', aMask(100, 100, 50, 50)))
    editor.select([keyOf('one')])
    editor.setLocked([keyOf('one')], true)
    g.down(90, 90).drag(200, 200).up()
    expect(shapes(editor)).toEqual([aMask(100, 100, 50, 50)])
    expect(notices).toEqual(['This region is locked.'])
    expect(editor.state.draft.cursor).toBe('not-allowed')
  })
})
