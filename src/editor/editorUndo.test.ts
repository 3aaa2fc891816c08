import { describe, expect, it } from 'vitest'
import { aBox, anEditor, aRegion, byKey, keyOf, selectedIds, shapeOf } from '#testing/builders.ts'
import type { Editor } from './editor.ts'
import type { Notice, Origin } from './editorCore.ts'

const one = aRegion('one', aBox(100, 100, 100, 100), { concept: 'car' })
const two = aRegion('two', aBox(300, 100, 100, 100), { concept: 'car' })

function noticesOf(editor: Editor): Notice[] {
  const notices: Notice[] = []
  editor.onNotice((notice) => notices.push(notice))
  return notices
}

describe('undo and redo', () => {
  it('take back and bring back, with the selection that belonged to it', () => {
    const editor = anEditor({ regions: [one, two] })
    const origins: [Origin, number][] = []
    editor.onCommit((change, origin) => origins.push([origin, change.size]))
    editor.select([two.key])
    editor.deleteSelected()
    editor.select([one.key])
    expect(editor.undo()).toEqual({ done: true })
    expect(selectedIds(editor)).toEqual(['two'])
    expect(editor.state.regions.size).toBe(2)
    editor.redo()
    expect(selectedIds(editor)).toEqual([])
    expect(editor.state).toMatchObject({ canUndo: true, canRedo: false })
    expect(origins).toEqual([
      ['user', 1],
      ['undo', 1],
      ['redo', 1],
    ])
  })

  it('have no end', () => {
    const clock = { now: 0 }
    const editor = anEditor({ regions: [one], clock })
    editor.select([one.key])
    for (let i = 0; i < 500; i++) {
      clock.now += 1000
      editor.nudge(1, 0)
    }
    let steps = 0
    while (editor.undo().done) steps++
    expect(steps).toBe(500)
    expect(shapeOf(editor, 'one')).toEqual(one.shape)
  })

  it('merge nudges and drags of the same regions within 250 ms, and nothing else', () => {
    const clock = { now: 0 }
    const editor = anEditor({ regions: [one, two], clock })
    const past = () => editor.history().past.length
    editor.select([one.key])
    editor.nudge(1, 0)
    clock.now += 250
    editor.nudge(1, 0)
    clock.now += 200
    editor.resizeBy(5, 5)
    expect(past()).toBe(1)
    clock.now += 251
    editor.nudge(1, 0)
    expect(past()).toBe(2)
    editor.select([two.key])
    editor.nudge(1, 0)
    expect(past()).toBe(3)
    editor.setConceptOf([two.key], 'bus')
    editor.nudge(1, 0)
    expect(past()).toBe(5)
    for (let i = 0; i < 4; i++) editor.undo()
    expect(shapeOf(editor, 'one')).toEqual(aBox(102, 100, 105, 105))
    editor.undo()
    expect(shapeOf(editor, 'one')).toEqual(one.shape)
  })

  it('do not merge a nudge into a step that was undone and redone', () => {
    const editor = anEditor({ regions: [one] })
    editor.select([one.key])
    editor.nudge(1, 0)
    editor.undo()
    editor.redo()
    editor.nudge(1, 0)
    expect(editor.history().past).toHaveLength(2)
  })

  it('skip a whole step when a region of it was changed by somebody else, and say so', () => {
    const editor = anEditor({ regions: [one, two] })
    const notices = noticesOf(editor)
    editor.setConceptOf([one.key, two.key], 'bus')
    editor.load(byKey(editor.state.regions.get(one.key)!, { ...two, shape: aBox(0, 0, 50, 50) }))
    const { regions } = editor.state
    expect(editor.undo()).toEqual({
      done: false,
      skipped: 'Undo skipped a step: a region of it was changed elsewhere since.',
    })
    expect(editor.state.regions).toBe(regions)
    expect(notices).toEqual([{ text: 'Undo skipped a step: a region of it was changed elsewhere since.' }])
    expect(editor.undo()).toEqual({ done: false })
  })

  it('skip a step whose region somebody else deleted', () => {
    const editor = anEditor({ regions: [one] })
    editor.setConceptOf([one.key], 'bus')
    editor.load(byKey())
    expect(editor.undo().skipped).toContain('deleted elsewhere since')
  })

  it('skip a step when the right was lost', () => {
    let reason: string | undefined
    const editor = anEditor({ regions: [one], canEdit: () => reason })
    editor.setConceptOf([one.key], 'bus')
    reason = 'Ben is reviewing this.'
    expect(editor.undo()).toEqual({ done: false, skipped: 'Undo skipped a step: Ben is reviewing this.' })
    expect(editor.state.regions.get(one.key)!.concepts[0]!.id).toBe('bus')
  })

  it('are not disturbed by rounding to float32, nor undo a verdict', () => {
    const editor = anEditor({ regions: [one] })
    editor.select([one.key])
    editor.nudge(0.3, 0)
    const now = editor.state.regions.get(one.key)!
    editor.load(byKey({ ...now, shape: aBox(Math.fround(100.3 / 1000) * 1000, 100, 100, 100), status: 24157 }))
    expect(editor.undo().done).toBe(true)
    expect(editor.state.regions.get(one.key)).toMatchObject({ shape: one.shape, status: 24157 })
  })

  it('work on locked regions, and not where all is read-only', () => {
    const editor = anEditor({ regions: [one] })
    editor.setConceptOf([one.key], 'bus')
    editor.setLocked([one.key], true)
    expect(editor.undo().done).toBe(true)
    editor.setReadOnly('Submitted.')
    expect(editor.redo()).toEqual({ done: false, skipped: 'Submitted.' })
    editor.setReadOnly(undefined)
    expect(editor.redo().done).toBe(true)
  })

  it('forget the undone when something new is done', () => {
    const editor = anEditor({ regions: [one] })
    editor.setConceptOf([one.key], 'bus')
    editor.undo()
    editor.setConceptOf([one.key], 'tram')
    expect(editor.redo()).toEqual({ done: false })
    expect(editor.state.canRedo).toBe(false)
  })

  it('survive being stored and a reload', () => {
    const editor = anEditor({ regions: [one, two] })
    editor.select([one.key])
    editor.nudge(10, 0)
    editor.deleteSelected()
    editor.undo()
    const saved = structuredClone(editor.history())
    const again = anEditor({ regions: [...editor.state.regions.values()] })
    again.restoreHistory(saved)
    expect(again.state).toMatchObject({ canUndo: true, canRedo: true })
    again.redo()
    expect(again.state.regions.has(one.key)).toBe(false)
    again.undo()
    again.undo()
    expect(shapeOf(again, 'one')).toEqual(one.shape)
    expect(selectedIds(again)).toEqual(['one'])
  })
})

it('brings what was deleted back to where it lay among the others, also when more has been drawn since', () => {
  const ids = ['a', 'b', 'c', 'd']
  const editor = anEditor({ regions: ids.map((id, i) => aRegion(id, aBox(i * 60, 10, 50, 50))) })
  const order = () => editor.state.order.map((key) => editor.state.regions.get(key)?.id)
  editor.select(['b', 'c'].map(keyOf))
  editor.deleteSelected()
  expect(order()).toEqual(['a', 'd'])
  editor.undo()
  expect(order()).toEqual(ids)
  expect([...editor.state.regions.values()].map(({ id }) => id)).toEqual(ids)
  editor.redo()
  editor.undo()
  expect(order()).toEqual(ids)
})
