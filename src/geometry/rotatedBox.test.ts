import { expect, it } from 'vitest'
import { middleOf, normalDegrees, turnableBox, turnedBox } from './rotatedBox.ts'

const size = { width: 1000, height: 800 }
const box = turnableBox({ kind: 'box', x: 400, y: 300, w: 200, h: 100 })

it('turns a box about its middle, clockwise, in tenths of a degree', () => {
  const quarter = turnedBox(box, 90, size)
  expect(quarter.angle).toBeCloseTo(90)
  expect(middleOf(quarter)[0]).toBeCloseTo(500)
  expect(quarter.points[0]![0]).toBeCloseTo(550)
  expect(quarter.points[0]![1]).toBeCloseTo(250)
  expect(turnedBox(box, 12.34, size).angle).toBeCloseTo(12.3)
  expect(turnedBox(box, 0.04, size)).toBe(box)
  // drawn at any angle it stands at a tenth afterwards
  expect(turnedBox({ ...box, angle: 12.3712 }, 2.6288, size).angle).toBeCloseTo(15, 9)
  expect(turnedBox({ ...box, angle: -0.07 }, 0.07, size).angle).toBeCloseTo(0, 9)
  const back = turnedBox(turnedBox(box, 33, size), -33, size)
  for (const [i, [x, y]] of back.points.entries()) {
    expect(x).toBeCloseTo(box.points[i]![0])
    expect(y).toBeCloseTo(box.points[i]![1])
  }
})

it('stops where a corner would leave the image', () => {
  const edge = turnableBox({ kind: 'box', x: 0, y: 300, w: 200, h: 100 })
  const turned = turnedBox(edge, 90, size)
  expect(turned.angle).toBe(0)
  const near = turnedBox(turnableBox({ kind: 'box', x: 4, y: 300, w: 200, h: 100 }), 90, size)
  expect(near.angle).toBeGreaterThan(0)
  expect(near.angle).toBeLessThan(10)
  for (const [x] of near.points) expect(x).toBeGreaterThanOrEqual(0)
})

it('writes angles in (-180, 180]', () => {
  expect([190, -180, 180, 540, -10].map(normalDegrees)).toEqual([-170, 180, 180, 180, -10])
})
