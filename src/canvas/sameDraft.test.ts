import { expect, it } from 'vitest'
import { type Draft, emptyDraft } from '#editor/tools/tool.ts'
import { aBox, aRegion } from '#testing/builders.ts'
import { sameDraft } from './sameDraft.ts'

const full: Draft = {
  shapes: [aRegion('a', aBox(1, 2, 3, 4))],
  guides: [{ axis: 'x', at: 1, from: 0, to: 9 }],
  readout: { text: '3 × 4', at: [1, 2] },
  marquee: aBox(0, 0, 5, 5),
  crosshair: [4, 4],
  caret: [5, 5],
  handles: [{ handle: 'nw', at: [1, 2], key: 'a/a', active: false }],
  cursor: 'move',
  autoPan: true,
}

it('takes drafts for alike that paint alike, whatever the cursor', () => {
  expect(sameDraft(emptyDraft, { ...emptyDraft, shapes: [], handles: [], cursor: 'pointer' })).toBe(true)
  const copy: Draft = structuredClone({ ...full, shapes: [] })
  expect(sameDraft(full, { ...copy, shapes: full.shapes })).toBe(true)
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
  { crosshair: undefined },
  { caret: [5, 6] },
  { handles: [{ handle: 'nw', at: [1, 2], key: 'a/a', active: true }] },
  { handles: [{ handle: 'nw', at: [1, 3], key: 'a/a', active: false }] },
])('sees the difference %j makes, in both directions', (difference) => {
  expect(sameDraft(full, { ...full, ...difference })).toBe(false)
  expect(sameDraft({ ...full, ...difference }, full)).toBe(false)
})
