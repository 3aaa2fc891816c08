import { describe, expect, it } from 'vitest'
import { editorCommands } from '#editor/commands.ts'
import type { Editor } from '#editor/editor.ts'
import type { Notice } from '#editor/editorCore.ts'
import type { Point } from '#geometry/point.ts'
import { aBox, anEditor, aPolygon, aRegion, keyOf, selectedIds, shapeOf, shapes } from '#testing/builders.ts'
import { type Gesture, gesture } from '#testing/gesture.ts'

const square = aRegion('square', aPolygon([100, 100], [200, 100], [200, 200], [100, 200]), { concept: 'car' })

function drawing(regions = [square]): { editor: Editor; g: Gesture; notices: Notice[] } {
  const editor = anEditor({ regions })
  editor.setConcept('car')
  editor.setTool('polygon')
  const notices: Notice[] = []
  editor.onNotice((notice) => notices.push(notice))
  return { editor, g: gesture(editor), notices }
}

/** Clicks far enough apart in time that no two make a double click. */
const clicks = (g: Gesture, ...points: readonly Point[]) => {
  for (const [x, y] of points) g.hover(x, y).click(x, y).wait(500)
  return g
}

const press = (editor: Editor, key: string) => {
  const command = editorCommands.find(({ keys }) => keys.includes(key))!
  if (command.enabled(editor.state)) command.run(editor)
}

const edge = (editor: Editor) => editor.state.draft.sketch?.strokes.find(({ look }) => look === 'edge')?.points ?? []
const rubber = (editor: Editor) =>
  editor.state.draft.sketch?.strokes.find(({ look }) => look === 'rubber')?.points ?? []
const drawn = (editor: Editor): readonly Point[] => {
  const shape = shapes(editor).at(-1)
  return shape?.kind === 'polygon' ? shape.points : []
}
const triangle: readonly Point[] = [
  [400, 100],
  [600, 100],
  [500, 300],
]

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

describe('taking back', () => {
  it.each([
    ['Backspace', (editor: Editor) => press(editor, 'Backspace')],
    ['Ctrl+Z', (editor: Editor) => press(editor, 'Ctrl+Z')],
    ['the right button', (_: Editor, g: Gesture) => void g.click(700, 700, 2)],
  ])('%s removes the last vertex, and Ctrl+Shift+Z brings it back', (_, takeBack) => {
    const { editor, g } = drawing()
    clicks(g, ...triangle)
    takeBack(editor, g)
    expect(edge(editor)).toEqual(triangle.slice(0, 2))
    press(editor, 'Ctrl+Shift+Z')
    expect(edge(editor)).toEqual(triangle)
    takeBack(editor, g)
    takeBack(editor, g)
    takeBack(editor, g)
    expect(edge(editor)).toEqual([])
    expect(editor.state.regions.size).toBe(1)
    press(editor, 'Ctrl+Shift+Z')
    expect(edge(editor)).toEqual([[400, 100]])
  })

  it('CVAT#8873: Ctrl+Z while drawing takes back vertices before earlier work', () => {
    const { editor, g } = drawing([])
    clicks(g, ...triangle, [400, 100])
    expect(editor.state.regions.size).toBe(1)
    clicks(g, [700, 500], [800, 600])
    editor.undo()
    editor.undo()
    expect(editor.state.regions.size).toBe(1)
    editor.undo()
    expect(editor.state.regions.size).toBe(0)
    editor.redo()
    expect(editor.state.regions.size).toBe(1)
    expect(edge(editor)).toEqual([])
  })

  it('Esc discards, which undo takes back, vertices and all', () => {
    const { editor, g, notices } = drawing([])
    clicks(g, ...triangle)
    press(editor, 'Escape')
    expect(edge(editor)).toEqual([])
    expect(notices.at(-1)).toEqual({ text: 'Polygon discarded', undo: true })
    expect(editor.state.canUndo).toBe(true)
    press(editor, 'Ctrl+Z')
    expect(edge(editor)).toEqual(triangle)
    press(editor, 'Enter')
    expect(drawn(editor)).toEqual(triangle)
  })

  it('Esc ends a stroke first, and what was there stays', () => {
    const { editor, g } = drawing([])
    clicks(g, [400, 100])
    g.down(600, 100).drag(650, 150).drag(660, 200)
    press(editor, 'Escape')
    g.up()
    expect(edge(editor)).toEqual([[400, 100]])
  })

  it('another tool discards it, and undo brings tool and polygon back', () => {
    const { editor, g } = drawing([])
    clicks(g, ...triangle)
    editor.setTool('box')
    editor.undo()
    expect(editor.state.tool).toBe('polygon')
    expect(edge(editor)).toEqual(triangle)
  })
})

describe('view gestures in the middle', () => {
  it('LS#6174: wheel, Space and the middle button neither end nor change the polygon', () => {
    const { editor, g } = drawing([])
    editor.setView({ scale: 1, x: 0, y: 0 })
    clicks(g, [400, 100], [600, 100])
    g.wheel(500, 200, -240)
    g.down(500, 200, 1).drag(450, 180).up(1)
    g.keyDown('Space').down(500, 300).drag(520, 300).up().keyUp('Space')
    expect(edge(editor)).toEqual([
      [400, 100],
      [600, 100],
    ])
    editor.setView({ scale: 1, x: 0, y: 0 })
    clicks(g, [500, 300])
    press(editor, 'Enter')
    expect(drawn(editor)).toEqual(triangle)
  })

  it('keeps a freehand stroke through a zoom in its middle', () => {
    const { editor, g } = drawing([])
    g.down(100, 100).drag(200, 100).drag(300, 120)
    g.wheel(300, 120, -120)
    g.drag(320, 200).up()
    expect(edge(editor)[0]).toEqual([100, 100])
    expect(edge(editor)).toContainEqual([300, 120])
  })
})

