import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bounds } from '#geometry/shape.ts'
import { aBox, anEditor, aPolygon, aRegion, type Clock } from '#testing/builders.ts'
import { type Gesture, gesture } from '#testing/gesture.ts'
import type { Editor } from './editor.ts'

type Action = (editor: Editor, g: Gesture, clock: Clock) => void

const x = fc.integer({ min: -60, max: 1060 })
const y = fc.integer({ min: -60, max: 860 })
const modifiers = fc.subarray(['shift', 'alt', 'ctrl'] as const)
const step = fc.integer({ min: -15, max: 15 })

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(x, y, x, y, modifiers).map(
      ([a, b, c, d, held]): Action =>
        (_, g) =>
          g
            .hold(...held)
            .down(a, b)
            .drag((a + c) / 2, (b + d) / 2)
            .drag(c, d)
            .up()
            .release(...held),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(x, y, modifiers).map(
      ([a, b, held]): Action =>
        (_, g) =>
          g
            .hold(...held)
            .click(a, b)
            .release(...held),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(x, y).map(
      ([a, b]): Action =>
        (_, g) =>
          g.doubleClick(a, b),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(x, y).map(
      ([a, b]): Action =>
        (_, g) =>
          g.click(a, b, 2),
    ),
  },
  // a gesture with the view moved in its middle, by wheel, middle button and Space
  {
    weight: 2,
    arbitrary: fc.tuple(x, y, x, y, step).map(
      ([a, b, c, d, n]): Action =>
        (_, g) =>
          g
            .down(a, b)
            .drag(c, d)
            .wheel(c, d, n * 40)
            .down(c, d, 1)
            .drag(a, d)
            .up(1)
            .keyDown('Space')
            .drag(c, b)
            .keyUp('Space')
            .drag(c, d)
            .tick(3)
            .up(),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(x, y, x, y).map(
      ([a, b, c, d]): Action =>
        (_, g) =>
          g.down(a, b).drag(c, d).cancel(),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(x, y, step).map(
      ([a, b, n]): Action =>
        (_, g) =>
          g.wheel(a, b, n * 60),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(step, step).map(
      ([a, b]): Action =>
        (e) =>
          e.pan(a * 20, b * 20),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        'select',
        'box',
        'polygon',
        'polygon',
        'point',
        'cut',
        'extremes',
        'rotated',
        'brush',
        'brush',
        'eraser',
        'bucket',
        'lasso',
      )
      .map(
        (id): Action =>
          (e) =>
            e.setTool(id),
      ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(step, step).map(
      ([a, b]): Action =>
        (e) =>
          e.nudge(a, b),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(step, step).map(
      ([a, b]): Action =>
        (e) =>
          e.resizeBy(a, b),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('forward', 'backward', 'front', 'back').map(
      (to): Action =>
        (e) =>
          e.reorder(to),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 400 }).map(
      (ms): Action =>
        (_, g, clock) => {
          clock.now += ms
          g.wait(ms)
        },
    ),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom<Action>(
      (e) => e.undo(),
      (e) => e.undo(),
      (e) => e.redo(),
      (e) => e.deleteSelected(),
      (e) => e.duplicate(),
      (e) => e.paste(e.copy()),
      (e) => e.selectNext(1),
      (e) => e.selectAll(),
      (e) => e.cancel(),
      (e) => e.pickConcept('car'),
      (e) => e.pickConcept('tree'),
      (e) => e.fit(),
      (e) => e.actualSize(),
      (e) => e.drawByKeyboard(),
      (e) => e.finish(),
      (e) => e.finish(),
      (e) => e.flip(),
      (e) => e.drawAgain(),
      (e) => e.combine('union'),
      (e) => e.combine('subtract'),
      (e) => e.combine('intersect'),
      (e) => e.fixCrossing(),
      (e) => e.simplify(),
      (e) => e.setTolerance(7),
      (e) => e.applySimplify(),
      (e) => e.setBrush({ overlap: 'overwrite' }),
      (e) => e.setBrush({ overlap: 'preserve' }),
      (e) => e.setBrush({ overlap: 'overlay', size: 90 }),
      (e) => e.setBrush({ shape: 'square', size: 3, stabiliser: 20 }),
      (e) => e.stepBrush(1),
      (e) => e.removeIslands(),
      (e) => e.fillHoles(),
      (e) => e.splitMask(),
      (e) => e.toMask(),
      (e) => e.toPolygon(),
      (e) => e.applyConverting(),
      (e) => e.setLocked(e.state.selected, true),
      (e) => e.setLocked(e.state.regions.keys(), false),
      (e) => e.setHidden(e.state.selected, true),
      (e) => e.solo(),
    ),
  },
)

const regionsNow = (editor: Editor) => new Map([...editor.state.regions].sort(([a], [b]) => (a < b ? -1 : 1)))

function expectSound(editor: Editor): void {
  const { regions, order, selected, view, draft, size } = editor.state
  expect([...order].sort()).toEqual([...regions.keys()].sort())
  expect(view.scale).toBeGreaterThanOrEqual(0.05)
  expect(view.scale).toBeLessThanOrEqual(64)
  for (const { shape } of regions.values()) {
    if (shape.kind !== 'polygon') continue
    for (const ring of [shape.points, ...(shape.holes ?? [])]) expect(ring.length).toBeGreaterThanOrEqual(3)
  }
  for (const key of selected) expect(regions.has(key)).toBe(true)
  for (const { shape } of [...regions.values(), ...draft.shapes]) {
    const b = bounds(shape)
    for (const n of [b.x, b.y, b.w, b.h]) expect(Number.isFinite(n)).toBe(true)
    expect(Math.min(b.w, b.h)).toBeGreaterThanOrEqual(0)
    // what is painted and stored lies in the image, up to rounding
    expect(Math.min(b.x, b.y)).toBeGreaterThanOrEqual(-1e-9)
    expect(b.x + b.w).toBeLessThanOrEqual(size.width + 1e-9)
    expect(b.y + b.h).toBeLessThanOrEqual(size.height + 1e-9)
  }
  for (const { shape } of regions.values()) {
    if (shape.kind === 'box') expect(Math.min(shape.w, shape.h)).toBeGreaterThanOrEqual(1 - 1e-9)
  }
}

it('keeps every box sound, and undoing all, then redoing all, is identity', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const clock = { now: 0 }
      const start = [
        aRegion('one', aBox(100, 100, 200, 150), { concept: 'car' }),
        aRegion('two', aBox(150, 120, 60, 60)),
        aRegion('three', aPolygon([500, 500], [700, 520], [600, 700])),
        aRegion(
          'four',
          { kind: 'mask', x: 300, y: 300, w: 80, h: 60, runs: Uint32Array.of(0, 4800) },
          { concept: 'tree' },
        ),
      ]
      const editor = anEditor({ regions: start, clock })
      const before = regionsNow(editor)
      const g = gesture(editor)
      for (const act of actions) {
        act(editor, g, clock)
        expectSound(editor)
      }
      g.cancel()
      while (editor.cancel()) expectSound(editor)
      const after = regionsNow(editor)
      let steps = 0
      while (editor.redo().done) steps++
      const latest = regionsNow(editor)
      while (editor.undo().done) expectSound(editor)
      expect(regionsNow(editor)).toEqual(before)
      while (editor.redo().done) expectSound(editor)
      expect(regionsNow(editor)).toEqual(latest)
      for (; steps > 0; steps--) editor.undo()
      expect(regionsNow(editor)).toEqual(after)
    }),
    { numRuns: 500 },
  )
})
