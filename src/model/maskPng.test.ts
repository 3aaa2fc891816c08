import { deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { decode, encode } from 'fast-png'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { Bitmap } from '#geometry/bitmap.ts'
import { maskArea, maskContains, sameMask } from '#geometry/mask.ts'
import type { Mask } from '#geometry/shape.ts'
import { workOf } from '#testing/work.ts'
import { maskFromPng, maskToPng } from './maskPng.ts'

const SIZE = { width: 61, height: 47 }

/** Rows of `#` and `.` as bytes of 255 and 0. */
const pixels = (...rows: readonly string[]): Uint8Array =>
  Uint8Array.from(rows.join(''), (char) => (char === '#' ? 255 : 0))

const drawn = (mask: Mask | undefined, width: number, height: number): string[] =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (mask && maskContains(mask, x, y) ? '#' : '.')).join(''),
  )

const chunk = (type: string, content: Uint8Array): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  return Buffer.concat([length, Buffer.from(type, 'latin1'), content, Buffer.alloc(4)])
}

/** A PNG of raw rows (filter types included); check sums are left 0, which must not matter. */
function rawPng(
  {
    width,
    height,
    depth,
    type,
    interlace = 0,
  }: Record<'width' | 'height' | 'depth' | 'type', number> & {
    interlace?: number
  },
  rows: Uint8Array,
  extra: readonly Buffer[] = [],
): Uint8Array {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([depth, type, 0, 0, interlace], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    ...extra,
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const discs = fc.array(fc.tuple(fc.nat(60), fc.nat(46), fc.integer({ min: 1, max: 20 })), {
  minLength: 1,
  maxLength: 5,
})
const painted = (of: readonly (readonly [number, number, number])[], size = SIZE): Mask => {
  const bitmap = new Bitmap(size.width, size.height)
  for (const [x, y, side] of of) bitmap.stamp([x, y], { shape: 'circle', size: side }, true)
  return bitmap.toMask() as Mask
}

describe('a mask as PNG', () => {
  it('comes back pixel for pixel', () => {
    fc.assert(
      fc.property(discs, (of) => {
        const mask = painted(of)
        expect(sameMask(maskFromPng(maskToPng(mask, SIZE), SIZE) as Mask, mask)).toBe(true)
      }),
    )
  })

  it('is read alike by other decoders, check sums and all', async () => {
    const mask = painted([
      [10, 10, 15],
      [40, 30, 20],
      [60, 46, 9],
    ])
    const png = maskToPng(mask, SIZE)
    const { data, depth, channels } = decode(png, { checkCrc: true })
    expect([depth, channels]).toEqual([8, 1])
    const { data: other, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
    expect(info.width).toBe(SIZE.width)
    for (let y = 0; y < SIZE.height; y++) {
      for (let x = 0; x < SIZE.width; x++) {
        const value = maskContains(mask, x, y) ? 255 : 0
        expect(data[y * SIZE.width + x]).toBe(value)
        expect(other[(y * SIZE.width + x) * info.channels]).toBe(value)
      }
    }
  })

  it('has a zlib stream that zlib takes, whatever the runs', () => {
    const runs = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 250, max: 70_000 })), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(runs, ([first = 0, ...rest]) => {
        const width = first + rest.reduce((sum, run) => sum + run, 0) + 1
        const size = { width, height: 1 }
        const mask: Mask = { kind: 'mask', x: 0, y: 0, w: width, h: 1, runs: Uint32Array.of(first, ...rest, 1) }
        const png = maskToPng(mask, size)
        const at = Buffer.from(png).indexOf('IDAT') + 4
        const bytes = inflateSync(png.subarray(at, png.length - 16))
        expect(bytes.length).toBe(width + 1)
        const back = maskFromPng(png, size)
        expect(back ? maskArea(back) : 0).toBe(maskArea(mask))
        for (let i = 0, at = 0; i < mask.runs.length; at += mask.runs[i++]!)
          for (const x of [at, at + mask.runs[i]! - 1])
            if (mask.runs[i]! > 0) expect(maskContains(back!, x, 0)).toBe(i % 2 === 1)
      }),
    )
  })

  it('with nothing inside is no mask', () => {
    expect(maskFromPng(maskToPng(undefined, SIZE), SIZE)).toBeUndefined()
  })

  it('leaves out what lies outside the image', () => {
    const mask: Mask = { kind: 'mask', x: -1, y: -1, w: 3, h: 3, runs: Uint32Array.of(0, 9) }
    expect(drawn(maskFromPng(maskToPng(mask, { width: 3, height: 3 }), { width: 3, height: 3 }), 3, 3)).toEqual([
      '##.',
      '##.',
      '...',
    ])
  })

  it('of 12 megapixels is small', () => {
    const size = { width: 4000, height: 3000 }
    const bitmap = new Bitmap(size.width, size.height)
    bitmap.stamp([2000, 1500], { shape: 'circle', size: 2400 }, true)
    expect(maskToPng(bitmap.toMask(), size).length).toBeLessThan(40_000)
  })
})

