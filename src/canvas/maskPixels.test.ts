import fc from 'fast-check'
import { expect, it } from 'vitest'
import { makeBits } from '#geometry/bits.ts'
import { Spans } from '#geometry/mask.ts'
import { setSpan } from '#geometry/maskRaster.ts'
import type { Frame } from './frame.ts'
import { inkMask, type MaskInk } from './maskPixels.ts'
import { paintBits } from './paintBits.ts'

// what paintBits paints into, in a browser
globalThis.ImageData ??= class {
  readonly data: Uint8ClampedArray
  constructor(width: number, height: number) {
    this.data = new Uint8ClampedArray(4 * width * height)
  }
} as unknown as typeof ImageData

const frameAt = (k: number, x: number, y: number): Frame => ({ k, x, y, width: 60, height: 40, ratio: 1 })
const whole = { left: 0, top: 0, right: 60, bottom: 40 }
const plain: MaskInk = { rgb: 0x102030, fill: 0.3, outline: 2, outlineOpacity: 1 }

const spans = fc.array(
  fc.record({
    y: fc.integer({ min: 0, max: 29 }),
    from: fc.integer({ min: 0, max: 48 }),
    w: fc.integer({ min: 1, max: 12 }),
  }),
  { minLength: 1, maxLength: 30 },
)

function painted(k: number, x: number, y: number, rows: typeof spans extends fc.Arbitrary<infer T> ? T : never) {
  const bits = makeBits(0, 0, 60, 30)
  for (const row of rows) setSpan(bits, row.y, row.from, row.from + row.w, true)
  const mask = new Spans()
  for (let row = 0; row < 30; row++)
    for (let at = 0; at < 60; at++)
      if ((bits.words[row * bits.stride + (at >> 5)]! >>> (at & 31)) & 1) mask.add(row, at, at + 1)
  const frame = frameAt(k, x, y)
  const pixels = new Uint32Array(60 * 40)
  const ink = (look: MaskInk) => {
    inkMask(pixels.fill(0), mask.toMask()!, frame, whole, look)
    return pixels
  }
  return { ink, live: () => new Uint32Array(paintBits(bits, frame, whole, plain).data.buffer) }
}

it('looks as the mask did while it was being painted, at any place and size', () => {
  const place = fc.tuple(
    fc.constantFrom(0.13, 0.5, 0.77, 1, 2, 3.3),
    fc.integer({ min: -30, max: 30 }),
    fc.integer({ min: -30, max: 30 }),
  )
  fc.assert(
    fc.property(spans, place, (rows, [k, x, y]) => {
      const { ink, live } = painted(k, x, y, rows)
      expect([...ink(plain)]).toEqual([...live()])
    }),
  )
})

it('puts a halo around it, and parts of an outline or a fill that tell a state', () => {
  const { ink } = painted(
    1,
    0,
    0,
    [5, 6, 7, 8, 9, 10, 11].map((y) => ({ y, from: 5, w: 40 })),
  )
  const at = (x: number, y: number) => (pixels: Uint32Array) => pixels[60 * y + x]! >>> 24
  const haloed = ink({ ...plain, halo: { rgb: 0, opacity: 0.6, width: 1 } })
  expect([at(20, 4)(haloed), at(20, 3)(haloed), at(20, 5)(haloed), at(20, 8)(haloed)]).toEqual([153, 0, 255, 77])
  const dashed = ink({ ...plain, dash: [6, 4] }).subarray(60 * 5 + 5, 60 * 5 + 45)
  expect(dashed.filter((pixel) => pixel >>> 24 === 255).length).toBe(24)
  const hatched = ink({ ...plain, hatch: { period: 7, width: 1, opacity: 0.5 } }).subarray(60 * 8 + 7, 60 * 8 + 42)
  expect(hatched.filter((pixel) => pixel >>> 24 === 128).length).toBe(5)
})
