import { describe, expect, it } from 'vitest'
import type { Point } from '#geometry/point.ts'
import type { Polygon } from '#geometry/shape.ts'
import { aBox, anEditor, aPolygon, aRegion, keyOf, selectedIds, shapeOf } from '#testing/builders.ts'
import { editing, picked, pointsOf, press, ring, ringed, square } from '#testing/contours.ts'
import { gesture } from '#testing/gesture.ts'
import { workOf } from '#testing/work.ts'

describe('vertices', () => {
  it('show only when the polygon is selected alone', () => {
    const { editor, g } = editing([square(), ringed()])
    g.hover(200, 200)
    expect(editor.state.draft.vertices?.polygon).toBe(shapeOf(editor, 'square'))
    editor.select([])
    expect(editor.state.draft.vertices).toBeUndefined()
    editor.select([keyOf('square'), keyOf('ringed')])
    expect(editor.state.draft.vertices).toBeUndefined()
  })

  it('LS#7123: a plain drag moves one', () => {
    const { editor, g } = editing()
    g.hover(302, 99)
    expect(editor.state.draft.cursor).toBe('crosshair')
    expect(editor.state.draft.vertices?.active).toBe(1)
    g.down(302, 99).drag(340, 80)
    expect(editor.state.draft.shapes).toHaveLength(1)
    expect(pointsOf(editor)[1]).toEqual([300, 100])
    g.up()
    expect(pointsOf(editor)[1]).toEqual([338, 81])
    editor.undo()
    expect(pointsOf(editor)[1]).toEqual([300, 100])
  })

  it('LS#105: aiming at a vertex of a shape that is not selected never drags the shape', () => {
    const { editor, g } = editing()
    editor.select([])
    g.down(100, 100).drag(150, 150).up()
    expect(pointsOf(editor)[0]).toEqual([100, 100])
    expect(editor.state.canUndo).toBe(false)
  })

  it('stay in the image, keep to 45° with Shift released late, and do not move for a press alone', () => {
    const { editor, g } = editing()
    g.down(100, 100).drag(-50, 120).up()
    expect(pointsOf(editor)[0]).toEqual([0, 120])
    g.wait(500).down(300, 300).up()
    expect(pointsOf(editor)[2]).toEqual([300, 300])
  })

  it('LME#2299, LME#1531, LME#930, LME#533: Alt+click deletes one, never below three', () => {
    const { editor, g, notices } = editing()
    g.hold('alt').click(300, 100)
    expect(pointsOf(editor)).toHaveLength(3)
    g.wait(500).click(300, 300)
    expect(pointsOf(editor)).toHaveLength(3)
    expect(notices.at(-1)?.text).toMatch(/three points/)
  })

  it('a finger deletes one by a double tap', () => {
    const { editor, g } = editing()
    g.with('touch').doubleClick(300, 100)
    expect(pointsOf(editor)).toHaveLength(3)
  })

  it('do not move where the region may not be changed', () => {
    const editor = anEditor({ regions: [square()], canEdit: () => 'Not yours.' })
    editor.select([keyOf('square')])
    gesture(editor).down(300, 100).drag(340, 80).up()
    expect(editor.state.draft.vertices).toBeUndefined()
    expect(pointsOf(editor)[1]).toEqual([300, 100])
  })
})

describe('putting a vertex in', () => {
  it('shows a ghost on an edge of the selected polygon only', () => {
    const { editor, g } = editing([square(), ringed()])
    g.hover(200, 103)
    expect(editor.state.draft.marks).toEqual([{ at: [200, 100], look: 'ghost' }])
    expect(editor.state.draft.cursor).toBe('copy')
    g.hover(450, 98)
    expect(editor.state.draft.marks).toBeUndefined()
  })

  it('CVAT#2712: a plain click inserts', () => {
    const { editor, g } = editing()
    g.click(200, 103)
    expect(pointsOf(editor)).toEqual([
      [100, 100],
      [200, 100],
      [300, 100],
      [300, 300],
      [100, 300],
    ])
    expect(picked(editor)).toEqual([1])
  })

  it('a drag inserts and moves in one gesture and one step', () => {
    const { editor, g } = editing()
    g.down(100, 200).drag(60, 210).up()
    expect(pointsOf(editor).at(-1)).toEqual([60, 210])
    expect(pointsOf(editor)).toHaveLength(5)
    editor.undo()
    expect(pointsOf(editor)).toHaveLength(4)
    expect(editor.state.canUndo).toBe(false)
  })

  it('shows a finger the middles of all edges, since it does not hover', () => {
    const { editor, g } = editing()
    editor.select([])
    g.with('touch').click(200, 200).wait(500)
    expect(editor.state.draft.marks?.map(({ at }) => at)).toEqual([
      [200, 100],
      [300, 200],
      [200, 300],
      [100, 200],
    ])
    g.down(200, 110).drag(200, 60).up()
    expect(pointsOf(editor)).toHaveLength(5)
  })

  it('works on the edges of holes', () => {
    const { editor, g } = editing([ringed()])
    g.down(450, 150).drag(450, 120).up()
    expect((shapeOf(editor, 'ringed') as Polygon).holes?.[0]).toEqual([
      [400, 150],
      [450, 120],
      [500, 150],
      [450, 250],
    ])
  })
})

