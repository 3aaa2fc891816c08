import { describe, expect, it } from 'vitest'
import {
  aBox,
  anEditor,
  aPolygon,
  aRegion,
  draftBoxes,
  keyOf,
  selectedIds,
  shapeOf,
  shapes,
} from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import type { Ask } from './tool.ts'

const big = aRegion('big', aBox(100, 100, 400, 400))
const middle = aRegion('middle', aBox(200, 200, 200, 200))
const small = aRegion('small', aBox(250, 250, 50, 50))
const aside = aRegion('aside', aBox(600, 100, 100, 100))
const scene = () => anEditor({ regions: [big, middle, small, aside] })

describe('hover', () => {
  it('finds the smallest shape under the pointer, with a pointing hand', () => {
    const editor = scene()
    const g = gesture(editor).hover(260, 260)
    expect(editor.state.hovered).toBe(keyOf('small'))
    expect(editor.state.draft.cursor).toBe('pointer')
    g.hover(220, 220)
    expect(editor.state.hovered).toBe(keyOf('middle'))
    g.hover(800, 700)
    expect(editor.state.hovered).toBeUndefined()
    expect(editor.state.draft.cursor).toBe('default')
  })

  it('shows the move cursor over what is selected, and its handles', () => {
    const editor = scene()
    editor.select([keyOf('aside')])
    const g = gesture(editor).hover(650, 150)
    expect(editor.state.draft.cursor).toBe('move')
    expect(editor.state.draft.handles).toHaveLength(8)
    g.hover(705, 205)
    expect(editor.state.draft.cursor).toBe('nwse-resize')
    g.hover(704, 130)
    expect(editor.state.draft.cursor).toBe('ew-resize')
    g.leave()
    expect(editor.state.hovered).toBeUndefined()
  })

  it('reaches farther with a finger than with a pen or a mouse', () => {
    for (const [kind, reach] of [
      ['mouse', 8],
      ['pen', 10],
      ['touch', 14],
    ] as const) {
      const editor = scene()
      gesture(editor)
        .with(kind)
        .click(600 - reach + 1, 150)
      expect(selectedIds(editor)).toEqual(['aside'])
      editor.select([])
      gesture(editor)
        .with(kind)
        .click(600 - reach - 1, 150)
      expect(selectedIds(editor)).toEqual([])
    }
  })

  it('does not see hidden regions', () => {
    const editor = scene()
    editor.setHidden([keyOf('small')], true)
    gesture(editor).hover(260, 260)
    expect(editor.state.hovered).toBe(keyOf('middle'))
  })
})

describe('click', () => {
  it('selects one, and nothing on the empty image', () => {
    const editor = scene()
    const g = gesture(editor).click(260, 260)
    expect(selectedIds(editor)).toEqual(['small'])
    g.click(800, 700)
    expect(selectedIds(editor)).toEqual([])
  })

  it('cycles through what lies below by later clicks on the same spot', () => {
    const editor = scene()
    const g = gesture(editor).click(260, 260)
    const seen = [selectedIds(editor)[0]]
    for (let i = 0; i < 3; i++) {
      g.wait(600).click(262, 259)
      seen.push(selectedIds(editor)[0])
    }
    expect(seen).toEqual(['small', 'middle', 'big', 'small'])
  })

  it('does not cycle on another spot', () => {
    const editor = scene()
    gesture(editor).click(260, 260).wait(600).click(270, 270)
    expect(selectedIds(editor)).toEqual(['small'])
  })

  it('never cycles by a double click, not even by its first half', () => {
    const editor = scene()
    const asked: Ask[] = []
    editor.onAsk((ask) => asked.push(ask))
    gesture(editor).click(260, 260).wait(600).doubleClick(260, 260)
    expect(selectedIds(editor)).toEqual(['small'])
    expect(asked).toEqual([{ kind: 'concept', keys: [keyOf('small')], near: small.shape }])
  })

  it('toggles with Ctrl, adds with Shift', () => {
    const editor = scene()
    const g = gesture(editor).click(260, 260).hold('ctrl').click(650, 150)
    expect(selectedIds(editor)).toEqual(['small', 'aside'])
    g.wait(600).click(650, 150)
    expect(selectedIds(editor)).toEqual(['small'])
    g.release('ctrl').hold('shift').wait(600).click(650, 150).wait(600).click(650, 150)
    expect(selectedIds(editor)).toEqual(['small', 'aside'])
  })

  it('fits the image on a double click beside everything', () => {
    const editor = scene()
    editor.setView({ scale: 3, x: 0, y: 0 })
    gesture(editor).doubleClick(2700, 2100)
    expect(editor.state.view.scale).toBeLessThan(1)
  })

  it('opens the menu on a right click, with the stack under it, and selects the topmost', () => {
    const editor = scene()
    const asked: Ask[] = []
    editor.onAsk((ask) => asked.push(ask))
    gesture(editor).click(260, 260, 2)
    expect(asked).toEqual([
      { kind: 'menu', screen: [260, 260], stack: [keyOf('small'), keyOf('middle'), keyOf('big')] },
    ])
    expect(selectedIds(editor)).toEqual(['small'])
  })

  it('keeps the selection on a right click inside it', () => {
    const editor = scene()
    editor.select([keyOf('big'), keyOf('aside')])
    gesture(editor).click(260, 260, 2)
    expect(selectedIds(editor)).toEqual(['big', 'aside'])
  })
})

