import { describe, expect, it } from 'vitest'
import { maskArea, maskContains } from '#geometry/mask.ts'
import type { Mask } from '#geometry/shape.ts'
import { aBox, aPolygon, aRegion, keyOf, shapeOf, shapes } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import { aMask, brush, only } from '#testing/painted.ts'

describe('bucket and lasso', () => {
  const ring = () => {
    const made = brush(6)
    made.editor.setBrush({ shape: 'square' })
    made.g.down(100, 100).drag(200, 100).up()
    for (const [x, y] of [
      [200, 200],
      [100, 200],
      [100, 100],
    ] as const)
      made.g.hold('shift').click(x, y).release('shift')
    return made
  }

  it('the bucket fills a hole, takes pieces with Alt, and each is one step', () => {
    const { editor, g, notices } = ring()
    const before = only(editor)
    editor.setTool('bucket')
    g.click(150, 150)
    expect(only(editor)).toEqual(aMask(97, 97, 106, 106))
    editor.undo()
    expect(only(editor)).toEqual(before)
    g.click(50, 50)
    expect(notices).toHaveLength(1)
    g.hold('alt').click(100, 100).release('alt')
    expect(shapes(editor)).toEqual([])
  })

  it('the bucket passes over gaps as wide as it is told, and says so where they are wider', () => {
    const { editor, g, notices } = brush(8)
    // a square whose left side stays open by 8 px
    g.down(100, 100).drag(200, 100).drag(200, 200).drag(100, 200).drag(100, 116).up()
    editor.setTool('bucket')
    g.wait(500).click(150, 150)
    expect(notices.at(-1)).toMatch(/^Not enclosed by the mask/)
    editor.setBrush({ closeGaps: 4 })
    g.wait(500).click(150, 150)
    expect(notices.at(-1)).toBe('Not enclosed: there is a gap wider than 4 px.')
    expect(maskContains(only(editor), 150, 150)).toBe(false)
    editor.setBrush({ closeGaps: 12 })
    g.wait(500).click(150, 150)
    expect(maskContains(only(editor), 150, 150)).toBe(true)
    editor.undo()
    expect(maskContains(only(editor), 150, 150)).toBe(false)
  })

  it('the lasso adds what it goes round, drawn or clicked; with Alt it takes away', () => {
    const { editor, g } = brush()
    editor.setTool('lasso')
    g.down(100, 100).drag(200, 100).drag(200, 200).drag(100, 200).drag(100, 100).up()
    expect(only(editor)).toEqual(aMask(100, 100, 100, 100))
    g.click(300, 100).click(400, 100).click(400, 200).click(300, 200)
    editor.finish()
    expect(maskArea(only(editor))).toBe(20_000)
    g.hold('alt').click(100, 100).release('alt').click(150, 100).click(150, 200).click(100, 200).click(101, 101)
    expect(maskArea(only(editor))).toBe(15_000)
    editor.undo()
    expect(maskArea(only(editor))).toBe(20_000)
  })

  it('corners of the lasso are taken back one by one, and Esc gives it up', () => {
    const { editor, g } = brush()
    editor.setTool('lasso')
    g.click(100, 100).click(200, 100).click(200, 200)
    editor.undo()
    expect(editor.state.toolState).toMatchObject({
      state: {
        points: [
          [100, 100],
          [200, 100],
        ],
      },
    })
    editor.cancel()
    expect(editor.state.toolState).toMatchObject({ state: { at: 'idle' } })
    expect(shapes(editor)).toEqual([])
  })
})

describe('masks and shapes', () => {
  it('islands go, pieces part, holes fill, each in one step', () => {
    const { editor, g } = brush(10)
    editor.setBrush({ shape: 'square', islands: 50 })
    g.click(100, 100).click(200, 100)
    editor.setBrush({ size: 4 })
    g.click(300, 100)
    editor.splitMask()
    expect(shapes(editor)).toHaveLength(3)
    editor.undo()
    editor.removeIslands()
    expect(maskArea(only(editor))).toBe(200)
    editor.undo()
    expect(maskArea(only(editor))).toBe(216)
  })

  it('a mask becomes polygons with their holes, and a polygon a mask again', () => {
    const { editor } = brush(4, aRegion('one', aPolygon([100, 100], [200, 100], [200, 200], [100, 200])))
    editor.select([keyOf('one')])
    editor.toMask()
    expect(shapeOf(editor, 'one')).toEqual(aMask(100, 100, 100, 100))
    editor.setTool('eraser')
    gesture(editor).click(150, 150)
    editor.toPolygon()
    editor.setConvertingTolerance(0)
    expect(editor.state.draft.shapes[0]?.shape).toMatchObject({ kind: 'polygon' })
    editor.applyConverting()
    const polygon = shapeOf(editor, 'one')
    expect(polygon).toMatchObject({ kind: 'polygon' })
    expect(polygon?.kind === 'polygon' && polygon.holes).toHaveLength(1)
    editor.undo()
    expect(shapeOf(editor, 'one')?.kind).toBe('mask')
  })

  it('are united, subtracted, intersected and cut as sets of pixels', () => {
    const start = () => {
      const { editor } = brush(4, aRegion('one', aMask(100, 100, 50, 50)), aRegion('two', aBox(140, 100, 50, 50)))
      editor.setTool('select')
      editor.select([keyOf('one'), keyOf('two')])
      return editor
    }
    const united = start()
    united.combine('union')
    expect(shapes(united)).toEqual([aMask(100, 100, 90, 50)])
    const rest = start()
    rest.combine('subtract')
    expect(shapes(rest)).toEqual([aMask(100, 100, 40, 50)])
    const common = start()
    common.combine('intersect')
    expect(shapes(common)).toEqual([aMask(140, 100, 10, 50)])
    const cut = start()
    cut.select([keyOf('one')])
    cut.setTool('cut')
    gesture(cut).click(120, 50).click(120, 200)
    expect(
      shapes(cut)
        .filter(({ kind }) => kind === 'mask')
        .map((shape) => maskArea(shape as Mask))
        .sort(),
    ).toEqual([1000, 1500])
  })

  it('a box from which a mask is taken becomes a polygon', () => {
    const { editor } = brush(4, aRegion('one', aMask(100, 100, 50, 50)), aRegion('two', aBox(140, 100, 50, 50)))
    editor.select([keyOf('two'), keyOf('one')])
    editor.combine('subtract')
    expect(shapes(editor)).toMatchObject([{ kind: 'polygon' }])
  })

  it('moved out of the image is cut, and undo brings it back whole', () => {
    const { editor, g } = brush(4, aRegion('one', aMask(100, 100, 50, 50)))
    editor.setTool('select')
    editor.select([keyOf('one')])
    g.down(125, 125).drag(60, 125).drag(5, 125).up()
    expect(shapeOf(editor, 'one')).toEqual(aMask(0, 100, 30, 50))
    editor.undo()
    expect(shapeOf(editor, 'one')).toEqual(aMask(100, 100, 50, 50))
  })

  it('are nudged by whole pixels, duplicated, copied and pasted', () => {
    const { editor } = brush(4, aRegion('one', aMask(100, 100, 50, 50)))
    editor.select([keyOf('one')])
    editor.nudge(1, -10)
    expect(shapeOf(editor, 'one')).toEqual(aMask(101, 90, 50, 50))
    editor.paste(editor.copy())
    editor.duplicate()
    expect(shapes(editor)).toEqual([aMask(101, 90, 50, 50), aMask(109, 98, 50, 50), aMask(109, 98, 50, 50)])
  })
})