describe('several vertices', () => {
  it('are picked by Shift+click and by a frame with Shift, and moved together', () => {
    const { editor, g } = editing()
    g.hold('shift').click(100, 100).wait(500).click(300, 100)
    expect(picked(editor)).toEqual([0, 1])
    g.wait(500).click(300, 100)
    expect(picked(editor)).toEqual([0])
    g.wait(500).down(250, 250).drag(330, 330).up().release('shift')
    expect(picked(editor)).toEqual([0, 2])
    expect(selectedIds(editor)).toEqual(['square'])
    g.down(300, 300).drag(320, 340).up()
    expect(pointsOf(editor)).toEqual([
      [120, 140],
      [300, 100],
      [320, 340],
      [100, 300],
    ])
    expect(picked(editor)).toEqual([0, 2])
    editor.undo()
    expect(pointsOf(editor)[0]).toEqual([100, 100])
  })

  it('are moved by the arrow keys, and with them those that neighbours share', () => {
    const { editor, g } = editing()
    g.hold('shift').click(100, 100).wait(500).click(300, 100).release('shift')
    editor.nudge(5, -3)
    editor.nudge(5, -3)
    expect(pointsOf(editor)).toEqual([
      [110, 94],
      [310, 94],
      [300, 300],
      [100, 300],
    ])
    expect(picked(editor)).toEqual([0, 1])
    editor.undo()
    expect(pointsOf(editor)[0]).toEqual([100, 100])
  })

  it('stay together at the border of the image', () => {
    const { editor, g } = editing()
    g.hold('shift').click(100, 100).wait(500).click(300, 300).release('shift').wait(500)
    g.down(300, 300).drag(50, 300).up()
    expect(pointsOf(editor)[0]).toEqual([0, 100])
    expect(pointsOf(editor)[2]).toEqual([200, 300])
  })

  it('Delete removes them, the polygon only on the second press', () => {
    const { editor, g, notices } = editing()
    g.hold('shift').click(100, 100).release('shift').wait(500)
    press(editor, 'Delete')
    expect(pointsOf(editor)).toHaveLength(3)
    g.click(300, 300)
    press(editor, 'Delete')
    expect(pointsOf(editor)).toHaveLength(3)
    expect(notices.at(-1)?.text).toMatch(/again/)
    press(editor, 'Delete')
    expect(editor.state.regions.size).toBe(0)
    editor.undo()
    expect(pointsOf(editor)).toHaveLength(3)
  })

  it('Esc lets go of them before the selection', () => {
    const { editor, g } = editing()
    g.click(100, 100)
    press(editor, 'Escape')
    expect(picked(editor)).toEqual([])
    expect(selectedIds(editor)).toEqual(['square'])
    press(editor, 'Escape')
    expect(selectedIds(editor)).toEqual([])
  })

  it('are let go of by a click inside, and by undo', () => {
    const { editor, g } = editing()
    g.click(100, 100).wait(500).click(200, 200)
    expect(picked(editor)).toEqual([])
    expect(selectedIds(editor)).toEqual(['square'])
    g.wait(500).click(200, 100)
    editor.undo()
    expect(picked(editor)).toEqual([])
  })
})

describe('holes', () => {
  it('go whole by Alt+click on a vertex of theirs', () => {
    const { editor, g } = editing([ringed()])
    g.hold('alt').click(400, 150)
    expect((shapeOf(editor, 'ringed') as Polygon).holes).toBeUndefined()
    editor.undo()
    expect((shapeOf(editor, 'ringed') as Polygon).holes).toEqual([ring])
  })

  it('are no inside: a click in one takes what is seen through it', () => {
    const { editor, g } = editing([ringed(), aRegion('seen', aBox(420, 160, 60, 60))], 'ringed')
    g.click(450, 170)
    expect(selectedIds(editor)).toEqual(['seen'])
  })
})

