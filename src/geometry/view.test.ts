import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { actualSize, fitView, pan, resized, toImage, toScreen, zoomAt } from './view.ts'

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
