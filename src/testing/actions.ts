import fc from 'fast-check'
import type { Editor } from '#editor/editor.ts'
import type { Clock } from './builders.ts'
import type { Gesture } from './gesture.ts'

/** One thing a person may do to the editor; time passes on the clock. */
export type Action = (editor: Editor, g: Gesture, clock: Clock) => void

const x = fc.integer({ min: -60, max: 1060 })
const y = fc.integer({ min: -60, max: 860 })
const modifiers = fc.subarray(['shift', 'alt', 'ctrl'] as const)
const step = fc.integer({ min: -15, max: 15 })

/** Anything a person may do, on a surface of 1000 × 800. */
export const action: fc.Arbitrary<Action> = fc.oneof(
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