describe('shared vertices', () => {
  const left = () => aRegion('left', aPolygon([100, 100], [200, 100], [200, 200], [100, 200]))
  const right = () => aRegion('right', aPolygon([200.005, 100], [300, 100], [300, 200], [200, 200.005]))

  it('CVAT#2382: move together, as one step, with a badge', () => {
    const { editor, g } = editing([left(), right()])
    g.hover(150, 150)
    expect([...editor.state.draft.vertices!.linked]).toEqual([1, 2])
    g.down(200, 100).drag(220, 80).up()
    expect(pointsOf(editor, 'left')[1]).toEqual([220, 80])
    expect(pointsOf(editor, 'right')[0]).toEqual([220, 80])
    expect(pointsOf(editor, 'right')[3]).toEqual([200, 200.005])
    editor.undo()
    expect(pointsOf(editor, 'left')[1]).toEqual([200, 100])
    expect(pointsOf(editor, 'right')[0]).toEqual([200.005, 100])
    expect(editor.state.canUndo).toBe(false)
  })

  it('a whole border of them moves together', () => {
    const { editor, g } = editing([left(), right()])
    g.hold('shift').click(200, 100).wait(500).click(200, 200).release('shift').wait(500)
    g.down(200, 200).drag(230, 200).up()
    expect(pointsOf(editor, 'right')[0]).toEqual([230, 100])
    expect(pointsOf(editor, 'right')[3]).toEqual([230, 200])
  })

  it('move each by itself where the project says so', () => {
    const { editor, g } = editing([left(), right()])
    editor.setSharedVertices(false)
    g.hover(150, 150)
    expect(editor.state.draft.vertices!.linked.size).toBe(0)
    g.down(200, 100).drag(220, 80).up()
    expect(pointsOf(editor, 'left')[1]).toEqual([220, 80])
    expect(pointsOf(editor, 'right')[0]).toEqual([200.005, 100])
    editor.undo()
    editor.setSharedVertices(true)
    g.wait(500).down(200, 100).drag(220, 80).up()
    expect(pointsOf(editor, 'right')[0]).toEqual([220, 80])
  })

  it('Ctrl detaches', () => {
    const { editor, g } = editing([left(), right()])
    g.hold('ctrl').down(200, 100).drag(220, 80).up()
    expect(pointsOf(editor, 'left')[1]).toEqual([220, 80])
    expect(pointsOf(editor, 'right')[0]).toEqual([200.005, 100])
  })

  it('snap makes them, and locked or hidden ones stay', () => {
    const { editor, g } = editing([left(), aRegion('far', aPolygon([260, 90], [400, 90], [400, 300]))])
    g.down(200, 100).drag(257, 93)
    expect(editor.state.draft.marks).toEqual([{ at: [260, 90], look: 'onVertex' }])
    g.up().wait(500)
    expect(pointsOf(editor, 'left')[1]).toEqual([260, 90])
    g.hover(260, 90)
    expect(editor.state.draft.vertices?.linked.size).toBe(1)
    editor.setLocked([keyOf('far')], true)
    g.hover(261, 90)
    expect(editor.state.draft.vertices?.linked.size).toBe(0)
    const told: string[] = []
    editor.onNotice(({ text }) => told.push(text))
    g.down(260, 90).drag(280, 50).up()
    expect(told).toEqual([expect.stringContaining('the border is apart now')])
    expect(pointsOf(editor, 'far')[0]).toEqual([260, 90])
    expect(pointsOf(editor, 'left')[1]).toEqual([280, 50])
  })
})

describe('moving the whole', () => {
  it('needs it to be selected, and a drag of more than 4 px from inside', () => {
    const { editor, g } = editing()
    g.down(200, 200).drag(203, 201).up()
    expect(pointsOf(editor)[0]).toEqual([100, 100])
    g.wait(500).down(200, 200).drag(220, 210).up()
    expect(pointsOf(editor)[0]).toEqual([120, 110])
  })
})

it('a polygon of 10,000 vertices is dragged without copying other regions', () => {
  const many = Array.from(
    { length: 10_000 },
    (_, i): Point => [
      400 + 300 * Math.cos((i / 5000) * Math.PI),
      400 + 300 * Math.sin((i / 5000) * Math.PI) * (1 + 0.05 * Math.sin(i)),
    ],
  )
  const { editor, g } = editing([aRegion('many', { kind: 'polygon', points: many }), square()])
  const { regions } = editor.state
  g.down(...(many[0] as [number, number]))
  const work = workOf(() => {
    for (let i = 0; i < 50; i++) g.drag(720 + i, 400 + i)
  })
  expect(editor.state.regions).toBe(regions)
  expect(editor.state.draft.shapes).toHaveLength(1)
  expect(work / 50).toBeLessThan(8)
  g.up()
  expect(pointsOf(editor, 'many')[0]).toEqual([769, 449])
})
