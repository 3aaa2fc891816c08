import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  actualSize,
  boundsOnScreen,
  centredOn,
  fitView,
  mirroredAt,
  pan,
  resized,
  toImage,
  toScreen,
  turnedTo,
  zoomAt,
} from './view.ts'

const view = fc.record({
  scale: fc.double({ min: 0.05, max: 64, noNaN: true }),
  x: fc.double({ min: -5000, max: 5000, noNaN: true }),
  y: fc.double({ min: -5000, max: 5000, noNaN: true }),
})
const screen = fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 2000 }))

describe('zoomAt', () => {
  it('keeps the image point under the pointer and the scale in 5 %–6400 %', () => {
    fc.assert(
      fc.property(view, screen, fc.double({ min: 0.001, max: 1000, noNaN: true }), (v, at, factor) => {
        const before = toImage(v, at)
        const after = zoomAt(v, at, factor)
        const [x, y] = toScreen(after, before)
        expect(x).toBeCloseTo(at[0], 3)
        expect(y).toBeCloseTo(at[1], 3)
        expect(after.scale).toBeGreaterThanOrEqual(0.05)
        expect(after.scale).toBeLessThanOrEqual(64)
      }),
    )
  })

  it('does not jump when an image fitted below 5 % is zoomed', () => {
    expect(zoomAt({ scale: 0.02, x: 0, y: 0 }, [0, 0], 1 / 1.15).scale).toBe(0.02)
    expect(zoomAt({ scale: 0.02, x: 0, y: 0 }, [0, 0], 1.5).scale).toBeCloseTo(0.03, 12)
  })
})

it('toImage and toScreen are inverse', () => {
  expect(toScreen({ scale: 2, x: 10, y: -4 }, [5, 6])).toEqual([20, 8])
  expect(toImage({ scale: 2, x: 10, y: -4 }, [20, 8])).toEqual([5, 6])
})

it('fitView shows the whole image in the middle with the margin around it', () => {
  expect(fitView({ width: 1000, height: 500 }, { width: 548, height: 800 })).toEqual({ scale: 0.5, x: 24, y: 275 })
  expect(fitView({ width: 1, height: 1 }, { width: 1000, height: 1000 }).scale).toBe(64)
  expect(fitView({ width: 100_000, height: 10 }, { width: 1048, height: 1000 }).scale).toBe(0.01)
})

it('actualSize is one to one around the middle', () => {
  const v = actualSize({ scale: 4, x: -100, y: 0 }, { width: 800, height: 600 })
  expect(v.scale).toBe(1)
  expect(toImage(v, [400, 300])).toEqual([125, 75])
})

it('a surface that changes size keeps its middle', () => {
  const before = { scale: 2, x: 30, y: 40 }
  const after = resized(before, { width: 800, height: 600 }, { width: 1000, height: 500 })
  expect(toImage(after, [500, 250])).toEqual(toImage(before, [400, 300]))
  expect(pan(before, 5, -5)).toEqual({ scale: 2, x: 35, y: 35 })
})

describe('a turned view', () => {
  const posture = fc.record({ angle: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }), mirrored: fc.boolean() })
  const turned = fc.tuple(view, posture).map(([v, p]) => ({ ...v, ...p }))

  it('goes there and back', () => {
    fc.assert(
      fc.property(turned, screen, (v, at) => {
        const [x, y] = toScreen(v, toImage(v, at))
        expect(x).toBeCloseTo(at[0], 6)
        expect(y).toBeCloseTo(at[1], 6)
      }),
    )
  })

  it('keeps what is under the pointer there while it is zoomed, turned and mirrored', () => {
    fc.assert(
      fc.property(turned, screen, fc.double({ min: -9, max: 9, noNaN: true }), (v, at, angle) => {
        const held = toImage(v, at)
        for (const after of [zoomAt(v, at, 1.5), turnedTo(v, at, angle), mirroredAt(v, at)]) {
          const [x, y] = toScreen(after, held)
          expect(x).toBeCloseTo(at[0], 4)
          expect(y).toBeCloseTo(at[1], 4)
        }
      }),
    )
  })

  it('is exact at right angles, and says nothing when upright', () => {
    const start = { scale: 2, x: 10, y: 20 }
    const right = turnedTo(start, [10, 20], Math.PI / 2)
    expect(toScreen(right, [3, 5])).toEqual([10 - 10, 20 + 6])
    expect(right.angle).toBe(Math.PI / 2)
    const round = [1, 2, 3].reduce((v) => turnedTo(v, [10, 20], (v.angle ?? 0) + Math.PI / 2), right)
    expect(round).toEqual({ ...start, angle: undefined, mirrored: undefined })
    expect(mirroredAt(mirroredAt(start, [7, 7]), [7, 7])).toEqual(round)
  })

  it('mirrors what is seen, whatever the angle', () => {
    const v = turnedTo({ scale: 1, x: 0, y: 0 }, [0, 0], 0.5)
    const [x, y] = toScreen(v, [30, 40])
    const [mx, my] = toScreen(mirroredAt(v, [100, 0]), [30, 40])
    expect(mx).toBeCloseTo(200 - x, 9)
    expect(my).toBeCloseTo(y, 9)
  })

  it('fits by what it takes on the screen', () => {
    const side = fitView({ width: 1000, height: 500 }, { width: 548, height: 1048 }, 24, { angle: Math.PI / 2 })
    expect(side.scale).toBe(1)
    expect(boundsOnScreen(side, { x: 0, y: 0, w: 1000, h: 500 })).toEqual({ x: 24, y: 24, w: 500, h: 1000 })
    const at = centredOn(side, [0, 0], { width: 100, height: 100 })
    expect(toScreen(at, [0, 0])).toEqual([50, 50])
  })
})
