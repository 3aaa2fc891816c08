import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Polygon } from '#geometry/shape.ts'
import type { Region } from '#model/region.ts'
import { aBox, anEditor, aPolygon, aRegion, byKey, keyOf, me, selectedIds, shapeOf, shapes } from '#testing/builders.ts'
import type { Editor } from './editor.ts'
import type { Notice } from './editorCore.ts'
import type { RegionChange } from './history.ts'

const one = aRegion('one', aBox(100, 100, 100, 100), { concept: 'car' })
const two = aRegion('two', aBox(300, 100, 100, 100), { concept: 'car' })
const three = aRegion('three', aBox(500, 100, 100, 100))

function noticesOf(editor: Editor): Notice[] {
  const notices: Notice[] = []
  editor.onNotice((notice) => notices.push(notice))
  return notices
}

describe('operations', () => {
  it('nudge by image px, together, up to the border', () => {
    const editor = anEditor({ regions: [one, two] })
    editor.select([one.key, two.key])
    editor.nudge(-150, 1)
    expect(shapes(editor)).toEqual([aBox(0, 101, 100, 100), aBox(200, 101, 100, 100)])
  })

  it('delete every region that is seen and not locked, in one step', () => {
    const editor = anEditor({ regions: [one, two, three] })
    editor.setLocked([two.key], true)
    editor.select([one.key])
    editor.deleteEvery()
    expect([...editor.state.regions.keys()]).toEqual([two.key])
    editor.undo()
    expect(editor.state.regions.size).toBe(3)
  })

  it('resize boxes from the right and bottom, to 1 px at least', () => {
    const editor = anEditor({ regions: [one] })
    editor.select([one.key])
    editor.resizeBy(10, -300)
    expect(shapeOf(editor, 'one')).toEqual(aBox(100, 100, 110, 1))
    editor.resizeBy(5000, 0)
    expect(shapeOf(editor, 'one')).toEqual(aBox(100, 100, 900, 1))
  })

  it('say why resizing changes nothing: at the edge of the image, turned or not, and at 1 px', () => {
    const tilted = aRegion('tilted', {
      ...(aPolygon([500, 600], [600, 700], [500, 800], [400, 700]) as Polygon),
      angle: 45,
    })
    const upright = aRegion('upright', aBox(990, 100, 10, 1))
    const editor = anEditor({ regions: [tilted, upright] })
    const notices = noticesOf(editor)
    editor.select([tilted.key])
    editor.resizeBy(0, 1)
    editor.resizeBy(0, 10)
    editor.select([upright.key])
    editor.resizeBy(1, 0)
    editor.resizeBy(0, -1)
    expect(notices.map(({ text }) => text)).toEqual([
      ...Array<string>(3).fill('At the edge of the image.'),
      'No side becomes smaller than 1 px.',
    ])
    expect(editor.state.canUndo).toBe(false)
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

describe('select all', () => {
  it('takes what the list of regions shows, where it is filtered', () => {
    const editor = anEditor({ regions: [one, two, three] })
    editor.setListed(new Set([two.key]))
    editor.selectAll()
    expect(selectedIds(editor)).toEqual(['two'])
    editor.setListed(undefined)
    editor.selectAll()
    expect(selectedIds(editor)).toEqual(['one', 'two', 'three'])
  })
})

describe('copy and paste', () => {
  it('says what cannot be pasted on a smaller image', () => {
    const editor = anEditor({ regions: [one, three] })
    editor.selectAll()
    const small = anEditor({ size: { width: 300, height: 300 } })
    const notices = noticesOf(small)
    small.paste(editor.copy())
    expect(notices.map(({ text }) => text)).toEqual(['1 of 2 not pasted: outside this image, which is smaller.'])
    expect(small.state.regions.size).toBe(1)
  })

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

  it('to the front and to the back changes what is moved alone, whatever is tied, locked or another’s', () => {
    const ids = ['a', 'b', 'c', 'd']
    const regions = ids.map((id, i) => aRegion(id, aBox(10 * i, 10, 10, 10)))
    for (const [id, to, expected] of [
      ['a', 'front', 'bcda'],
      ['d', 'back', 'dabc'],
    ] as const) {
      const changed: string[] = []
      const editor = anEditor({ regions })
      editor.setLocked(
        [keyOf('d'), keyOf('a')].filter((key) => key !== keyOf(id)),
        true,
      )
      editor.onCommit((change) => changed.push(...[...change.values()].map(({ after }) => after!.id)))
      editor.select([keyOf(id)])
      editor.reorder(to)
      expect(changed).toEqual([id])
      expect(editor.state.order.map((key) => editor.state.regions.get(key)!.id).join('')).toBe(expected)
    }
  })

  it('one step moves nothing else, whatever is tied and whatever may be changed', () => {
    const letter = fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f')
    const asked = fc.record({
      zs: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 6 }),
      keys: fc.uniqueArray(letter, { minLength: 1, maxLength: 3 }),
      others: fc.uniqueArray(letter, { maxLength: 3 }),
      to: fc.constantFrom('forward' as const, 'backward' as const, 'front' as const, 'back' as const),
    })
    fc.assert(
      fc.property(asked, ({ zs, keys, others, to }) => {
        const regions = [...'abcdef'].map((id, i) => ({ ...aRegion(id, aBox(10 * i, 10, 10, 10)), z: zs[i]! }))
        const canEdit = ({ id }: Region) => (others.includes(id) && !keys.includes(id) ? 'Ben drew this.' : undefined)
        const editor = anEditor({ regions, canEdit })
        const order = () => editor.state.order.map((key) => editor.state.regions.get(key)!.id)
        const stay = () => order().filter((id) => !keys.includes(id))
        const before = stay()
        editor.select(keys.map(keyOf))
        editor.reorder(to)
        expect(stay()).toEqual(before)
        for (const id of others)
          if (!keys.includes(id))
            expect(editor.state.regions.get(keyOf(id))).toBe(regions.find((region) => region.id === id))
        for (const { z } of editor.state.regions.values()) expect(Number.isFinite(z)).toBe(true)
      }),
    )
  })
})
