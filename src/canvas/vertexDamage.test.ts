import { expect, it } from 'vitest'
import { emptyDraft } from '#editor/tools/tool.ts'
import type { Point } from '#geometry/point.ts'
import type { Polygon } from '#geometry/shape.ts'
import { aPolygon, aRegion } from '#testing/builders.ts'
import type { Frame } from './frame.ts'
import { damageOf } from './vertexDamage.ts'

const frame: Frame = { k: 1, x: 0, y: 0, width: 1000, height: 1000, ratio: 1 }

const ring = Array.from({ length: 2000 }, (_, i): Point => {
  const angle = (i * Math.PI) / 1000
  return [500 + 400 * Math.cos(angle), 500 + 400 * Math.sin(angle)]
})

const resting = aRegion('a', aPolygon(...ring))

const draft = (points: readonly Point[], active = 0) => {
  const region = { ...resting, shape: aPolygon(...points) }
  const vertices = { polygon: region.shape as Polygon, picked: new Set<number>(), linked: new Set<number>(), active }
  return { ...emptyDraft, shapes: [region], vertices }
}

it('is the place around the old and the new vertex and its neighbours', () => {
  const { left, top, right, bottom } = damageOf(draft(ring), draft(ring.with(0, [930, 520])), frame)!
  expect(left).toBeLessThan(895)
  expect(left).toBeGreaterThan(850)
  expect(top).toBeLessThan(490)
  expect(top).toBeGreaterThan(450)
  expect(right).toBe(950)
  expect(bottom).toBe(540)
})

it('reaches to where the line goes on after what it leaves out', () => {
  // all near to the vertex, so that the line may go from it to the far corner at once
  const bunch = Array.from({ length: 8 }, (_, i): Point => [900.1 + i / 10, 500])
  const points = [...bunch, [980, 980] as const, ...ring.slice(1)]
  expect(damageOf(draft(points), draft(points.with(0, [900.1, 501])), frame)!.bottom).toBe(1000)
})

it('is not known when anything else differs, or when many vertices move', () => {
  const moved = ring.with(0, [930, 520])
  expect(damageOf(draft(ring), { ...draft(moved), readout: { text: '3 px', at: [0, 0] } }, frame)).toBeUndefined()
  expect(damageOf(draft(ring), draft(moved, 1), frame)).toBeUndefined()
  expect(damageOf(draft(ring), draft(ring.slice(1)), frame)).toBeUndefined()
  expect(damageOf(draft(ring), draft(ring.map(([x, y]): Point => [x + 1, y])), frame)).toBeUndefined()
  expect(damageOf(draft(ring.slice(0, 20)), draft(moved.slice(0, 20)), frame)).toBeUndefined()
})
