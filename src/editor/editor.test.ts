import { describe, expect, it } from 'vitest'
import { aBox, anEditor, aRegion, byKey, selectedIds, shapeOf } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'

const one = aRegion('one', aBox(100, 100, 100, 100), { concept: 'car' })
const two = aRegion('two', aBox(300, 100, 100, 100), { concept: 'car' })
const three = aRegion('three', aBox(500, 100, 100, 100))

describe('listening', () => {
  it('tells of one whole change, commits before the new state', () => {
    const editor = anEditor({ regions: [one] })
    const heard: string[] = []
    editor.subscribe((state, previous) => heard.push(`state ${previous.regions.size}→${state.regions.size}`))
    editor.onCommit((change, origin) => heard.push(`${origin} ${change.size}`))
    editor.setTool('box')
    heard.length = 0
    gesture(editor).down(300, 300).drag(400, 400)
    heard.length = 0
    editor.dispatch({
      type: 'up',
      at: [400, 400],
      screen: [400, 400],
      kind: 'mouse',
      shift: false,
      alt: false,
      ctrl: false,
      space: false,
      time: 0,
    })
    expect(heard).toEqual(['user 1', 'state 1→2'])
  })

  it('merges what a commit’s listener loads into the same change', () => {
    const editor = anEditor({ regions: [one] })
    editor.onCommit((change) => {
      const next = new Map(editor.state.regions)
      for (const [key, { after }] of change) if (after) next.set(key, { ...after, status: 24151 })
      editor.load(next)
    })
    let told = 0
    editor.subscribe(() => told++)
    editor.setConceptOf([one.key], 'bus')
    expect(told).toBe(1)
    expect(editor.state.regions.get(one.key)).toMatchObject({ status: 24151, concepts: [{ id: 'bus' }] })
  })

  it('stops when told to', () => {
    const editor = anEditor({ regions: [one] })
    let told = 0
    const stop = editor.subscribe(() => told++)
    stop()
    editor.select([one.key])
    expect(told).toBe(0)
  })

  it('keeps the same state object while nothing changes', () => {
    const editor = anEditor({ regions: [one] })
    editor.select([one.key])
    const { state } = editor
    editor.select([one.key])
    editor.setTool('select')
    editor.setConcept(undefined)
    editor.load(byKey(one))
    expect(editor.state).toBe(state)
  })
})

describe('load', () => {
  it('never enters the history and keeps selection, gesture and what differs by rounding only', () => {
    const editor = anEditor({ regions: [one, two] })
    editor.select([one.key, two.key])
    const rounded = { ...one, shape: aBox(100 + 3e-5, 100, 100 - 2e-5, 100) }
    editor.load(byKey(rounded, three))
    expect(editor.state.regions.get(one.key)).toBe(one)
    expect(selectedIds(editor)).toEqual(['one'])
    expect(editor.state.canUndo).toBe(false)
    const g = gesture(editor).click(150, 150).down(150, 150).drag(160, 150)
    editor.load(byKey(one, two, three))
    g.drag(170, 150).up()
    expect(shapeOf(editor, 'one')).toEqual(aBox(120, 100, 100, 100))
  })

  it('takes over what somebody else moved', () => {
    const editor = anEditor({ regions: [one] })
    editor.load(byKey({ ...one, shape: aBox(100.01, 100, 100, 100) }))
    expect(shapeOf(editor, 'one')).toEqual(aBox(100.01, 100, 100, 100))
    expect(editor.state.index.search(aBox(100, 100, 1, 1))).toEqual([one.key])
  })

  it('paints by z, then by age', () => {
    const editor = anEditor()
    editor.load(byKey({ ...one, z: 2 }, two, { ...three, z: 1 }))
    expect(editor.state.order).toEqual([two.key, three.key, one.key])
  })
})

describe('what is shown', () => {
  it('solo hides all others, and shows all again', () => {
    const editor = anEditor({ regions: [one, two, three] })
    editor.select([two.key])
    editor.solo()
    expect([...editor.state.hidden]).toEqual([one.key, three.key])
    editor.solo()
    expect(editor.state.hidden.size).toBe(0)
  })

  it('solo with nothing selected shows all again', () => {
    const editor = anEditor({ regions: [one, two] })
    editor.setHidden([one.key], true)
    editor.select([])
    editor.solo()
    expect(editor.state.hidden.size).toBe(0)
  })

  it('hiding and locking change no region (LS#1243)', () => {
    const editor = anEditor({ regions: [one, two] })
    const { regions } = editor.state
    let commits = 0
    editor.onCommit(() => commits++)
    editor.setHidden([one.key], true)
    editor.setLocked([one.key, two.key], true)
    editor.setLocked([two.key], false)
    expect(editor.state.regions).toBe(regions)
    expect([...editor.state.locked]).toEqual([one.key])
    expect(commits).toBe(0)
  })

  it('Tab goes through visible regions in reading order and pans to what is outside', () => {
    const lower = aRegion('lower', aBox(20, 600, 50, 50))
    const editor = anEditor({ regions: [lower, two, three, one] })
    editor.setHidden([three.key], true)
    const seen: (string | undefined)[] = []
    for (let i = 0; i < 4; i++) {
      editor.selectNext(1)
      seen.push(selectedIds(editor)[0])
    }
    expect(seen).toEqual(['one', 'two', 'lower', 'one'])
    editor.selectNext(-1)
    expect(selectedIds(editor)).toEqual(['lower'])
    expect(editor.state.view).toEqual({ scale: 1, x: 0, y: 0 })
    editor.setView({ scale: 2, x: 0, y: 0 })
    editor.reveal(lower.key)
    expect(editor.state.view).toEqual({ scale: 2, x: 410, y: -850 })
  })

  it('fits the image when the surface is first known, and again until the view is changed', () => {
    const editor = anEditor()
    editor.fit()
    editor.resize({ width: 548, height: 1000 })
    expect(editor.state.view).toEqual({ scale: 0.5, x: 24, y: 300 })
    editor.resize({ width: 1048, height: 1000 })
    expect(editor.state.view.scale).toBe(1)
    editor.zoom(2)
    editor.resize({ width: 1148, height: 1000 })
    expect(editor.state.view).toEqual({ scale: 2, x: 24 - 500 + 50, y: 100 - 400 })
  })

  it('zooms to the selection with 50 px around it', () => {
    const editor = anEditor({ regions: [one] })
    editor.select([one.key])
    editor.zoomToSelection()
    expect(editor.state.view).toEqual({ scale: 7, x: 150 - 700, y: 50 - 700 })
  })
})

describe('the ladder of Esc', () => {
  it('gives up one thing a press: gesture, selection, tool', () => {
    const editor = anEditor({ regions: [one] })
    editor.setTool('box')
    editor.select([one.key])
    gesture(editor).down(400, 400).drag(500, 500)
    const rungs = () => [editor.state.draft.shapes.length, editor.state.selected.size, editor.state.tool]
    expect(rungs()).toEqual([1, 1, 'box'])
    expect(editor.cancel()).toBe(true)
    expect(rungs()).toEqual([0, 1, 'box'])
    editor.cancel()
    expect(rungs()).toEqual([0, 0, 'box'])
    editor.cancel()
    expect(rungs()).toEqual([0, 0, 'select'])
    expect(editor.cancel()).toBe(false)
  })
})
