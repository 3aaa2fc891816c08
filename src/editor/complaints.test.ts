import { describe, expect, it } from 'vitest'
import { holesOf } from '#geometry/components.ts'
import { aBox, anEditor, aPolygon, aRegion, keyOf, selectedIds, shapeOf, shapes } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import { workOf } from '#testing/work.ts'

// What users of other tools wrote that hinders them, by the thread; docs/complaints.md has the others.

const painting = () => {
  const editor = anEditor()
  editor.setTool('brush')
  editor.setConcept('car')
  return { editor, g: gesture(editor) }
}

describe('undo', () => {
  it('CVAT#11113: is offered while a mask is being painted, and takes back that stroke alone', () => {
    const { editor, g } = painting()
    g.down(100, 100).drag(150, 100).up()
    g.down(300, 300).drag(350, 300)
    expect(editor.state.canUndo).toBe(true)
    editor.undo()
    expect(shapes(editor)).toHaveLength(1)
    g.up()
    expect(editor.state.canUndo).toBe(true)
    editor.undo()
    expect(shapes(editor)).toEqual([])
  })

  it('CVAT#11059: redo sets the property that was undone, and no other', () => {
    const editor = anEditor({ regions: [aRegion('a', aBox(0, 0, 50, 50), { concept: 'car' })] })
    editor.select([keyOf('a')])
    editor.setConceptOf([keyOf('a')], 'tree')
    editor.setAttribute([keyOf('a')], 'colour', 'red')
    editor.nudge(10, 0)
    const facts = () => {
      const { concepts, attributes, shape } = editor.state.regions.get(keyOf('a'))!
      return [concepts[0]?.id, attributes?.colour, shape]
    }
    const states = [facts()]
    for (let i = 0; i < 3; i++) {
      editor.undo()
      states.unshift(facts())
    }
    expect(states).toEqual([
      ['car', undefined, aBox(0, 0, 50, 50)],
      ['tree', undefined, aBox(0, 0, 50, 50)],
      ['tree', 'red', aBox(0, 0, 50, 50)],
      ['tree', 'red', aBox(10, 0, 50, 50)],
    ])
    for (const state of states.slice(1)) {
      editor.redo()
      expect(facts()).toEqual(state)
    }
  })

  it('LSF#320: one press takes back one thing, whatever the tool', () => {
    const editor = anEditor()
    const g = gesture(editor)
    editor.setTool('box')
    g.down(10, 10).drag(60, 60).up()
    editor.setTool('polygon')
    for (const [x, y] of [
      [200, 200],
      [300, 200],
      [300, 300],
    ] as const)
      g.wait(600).click(x, y)
    editor.finish()
    editor.setTool('brush')
    g.down(500, 500).drag(560, 500).up()
    expect(shapes(editor)).toHaveLength(3)
    for (const left of [2, 1, 0]) {
      editor.undo()
      expect(shapes(editor)).toHaveLength(left)
    }
  })

  it('LME#591: an intricate polygon that was undone by mistake is brought back whole', () => {
    const points = Array.from({ length: 200 }, (_, i): [number, number] => [
      500 + 300 * Math.cos((i * Math.PI) / 100),
      400 + (250 + 20 * (i % 2)) * Math.sin((i * Math.PI) / 100),
    ])
    const editor = anEditor()
    editor.addAll([{ shape: aPolygon(...points), concepts: [] }])
    const [shape] = shapes(editor)
    editor.undo()
    expect(shapes(editor)).toEqual([])
    editor.redo()
    expect(shapes(editor)).toEqual([shape])
  })
})

describe('labels', () => {
  it('CVAT#3132: the label and the tool stay for the next shape, without a question', () => {
    const editor = anEditor()
    const asked: unknown[] = []
    editor.onAsk((ask) => asked.push(ask))
    editor.setConcept('car')
    editor.setTool('box')
    const g = gesture(editor)
    g.down(10, 10).drag(60, 60).up()
    g.wait(1000).down(100, 100).drag(160, 160).up()
    expect([editor.state.tool, editor.state.concept, asked]).toEqual(['box', 'car', []])
    expect([...editor.state.regions.values()].map(({ concepts }) => concepts[0]?.id)).toEqual(['car', 'car'])
  })

  it('MS#128: a label’s key relabels what is selected and is active from then on', () => {
    const editor = anEditor({ regions: [aRegion('a', aBox(0, 0, 50, 50), { concept: 'car' })] })
    editor.select([keyOf('a')])
    editor.pickConcept('tree')
    expect(editor.state.regions.get(keyOf('a'))?.concepts).toEqual([{ id: 'tree', value: 1 }])
    expect(editor.state.concept).toBe('tree')
  })
})

