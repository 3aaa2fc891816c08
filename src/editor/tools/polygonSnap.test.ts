import { describe, expect, it } from 'vitest'
import type { Editor } from '#editor/editor.ts'
import type { Point } from '#geometry/point.ts'
import { aBox, aPolygon, aRegion, keyOf, selectedIds, shapes } from '#testing/builders.ts'
import { clicks, drawing, drawn, edge, press, rubber } from '#testing/sketching.ts'

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

  it('Tab after the click turns what was traced, as one step that is taken back whole', () => {
    const { editor, g } = drawing([comb])
    clicks(g, [200, 100], [300, 200])
    expect(edge(editor)).toHaveLength(5)
    press(editor, 'Tab')
    expect(edge(editor)).toEqual([
      [200, 100],
      [100, 100],
      [100, 400],
      [300, 400],
      [300, 200],
    ])
    g.hover(500, 150)
    press(editor, 'Tab')
    expect(edge(editor)).toContainEqual([250, 150])
    clicks(g, [500, 100])
    // a straight line since: there is no other way any more
    press(editor, 'Tab')
    expect(edge(editor)).toHaveLength(6)
    editor.undo()
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

describe('tracing where neighbours share a border', () => {
  // they share the border with the corners 300,100 · 320,200 · 300,300
  const left = aRegion('left', aPolygon([100, 100], [300, 100], [320, 200], [300, 300], [100, 300], [60, 200]))
  const right = aRegion('right', aPolygon([300, 100], [500, 100], [540, 200], [500, 300], [300, 300], [320, 200]))

  it.each<[string, ReturnType<typeof aRegion>[]]>([
    ['below', [left, right]],
    ['above', [right, left]],
  ])('follows the one that holds both places, be it %s', (_, regions) => {
    const { editor, g } = drawing(regions)
    clicks(g, [60, 200])
    g.hover(301, 301)
    expect(rubber(editor)).toEqual([
      [60, 200],
      [100, 300],
      [300, 300],
    ])
    editor.cancel()
    clicks(g, [540, 200])
    g.hover(301, 301)
    expect(rubber(editor)).toEqual([
      [540, 200],
      [500, 300],
      [300, 300],
    ])
  })

  it('between two shared places Tab takes every way in turn, first that along which one came', () => {
    const { editor, g } = drawing([left, right])
    clicks(g, [500, 100], [300, 100])
    g.hover(300, 300)
    const way = () => rubber(editor).slice(1, -1).map(String)
    expect(way()).toEqual(['320,200'])
    press(editor, 'Tab')
    expect(way()).toEqual(['500,100', '540,200', '500,300'])
    press(editor, 'Tab')
    expect(way()).toEqual(['100,100', '60,200', '100,300'])
    press(editor, 'Tab')
    expect(way()).toEqual(['320,200'])
  })

  it('never goes round to the very place it starts at', () => {
    const { editor, g } = drawing([left])
    clicks(g, [60, 200])
    g.hover(61, 200)
    expect(rubber(editor)).toHaveLength(2)
    expect(editor.state.draft.readout).toBeUndefined()
    expect(editor.state.draft.sketch?.strokes.some(({ look }) => look === 'other')).toBe(false)
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