describe('marquee', () => {
  it('selects what it contains whole', () => {
    const editor = scene()
    const g = gesture(editor).down(550, 50).drag(650, 250)
    expect(editor.state.draft.marquee).toEqual(aBox(550, 50, 100, 200))
    g.up()
    expect(selectedIds(editor)).toEqual([])
    gesture(editor).down(550, 50).drag(750, 250).up()
    expect(selectedIds(editor)).toEqual(['aside'])
  })

  it('with Alt also what it touches', () => {
    const editor = scene()
    gesture(editor).hold('alt').down(550, 50).drag(650, 250).up()
    expect(selectedIds(editor)).toEqual(['aside'])
  })

  it('adds to the selection with Shift', () => {
    const editor = scene()
    editor.select([keyOf('small')])
    gesture(editor).hold('shift').down(550, 50).drag(750, 250).up()
    expect(selectedIds(editor)).toEqual(['small', 'aside'])
  })

  it('starts over shapes that are not selected, which stay where they are', () => {
    const editor = scene()
    gesture(editor).down(240, 240).drag(310, 310).up()
    expect(selectedIds(editor)).toEqual(['small'])
    expect(shapeOf(editor, 'middle')).toEqual(middle.shape)
  })

  it('is given up by Esc', () => {
    const editor = scene()
    const g = gesture(editor).down(550, 50).drag(750, 250)
    expect(editor.cancel()).toBe(true)
    g.up()
    expect(editor.state.draft.marquee).toBeUndefined()
    expect(selectedIds(editor)).toEqual([])
  })
})