describe('snapping', () => {
  const mark = (editor: Editor) => editor.state.draft.marks?.at(-1)?.look
  it('snaps to vertices within 8 px, to edges within 6, to the border within 8, and shows it', () => {
    const { editor, g } = drawing()
    g.hover(206, 104)
    expect(mark(editor)).toBe('onVertex')
    clicks(g, [206, 104])
    g.hover(205, 150)
    expect(mark(editor)).toBe('onEdge')
    clicks(g, [205, 150])
    g.hover(600, 7)
    expect(mark(editor)).toBe('onBorder')
    clicks(g, [600, 7], [994, 795])
    expect(edge(editor)).toEqual([
      [200, 100],
      [200, 150],
      [600, 0],
      [1000, 800],
    ])
    g.hover(215, 300)
    expect(mark(editor)).not.toMatch(/^on/)
  })

  it('Ctrl suspends it', () => {
    const { editor, g } = drawing()
    g.hold('ctrl')
    clicks(g, [206, 104], [600, 7])
    expect(edge(editor)).toEqual([
      [206, 104],
      [600, 7],
    ])
  })

  it('snaps to boxes, but not to what is hidden', () => {
    const { editor, g } = drawing([aRegion('box', aBox(300, 300, 100, 100))])
    clicks(g, [404, 303])
    expect(edge(editor)).toEqual([[400, 300]])
    editor.cancel()
    editor.setHidden([keyOf('box')], true)
    clicks(g, [404, 303])
    expect(edge(editor)).toEqual([[404, 303]])
  })

  it('LS#1789: points exactly on the border of the image take no aiming', () => {
    const { editor, g } = drawing([])
    clicks(g, [3, 4], [500, 6], [2, 500])
    press(editor, 'Enter')
    expect(drawn(editor)).toEqual([
      [0, 0],
      [500, 0],
      [0, 500],
    ])
  })
})

describe('tracing a neighbour', () => {
  const comb = aRegion(
    'comb',
    aPolygon([100, 100], [200, 100], [200, 150], [250, 150], [250, 200], [300, 200], [300, 400], [100, 400]),
  )

  it('CVAT#7221: one click takes the contour between, the shorter side', () => {
    const { editor, g } = drawing([comb])
    clicks(g, [200, 100])
    g.hover(301, 201)
    expect(rubber(editor)).toEqual([
      [200, 100],
      [200, 150],
      [250, 150],
      [250, 200],
      [300, 200],
    ])
    g.click(301, 201).wait(500)
    expect(edge(editor)).toHaveLength(5)
    clicks(g, [500, 100])
    press(editor, 'Enter')
    expect(drawn(editor)).toHaveLength(6)
    // one click, one step back
    editor.undo()
    expect(editor.state.regions.size).toBe(1)
  })

  it('Tab flips to the other side, and back', () => {
    const { editor, g } = drawing([comb])
    clicks(g, [200, 100])
    g.hover(300, 200)
    press(editor, 'Tab')
    expect(rubber(editor)).toEqual([
      [200, 100],
      [100, 100],
      [100, 400],
      [300, 400],
      [300, 200],
    ])
    press(editor, 'Tab')
    expect(rubber(editor)).toHaveLength(5)
    press(editor, 'Tab')
    g.click(300, 200)
    expect(edge(editor)).toHaveLength(5)
    expect(edge(editor)).toContainEqual([100, 400])
    expect(selectedIds(editor)).toEqual([])
    editor.undo()
    expect(edge(editor)).toEqual([[200, 100]])
  })

  it('starts and ends in the middle of edges, too', () => {
    const { editor, g } = drawing([comb])
    clicks(g, [150, 102])
    g.hover(298, 300)
    expect(rubber(editor)[0]).toEqual([150, 100])
    expect(rubber(editor).at(-1)).toEqual([300, 300])
    expect(rubber(editor)).toHaveLength(7)
  })

  it('is a straight line between neighbours on one edge', () => {
    const { editor, g } = drawing([comb])
    clicks(g, [300, 250])
    g.hover(300, 350)
    expect(rubber(editor)).toEqual([
      [300, 250],
      [300, 350],
    ])
  })
})

describe('outlines that cross themselves', () => {
  const bow: readonly Point[] = [
    [400, 400],
    [600, 600],
    [600, 400],
    [400, 600],
  ]

  it('are red while drawing, finish with a warning, and Fix splits them', () => {
    const { editor, g, notices } = drawing([])
    clicks(g, ...bow)
    const crossing = editor.state.draft.sketch?.strokes.filter(({ look }) => look === 'crossing')
    expect(crossing).toHaveLength(2)
    press(editor, 'Enter')
    expect(notices.at(-1)).toEqual({ text: 'The outline crosses itself.', fix: true })
    editor.fixCrossing()
    expect(editor.state.regions.size).toBe(2)
    for (const shape of shapes(editor)) expect(shape.kind === 'polygon' && shape.points.length).toBe(3)
    expect([...editor.state.regions.values()].map(({ concepts }) => concepts[0]?.id)).toEqual(['car', 'car'])
    editor.undo()
    expect(drawn(editor)).toEqual(bow)
  })

  it('show red for the line to the pointer as well', () => {
    const { editor, g } = drawing([])
    clicks(g, ...bow.slice(0, 3))
    g.hover(400, 600)
    expect(editor.state.draft.sketch?.strokes.filter(({ look }) => look === 'crossing')).toHaveLength(2)
    g.hover(700, 500)
    expect(editor.state.draft.sketch?.strokes.filter(({ look }) => look === 'crossing')).toHaveLength(0)
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

it('annotorious#167: draws by clicks, by dragging, and by both in one polygon', () => {
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
