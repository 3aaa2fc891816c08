import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { box, clampMove, clip, drawnBox, handles, normalize, union } from './box.ts'
import { handleAfter, resizeBox } from './resizeBox.ts'

const image = { width: 400, height: 300 }
const inside = fc.record({
  x: fc.double({ min: 0, max: 399, noNaN: true }),
  y: fc.double({ min: 0, max: 299, noNaN: true }),
})
const aBox = inside.chain(({ x, y }) =>
  fc
    .record({
      w: fc.double({ min: 1, max: 400 - x, noNaN: true }),
      h: fc.double({ min: 1, max: 300 - y, noNaN: true }),
    })
    .map(({ w, h }) => box(x, y, w, h)),
)
const anywhere = fc.tuple(
  fc.double({ min: -900, max: 1300, noNaN: true }),
  fc.double({ min: -900, max: 1200, noNaN: true }),
)
const near = 1e-6

describe('resizeBox', () => {
  it('stays in the image and above 1 px, whatever is dragged where and how', () => {
    fc.assert(
      fc.property(
        aBox,
        fc.constantFrom(...handles),
        anywhere,
        fc.boolean(),
        fc.boolean(),
        (b, handle, to, ratio, fromCentre) => {
          const after = resizeBox(b, handle, to, image, { ratio, fromCentre })
          expect(after.x).toBeGreaterThanOrEqual(-near)
          expect(after.y).toBeGreaterThanOrEqual(-near)
          expect(after.x + after.w).toBeLessThanOrEqual(image.width + near)
          expect(after.y + after.h).toBeLessThanOrEqual(image.height + near)
          expect(Math.min(after.w, after.h)).toBeGreaterThanOrEqual(1 - near)
          if (ratio) expect(after.w * b.h).toBeCloseTo(after.h * b.w, 3)
          if (fromCentre && after.w > 1 && after.h > 1) {
            expect(after.x + after.w / 2).toBeCloseTo(b.x + b.w / 2, 6)
            expect(after.y + after.h / 2).toBeCloseTo(b.y + b.h / 2, 6)
          }
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('keeps the ratio from a side around the middle of the other axis', () => {
    expect(resizeBox(box(100, 100, 100, 50), 'e', [300, 0], image, { ratio: true })).toEqual(box(100, 75, 200, 100))
  })

  it('grows both ways from its middle with a side', () => {
    expect(resizeBox(box(100, 100, 100, 50), 'w', [90, 0], image, { fromCentre: true })).toEqual(box(90, 100, 120, 50))
  })

  it('flips to the other side of the side that stays', () => {
    const before = box(100, 100, 100, 50)
    const after = resizeBox(before, 'w', [250, 0], image)
    expect(after).toEqual(box(200, 100, 50, 50))
    expect(handleAfter(before, 'w', after)).toBe('e')
    expect(handleAfter(before, 'nw', resizeBox(before, 'nw', [250, 200], image))).toBe('se')
    expect(handleAfter(before, 'nw', resizeBox(before, 'nw', [250, 120], image))).toBe('ne')
    expect(handleAfter(before, 'se', resizeBox(before, 'se', [210, 160], image))).toBe('se')
  })
})

describe('drawnBox', () => {
  it('stays in the image, square or not, from a corner or the middle', () => {
    fc.assert(
      fc.property(inside, anywhere, fc.boolean(), fc.boolean(), ({ x, y }, to, square, fromCentre) => {
        const b = drawnBox([x, y], to, image, { square, fromCentre })
        expect(Math.min(b.x, b.y, b.w, b.h)).toBeGreaterThanOrEqual(-near)
        expect(b.x + b.w).toBeLessThanOrEqual(image.width + near)
        expect(b.y + b.h).toBeLessThanOrEqual(image.height + near)
        if (square) expect(b.w).toBeCloseTo(b.h, 6)
      }),
      { numRuns: 2000 },
    )
  })
})

it('clampMove goes as far as the image allows, and not at all for what is larger', () => {
  expect(clampMove(box(10, 10, 50, 50), -30, 500, image)).toEqual([-10, 240])
  expect(clampMove(box(0, 10, 400, 50), 30, 5, image)).toEqual([0, 5])
  // what lies outside may come back, but not go farther
  expect(clampMove(box(-10, 0, 50, 50), -5, 0, image)[0]).toBe(0)
  expect(clampMove(box(-10, 0, 50, 50), 5, 0, image)[0]).toBe(5)
})

it('normalize turns negative sides', () => {
  expect(normalize({ kind: 'box', x: 10, y: 20, w: -5, h: 6 })).toEqual(box(5, 20, 5, 6))
})

it('clip leaves what is in the image', () => {
  expect(clip(box(-10, -10, 30, 400), image)).toEqual(box(0, 0, 20, 300))
  expect(clip(box(500, 10, 30, 40), image)).toMatchObject({ w: 0 })
})

it('union surrounds all, and is none for none', () => {
  expect(union([box(10, 10, 5, 5), box(0, 12, 3, 30)])).toEqual(box(0, 10, 15, 32))
  expect(union([])).toBeUndefined()
})