describe('moving', () => {
  it('moves what is selected after 4 px, and only then', () => {
    const editor = scene()
    editor.select([keyOf('aside')])
    const g = gesture(editor).down(650, 150).drag(654, 150)
    expect(draftBoxes(editor)).toEqual([])
    g.drag(670, 180)
    expect(draftBoxes(editor)).toEqual([aBox(620, 130, 100, 100)])
    expect(editor.state.draft.cursor).toBe('move')
    expect(shapeOf(editor, 'aside')).toEqual(aside.shape)
    g.up()
    expect(shapeOf(editor, 'aside')).toEqual(aBox(620, 130, 100, 100))
  })

  it('copies no regions while it runs', () => {
    const editor = scene()
    editor.select([keyOf('aside')])
    const { regions, order } = editor.state
    const g = gesture(editor).down(650, 150).drag(670, 180).drag(690, 200)
    expect(editor.state.regions).toBe(regions)
    expect(editor.state.order).toBe(order)
    g.up()
    expect(editor.state.regions).not.toBe(regions)
  })

  it('moves a selected shape even where smaller ones cover it', () => {
    const editor = scene()
    editor.select([keyOf('big')])
    gesture(editor).down(260, 260).drag(270, 280).up()
    expect(shapeOf(editor, 'big')).toEqual(aBox(110, 120, 400, 400))
    expect(shapeOf(editor, 'small')).toEqual(small.shape)
  })

  it('moves several together and stops them together at the border', () => {
    const editor = scene()
    editor.select([keyOf('small'), keyOf('aside')])
    gesture(editor).down(650, 150).drag(1500, 100).up()
    expect(shapeOf(editor, 'aside')).toEqual(aBox(900, 50, 100, 100))
    expect(shapeOf(editor, 'small')).toEqual(aBox(550, 200, 50, 50))
  })

  it('keeps to one axis with Shift', () => {
    const editor = scene()
    editor.select([keyOf('aside')])
    gesture(editor).down(650, 150).hold('shift').drag(700, 170).up()
    expect(shapeOf(editor, 'aside')).toEqual(aBox(650, 100, 100, 100))
  })

  it('moves polygons and points, and says why it does not move what is kept as received', () => {
    const polygon = aRegion('polygon', aPolygon([700, 400], [800, 400], [750, 500]))
    const point = aRegion('point', { kind: 'point', x: 900, y: 600 })
    const mask = aRegion('mask', {
      kind: 'asReceived',
      what: 'mask',
      points: [
        [100, 600],
        [200, 600],
        [200, 700],
      ],
    })
    const editor = anEditor({ regions: [polygon, point, mask] })
    gesture(editor).click(750, 430).down(750, 430).drag(760, 450).up()
    expect(shapeOf(editor, 'polygon')).toEqual(aPolygon([710, 420], [810, 420], [760, 520]))
    gesture(editor).click(903, 602).down(900, 600).drag(910, 620).up()
    expect(shapeOf(editor, 'point')).toEqual({ kind: 'point', x: 910, y: 620 })
    const notices: string[] = []
    editor.onNotice(({ text }) => notices.push(text))
    gesture(editor).click(150, 600).down(150, 600).drag(170, 620).up()
    expect(selectedIds(editor)).toEqual(['mask'])
    expect(shapeOf(editor, 'mask')).toEqual(mask.shape)
    expect(notices).toEqual(['This shape is kept as it was received and cannot be moved.'])
  })

  it('does not move what is locked or another’s, and says why', () => {
    const editor = anEditor({
      regions: [aside, aRegion('theirs', aBox(100, 100, 100, 100))],
      canEdit: ({ id }) => (id === 'theirs' ? 'Ben drew this.' : undefined),
    })
    editor.setLocked([keyOf('aside')], true)
    const notices: string[] = []
    editor.onNotice(({ text }) => notices.push(text))
    editor.select([keyOf('aside')])
    gesture(editor).down(650, 150).drag(700, 200).up()
    editor.select([keyOf('theirs')])
    const g = gesture(editor).hover(150, 150)
    expect(editor.state.draft.cursor).toBe('not-allowed')
    g.down(150, 150).drag(200, 200).up()
    expect(shapes(editor)).toEqual([aside.shape, aBox(100, 100, 100, 100)])
    expect(notices).toEqual(['This region is locked.', 'Ben drew this.'])
  })

  it('goes on with what was loaded meanwhile, and drops what is gone', () => {
    const editor = scene()
    editor.select([keyOf('small'), keyOf('aside')])
    const g = gesture(editor).down(650, 150).drag(670, 160)
    editor.load(new Map([[keyOf('aside'), { ...aside, concepts: [{ id: 'tree', value: 1 }] }]]))
    g.drag(680, 170).up()
    expect([...editor.state.regions.values()]).toEqual([
      { ...aside, shape: aBox(630, 120, 100, 100), concepts: [{ id: 'tree', value: 1 }] },
    ])
  })
})

