import { expect, it } from 'vitest'
import { cutToImage } from './cutToImage.ts'
import { maskArea } from './mask.ts'
import { area, bounds, type Polygon } from './shape.ts'

const size = { width: 100, height: 50 }
const polygon = (...points: [number, number][]): Polygon => ({ kind: 'polygon', points })

it('leaves what lies inside as it is', () => {
  const inside = [
    { kind: 'box', x: 0, y: 0, w: 100, h: 50 } as const,
    { ...polygon([1, 1], [9, 1], [5, 9]), angle: 3 },
    polygon([1, 1], [1.5, 1], [1.5, 1.5]),
    { kind: 'point', x: 100, y: 50 } as const,
  ]
  for (const shape of inside) expect(cutToImage(shape, size)).toEqual([shape])
})

it('cuts a polygon at the border, and keeps its slopes', () => {
  const [piece, ...more] = cutToImage(polygon([80, 10], [120, 10], [80, 50]), size)
  expect(more).toEqual([])
  expect(new Set((piece as Polygon).points.map(String))).toEqual(new Set(['80,10', '100,10', '100,30', '80,50']))
})

it('gives all pieces into which the border parts it, the largest first', () => {
  const comb = polygon([10, 40], [90, 40], [90, 60], [70, 60], [70, 45], [20, 45], [20, 60], [10, 60])
  const pieces = cutToImage({ ...comb, points: comb.points.map(([x, y]) => [x, 90 - y]) }, { width: 100, height: 44 })
  expect(pieces.map(area)).toEqual([280, 140])
})

it('forgets an angle with the corners, and leaves nothing of what lies outside', () => {
  const [turned] = cutToImage({ ...polygon([90, 10], [110, 10], [110, 20], [90, 20]), angle: 0 }, size)
  expect(turned).not.toHaveProperty('angle')
  expect(bounds(turned!)).toMatchObject({ x: 90, w: 10 })
  expect(cutToImage(polygon([101, 0], [110, 0], [105, 9]), size)).toEqual([])
  expect(cutToImage({ kind: 'box', x: 99.5, y: 0, w: 10, h: 10 }, size)).toEqual([])
  const [mask] = cutToImage({ kind: 'mask', x: 98, y: 0, w: 4, h: 1, runs: Uint32Array.from([0, 4]) }, size)
  expect(maskArea(mask as never)).toBe(2)
})
