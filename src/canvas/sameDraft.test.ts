import { expect, it } from 'vitest'
import { type Draft, emptyDraft } from '#editor/tools/tool.ts'
import type { Polygon } from '#geometry/shape.ts'
import { aBox, aRegion } from '#testing/builders.ts'
import { sameDraft } from './sameDraft.ts'

const triangle: Polygon = {
  kind: 'polygon',
  points: [
    [0, 0],
    [9, 0],
    [0, 9],
  ],
}
const picked: ReadonlySet<number> = new Set()

const full: Draft = {
  shapes: [aRegion('a', aBox(1, 2, 3, 4))],
  guides: [{ axis: 'x', at: 1, from: 0, to: 9 }],
  readout: { text: '3 × 4', at: [1, 2] },
  marquee: aBox(0, 0, 5, 5),
  crosshair: [4, 4],
  caret: [5, 5],
  handles: [{ handle: 'nw', at: [1, 2], key: 'a/a', active: false }],
  sketch: { region: aRegion('a', aBox(1, 2, 3, 4)), strokes: [] },
  marks: [{ at: [1, 1], look: 'ghost' }],
  vertices: { polygon: triangle, picked, linked: picked },
  cursor: 'move',
  autoPan: true,
}

it('takes drafts for alike that paint alike, whatever the cursor', () => {
  expect(sameDraft(emptyDraft, { ...emptyDraft, shapes: [], handles: [], cursor: 'pointer' })).toBe(true)
  const copy: Draft = structuredClone({ ...full, shapes: [], sketch: undefined, vertices: undefined })
  expect(sameDraft(full, { ...copy, shapes: full.shapes, sketch: full.sketch, vertices: { ...full.vertices! } })).toBe(
    true,
  )
})

it.each<Partial<Draft>>([
  { shapes: [] },
  { shapes: [aRegion('a', aBox(1, 2, 3, 5))] },
  { guides: [{ axis: 'y', at: 1, from: 0, to: 9 }] },
  { readout: { text: '3 × 5', at: [1, 2] } },
  { readout: { text: '3 × 4', at: [1, 3] } },
  { readout: undefined },
  { marquee: aBox(0, 0, 5, 6) },
  { marquee: undefined },
  { crosshair: [4, 5] },
  { sketch: undefined },
  { marks: [{ at: [1, 1], look: 'onEdge' }] },
  { marks: [{ at: [1, 2], look: 'ghost' }] },
  { marks: undefined },
  { vertices: { polygon: triangle, picked, linked: picked, active: 1 } },
  { vertices: { polygon: triangle, picked: new Set([1]), linked: picked } },
  { vertices: undefined },
  { crosshair: undefined },
  { caret: [5, 6] },
  { handles: [{ handle: 'nw', at: [1, 2], key: 'a/a', active: true }] },
  { handles: [{ handle: 'nw', at: [1, 3], key: 'a/a', active: false }] },
])('sees the difference %j makes, in both directions', (difference) => {
  expect(sameDraft(full, { ...full, ...difference })).toBe(false)
  expect(sameDraft({ ...full, ...difference }, full)).toBe(false)
})
