import { describe, expect, it } from 'vitest'
import { area, bounds, type Polygon } from '#geometry/shape.ts'
import { aBox, anEditor, aPolygon, aRegion, keyOf, selectedIds, shapeOf, shapes } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import { editorCommands } from './commands.ts'
import type { Editor } from './editor.ts'

const press = (editor: Editor, key: string) => {
  const command = editorCommands.find(({ keys }) => keys.includes(key))!
  if (command.whyNot(editor.state) === undefined) command.run(editor)
}

const a = () => aRegion('a', aPolygon([100, 100], [300, 100], [300, 300], [100, 300]), { concept: 'car' })
const b = () => aRegion('b', aBox(200, 200, 200, 200), { concept: 'tree' })
const far = () => aRegion('far', aBox(700, 600, 50, 50), { concept: 'dog' })

function chosen(...ids: readonly string[]) {
  const editor = anEditor({ regions: [a(), b(), far()] })
  editor.select(ids.map(keyOf))
  const told: string[] = []
  editor.onNotice(({ text }) => told.push(text))
  return { editor, told }
}

const conceptOf = (editor: Editor, id: string) => editor.state.regions.get(keyOf(id))?.concepts[0]?.id

describe('combining', () => {
  it('says when a region goes that somebody may want to keep, and only then', () => {
    const united = chosen('a', 'b')
    press(united.editor, 'U')
    expect(united.told).toEqual(['A region with other concepts went into the one selected first.'])
    const cut = chosen('a', 'b')
    press(cut.editor, 'Shift+U')
    expect(cut.told).toEqual(['Subtracted. The region that cut is gone.'])
    const { editor, told } = chosen('a', 'b')
    editor.select([keyOf('b')])
    editor.pickConcept('car')
    editor.select([keyOf('a'), keyOf('b')])
    press(editor, 'U')
    expect(told).toEqual([])
  })

  it('U unites polygons and boxes into the first, with its concept, as one step', () => {
    const { editor } = chosen('a', 'b')
    press(editor, 'U')
    expect(area(shapeOf(editor, 'a')!)).toBeCloseTo(70_000)
    expect(shapeOf(editor, 'b')).toBeUndefined()
    expect(conceptOf(editor, 'a')).toBe('car')
    expect(selectedIds(editor)).toEqual(['a'])
    editor.undo()
    expect(['a', 'b', 'far'].map((id) => shapeOf(editor, id))).toEqual([a().shape, b().shape, far().shape])
    expect(selectedIds(editor)).toEqual(['a', 'b'])
    expect(editor.state.canUndo).toBe(false)
    editor.redo()
    expect(area(shapeOf(editor, 'a')!)).toBeCloseTo(70_000)
  })

  it('Shift+U takes the last selected from the others', () => {
    const { editor } = chosen('a', 'b')
    press(editor, 'Shift+U')
    expect(area(shapeOf(editor, 'a')!)).toBeCloseTo(30_000)
    expect(shapeOf(editor, 'b')).toBeUndefined()
    editor.undo()
    editor.select([keyOf('b'), keyOf('a')])
    press(editor, 'Shift+U')
    expect(area(shapeOf(editor, 'b')!)).toBeCloseTo(30_000)
    expect(conceptOf(editor, 'b')).toBe('tree')
  })

  it('Alt+U keeps what is in all', () => {
    const { editor } = chosen('a', 'b')
    press(editor, 'Alt+U')
    expect(bounds(shapeOf(editor, 'a')!)).toEqual(aBox(200, 200, 100, 100))
    expect(editor.state.regions.size).toBe(2)
  })

  it('gives every piece that falls off the concept of its region', () => {
    const editor = anEditor({ regions: [a(), aRegion('bar', aBox(50, 190, 400, 20))] })
    editor.select([keyOf('a'), keyOf('bar')])
    press(editor, 'Shift+U')
    expect(editor.state.regions.size).toBe(2)
    expect([...editor.state.regions.values()].map(({ concepts }) => concepts[0]?.id)).toEqual(['car', 'car'])
    expect(editor.state.selected.size).toBe(2)
  })

  it('makes a hole where one lies inside another', () => {
    const editor = anEditor({ regions: [a(), aRegion('in', aBox(150, 150, 20, 20))] })
    editor.select([keyOf('a'), keyOf('in')])
    press(editor, 'Shift+U')
    expect((shapeOf(editor, 'a') as Polygon).holes).toHaveLength(1)
  })

  it.each([
    ['U', ['a', 'far'], /do not touch/],
    ['Alt+U', ['a', 'far'], /nothing in common/],
    ['Shift+U', ['a', 'far'], /covers none/],
  ])('%s of %j changes nothing and says why', (key, ids, why) => {
    const { editor, told } = chosen(...ids)
    press(editor, key)
    expect(told.at(-1)).toMatch(why)
    expect(editor.state.canUndo).toBe(false)
  })

  it('does nothing where one of them may not be changed', () => {
    const { editor, told } = chosen('a', 'b')
    editor.setLocked([keyOf('b')], true)
    press(editor, 'U')
    expect(told.at(-1)).toMatch(/locked/)
    expect(editor.state.regions.size).toBe(3)
  })
})

