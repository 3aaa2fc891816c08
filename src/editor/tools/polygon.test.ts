import { describe, expect, it } from 'vitest'
import type { Point } from '#geometry/point.ts'
import { anEditor, keyOf, shapeOf } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import { clicks, drawing, drawn, edge, press, rubber, square, triangle } from '#testing/sketching.ts'

describe('drawing by clicks', () => {
  it('sets a vertex a click and shows the line to the pointer', () => {
    const { editor, g } = drawing()
    clicks(g, [400, 100], [600, 100])
    g.hover(500, 300)
    expect(edge(editor)).toEqual([
      [400, 100],
      [600, 100],
    ])
    expect(rubber(editor)).toEqual([
      [600, 100],
      [500, 300],
    ])
    expect(editor.state.regions.size).toBe(1)
  })

  it('closes at the first vertex, which shows a ring and no line to the pointer', () => {
    const { editor, g } = drawing()
    clicks(g, ...triangle)
    g.hover(407, 105)
    expect(editor.state.draft.marks?.map(({ look }) => look)).toContain('close')
    expect(rubber(editor)).toEqual([])
    g.click(407, 105)
    expect(drawn(editor)).toEqual(triangle)
    expect(editor.state.tool).toBe('polygon')
    expect(editor.state.selected.size).toBe(1)
    expect([...editor.state.regions.values()].at(-1)?.concepts).toEqual([{ id: 'car', value: 1 }])
  })

  it('does not close farther than 10 px from the first vertex', () => {
    const { editor, g } = drawing()
    clicks(g, ...triangle, [411, 100])
    expect(editor.state.regions.size).toBe(1)
    expect(edge(editor)).toHaveLength(4)
  })

  it('closes on a double click without a vertex twice', () => {
    const { editor, g } = drawing()
    clicks(g, [400, 100], [600, 100])
    g.doubleClick(500, 300)
    expect(drawn(editor)).toEqual(triangle)
    expect(edge(editor)).toEqual([])
  })

  it('closes with Enter', () => {
    const { editor, g } = drawing()
    clicks(g, ...triangle)
    press(editor, 'Enter')
    expect(drawn(editor)).toEqual(triangle)
  })

  it('closes with N, as hands from CVAT expect, and the next one can begin', () => {
    const { editor, g } = drawing()
    clicks(g, ...triangle)
    press(editor, 'N')
    expect(drawn(editor)).toEqual(triangle)
    expect(editor.state.tool).toBe('polygon')
    clicks(g, [700, 500])
    expect(edge(editor)).toEqual([[700, 500]])
  })

  it('hints and loses nothing when closed with two vertices', () => {
    const { editor, g, notices } = drawing()
    clicks(g, [400, 100], [600, 100])
    press(editor, 'Enter')
    g.doubleClick(600, 100)
    expect(notices.at(-1)?.text).toMatch(/three points/)
    expect(edge(editor)).toHaveLength(2)
    clicks(g, [500, 300])
    press(editor, 'Enter')
    expect(drawn(editor)).toEqual(triangle)
  })

  it('constrains to 45° with Shift', () => {
    const { editor, g } = drawing([])
    clicks(g, [400, 100])
    g.hold('shift')
    clicks(g, [600, 110])
    g.release('shift')
    expect(edge(editor)[1]).toEqual([600, 100])
    g.hold('shift').hover(690, 200)
    expect(rubber(editor)[1]).toEqual([695, 195])
  })

  it('clamps to the image, also with Shift', () => {
    const { editor, g } = drawing([])
    clicks(g, [900, 700], [1200, 700])
    expect(edge(editor)[1]).toEqual([1000, 700])
    g.hold('shift').hover(1300, 1100)
    expect(rubber(editor)[1]).toEqual([1000, 700])
  })

  it('keeps the vertex of a hand that shakes up to 8 px', () => {
    const { editor, g } = drawing([])
    g.down(400, 100).drag(406, 103).up()
    expect(edge(editor)).toEqual([[406, 103]])
  })

  it('closes when a finger rests', () => {
    const { editor, g } = drawing([])
    g.with('touch')
    clicks(g, ...triangle)
    g.down(700, 500).tick().up()
    expect(drawn(editor)).toEqual(triangle)
  })

  it('refuses what encloses nothing', () => {
    const { editor, g, notices } = drawing([])
    clicks(g, [400, 100], [500, 100], [600, 100])
    press(editor, 'Enter')
    expect(notices.at(-1)?.text).toMatch(/enclose nothing/)
    expect(edge(editor)).toHaveLength(3)
  })
})