describe('masks', () => {
  it('COCOA#351, COCOA#324: an eraser that takes everything leaves no broken mask, and it comes back', () => {
    const { editor, g } = painting()
    g.down(100, 100).drag(200, 100).up()
    const [mask] = shapes(editor)
    editor.setTool('eraser')
    editor.setBrush({ size: 200 })
    g.down(90, 100).drag(210, 100).up()
    expect(shapes(editor)).toEqual([])
    editor.undo()
    expect(shapes(editor)).toEqual([mask])
  })

  it('COCOA#150: a long stroke over itself costs what is new of it: an hour is as quick as a minute', () => {
    const { editor, g } = painting()
    editor.setBrush({ size: 5 })
    const scribble = (from: number) =>
      workOf(() => {
        for (let i = from; i < from + 2000; i++) g.drag(300 + ((i * 37) % 200), 300 + ((i * 53) % 200))
      })
    g.down(300, 300)
    const first = scribble(0)
    for (let i = 1; i < 4; i++) scribble(i * 2000)
    const last = scribble(8000)
    g.up()
    // no growth: ten times would be a picture that is looked at whole, or a path that is never forgotten
    expect(last).toBeLessThan(10 * first + 100)
    expect(shapes(editor)).toHaveLength(1)
  })

  it('CVAT#7520: stray pixels are no polygons of their own, and holes are kept', () => {
    const { editor, g } = painting()
    g.down(200, 200).drag(400, 200).drag(400, 400).drag(200, 400).drag(200, 200).up()
    editor.setBrush({ size: 1 })
    g.down(700, 700).up()
    editor.removeIslands()
    editor.toPolygon()
    editor.applyConverting()
    expect(shapes(editor)).toHaveLength(1)
    const [polygon] = shapes(editor)
    expect(polygon).toMatchObject({ kind: 'polygon' })
    expect(polygon?.kind === 'polygon' && polygon.holes).toHaveLength(1)
  })

  it('holes survive mask → polygon → mask within one pixel', () => {
    const { editor, g } = painting()
    g.down(200, 200).drag(400, 200).drag(400, 400).drag(200, 400).drag(200, 200).up()
    const [before] = shapes(editor)
    editor.selectAll()
    editor.toPolygon()
    editor.applyConverting()
    editor.selectAll()
    editor.toMask()
    const [after] = shapes(editor)
    if (before?.kind !== 'mask' || after?.kind !== 'mask') throw new Error('no masks')
    expect(holesOf(after)).toHaveLength(1)
    for (const side of ['x', 'y', 'w', 'h'] as const)
      expect(Math.abs(after[side] - before[side])).toBeLessThanOrEqual(1)
  })
})

it('Roboflow t/4290: boxes by two clicks, one over another, without a question, the tool in hand, and undo', () => {
  const editor = anEditor({ regions: [aRegion('under', aBox(100, 100, 300, 300))] })
  const asked: unknown[] = []
  editor.onAsk((ask) => asked.push(ask))
  editor.setConcept('car')
  editor.setTool('box')
  const g = gesture(editor).click(150, 150).wait(600).click(250, 250).wait(600)
  g.down(200, 200).drag(300, 300).up()
  expect(shapes(editor).slice(1)).toEqual([aBox(150, 150, 100, 100), aBox(200, 200, 100, 100)])
  expect([editor.state.tool, shapeOf(editor, 'under'), asked]).toEqual(['box', aBox(100, 100, 300, 300), []])
  editor.undo()
  expect(shapes(editor)).toHaveLength(2)
})

it('LS#105: a shape that is not selected does not move by a drag that was meant for something else', () => {
  const editor = anEditor({ regions: [aRegion('a', aPolygon([100, 100], [300, 100], [300, 300]))] })
  const before = shapeOf(editor, 'a')
  gesture(editor).down(250, 150).drag(280, 180).up()
  expect(shapeOf(editor, 'a')).toBe(before)
  expect(selectedIds(editor)).toEqual([])
})