describe('resizing', () => {
  const one = () => {
    const editor = anEditor({ regions: [aRegion('one', aBox(300, 300, 200, 100))] })
    editor.select([keyOf('one')])
    return editor
  }

  it.each([
    ['nw', [300, 300], aBox(320, 330, 180, 70)],
    ['n', [400, 300], aBox(300, 330, 200, 70)],
    ['ne', [500, 300], aBox(300, 330, 220, 70)],
    ['e', [500, 350], aBox(300, 300, 220, 100)],
    ['se', [500, 400], aBox(300, 300, 220, 130)],
    ['s', [400, 400], aBox(300, 300, 200, 130)],
    ['sw', [300, 400], aBox(320, 300, 180, 130)],
    ['w', [300, 350], aBox(320, 300, 180, 100)],
  ] as const)('drags the %s handle', (_, [x, y], expected) => {
    const editor = one()
    gesture(editor)
      .down(x, y)
      .drag(x + 20, y + 30)
      .up()
    expect(shapeOf(editor, 'one')).toEqual(expected)
  })

  it('drags a side anywhere along its length', () => {
    const editor = one()
    gesture(editor).down(340, 304).drag(340, 284).up()
    expect(shapeOf(editor, 'one')).toEqual(aBox(300, 280, 200, 120))
  })

  it('does not jump to a pointer that took the handle beside its middle', () => {
    const editor = one()
    gesture(editor).down(506, 405).drag(516, 415).up()
    expect(shapeOf(editor, 'one')).toEqual(aBox(300, 300, 210, 110))
  })

  it('flips past the opposite corner, never negative', () => {
    const editor = one()
    const g = gesture(editor).down(500, 400).drag(250, 250)
    expect(draftBoxes(editor)).toEqual([aBox(250, 250, 50, 50)])
    expect(editor.state.draft.handles.find(({ active }) => active)?.handle).toBe('nw')
    expect(editor.state.draft.readout?.text).toBe('50 × 50')
    g.up()
    expect(shapeOf(editor, 'one')).toEqual(aBox(250, 250, 50, 50))
  })

  it('keeps the ratio with Shift, the middle with Alt', () => {
    const editor = one()
    gesture(editor).down(500, 400).hold('shift').drag(600, 420).up()
    expect(shapeOf(editor, 'one')).toEqual(aBox(300, 300, 300, 150))
    editor.undo()
    gesture(editor).down(500, 400).hold('alt').drag(520, 430).up()
    expect(shapeOf(editor, 'one')).toEqual(aBox(280, 270, 240, 160))
  })

  it('stays in the image and at least 1 px wide', () => {
    const editor = one()
    gesture(editor).down(500, 400).drag(2000, 300.2).up()
    expect(shapeOf(editor, 'one')).toEqual(aBox(300, 300, 700, 1))
  })

  it('snaps to other boxes unless Ctrl is held', () => {
    const editor = anEditor({
      regions: [aRegion('one', aBox(300, 300, 200, 100)), aRegion('two', aBox(560, 320, 100, 50))],
    })
    editor.select([keyOf('one')])
    const g = gesture(editor).down(500, 350).drag(556, 350)
    expect(draftBoxes(editor)).toEqual([aBox(300, 300, 260, 100)])
    expect(editor.state.draft.guides).toMatchObject([{ axis: 'x', at: 560 }])
    g.hold('ctrl')
    expect(draftBoxes(editor)).toEqual([aBox(300, 300, 256, 100)])
  })

  it('leaves the box alone after a click on a handle, and after Esc', () => {
    const editor = one()
    gesture(editor).click(500, 400)
    expect(editor.state.canUndo).toBe(false)
    const g = gesture(editor).down(500, 400).drag(600, 500)
    editor.cancel()
    g.up()
    expect(shapeOf(editor, 'one')).toEqual(aBox(300, 300, 200, 100))
    expect(selectedIds(editor)).toEqual(['one'])
  })

  it('can still move a box that is hardly larger than its handles', () => {
    const editor = anEditor({ regions: [aRegion('tiny', aBox(300, 300, 12, 12))] })
    editor.select([keyOf('tiny')])
    gesture(editor).down(306, 306).drag(326, 316).up()
    expect(shapeOf(editor, 'tiny')).toEqual(aBox(320, 310, 12, 12))
  })
})