describe('freehand', () => {
  it('samples the path, simplifies it to 1 px and goes on with clicks', () => {
    const { editor, g } = drawing([])
    clicks(g, [100, 400])
    g.down(200, 400)
    for (let x = 204; x <= 400; x += 2) g.drag(x, 400 + (x % 4 === 0 ? 0.4 : -0.4))
    g.up().wait(500)
    expect(edge(editor).length).toBeLessThanOrEqual(5)
    expect(edge(editor).at(-1)![0]).toBe(400)
    clicks(g, [300, 600])
    press(editor, 'Enter')
    expect(drawn(editor).at(-1)).toEqual([300, 600])
  })

  it('follows all positions the browser has merged into one event', () => {
    const { editor, g } = drawing([])
    const at = (x: number, y: number) => ({
      ...{ id: 1, kind: 'mouse' as const, button: -1, buttons: 1, time: 0 },
      ...{ shift: false, alt: false, ctrl: true, meta: false },
      at: [x, y] as Point,
    })
    g.down(100, 100)
    g.input.move(at(300, 100), [at(100, 200), at(200, 300), at(300, 200), at(300, 100)])
    g.input.up({ ...at(300, 100), buttons: 0, button: 0 })
    expect(edge(editor)).toContainEqual([200, 300])
  })

  it('closes when it ends near its start', () => {
    const { editor, g } = drawing([])
    g.down(500, 300)
    for (let a = 0; a <= 360; a += 5)
      g.drag(400 + 100 * Math.cos((a * Math.PI) / 180), 300 + 100 * Math.sin((a * Math.PI) / 180))
    g.up()
    expect(editor.state.regions.size).toBe(1)
    expect(drawn(editor).length).toBeGreaterThan(12)
    expect(drawn(editor).length).toBeLessThan(40)
    expect(editor.state.simplifying?.result.points).toBe(drawn(editor).length)
  })

  it('that closed itself takes the Enter that was to close it for a moment, and then no more', () => {
    const clock = { now: 5000 }
    const editor = anEditor({ clock })
    editor.setTool('polygon')
    const g = gesture(editor).down(300, 300).drag(400, 300).drag(400, 400).drag(300, 400).drag(303, 303).up()
    expect(editor.state.regions.size).toBe(1)
    expect(editor.hasJustClosed).toBe(true)
    clock.now += 1000
    expect(editor.hasJustClosed).toBe(false)
    g.click(600, 600)
    expect(editor.hasJustClosed).toBe(false)
  })

  it('keeps a stroke whose pointer is lost', () => {
    const { editor, g } = drawing([])
    g.down(100, 400)
    for (let x = 110; x <= 400; x += 10) g.drag(x, 400 + x / 10)
    g.cancel()
    expect(edge(editor).length).toBeGreaterThanOrEqual(2)
  })

  it('takes a whole stroke back as one', () => {
    const { editor, g } = drawing([])
    clicks(g, [100, 400])
    g.down(200, 400).drag(220, 430).drag(260, 420).drag(300, 500).up()
    expect(edge(editor).length).toBeGreaterThan(3)
    editor.undo()
    expect(edge(editor)).toEqual([[100, 400]])
    editor.redo()
    expect(edge(editor).length).toBeGreaterThan(3)
  })
})

describe('holes', () => {
  it('Alt at the first click inside the selected polygon draws one', () => {
    const { editor, g } = drawing()
    editor.select([keyOf('square')])
    g.hold('alt').click(130, 130).release('alt').wait(500)
    clicks(g, [170, 130], [150, 170])
    press(editor, 'Enter')
    expect(editor.state.regions.size).toBe(1)
    expect(shapeOf(editor, 'square')).toEqual({
      kind: 'polygon',
      points: [
        [100, 100],
        [200, 100],
        [200, 200],
        [100, 200],
      ],
      holes: [
        [
          [130, 130],
          [170, 130],
          [150, 170],
        ],
      ],
    })
    editor.undo()
    expect(shapeOf(editor, 'square')).toBe(square.shape)
  })

  it('cuts a bay where the hole reaches over the outline', () => {
    const { editor, g } = drawing()
    editor.select([keyOf('square')])
    g.hold('alt').click(150, 150).release('alt').wait(500)
    g.hold('ctrl')
    clicks(g, [250, 140], [250, 160])
    g.release('ctrl')
    press(editor, 'Enter')
    const shape = shapeOf(editor, 'square')
    expect(shape?.kind === 'polygon' && shape.holes).toBeUndefined()
    expect(shape?.kind === 'polygon' && shape.points).toContainEqual([150, 150])
  })

  it('Alt outside of it draws a polygon', () => {
    const { editor, g } = drawing()
    editor.select([keyOf('square')])
    g.hold('alt').click(400, 100).release('alt').wait(500)
    clicks(g, [600, 100], [500, 300])
    press(editor, 'Enter')
    expect(editor.state.regions.size).toBe(2)
  })
})

it('annotorious#45, annotorious#167, annotorious-v2-plugins#15: draws by clicks, by dragging, and by both in one polygon', () => {
  const { editor, g } = drawing([])
  clicks(g, [100, 100], [300, 100])
  g.down(320, 150).drag(330, 200).drag(320, 260).drag(300, 300).up().wait(500)
  clicks(g, [100, 300])
  press(editor, 'Enter')
  expect(drawn(editor).length).toBeGreaterThanOrEqual(6)
})

it('does nothing where all is read-only', () => {
  const editor = anEditor({ readOnly: 'Closed.' })
  editor.setTool('polygon')
  clicks(gesture(editor), ...triangle)
  expect(editor.state.draft.cursor).toBe('not-allowed')
  expect(edge(editor)).toEqual([])
})