describe('cutting', () => {
  it('C, then two clicks across: pieces of the same concept, one step, Select again', () => {
    const { editor } = chosen('a')
    press(editor, 'C')
    const g = gesture(editor).click(50, 200).wait(500).hover(350, 200)
    expect(editor.state.draft.sketch?.strokes[0]).toEqual({
      points: [
        [50, 200],
        [350, 200],
      ],
      look: 'knife',
    })
    g.click(350, 200)
    const pieces = [...editor.state.regions.values()].filter(({ concepts }) => concepts[0]?.id === 'car')
    expect(pieces.map(({ shape }) => Math.round(area(shape)))).toEqual([20_000, 20_000])
    // the border is the knife's line, on both sides the same
    const onLine = pieces.flatMap(({ shape }) => (shape as Polygon).points.filter(([, y]) => y === 200))
    expect(onLine).toHaveLength(4)
    expect(new Set(onLine.map(String)).size).toBe(2)
    expect(editor.state.tool).toBe('select')
    expect(editor.state.selected.size).toBe(2)
    editor.undo()
    expect(shapeOf(editor, 'a')).toEqual(a().shape)
    expect(editor.state.regions.size).toBe(3)
  })

  it('cuts freehand while the button is held, and everything selected', () => {
    const { editor } = chosen('a', 'b')
    editor.setTool('cut')
    const g = gesture(editor).down(80, 250)
    for (let x = 90; x <= 450; x += 10) g.drag(x, 250 + 10 * Math.sin(x / 20))
    g.up()
    expect(editor.state.regions.size).toBe(5)
  })

  it('is straight with Shift', () => {
    const { editor } = chosen('a')
    editor.setTool('cut')
    gesture(editor).click(50, 200).wait(500).hold('shift').click(350, 212).release('shift')
    const lines = shapes(editor).flatMap((shape) => (shape.kind === 'polygon' ? shape.points : []))
    expect(lines.filter(([, y]) => y === 200)).toHaveLength(4)
  })

  it('says so when the line does not cross, and Esc puts the knife away', () => {
    const { editor, told } = chosen('a')
    editor.setTool('cut')
    const g = gesture(editor).click(150, 150).wait(500).click(250, 250).wait(500)
    expect(told.at(-1)).toMatch(/does not cross/)
    expect(editor.state.tool).toBe('cut')
    g.click(10, 10)
    press(editor, 'Escape')
    expect(editor.state.tool).toBe('cut')
    press(editor, 'Escape')
    expect(editor.state.tool).toBe('select')
    expect(selectedIds(editor)).toEqual(['a'])
  })
})

describe('simplifying', () => {
  const wavy = () =>
    aRegion('wavy', {
      kind: 'polygon',
      points: Array.from({ length: 200 }, (_, i) => {
        const turn = (i / 100) * Math.PI
        const r = 200 + (i % 2)
        return [400 + r * Math.cos(turn), 400 + r * Math.sin(turn)]
      }),
    })

  it('shows fewer points before it keeps them, each release one step, and goes back without loss', () => {
    const editor = anEditor({ regions: [wavy()] })
    editor.select([keyOf('wavy')])
    editor.simplify()
    expect(editor.state.simplifying?.result).toMatchObject({ points: 200, error: 0 })
    editor.setTolerance(3)
    const { points, error } = editor.state.simplifying!.result
    expect(points).toBeLessThan(60)
    expect(error).toBeGreaterThan(0.5)
    expect(error).toBeLessThanOrEqual(3)
    expect((editor.state.draft.shapes[0]!.shape as Polygon).points).toHaveLength(points)
    expect((shapeOf(editor, 'wavy') as Polygon).points).toHaveLength(200)
    editor.applySimplify()
    expect((shapeOf(editor, 'wavy') as Polygon).points).toHaveLength(points)
    editor.setTolerance(0)
    editor.applySimplify()
    expect(shapeOf(editor, 'wavy')).toEqual(wavy().shape)
  })

  it('ends with another selection or change', () => {
    const editor = anEditor({ regions: [wavy(), far()] })
    editor.select([keyOf('wavy')])
    editor.simplify()
    editor.nudge(1, 0)
    expect(editor.state.simplifying).toBeUndefined()
    editor.simplify()
    editor.select([keyOf('far')])
    expect(editor.state.simplifying).toBeUndefined()
    expect(editor.state.draft.shapes).toEqual([])
  })
})
