import { describe, expect, it } from 'vitest'
import type { Editor } from '#editor/editor.ts'
import type { Gesture } from '#testing/gesture.ts'
import { clicks, drawing, drawn, edge, press, triangle } from '#testing/sketching.ts'

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
