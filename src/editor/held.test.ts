import { describe, expect, it } from 'vitest'
import { BEING_READ } from '#geometry/shape.ts'
import type { Region } from '#model/region.ts'
import { aBox, anEditor, aRegion, byKey, keyOf, selectedIds, shapeOf } from '#testing/builders.ts'
import type { Editor } from './editor.ts'

const unread = { kind: 'asReceived', what: 'mask', points: [], why: BEING_READ } as const
const maskTo = (w: number) => ({ kind: 'mask', x: 0, y: 0, w, h: 1, runs: Uint32Array.of(0, w) }) as const
const painted = [10, 20, 30].map((w) => aRegion('mask', maskTo(w)))
const box = aRegion('box', aBox(300, 100, 100, 100))
const asOpened = aRegion('mask', unread)
const all = (editor: Editor) => [...editor.state.regions.values()].map(({ id }) => id)
const draw = (editor: Editor, region: Region) => editor.commit(new Map([[region.key, { after: region }]]))

/** A mask was painted in three strokes, and the image has just been opened again: history without regions read. */
function history() {
  const before = anEditor()
  for (const [i, after] of painted.entries()) {
    before.commit(new Map([[after.key, i > 0 ? { before: painted[i - 1]!, after } : { after }]]))
  }
  return structuredClone(before.history())
}

function opened(regions: readonly Region[] = [asOpened]) {
  const editor = anEditor({ regions })
  editor.restoreHistory(history())
  const notices: string[] = []
  editor.onNotice(({ text }) => notices.push(text))
  return { editor, notices }
}

describe('undo in the first moment after opening', () => {
  it('waits for the mask that is being read, and is then done as often as it was asked for', () => {
    const { editor, notices } = opened()
    expect(editor.undo()).toEqual({ done: false, waits: true })
    expect(editor.undo()).toEqual({ done: false, waits: true })
    expect(shapeOf(editor, 'mask')).toEqual(unread)
    editor.load(byKey(painted[2]!))
    expect(shapeOf(editor, 'mask')).toEqual(painted[0]!.shape)
    expect(editor.redo()).toEqual({ done: true })
    expect(shapeOf(editor, 'mask')).toEqual(painted[1]!.shape)
    expect(notices).toEqual([])
  })

  it('is taken back by redo that is pressed meanwhile', () => {
    const { editor } = opened()
    editor.undo()
    editor.undo()
    editor.redo()
    editor.load(byKey(painted[2]!))
    expect(shapeOf(editor, 'mask')).toEqual(painted[1]!.shape)
  })

  it('leaves alone what was drawn after it was pressed, which undo takes back first', () => {
    const { editor } = opened()
    editor.undo()
    draw(editor, box)
    editor.load(byKey(painted[2]!, box))
    expect(all(editor)).toEqual(['mask', 'box'])
    expect(shapeOf(editor, 'mask')).toEqual(painted[1]!.shape)
    editor.undo()
    expect(all(editor)).toEqual(['mask'])
    editor.undo()
    expect(shapeOf(editor, 'mask')).toEqual(painted[0]!.shape)
  })

  it('takes back at once what was drawn while an earlier one waits', () => {
    const { editor } = opened()
    editor.undo()
    draw(editor, box)
    expect(editor.undo()).toEqual({ done: true })
    expect(all(editor)).toEqual(['mask'])
    editor.load(byKey(painted[2]!))
    expect(shapeOf(editor, 'mask')).toEqual(painted[1]!.shape)
  })

  it('waits for the regions, and for the history', () => {
    const early = anEditor({ loaded: false })
    early.setHistoryComing(true)
    early.undo()
    early.restoreHistory(history())
    early.setHistoryComing(false)
    early.load(byKey(asOpened))
    early.load(byKey(painted[2]!))
    expect(shapeOf(early, 'mask')).toEqual(painted[1]!.shape)

    const none = anEditor()
    none.setHistoryComing(true)
    draw(none, box)
    none.undo()
    none.undo()
    none.setHistoryComing(false)
    expect(all(none)).toEqual([])
    expect(none.undo()).toEqual({ done: false })
  })

  it('says so when the mask cannot be read, or is another one', () => {
    for (const shape of [{ ...unread, why: 'the mask is no PNG or JPEG' }, maskTo(77)]) {
      const { editor, notices } = opened()
      editor.undo()
      editor.load(byKey(aRegion('mask', shape)))
      expect(shapeOf(editor, 'mask')).toEqual(shape)
      expect(notices).toEqual(['Undo skipped a step: a region of it was changed elsewhere since.'])
    }
  })

  it('is about no other region: what is there is taken back at once', () => {
    const { editor } = opened([asOpened, box])
    editor.select([keyOf('box')])
    editor.deleteSelected()
    expect(editor.undo()).toEqual({ done: true })
    expect(selectedIds(editor)).toEqual(['box'])
  })
})
