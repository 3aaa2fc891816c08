import { describe, expect, it } from 'vitest'
import { box } from './box.ts'
import type { Point } from './point.ts'
import { area, bounds, contains, edgeDistance, type Shape, sameShape, translate } from './shape.ts'

const square: readonly Point[] = [
  [0, 0],
  [100, 0],
  [100, 100],
  [0, 100],
]
const hole: readonly Point[] = [
  [40, 40],
  [60, 40],
  [60, 60],
  [40, 60],
]
const ring: Shape = { kind: 'polygon', points: square, holes: [hole] }
const triangle: Shape = {
  kind: 'polygon',
  points: [
    [0, 0],
    [30, 0],
    [0, 40],
  ],
}
// 4 × 2 pixels at (10, 20): the middle two of the upper row, the first of the lower
const mask: Shape = { kind: 'mask', x: 10, y: 20, w: 4, h: 2, runs: Uint32Array.of(1, 2, 1, 1, 3) }
const point: Shape = { kind: 'point', x: 5, y: 6 }
const received: Shape = {
  kind: 'asReceived',
  what: 'keypoints',
  points: [
    [0, 0],
    [10, 0],
  ],
}

describe('of every kind of shape', () => {
  it.each([
    [box(1, 2, 3, 4), box(1, 2, 3, 4), 12],
    [ring, box(0, 0, 100, 100), 9600],
    [triangle, box(0, 0, 30, 40), 600],
    [mask, box(10, 20, 4, 2), 3],
    [point, box(5, 6, 0, 0), 0],
    [received, box(0, 0, 10, 0), 0],
  ])('bounds and area', (shape, around, size) => {
    expect(bounds(shape)).toEqual(around)
    expect(area(shape)).toBe(size)
  })

  it.each([
    [box(1, 2, 3, 4), [1, 2], true],
    [box(1, 2, 3, 4), [4.1, 3], false],
    [ring, [20, 20], true],
    [ring, [50, 50], false],
    [ring, [101, 50], false],
    [triangle, [5, 5], true],
    [triangle, [28, 38], false],
    [mask, [11.5, 20.5], true],
    [mask, [10.5, 20.5], false],
    [mask, [10.5, 21.5], true],
    [mask, [11.5, 21.5], false],
    [mask, [9.9, 20.5], false],
    [point, [5, 6], false],
    [received, [5, 0], false],
  ] as const)('contains', (shape, at, expected) => {
    expect(contains(shape, at)).toBe(expected)
  })

  it.each([
    [box(0, 0, 100, 100), [50, 10], 10],
    [box(0, 0, 100, 100), [103, 104], 5],
    [ring, [50, 45], 5],
    [triangle, [15, -3], 3],
    [mask, [8, 21], 2],
    [point, [8, 10], 5],
    [received, [5, 7], 7],
    [{ kind: 'asReceived', what: 'mask', points: [] }, [5, 7], Number.POSITIVE_INFINITY],
  ] as const)('edgeDistance', (shape, at, expected) => {
    expect(edgeDistance(shape as Shape, at)).toBe(expected)
  })

  it('translate moves everything that can be edited', () => {
    for (const shape of [box(1, 2, 3, 4), ring, triangle, mask, point]) {
      const there = translate(shape, 3, -2)
      expect(bounds(there)).toEqual({ ...bounds(shape), x: bounds(shape).x + 3, y: bounds(shape).y - 2 })
      expect(sameShape(there, shape)).toBe(false)
      expect(sameShape(translate(there, -3, 2), shape)).toBe(true)
    }
    expect(translate(received, 3, -2)).toBe(received)
  })
})

describe('sameShape', () => {
  it('allows each coordinate the tolerance and no more', () => {
    expect(sameShape(box(1, 2, 3, 4), box(1.01, 2, 3, 4), 0.02)).toBe(true)
    expect(sameShape(box(1, 2, 3, 4), box(1.01, 2, 3.02, 4), 0.02)).toBe(false)
    expect(sameShape(ring, { kind: 'polygon', points: square }, 1)).toBe(false)
    expect(sameShape(ring, { kind: 'polygon', points: square, holes: [hole.slice(1)] }, 1)).toBe(false)
  })

  it('tells kinds apart', () => {
    const all = [box(0, 0, 10, 0), ring, mask, point, received]
    for (const a of all) for (const b of all) expect(sameShape(a, b, 0.1)).toBe(a === b)
  })
})
