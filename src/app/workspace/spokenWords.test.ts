import { expect, it } from 'vitest'
import { aBox, anEditor, aPolygon, aRegion, keyOf } from '#testing/builders.ts'
import { press } from '#testing/contours.ts'
import { spokenOf, spokenTags } from './spokenWords.ts'

const labelOf = ({ concepts: [first] }: { readonly concepts: readonly { readonly id: string }[] }) =>
  first?.id ?? 'none'

/** An editor, and what is said of each thing that is done with it. */
function listening() {
  const editor = anEditor({
    regions: [aRegion('car', aBox(10, 20, 50, 40)), aRegion('tree', aPolygon([200, 10], [250, 10], [250, 60]))],
  })
  const after = (act: () => void) => {
    const before = editor.state
    act()
    return spokenOf(before, editor.state, labelOf, (id) => `the ${id}`)
  }
  return { editor, after }
}

it('tells what a box drawn by keyboard is at and becomes', () => {
  const { editor, after } = listening()
  editor.setConcept('cat')
  expect(after(() => editor.drawByKeyboard())).toMatch(/^At \d+, \d+\. Arrows move, Enter sets the first corner$/)
  expect(after(() => editor.finish())).toMatch(/^First corner at \d+, \d+\. Arrows move/)
  const steps = [...Array(3).fill('Shift+ArrowRight'), ...Array(2).fill('Shift+ArrowDown')]
  const move = () => {
    for (const key of steps) press(editor, key)
  }
  expect(after(move)).toBe('30 by 20')
  expect(after(() => editor.finish())).toMatch(/^Drawn: cat, box, 30 by 20 at \d+, \d+$/)
  expect(after(() => editor.drawByKeyboard())).toMatch(/^At/)
  expect(after(() => editor.cancel())).toBe('Not drawn')
})

it('tells the tool, what is selected, and where it was moved', () => {
  const { editor, after } = listening()
  const label = labelOf(editor.state.regions.get(keyOf('car'))!)
  expect(after(() => editor.setTool('polygon'))).toBe('Polygon')
  expect(after(() => editor.setTool('select'))).toBe('Select')
  expect(after(() => editor.select([keyOf('car')]))).toBe(`${label}, box, 50 by 40 at 10, 20`)
  expect(after(() => press(editor, 'ArrowRight'))).toBe('50 by 40 at 11, 20')
  editor.setLocked([keyOf('tree')], true)
  expect(after(() => editor.select([keyOf('tree')]))).toBe(`${label}, polygon, 50 by 50 at 200, 10, locked`)
  expect(after(() => editor.select([keyOf('car'), keyOf('tree')]))).toBe('2 regions selected')
  expect(after(() => editor.select([]))).toBe('Nothing selected')
  expect(after(() => editor.fit())).toBeUndefined()
})

it('tells the concept that comes next, and what is locked and hidden', () => {
  const { editor, after } = listening()
  expect(after(() => editor.pickConcept('cat'))).toBe('Next: the cat')
  expect(after(() => editor.pickConcept('cat'))).toBeUndefined()
  expect(after(() => editor.setConcept(undefined))).toBe('Next: no concept')
  expect(after(() => editor.setHidden([keyOf('car'), keyOf('tree')], true))).toBe('2 hidden')
  expect(after(() => editor.setHidden([keyOf('tree')], false))).toBe('1 shown')
  expect(after(() => editor.setLocked([keyOf('car')], true))).toBe('1 locked')
  expect(after(() => editor.setLocked([keyOf('car')], false))).toBe('1 unlocked')
})

it('tells what is said of the whole image', () => {
  const { editor } = listening()
  const heard: (string | undefined)[] = []
  editor.onCommit((_, __, tags) => heard.push(tags && spokenTags(tags, (id) => `the ${id}`)))
  editor.setTag('cat', 1)
  editor.setTag('cat', 0)
  editor.setTag('cat', undefined)
  editor.setTags([
    ['cat', 1],
    ['dog', 0],
  ])
  expect(heard).toEqual([
    'the cat: in the image',
    'the cat: not in the image',
    'the cat: taken back',
    'the cat: in the image, the dog: not in the image',
  ])
})
