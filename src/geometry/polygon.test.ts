import { expect, it } from 'vitest'
import type { Point } from './point.ts'
import { pointsBounds, ringArea, ringContains, ringDistance, segmentDistance } from './polygon.ts'

const arrow: readonly Point[] = [
  [0, 0],
  [10, 5],
  [0, 10],
  [4, 5],
]

it('measures area whichever way round', () => {
  expect(ringArea(arrow)).toBe(30)
  expect(ringArea(arrow.toReversed())).toBe(30)
  expect(ringArea([])).toBe(0)
})

it('contains by the even-odd rule, notches left out', () => {
  expect(ringContains(arrow, [6, 5])).toBe(true)
  expect(ringContains(arrow, [2, 5])).toBe(false)
  const star: readonly Point[] = [
    [0, 0],
    [10, 10],
    [10, 0],
    [0, 10],
  ]
  expect(ringContains(star, [9, 5])).toBe(true)
  expect(ringContains(star, [5, 9])).toBe(false)
})

it('measures the distance to segments and closed contours', () => {
  expect(segmentDistance([5, 5], [0, 0], [10, 0])).toBe(5)
  expect(segmentDistance([13, 4], [0, 0], [10, 0])).toBe(5)
  expect(segmentDistance([3, 4], [0, 0], [0, 0])).toBe(5)
  // over the closing side
  expect(
    ringDistance(
      [
        [0, 0],
        [10, 0],
        [10, 10],
        [0, 10],
      ],
      [-3, 5],
    ),
  ).toBe(3)
  expect(ringDistance([], [0, 0])).toBe(Number.POSITIVE_INFINITY)
})

it('bounds points, none as an empty box', () => {
  expect(pointsBounds(arrow)).toEqual({ kind: 'box', x: 0, y: 0, w: 10, h: 10 })
  expect(pointsBounds([])).toEqual({ kind: 'box', x: 0, y: 0, w: 0, h: 0 })
})
