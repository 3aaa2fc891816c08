import { describe, expect, it } from 'vitest'
import type { Editor } from '#editor/editor.ts'
import type { ToolId } from '#editor/tools/tool.ts'
import { maskArea } from '#geometry/mask.ts'
import { bounds } from '#geometry/shape.ts'
import { aBox, anEditor, aRegion, shapeOf, shapes } from '#testing/builders.ts'
import { type Gesture, gesture } from '#testing/gesture.ts'

/** A gesture up to its middle, and what goes on with it. */
interface Halfway {
  readonly tool: ToolId
  readonly begin: (g: Gesture) => Gesture
  readonly end: (g: Gesture) => Gesture
}

const halfway: Readonly<Record<string, Halfway>> = {
  'a box being dragged': {
    tool: 'box',
    begin: (g) => g.down(100, 100).drag(200, 180),
    end: (g) => g.drag(300, 260).up(),
  },
  'a box of two clicks': {
    tool: 'box',
    begin: (g) => g.click(100, 100).hover(200, 180),
    end: (g) => g.hover(300, 260).click(300, 260),
  },
  'a polygon of clicks': {
    tool: 'polygon',
    begin: (g) => g.click(100, 100).wait(600).click(300, 100),
    end: (g) => g.wait(600).click(300, 260).wait(600).click(100, 100),
  },
  'a freehand outline': {
    tool: 'polygon',
    begin: (g) => g.down(100, 100).drag(160, 120).drag(220, 100).drag(280, 120).drag(300, 100).drag(310, 130),
    end: (g) => g.drag(300, 260).drag(200, 270).drag(100, 105).up(),
  },
  'a box moved': {
    tool: 'select',
    begin: (g) => g.click(550, 550).wait(600).down(550, 550).drag(600, 600),
    end: (g) => g.drag(650, 600).up(),
  },
  'a stroke of the brush': {
    tool: 'brush',
    begin: (g) => g.down(100, 100).drag(150, 150),
    end: (g) => g.drag(250, 100).up(),
  },
  'a lasso by hand': {
    tool: 'lasso',
    begin: (g) => g.down(100, 100).drag(200, 100).drag(200, 200),
    end: (g) => g.drag(100, 200).up(),
  },
}

const kinds = Object.entries(halfway)

const open = () => anEditor({ regions: [aRegion('old', aBox(500, 500, 100, 100))] })

function begun({ tool, begin }: Halfway): { editor: Editor; g: Gesture } {
  const editor = open()
  editor.setTool(tool)
  return { editor, g: begin(gesture(editor)) }
}

/** What a person can count on whatever happened: nothing odd, nothing lost, and the tool goes on working. */
function expectSound(editor: Editor): void {
  for (const shape of shapes(editor)) {
    const { x, y, w, h } = bounds(shape)
    expect([x, y, w, h].every(Number.isFinite)).toBe(true)
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0)
    expect(x + w).toBeLessThanOrEqual(1000)
    expect(y + h).toBeLessThanOrEqual(800)
  }
  expect(shapeOf(editor, 'old')).toBeDefined()
}

/** A box drawn now is a box: nothing of the interrupted gesture sticks to the next. */
function expectNextWorks(editor: Editor, g: Gesture): void {
  const before = editor.state.regions.size
  editor.setTool('select')
  editor.setTool('box')
  g.wait(1000).down(700, 50).drag(750, 80).drag(800, 100).up()
  expect(editor.state.regions.size).toBe(before + 1)
  expect(shapes(editor).at(-1)).toEqual(aBox(700, 50, 100, 50))
}

/** What is finished when it is interrupted, what waits to be gone on with, and what goes back to where it was. */
const finishes = new Set(['a stroke of the brush'])
const waits = new Set(['a polygon of clicks', 'a freehand outline', 'a lasso by hand'])

function expectKept(name: string, editor: Editor): void {
  if (finishes.has(name)) expect(shapes(editor)).toHaveLength(2)
  else expect(shapes(editor)).toEqual([aBox(500, 500, 100, 100)])
  expect(editor.unfinished() !== undefined).toBe(waits.has(name))
}

describe('interrupted by a pointer that the system takes away', () => {
  it.each(kinds)('%s', (name, kind) => {
    const { editor, g } = begun(kind)
    g.cancel()
    expectKept(name, editor)
    expectSound(editor)
    expectNextWorks(editor, g)
  })
})

describe('interrupted by a window that loses the focus', () => {
  it.each(kinds)('%s', (name, kind) => {
    const { editor, g } = begun(kind)
    g.input.blur()
    expectKept(name, editor)
    expectSound(editor)
    expectNextWorks(editor, g.up())
  })
})

describe('interrupted by a release that nobody saw', () => {
  it.each(kinds)('%s ends where it was seen last', (_, kind) => {
    const { editor, g } = begun(kind)
    const uninterrupted = begun(kind)
    uninterrupted.g.up()
    g.input.move({ ...pointerAt(900, 700), buttons: 0 })
    expect(shapes(editor)).toEqual(shapes(uninterrupted.editor))
    expectSound(editor)
  })
})

