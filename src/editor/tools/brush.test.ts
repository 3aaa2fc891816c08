import { describe, expect, it } from 'vitest'
import { currentMask } from '#editor/painting.ts'
import { strokeSpans } from '#geometry/brush.ts'
import { maskArea, maskContains, Spans, unionMasks } from '#geometry/mask.ts'
import type { Point } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'
import { aBox, anEditor, aPolygon, aRegion, keyOf, selectedIds, shapeOf, shapes } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'

/** A filled rectangle of pixels. */
const aMask = (x: number, y: number, w: number, h: number): Mask => ({
  kind: 'mask',
  x,
  y,
  w,
  h,
  runs: Uint32Array.of(0, w * h),
})

const capsule = (from: Point, to: Point, size: number, shape: 'circle' | 'square' = 'circle'): Mask => {
  const spans = new Spans()
  strokeSpans(from, to, { shape, size }, spans.add)
  return spans.toMask()!
}

function brush(size = 10, ...regions: readonly ReturnType<typeof aRegion>[]) {
  const editor = anEditor({ regions })
  editor.setConcept('car')
  editor.setBrush({ size })
  editor.setTool('brush')
  const notices: string[] = []
  editor.onNotice(({ text }) => notices.push(text))
  return { editor, g: gesture(editor), notices }
}
const only = (editor: ReturnType<typeof anEditor>) => {
  expect(shapes(editor)).toHaveLength(1)
  return shapes(editor)[0] as Mask
}

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

  it('of size 1 is exactly the pixel under the pointer', () => {
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

  it('goes on with the mask that is selected; undone one by one', () => {
    const { editor, g } = brush(10)
    g.down(100, 100).drag(200, 100).up().down(150, 50).drag(150, 150).up()
    const both = unionMasks(capsule([100, 100], [200, 100], 10), capsule([150, 50], [150, 150], 10))
    expect(only(editor)).toEqual(both)
    editor.undo()
    expect(only(editor)).toEqual(capsule([100, 100], [200, 100], 10))
    g.down(300, 300).drag(310, 300).up()
    expect(shapes(editor)).toHaveLength(1)
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

  it('another tool, the system and a window that loses the focus finish it', () => {
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

  it('on the rope of the stabiliser smooths a shaking hand, and ends where the hand ends', () => {
    const { editor, g } = brush(4)
    editor.setBrush({ stabiliser: 30 })
    g.down(100, 100)
    for (let i = 1; i <= 20; i++) g.drag(100 + i * 10, 100 + (i % 2 ? 8 : -8))
    g.drag(300, 100).up()
    const mask = only(editor)
    expect(mask.h).toBeLessThan(16)
    expect(maskContains(mask, 300, 100)).toBe(true)
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
