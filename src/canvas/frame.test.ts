import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toScreen } from '#geometry/view.ts'
import { anEditor } from '#testing/builders.ts'
import { frameOf, isSmooth, onLayer, sameFrame } from './frame.ts'

const viewport = { width: 801, height: 600 }

describe('a turned frame', () => {
  const view = fc.record({
    scale: fc.double({ min: 0.05, max: 64, noNaN: true }),
    x: fc.integer({ min: -3000, max: 3000 }),
    y: fc.integer({ min: -3000, max: 3000 }),
    angle: fc.oneof(
      fc.constantFrom(0, Math.PI / 2, Math.PI, -Math.PI / 2),
      fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    ),
    mirrored: fc.boolean(),
  })

  it('puts image pixels where the view says', () => {
    fc.assert(
      fc.property(view, fc.constantFrom(1, 2), fc.integer({ min: 0, max: 500 }), (v, ratio, p) => {
        const frame = frameOf(v, viewport, ratio)
        const [x, y] = onLayer(frame, [p * frame.k + frame.x, 7 * frame.k + frame.y])
        const [sx, sy] = toScreen(v, [p, 7])
        expect(x).toBeCloseTo(sx * ratio, 4)
        expect(y).toBeCloseTo(sy * ratio, 4)
      }),
    )
  })

  it('covers the whole layer, and nothing more at right angles', () => {
    fc.assert(
      fc.property(view, (v) => {
        const frame = frameOf(v, viewport, 1)
        const { a = 1, b = 0, c = 0, d = 1, e = 0, f = 0 } = frame.turn ?? {}
        for (const [x, y] of [
          [0, 0],
          [801, 0],
          [0, 600],
          [801, 600],
        ] as const) {
          const flatX = a * (x - e) + b * (y - f)
          const flatY = c * (x - e) + d * (y - f)
          expect(flatX).toBeGreaterThan(-1e-6)
          expect(flatY).toBeGreaterThan(-1e-6)
          expect(flatX).toBeLessThan(frame.width + 1e-6)
          expect(flatY).toBeLessThan(frame.height + 1e-6)
        }
        expect([frame.x, frame.y].every(Number.isInteger)).toBe(true)
      }),
    )
    expect(frameOf({ scale: 1, x: 5, y: 6, angle: Math.PI / 2 }, viewport, 1)).toMatchObject({
      width: 600,
      height: 801,
    })
  })

  it('is another frame than the upright one, and the same as itself', () => {
    const upright = frameOf({ scale: 1, x: 0, y: 0 }, viewport, 1)
    const turned = frameOf({ scale: 1, x: 0, y: 0, angle: Math.PI }, viewport, 1)
    expect(sameFrame(upright, turned)).toBe(false)
    expect(sameFrame(turned, frameOf({ scale: 1, x: 0, y: 0, angle: Math.PI }, viewport, 1))).toBe(true)
    expect(sameFrame(upright, { ...upright, strength: { fill: 2, outline: 1, halo: true } })).toBe(false)
  })
})

it('LME#656: zooms to 6,400 %, and above 200 % every pixel is a square, on any screen', () => {
  const editor = anEditor()
  for (let i = 0; i < 60; i++) editor.zoomAt([400, 300], 1.15)
  expect(editor.state.view.scale).toBe(64)
  for (const ratio of [1, 1.5, 2]) {
    const at = (scale: number) => frameOf({ scale, x: 0, y: 0 }, viewport, ratio)
    expect([at(1), at(2), at(2.01), at(10), at(64)].map(isSmooth)).toEqual([true, true, false, false, false])
  }
})