describe('masks from elsewhere', () => {
  it('count any pixel that is not zero, whatever its grey', () => {
    const data = Uint8Array.of(0, 1, 127, 255)
    const png = encode({ width: 4, height: 1, data, channels: 1, depth: 8 })
    expect(drawn(maskFromPng(png, { width: 4, height: 1 }), 4, 1)).toEqual(['.###'])
  })

  it('of 16 bits count the low byte too', () => {
    const png = encode({ width: 4, height: 1, data: Uint16Array.of(0, 1, 256, 0), channels: 1, depth: 16 })
    expect(drawn(maskFromPng(png, { width: 4, height: 1 }), 4, 1)).toEqual(['.##.'])
  })

  it('leave out what is fully transparent', () => {
    const grey = encode({ width: 2, height: 1, data: Uint8Array.of(255, 0, 9, 1), channels: 2, depth: 8 })
    expect(drawn(maskFromPng(grey, { width: 2, height: 1 }), 2, 1)).toEqual(['.#'])
    const rgba = Uint8Array.of(255, 255, 255, 0, 255, 0, 0, 255, 0, 0, 0, 255)
    const png = encode({ width: 3, height: 1, data: rgba, channels: 4, depth: 8 })
    expect(drawn(maskFromPng(png, { width: 3, height: 1 }), 3, 1)).toEqual(['.#.'])
  })

  it('leave out the one colour that is named transparent', () => {
    const clear = chunk('tRNS', Buffer.from([0, 200]))
    const png = rawPng({ width: 3, height: 1, depth: 8, type: 0 }, Buffer.from([0, 200, 7, 0]), [clear])
    expect(drawn(maskFromPng(png, { width: 3, height: 1 }), 3, 1)).toEqual(['.#.'])
  })

  it.each([
    [1, [0b1010_0000]],
    [2, [0b0100_1000]],
    [4, [0x10, 0x70]],
    [8, [9, 0, 255]],
  ])('of %i bits of grey', (depth, row) => {
    const png = rawPng({ width: 3, height: 1, depth, type: 0 }, Buffer.from([0, ...row]))
    expect(drawn(maskFromPng(png, { width: 3, height: 1 }), 3, 1)).toEqual(['#.#'])
  })

  it('with a palette are looked up in it, its transparency too', () => {
    const palette = chunk('PLTE', Buffer.from([0, 0, 0, 128, 0, 0, 0, 0, 9, 255, 255, 255]))
    const clear = chunk('tRNS', Buffer.from([255, 255, 0]))
    const rows = Buffer.from([0, 0b0001_1011])
    const png = rawPng({ width: 4, height: 1, depth: 2, type: 3 }, rows, [palette, clear])
    expect(drawn(maskFromPng(png, { width: 4, height: 1 }), 4, 1)).toEqual(['.#.#'])
  })

  it('of another size are scaled to the image, nearest pixel', () => {
    const png = encode({ width: 2, height: 2, data: Uint8Array.of(255, 0, 0, 255), channels: 1, depth: 8 })
    const mask = maskFromPng(png, { width: 10, height: 10 }) as Mask
    expect(maskArea(mask)).toBe(50)
    expect(maskContains(mask, 4, 4)).toBe(true)
    expect(maskContains(mask, 5, 4)).toBe(false)
    const larger = encode({ width: 6, height: 2, data: pixels('##..#.', '......'), channels: 1, depth: 8 })
    expect(drawn(maskFromPng(larger, { width: 3, height: 1 }), 3, 1)).toEqual(['...'])
    expect(drawn(maskFromPng(larger, { width: 3, height: 3 }), 3, 3)).toEqual(['#..', '...', '...'])
  })

  it('are read by every filter, interlaced too, as sharp reads them', async () => {
    const some = fc.record({
      width: fc.integer({ min: 1, max: 70 }),
      height: fc.integer({ min: 1, max: 40 }),
      seed: fc.nat(),
      level: fc.integer({ min: 0, max: 9 }),
      interlaced: fc.boolean(),
      adaptiveFiltering: fc.boolean(),
      colours: fc.constantFrom<1 | 3 | 4>(1, 3, 4),
    })
    await fc.assert(
      fc.asyncProperty(some, async ({ width, height, seed, level, interlaced, adaptiveFiltering, colours }) => {
        const values = Uint8Array.from({ length: width * height * colours }, (_, i) =>
          Math.sin(i * 0.11 + seed) > 0.2 ? Math.abs(Math.imul(i + seed, 2654435761)) % 256 : 0,
        )
        const png = await sharp(values, { raw: { width, height, channels: colours } })
          .png({ compressionLevel: level, progressive: interlaced, adaptiveFiltering })
          .toBuffer()
        const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
        const mask = maskFromPng(png, { width, height })
        const inside = (i: number): boolean => {
          const pixel = data.subarray(i * info.channels, (i + 1) * info.channels)
          const colour = info.channels === 4 || info.channels === 2 ? pixel.subarray(0, -1) : pixel
          return colour.some((value) => value !== 0) && (colour.length === pixel.length || pixel.at(-1) !== 0)
        }
        for (let i = 0; i < width * height; i++)
          expect(mask ? maskContains(mask, i % width, Math.floor(i / width)) : false).toBe(inside(i))
      }),
      { numRuns: 60 },
    )
  })

  it('undo each filter by hand', () => {
    const rows = [
      [1, 5, 0, 0, 251, 0],
      [2, 0, 0, 0, 0, 0],
      [2, 251, 0, 0, 7, 0],
      [3, 0, 1, 255, 0, 0],
      [4, 0, 0, 0, 0, 9],
    ]
    const png = rawPng({ width: 5, height: 5, depth: 8, type: 0 }, Buffer.from(rows.flat()))
    expect(decode(png, { checkCrc: false }).data).toHaveLength(25)
    const expected = decode(png, { checkCrc: false }).data
    const mask = maskFromPng(png, { width: 5, height: 5 }) as Mask
    expect(drawn(mask, 5, 5).join('')).toBe(Array.from(expected, (value) => (value === 0 ? '.' : '#')).join(''))
  })
})

