import { describe, expect, it } from 'vitest'
import { turnableBox, turnedBox } from '#geometry/rotatedBox.ts'
import type { Polygon } from '#geometry/shape.ts'
import { toScreen } from '#geometry/view.ts'
import { aBox, anEditor, aRegion, keyOf, shapes } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'

const size = { width: 1000, height: 800 }
// its first corner is 141.4 px above the middle, (500, 350)
const square = turnedBox(turnableBox(aBox(400, 250, 200, 200)), 45, size)
const half = Math.SQRT1_2

function open(shape: Polygon = square) {
  const editor = anEditor({ regions: [aRegion('a', shape)] })
  editor.select([keyOf('a')])
  return { editor, g: gesture(editor) }
}
const polygon = (editor: ReturnType<typeof anEditor>) => shapes(editor)[0] as Polygon
const side = (shape: Polygon, from: number, to: number) =>
  Math.hypot(shape.points[to]![0] - shape.points[from]![0], shape.points[to]![1] - shape.points[from]![1])
const near = (shape: Polygon, points: readonly (readonly [number, number])[]) => {
  for (const [i, [x, y]] of points.entries()) {
    expect(shape.points[i]![0], `x of corner ${i}`).toBeCloseTo(x, 6)
    expect(shape.points[i]![1], `y of corner ${i}`).toBeCloseTo(y, 6)
  }
}

