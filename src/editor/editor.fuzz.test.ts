import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bounds } from '#geometry/shape.ts'
import { action } from '#testing/actions.ts'
import { aBox, anEditor, aPolygon, aRegion } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import type { Editor } from './editor.ts'

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
