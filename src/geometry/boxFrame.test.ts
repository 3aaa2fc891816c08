import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { handles } from './box.ts'
import { frameOf, fromFrame, handlePlace, inFrame, isAnyBox, resizeTurned, type TurnedBox } from './boxFrame.ts'
import { isRectangle, turnableBox, turnedBox } from './rotatedBox.ts'

const size = { width: 1000, height: 800 }

const turned = fc
  .record({
    x: fc.double({ min: 300, max: 500, noNaN: true }),
    y: fc.double({ min: 250, max: 350, noNaN: true }),
    w: fc.double({ min: 2, max: 200, noNaN: true }),
    h: fc.double({ min: 2, max: 200, noNaN: true }),
    degrees: fc.integer({ min: -180, max: 180 }),
  })
  .map(({ degrees, ...sides }) => turnedBox(turnableBox({ kind: 'box', ...sides }), degrees, size) as TurnedBox)
const anywhere = fc.tuple(
  fc.double({ min: -500, max: 1500, noNaN: true }),
  fc.double({ min: -500, max: 1300, noNaN: true }),
)

describe('the frame of a box', () => {
  it('and the image are each other’s inverse', () => {
    fc.assert(
      fc.property(turned, anywhere, (box, at) => {
        const frame = frameOf(box)
        const [x, y] = fromFrame(frame, inFrame(frame, at))
        expect(x).toBeCloseTo(at[0], 6)
        expect(y).toBeCloseTo(at[1], 6)
      }),
    )
  })

  it('has the corners where the box has them', () => {
    fc.assert(
      fc.property(turned, (box) => {
        for (const [i, handle] of (['nw', 'ne', 'se', 'sw'] as const).entries()) {
          const [x, y] = handlePlace(box, handle)
          expect(x).toBeCloseTo(box.points[i]![0], 6)
          expect(y).toBeCloseTo(box.points[i]![1], 6)
        }
      }),
    )
  })
})

describe('resizeTurned', () => {
  it('keeps angle, right angles, the image and a side of 1 px, whatever is dragged where and how', () => {
    const options = fc.record({ ratio: fc.boolean(), fromCentre: fc.boolean() })
    fc.assert(
      fc.property(turned, fc.constantFrom(...handles), anywhere, options, (box, handle, to, how) => {
        const { shape } = resizeTurned(box, handle, to, size, how)
        expect(shape.angle).toBe(box.angle)
        expect(isAnyBox(shape) && isRectangle(shape.points)).toBe(true)
        for (const [x, y] of shape.points) {
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(-1e-6)
          expect(x).toBeLessThanOrEqual(size.width + 1e-6)
          expect(y).toBeLessThanOrEqual(size.height + 1e-6)
        }
        const { w, h } = frameOf(shape)
        expect(Math.min(w, h)).toBeGreaterThanOrEqual(1 - 1e-6)
      }),
    )
  })
})