describe('interrupted by a window of another size, or a screen of another density', () => {
  // a change of devicePixelRatio reaches the editor as a surface of another size, and no other way
  it.each(kinds)('%s goes on, and is what it would have been', (_, kind) => {
    const { editor, g } = begun(kind)
    const { view } = editor.state
    editor.resize({ width: 640, height: 480 })
    editor.resize({ width: 1000, height: 800 })
    expect(editor.state.view).toEqual(view)
    kind.end(g)
    const uninterrupted = begun(kind)
    kind.end(uninterrupted.g)
    expect(shapes(editor)).toEqual(shapes(uninterrupted.editor))
    expectSound(editor)
  })

  const paths = ['a freehand outline', 'a stroke of the brush', 'a lasso by hand']
  it.each(kinds.filter(([name]) => paths.includes(name)))('%s has no tail when it stays another one', (_, kind) => {
    const { editor, g } = begun(kind)
    editor.resize({ width: 640, height: 480 })
    kind.end(g)
    const uninterrupted = begun(kind)
    kind.end(uninterrupted.g)
    expect(shapes(editor)).toEqual(shapes(uninterrupted.editor))
  })

  it.each(kinds.filter(([name]) => paths.includes(name)))('after %s the image fits the window again', (_, kind) => {
    const { editor, g } = begun(kind)
    editor.fit()
    const { view } = editor.state
    editor.resize({ width: 640, height: 480 })
    expect(editor.state.view).toEqual(view)
    kind.end(g)
    editor.dispatch({ type: 'cancel' })
    const seen = editor.state.view
    editor.fit()
    expect(seen).toEqual(editor.state.view)
  })

  it.each(kinds)('%s stays sound while the window is only smaller', (_, kind) => {
    const { editor, g } = begun(kind)
    editor.resize({ width: 500, height: 400 })
    kind.end(g)
    expectSound(editor)
    editor.resize({ width: 1000, height: 800 })
    editor.setView({ scale: 1, x: 0, y: 0 })
    expectNextWorks(editor, g)
  })
})

describe('interrupted by a closed tab', () => {
  it.each(kinds.filter(([name]) => waits.has(name)))('%s goes on in the next', (_, kind) => {
    const { editor, g } = begun(kind)
    g.input.blur()
    const kept: unknown = JSON.parse(JSON.stringify(editor.unfinished()))
    const next = open()
    const told: string[] = []
    next.onNotice(({ text }) => told.push(text))
    expect(next.resume(kept)).toBe(true)
    expect(next.state.tool).toBe(kind.tool)
    expect(told).toEqual(['Not finished the last time: go on, or press Esc to discard it.'])
    expect(next.unfinished()).toEqual(kept)
    gesture(next).click(300, 260).wait(600).click(150, 270)
    next.finish()
    expect(shapes(next)).toHaveLength(2)
    expectSound(next)
  })

  it('the last vertex can be taken back, and Esc discards what came back', () => {
    const { editor } = begun(halfway['a polygon of clicks']!)
    const next = open()
    next.resume(editor.unfinished())
    next.undo()
    expect(next.unfinished()).toMatchObject({ kept: { parts: [[[100, 100]]] } })
    next.cancel()
    expect(next.unfinished()).toBeUndefined()
    next.undo()
    expect(next.unfinished()).toBeDefined()
  })

  it.each([
    undefined,
    null,
    'text',
    {},
    { tool: 'polygon' },
    { tool: 'polygon', kept: { parts: [] } },
    { tool: 'polygon', kept: { parts: [[['a', 1]]] } },
    { tool: 'polygon', kept: { parts: [[[1, null]]] } },
    { tool: 'lasso', kept: { points: [[1, 2]], mode: 'other' } },
    {
      tool: 'extremes',
      kept: [
        [1, 1],
        [2, 2],
        [3, 3],
        [4, 4],
      ],
    },
    { tool: 'toString', kept: {} },
    { tool: 'brush', kept: {} },
  ])('%j is nothing to go on with', (kept) => {
    const editor = open()
    const { toolState } = editor.state
    expect(editor.resume(kept)).toBe(false)
    expect(editor.state.toolState).toBe(toolState)
  })
})

describe('interrupted by another tool', () => {
  it.each(kinds)('%s', (name, kind) => {
    const { editor, g } = begun(kind)
    editor.setTool(kind.tool === 'point' ? 'box' : 'point')
    if (finishes.has(name)) expect(shapes(editor)).toHaveLength(2)
    g.up()
    expectSound(editor)
    editor.setTool('select')
    expectNextWorks(editor, g)
  })
})

it('a stroke of the brush that is interrupted has every pixel painted so far', () => {
  const { editor, g } = begun(halfway['a stroke of the brush']!)
  const whole = begun(halfway['a stroke of the brush']!)
  whole.g.up()
  g.cancel()
  const area = (one: Editor) =>
    shapes(one).reduce((sum, shape) => sum + (shape.kind === 'mask' ? maskArea(shape) : 0), 0)
  expect(area(editor)).toBe(area(whole.editor))
  expect(area(editor)).toBeGreaterThan(1000)
})

const pointerAt = (x: number, y: number) => ({
  id: 1,
  kind: 'mouse' as const,
  at: [x, y] as const,
  buttons: 1,
  button: -1,
  shift: false,
  alt: false,
  ctrl: false,
  meta: false,
  time: 5000,
})
