import { expect, it } from 'vitest'
import { aBox, anEditor, aRegion, keyOf } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'

const own = 'own'
const tags = (editor: ReturnType<typeof anEditor>) => Object.fromEntries(editor.state.tags)
const open = () => anEditor({ ownTags: own, regions: [aRegion('a', aBox(10, 10, 50, 50))] })

it('takes back concepts of the whole image and regions in the order they were made', () => {
  const editor = open()
  editor.setTag('street', 1)
  editor.setTool('box')
  gesture(editor).down(200, 200).drag(260, 260).up()
  editor.setTag('street', 0)
  expect(tags(editor)).toEqual({ 'own/street': 0 })
  editor.undo()
  expect(tags(editor)).toEqual({ 'own/street': 1 })
  editor.undo()
  expect(editor.state.regions.size).toBe(1)
  editor.undo()
  expect(tags(editor)).toEqual({})
  expect(editor.state.canUndo).toBe(false)
  editor.redo()
  editor.redo()
  editor.redo()
  expect(tags(editor)).toEqual({ 'own/street': 0 })
  expect(editor.state.regions.size).toBe(2)
})

it('drops the mark of emptiness in the same step as the region that is drawn', () => {
  const editor = anEditor({ ownTags: own })
  editor.markEmpty(true)
  editor.setTool('box')
  gesture(editor).down(200, 200).drag(260, 260).up()
  expect(editor.markedEmpty).toBe(false)
  editor.undo()
  expect(editor.markedEmpty).toBe(true)
  expect(editor.state.regions.size).toBe(0)
  editor.setTag('street', 0)
  expect(editor.markedEmpty).toBe(true)
  editor.setTag('street', 1)
  expect(editor.markedEmpty).toBe(false)
  editor.undo()
  expect(editor.markedEmpty).toBe(true)
})

it('skips a step whose concept somebody else has changed since, and says so', () => {
  const editor = open()
  const told: string[] = []
  editor.onNotice(({ text }) => told.push(text))
  editor.setTag('street', 1)
  editor.load(editor.state.regions, new Map([['own/street', 0]]))
  expect(editor.undo().done).toBe(false)
  expect(tags(editor)).toEqual({ 'own/street': 0 })
  expect(told).toEqual(['Undo skipped a step: a concept of the image was changed meanwhile.'])
})

it('restores the same history after a reload', () => {
  const editor = open()
  editor.setTag('street', 1)
  editor.select([keyOf('a')])
  editor.nudge(5, 0)
  const again = open()
  again.load(editor.state.regions, editor.state.tags)
  again.restoreHistory(structuredClone(editor.history()))
  again.undo()
  again.undo()
  expect(tags(again)).toEqual({})
  expect(again.state.regions.get(keyOf('a'))?.shape).toEqual(aBox(10, 10, 50, 50))
})

it('says several things of the image as one step, and of somebody else’s annotation too', () => {
  const editor = open()
  editor.load(editor.state.regions, new Map([['theirs/cat', 1]]))
  editor.setTags([
    ['dog', 1],
    ['fox', 0],
  ])
  editor.setTag('cat', undefined, 'theirs')
  expect(tags(editor)).toEqual({ 'own/dog': 1, 'own/fox': 0 })
  editor.undo()
  expect(tags(editor)).toEqual({ 'theirs/cat': 1, 'own/dog': 1, 'own/fox': 0 })
  editor.undo()
  expect(tags(editor)).toEqual({ 'theirs/cat': 1 })
})

it('changes nothing where nothing may be changed', () => {
  const editor = open()
  editor.setReadOnly('Approved.')
  editor.setTag('dog', 1)
  editor.markEmpty(true)
  expect(tags(editor)).toEqual({})
})