describe('what cannot be read says why', () => {
  const good = encode({
    width: 40,
    height: 40,
    data: new Uint8Array(1600).map((_, i) => (i * 7919) % 256),
    channels: 1,
    depth: 8,
  })

  it('when it is no PNG', () => {
    expect(() => maskFromPng(Uint8Array.of(1, 2, 3), SIZE)).toThrow('no PNG or JPEG')
    expect(() => maskFromPng(new Uint8Array(), SIZE)).toThrow('no PNG or JPEG')
  })

  it('wherever it is cut off', () => {
    for (let length = 0; length < good.length - 20; length += 13)
      expect(() => maskFromPng(good.subarray(0, length), SIZE)).toThrow(RangeError)
  })

  it('when its size is 0', () => {
    const png = rawPng({ width: 0, height: 0, depth: 8, type: 0 }, new Uint8Array())
    expect(() => maskFromPng(png, SIZE)).toThrow('its size is 0')
  })

  it('when it would be larger than can be read, before anything is unpacked', () => {
    const png = rawPng({ width: 100_000, height: 100_000, depth: 8, type: 0 }, new Uint8Array(9))
    expect(() => maskFromPng(png, SIZE)).toThrow('100000 × 100000 pixels, more than can be read')
  })

  it('when it holds fewer pixels than it says, and a bomb that holds more is cut short', () => {
    const few = rawPng({ width: 50, height: 50, depth: 8, type: 0 }, new Uint8Array(100))
    expect(() => maskFromPng(few, SIZE)).toThrow('pixels are missing')
    const bomb = rawPng(
      { width: 3, height: 1, depth: 8, type: 0 },
      new Uint8Array(50_000_000).fill(255, 1).fill(0, 0, 1),
    )
    const read = () => expect(drawn(maskFromPng(bomb, { width: 3, height: 1 }), 3, 1)).toEqual(['###'])
    expect(workOf(read)).toBeLessThan(50)
  })

  it('never by anything but a RangeError, whatever is damaged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1 }),
        (harm) => {
          const bytes = good.slice()
          for (const [at, value] of harm) bytes[at] = value
          try {
            maskFromPng(bytes, SIZE)
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})
