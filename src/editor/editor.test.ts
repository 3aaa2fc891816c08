import { describe, expect, it } from 'vitest'
import type { Region } from '#model/region.ts'
import { aBox, anEditor, aPolygon, aRegion, byKey, keyOf, me, selectedIds, shapeOf, shapes } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import type { Editor } from './editor.ts'
import type { Notice, Origin } from './editorCore.ts'
import type { RegionChange } from './history.ts'

const one = aRegion('one', aBox(100, 100, 100, 100), { concept: 'car' })
const two = aRegion('two', aBox(300, 100, 100, 100), { concept: 'car' })
const three = aRegion('three', aBox(500, 100, 100, 100))

function noticesOf(editor: Editor): Notice[] {
  const notices: Notice[] = []
  editor.onNotice((notice) => notices.push(notice))
  return notices
}

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
      skipped: 'Undo skipped a step: a region of it was changed by somebody else.',
    })
    expect(editor.state.regions).toBe(regions)
    expect(notices).toEqual([{ text: 'Undo skipped a step: a region of it was changed by somebody else.' }])
    expect(editor.undo()).toEqual({ done: false })
  })

  it('skip a step whose region somebody else deleted', () => {
    const editor = anEditor({ regions: [one] })
    editor.setConceptOf([one.key], 'bus')
    editor.load(byKey())
    expect(editor.undo().skipped).toContain('deleted by somebody else')
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

describe('operations', () => {
  it('nudge by image px, together, up to the border', () => {
    const editor = anEditor({ regions: [one, two] })
    editor.select([one.key, two.key])
    editor.nudge(-150, 1)
    expect(shapes(editor)).toEqual([aBox(0, 101, 100, 100), aBox(200, 101, 100, 100)])
  })

  it('resize boxes from the right and bottom, to 1 px at least', () => {
    const editor = anEditor({ regions: [one] })
    editor.select([one.key])
    editor.resizeBy(10, -300)
    expect(shapeOf(editor, 'one')).toEqual(aBox(100, 100, 110, 1))
    editor.resizeBy(5000, 0)
    expect(shapeOf(editor, 'one')).toEqual(aBox(100, 100, 900, 1))
  })

  it('make no step of what changes nothing', () => {
    const editor = anEditor({ regions: [aRegion('corner', aBox(0, 0, 10, 10), { concept: 'car' })] })
    editor.selectAll()
    editor.nudge(-5, 0)
    editor.setConceptOf(editor.state.selected, 'car')
    editor.resizeBy(0, 0)
    editor.reorder('front')
    expect(editor.state.canUndo).toBe(false)
  })

  it('delete what is not locked, say how many, and take the rest with force', () => {
    const editor = anEditor({ regions: [one, two, three] })
    const notices = noticesOf(editor)
    editor.setLocked([two.key], true)
    editor.selectAll()
    expect(selectedIds(editor)).toEqual(['one', 'three'])
    editor.select([one.key, two.key, three.key])
    editor.deleteSelected()
    expect(selectedIds(editor)).toEqual(['two'])
    editor.deleteSelected()
    editor.deleteSelected(true)
    expect(editor.state.regions.size).toBe(0)
    expect(notices).toEqual([
      { text: '2 deleted, 1 kept', undo: true },
      { text: 'Locked. Shift+Delete deletes locked regions too.' },
      { text: '1 deleted', undo: true },
    ])
    editor.undo()
    expect(selectedIds(editor)).toEqual(['two'])
  })

  it('never delete or relabel what the person may not change', () => {
    const editor = anEditor({ regions: [one], canEdit: () => 'Ben drew this.' })
    const notices = noticesOf(editor)
    editor.select([one.key])
    editor.deleteSelected(true)
    editor.setConceptOf([one.key], 'bus')
    editor.nudge(1, 1)
    editor.reorder('front')
    expect([...editor.state.regions.values()]).toEqual([one])
    expect(notices.map(({ text }) => text)).toEqual(Array(4).fill('Ben drew this.'))
  })

  it('a digit makes its concept active and relabels the selection', () => {
    const editor = anEditor({ regions: [one, two] })
    editor.select([one.key, two.key])
    editor.pickConcept('tram')
    expect([...editor.state.regions.values()].map(({ concepts }) => concepts)).toEqual(
      Array(2).fill([{ id: 'tram', value: 1 }]),
    )
    expect(editor.state.concept).toBe('tram')
    expect(editor.history().past).toHaveLength(1)
    editor.select([])
    editor.pickConcept('car')
    expect(editor.state.concept).toBe('car')
    expect(editor.history().past).toHaveLength(1)
  })

  it('duplicate in place, selected, on top', () => {
    const editor = anEditor({ regions: [{ ...one, z: 4 }, two] })
    editor.select([one.key])
    editor.duplicate()
    expect(shapes(editor)).toEqual([two.shape, one.shape, one.shape])
    const [copy] = [...editor.state.selected].map((key) => editor.state.regions.get(key)!)
    expect(copy).toMatchObject({ concepts: one.concepts, madeBy: { id: me } })
    expect(copy!.key).not.toBe(one.key)
  })
})

describe('copy and paste', () => {
  it('paste 8 screen px on where the originals are, 8 more each time', () => {
    const editor = anEditor({ regions: [one] })
    editor.setView({ scale: 2, x: 0, y: 0 })
    editor.select([one.key])
    const text = editor.copy()
    editor.paste(text)
    editor.paste(text)
    expect(shapes(editor)).toEqual([one.shape, aBox(104, 104, 100, 100), aBox(108, 108, 100, 100)])
  })

  it('paste at identical coordinates elsewhere, and where the original was cut', () => {
    const editor = anEditor({ regions: [one, aRegion('p', aPolygon([10, 10], [50, 10], [10, 50]))] })
    editor.selectAll()
    const text = editor.copy()
    const elsewhere = anEditor()
    elsewhere.paste(text)
    expect(shapes(elsewhere)).toEqual(shapes(editor))
    expect([...elsewhere.state.regions.values()][0]!.concepts).toEqual([{ id: 'car', value: 1 }])
    const before = shapes(editor)
    editor.deleteSelected()
    editor.paste(text)
    expect(shapes(editor)).toEqual(before)
  })

  it('cut what a smaller image has no room for', () => {
    const editor = anEditor({ regions: [one, three] })
    editor.selectAll()
    const small = anEditor({ size: { width: 150, height: 150 } })
    small.paste(editor.copy())
    expect(shapes(small)).toEqual([aBox(100, 100, 50, 50)])
  })

  it.each([
    '',
    'hello',
    '{}',
    '{"marquee":1,"regions":[{"key":"a","shape":{"kind":"box","x":"1"},"concepts":[]}]}',
    '[1]',
  ])('ignore other text: %s', (text) => {
    const editor = anEditor()
    editor.paste(text)
    expect(editor.state.regions.size).toBe(0)
  })

  it('leave out what is kept as received', () => {
    const editor = anEditor({ regions: [aRegion('mask', { kind: 'asReceived', what: 'mask', points: [] })] })
    editor.selectAll()
    expect(JSON.parse(editor.copy()).regions).toEqual([])
    editor.duplicate()
    expect(editor.state.regions.size).toBe(1)
  })
})

describe('paint order', () => {
  const orderAfter = (
    keys: readonly string[],
    to: Parameters<Editor['reorder']>[0],
    zs: readonly number[] = [0, 0, 0, 0],
  ) => {
    const regions = ['a', 'b', 'c', 'd'].map((id, i) => ({ ...aRegion(id, aBox(10 * i, 10, 10, 10)), z: zs[i]! }))
    const editor = anEditor({ regions })
    editor.select(keys.map(keyOf))
    editor.reorder(to)
    const result = editor.state.order.map((key) => editor.state.regions.get(key)!.id).join('')
    if (editor.undo().done) expect(editor.state.regions).toEqual(byKey(...regions))
    return result
  }

  it.each([
    [['a'], 'forward', 'bacd'],
    [['a'], 'front', 'bcda'],
    [['d'], 'backward', 'abdc'],
    [['d'], 'back', 'dabc'],
    [['b', 'c'], 'forward', 'adbc'],
    [['b', 'c'], 'backward', 'bcad'],
    [['a', 'c'], 'front', 'bdac'],
    [['b', 'd'], 'back', 'bdac'],
    [['c', 'd'], 'forward', 'abcd'],
    [['a'], 'backward', 'abcd'],
  ] as const)('%j %s → %s', (keys, to, expected) => {
    expect(orderAfter(keys, to)).toBe(expected)
    expect(orderAfter(keys, to, [-3, 1, 7, 20])).toBe(expected)
    expect(orderAfter(keys, to, [0, 0, 1, 1])).toBe(expected)
  })

  it('changes no other region where z leaves room, and none that is another’s', () => {
    const changed: string[] = []
    const tell = (change: RegionChange) => changed.push(...[...change.values()].map(({ after }) => after!.id))
    const regions = [one, two, three].map((region, i) => ({ ...region, z: i * 10 }))
    const roomy = anEditor({ regions })
    roomy.onCommit(tell)
    roomy.select([one.key])
    roomy.reorder('forward')
    expect(changed.splice(0)).toEqual(['one'])
    const mine = (region: Region) => (region.id === 'one' ? undefined : 'Ben drew this.')
    const tied = anEditor({ regions: [one, two, three], canEdit: mine })
    tied.onCommit(tell)
    tied.select([one.key])
    tied.reorder('forward')
    expect(changed).toEqual(['one'])
    expect(tied.state.order.at(-1)).toBe(one.key)
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

  it('hiding and locking change no region', () => {
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
