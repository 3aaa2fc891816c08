import { expect, it } from 'vitest'
import { aBox, anEditor, aRegion, keyOf, selectedIds, shapes } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'

function pointing(regions = [aRegion('old', { kind: 'point', x: 300, y: 300 })]) {
  const editor = anEditor({ regions })
  editor.setConcept('car')
  editor.setTool('point')
  return { editor, g: gesture(editor) }
}

it('sets a point with a click, selected and labelled; the tool stays', () => {
  const { editor, g } = pointing([])
  g.click(120.5, 80)
  expect(shapes(editor)).toEqual([{ kind: 'point', x: 120.5, y: 80 }])
  expect([...editor.state.regions.values()][0]?.concepts).toEqual([{ id: 'car', value: 1 }])
  expect(editor.state.selected.size).toBe(1)
  expect(editor.state.tool).toBe('point')
})

it('sets it where the button is let go, inside the image', () => {
  const { editor, g } = pointing([])
  g.down(900, 700).drag(950, 790)
  expect(editor.state.draft.shapes[0]?.shape).toEqual({ kind: 'point', x: 950, y: 790 })
  g.drag(1200, 900).up()
  expect(shapes(editor)).toEqual([{ kind: 'point', x: 1000, y: 800 }])
})

it('sets one for a double click', () => {
  const { editor, g } = pointing([])
  g.doubleClick(100, 100)
  expect(editor.state.regions.size).toBe(1)
})

it('Alt+click deletes the nearest, and nothing but points', () => {
  const { editor, g } = pointing([
    aRegion('old', { kind: 'point', x: 300, y: 300 }),
    aRegion('near', { kind: 'point', x: 310, y: 300 }),
    aRegion('box', aBox(250, 250, 100, 100)),
  ])
  g.hold('alt').hover(307, 300)
  expect(editor.state.hovered).toBe(keyOf('near'))
  g.click(307, 300).wait(500)
  expect([...editor.state.regions.keys()]).toEqual([keyOf('old'), keyOf('box')])
  g.click(260, 260)
  expect(editor.state.regions.size).toBe(2)
  editor.undo()
  expect(editor.state.regions.size).toBe(3)
})

it('Esc and a lost pointer set none', () => {
  const { editor, g } = pointing([])
  g.down(100, 100).drag(200, 200)
  editor.cancel()
  g.up()
  g.down(100, 100).drag(200, 200).cancel()
  expect(editor.state.regions.size).toBe(0)
})

it('is moved with Select once it is selected', () => {
  const { editor, g } = pointing()
  editor.setTool('select')
  g.click(302, 301).wait(500)
  expect(selectedIds(editor)).toEqual(['old'])
  g.down(301, 300).drag(351, 330).up()
  expect(shapes(editor)).toEqual([{ kind: 'point', x: 350, y: 330 }])
})
