import { expect, it } from 'vitest'
import { maskArea } from '#geometry/mask.ts'
import type { Mask, Shape } from '#geometry/shape.ts'
import { aBox, anEditor, aRegion, keyOf, shapes } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'

function carrying() {
  const editor = anEditor({
    regions: [aRegion('a', aBox(100, 100, 40, 20), { concept: 'car', attributes: { colour: 'red' } })],
  })
  editor.select([keyOf('a')])
  editor.carry(editor.copy())
  return editor
}

it('hangs under the pointer by its middle, and a click places it', () => {
  const editor = carrying()
  expect(editor.state.tool).toBe('ghost')
  const pointer = gesture(editor).hover(400, 300)
  expect(editor.state.draft.shapes.map(({ shape }) => shape)).toEqual([aBox(380, 290, 40, 20)])
  pointer.click(500, 300)
  expect(shapes(editor)).toEqual([aBox(100, 100, 40, 20), aBox(480, 290, 40, 20)])
  expect(editor.state.tool).toBe('select')
  const [key] = editor.state.selected
  expect(editor.state.regions.get(key!)).toMatchObject({
    concepts: [{ id: 'car', value: 1 }],
    attributes: { colour: 'red' },
  })
  editor.undo()
  expect(shapes(editor)).toEqual([aBox(100, 100, 40, 20)])
})

it('places more than once with Shift, each a step, and keeps what it places inside the image', () => {
  const editor = carrying()
  gesture(editor).hold('shift').click(400, 300).wait(1000).click(995, 795).release('shift')
  expect(editor.state.tool).toBe('ghost')
  expect(shapes(editor)).toEqual([aBox(100, 100, 40, 20), aBox(380, 290, 40, 20), aBox(960, 780, 40, 20)])
  expect(editor.cancel()).toBe(true)
  expect(editor.state.tool).toBe('select')
  expect(shapes(editor)).toHaveLength(3)
})

it('ignores text that is no regions, and places nothing where nothing may be changed', () => {
  const editor = carrying()
  editor.setTool('select')
  editor.carry('hello')
  expect(editor.state.tool).toBe('select')
  editor.setReadOnly('Approved.')
  editor.carry(editor.copy())
  expect(editor.state.tool).toBe('select')
})

it('carries masks as they are, and cuts them at the border', () => {
  const mask: Shape = { kind: 'mask', x: 100, y: 100, w: 3, h: 2, runs: Uint32Array.from([1, 4, 1]) }
  const editor = anEditor({ regions: [aRegion('m', mask)] })
  editor.select([keyOf('m')])
  const copied = editor.copy()
  const other = anEditor()
  other.paste(copied)
  expect(shapes(other)).toEqual([mask])
  const narrow = anEditor({ size: { width: 102, height: 800 } })
  narrow.paste(copied)
  expect(maskArea(shapes(narrow)[0] as Mask)).toBeGreaterThan(0)
  const spoilt = copied.replace('[1,4,1]', '[1,400,1]')
  expect(spoilt).not.toBe(copied)
  other.paste(spoilt)
  expect(shapes(other)).toHaveLength(1)
})