describe('a rotated box has the handles of a box', () => {
  it('shows eight of them in its own frame, and no vertices', () => {
    const { editor } = open()
    const { handles, vertices } = editor.state.draft
    expect(vertices).toBeUndefined()
    expect(handles.map(({ handle }) => handle)).toEqual(['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'])
    const [nw, n] = handles
    near({ kind: 'polygon', points: [nw!.at, n!.at] }, [
      [500, 350 - 200 * half],
      [500 + 100 * half, 350 - 100 * half],
    ])
  })

  it('points the cursor where the handle pulls, in a turned view too', () => {
    const { editor, g } = open()
    g.hover(500, 350 - 200 * half)
    expect(editor.state.draft.cursor).toBe('ns-resize')
    g.hover(500 + 100 * half, 350 - 100 * half)
    expect(editor.state.draft.cursor).toBe('nesw-resize')
    editor.turnBy(Math.PI / 4)
    editor.select([keyOf('a')])
    g.hover(...toScreen(editor.state.view, editor.state.draft.handles.find(({ handle }) => handle === 'n')!.at))
    expect(editor.state.draft.cursor).toBe('ew-resize')
  })

  it('a dragged corner keeps the angle, the right angles and the opposite corner; one step of undo', () => {
    const { editor, g } = open()
    const top = 350 - 200 * half
    g.down(500, top)
      .drag(500, top - 50)
      .up()
    const shape = polygon(editor)
    expect(shape.angle).toBeCloseTo(45)
    near({ ...shape, points: [shape.points[0]!, shape.points[2]!] }, [
      [500, top - 50],
      [500, 350 + 200 * half],
    ])
    expect(side(shape, 0, 1)).toBeCloseTo(200 + 50 * half)
    expect(side(shape, 1, 2)).toBeCloseTo(200 + 50 * half)
    editor.undo()
    expect(polygon(editor)).toEqual(square)
  })

  it('a dragged side moves that side alone; Alt keeps the middle, Shift the ratio', () => {
    const { editor, g } = open()
    const at = [500 + 100 * half, 350 - 100 * half] as const
    const to = [at[0] + 40 * half, at[1] - 40 * half] as const
    g.down(...at).drag(...to)
    expect(editor.state.draft.readout?.text).toBe('200 × 240')
    expect(editor.state.draft.handles).toHaveLength(8)
    g.hold('alt')
    expect(editor.state.draft.readout?.text).toBe('200 × 280')
    g.release('alt').hold('shift')
    expect(editor.state.draft.readout?.text).toBe('240 × 240')
    g.release('shift').up()
    expect(side(polygon(editor), 0, 1)).toBeCloseTo(200)
    expect(side(polygon(editor), 1, 2)).toBeCloseTo(240)
    expect(polygon(editor).angle).toBeCloseTo(45)
  })

  it('dragged past the opposite side it flips, and its angle stays', () => {
    const { editor, g } = open()
    const n = [500 + 100 * half, 350 - 100 * half] as const
    const s = [500 - 100 * half, 350 + 100 * half] as const
    g.down(...n).drag(s[0] - 30 * half, s[1] + 30 * half)
    expect(editor.state.draft.readout?.text).toBe('200 × 30')
    expect(editor.state.draft.handles.find(({ active }) => active)?.handle).toBe('s')
    g.up()
    expect(polygon(editor).angle).toBeCloseTo(45)
  })

  it('stays in the image: each pair of sides goes as far as it can', () => {
    const { editor, g } = open()
    const top = 350 - 200 * half
    g.down(500, top).drag(500, -900).up()
    for (const [x, y] of polygon(editor).points) {
      expect(x).toBeGreaterThanOrEqual(-1e-6)
      expect(y).toBeGreaterThanOrEqual(-1e-6)
      expect(x).toBeLessThanOrEqual(1000 + 1e-6)
      expect(y).toBeLessThanOrEqual(800 + 1e-6)
    }
    expect(polygon(editor).angle).toBeCloseTo(45)
    expect(side(polygon(editor), 0, 1)).toBeGreaterThan(200)
  })

  it('Ctrl+arrows move its right and bottom sides, as those of a box', () => {
    const { editor } = open()
    editor.resizeBy(10, 0)
    editor.resizeBy(0, -20)
    expect(side(polygon(editor), 0, 1)).toBeCloseTo(210)
    expect(side(polygon(editor), 1, 2)).toBeCloseTo(180)
    near(polygon(editor), [[500, 350 - 200 * half]])
    expect(polygon(editor).angle).toBeCloseTo(45)
  })

  it('drawn from below upwards it is resized the same way', () => {
    const up: Polygon = {
      kind: 'polygon',
      points: [
        [300, 500],
        [500, 500],
        [500, 400],
        [300, 400],
      ],
      angle: 0,
    }
    const { editor, g } = open(up)
    g.down(400, 400).drag(400, 350).up()
    near(polygon(editor), [
      [300, 500],
      [500, 500],
      [500, 350],
      [300, 350],
    ])
  })

  it('a click selects it, a drag inside moves it', () => {
    const { editor, g } = open()
    g.down(500, 350).drag(520, 360).up()
    near(polygon(editor), [[520, 360 - 200 * half]])
  })

  it('a side comes to lie in one line with a box turned alike, which is marked; with Ctrl it stays under the pointer', () => {
    // along the axes of the square: its neighbour begins 300 px to the lower right and ends 260 px to the lower left
    const along = (x: number, y: number) => [500 + (x - y) * half, 350 - 200 * half + (x + y) * half] as const
    const other = turnedBox(turnableBox(aBox(400, 250, 60, 260)), 45, size)
    const shift = [along(240, 0)[0] - other.points[0]![0], along(240, 0)[1] - other.points[0]![1]] as const
    const moved: Polygon = { ...other, points: other.points.map(([x, y]) => [x + shift[0], y + shift[1]]) }
    const drag = (free = false) => {
      const editor = anEditor({ regions: [aRegion('a', square), aRegion('b', moved)] })
      editor.select([keyOf('a')])
      const g = gesture(editor)
      // the lower left side, which lies at 200, is dragged to 256: the neighbour ends at 260
      g.down(...along(100, 200))
      if (free) g.hold('ctrl')
      g.drag(...along(100, 256))
      const marks = editor.state.draft.marks ?? []
      g.up()
      return { height: side(shapes(editor)[0] as Polygon, 1, 2), marks }
    }
    expect(drag().height).toBeCloseTo(260, 4)
    expect(drag().marks).toHaveLength(1)
    expect(drag(true).height).toBeCloseTo(256, 0)
    expect(drag(true).marks).toHaveLength(0)
  })

  it('a corner snaps to the border of the image', () => {
    const { editor, g } = open()
    g.down(500, 350 - 200 * half)
      .drag(500, 5)
      .up()
    expect(polygon(editor).points[0]![1]).toBeCloseTo(0, 6)
  })
})
