import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { ImageRefused } from './imageRefused.ts'
import { type ImageLimits, readImage, renderSmall } from './images.ts'

const limits: ImageLimits = { imagePixels: 1_000_000, imageBytes: 5_000_000 }

/** Left half red, right half blue. */
const halves = (width = 40, height = 20) =>
  sharp({ create: { width, height, channels: 3, background: '#f00' } }).composite([
    {
      input: { create: { width: width / 2, height, channels: 3, background: '#00f' } },
      left: width / 2,
      top: 0,
    },
  ])

const pixel = async (bytes: Uint8Array, x: number, y: number): Promise<number[]> => {
  const { data, info } = await sharp(bytes)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = (y * info.width + x) * info.channels
  return [...data.subarray(at, at + 3)]
}

const refusal = async (bytes: Uint8Array, limit = limits): Promise<Pick<ImageRefused, 'kind' | 'message'>> => {
  const error: unknown = await readImage(bytes, limit).then(
    () => new Error('it was accepted'),
    (error: unknown) => error,
  )
  const { name, kind, message } = error as ImageRefused
  expect(name, message).toBe('ImageRefused')
  return { kind, message }
}

/** A BMP of 2 × 2 px: red, green / blue, white. `bits` 24 or 32, rows from below unless `topDown`. */
const bmp = (bits: 24 | 32, topDown = false): Buffer => {
  const rowBytes = Math.ceil((2 * bits) / 32) * 4
  const bytes = Buffer.alloc(54 + rowBytes * 2)
  bytes.write('BM')
  bytes.writeUInt32LE(bytes.length, 2)
  bytes.writeUInt32LE(54, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(2, 18)
  bytes.writeInt32LE(topDown ? -2 : 2, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(bits, 28)
  const bgr = [
    [0, 0, 255],
    [0, 255, 0],
    [255, 0, 0],
    [255, 255, 255],
  ]
  for (const [i, color] of bgr.entries()) {
    const y = topDown ? i >> 1 : 1 - (i >> 1)
    bytes.set(color, 54 + y * rowBytes + (i % 2) * (bits / 8))
  }
  return bytes
}

/** A BMP of 2 × 1 px with a palette: entry 1 (orange), entry 0 (black). */
const palettedBmp = (bits: 1 | 4 | 8): Buffer => {
  const colors = 2 ** bits
  const bytes = Buffer.alloc(54 + colors * 4 + 4)
  bytes.write('BM')
  bytes.writeUInt32LE(54 + colors * 4, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(2, 18)
  bytes.writeInt32LE(1, 22)
  bytes.writeUInt16LE(bits, 28)
  bytes.set([0, 128, 255], 58)
  bytes[54 + colors * 4] = 1 << (8 - bits)
  return bytes
}

describe('reading pictures', () => {
  it.each([
    ['JPEG', () => halves().jpeg()],
    ['PNG', () => halves().png()],
    ['WEBP', () => halves().webp()],
    ['GIF', () => halves().gif()],
    ['AVIF', () => halves().avif()],
  ] as const)('serves an upright %s as it came', async (format, made) => {
    const image = await readImage(await made().toBuffer(), limits)
    expect(image).toMatchObject({ format, width: 40, height: 20, display: undefined })
    expect((await sharp(image.thumbnail).metadata()).format).toBe('webp')
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'takes orientation %i as displayed, bakes it and strips it (CVAT#1059, CVAT#733, CVAT#738)',
    async (orientation) => {
      const bytes = await halves().jpeg({ chromaSubsampling: '4:4:4' }).withMetadata({ orientation }).toBuffer()
      const image = await readImage(bytes, limits)
      const turned = orientation >= 5
      expect([image.width, image.height]).toEqual(turned ? [20, 40] : [40, 20])
      if (orientation === 1) return expect(image.display).toBeUndefined()
      const shown = await sharp(image.display!).metadata()
      expect([shown.width, shown.height, shown.orientation, shown.exif]).toEqual([
        image.width,
        image.height,
        undefined,
        undefined,
      ])
      // where the red half lies once displayed: EXIF 2.32, tag 0x0112
      const red = { 2: [30, 10], 3: [30, 10], 4: [10, 10], 5: [10, 10], 6: [10, 10], 7: [10, 30], 8: [10, 30] }[
        orientation
      ]!
      expect((await pixel(image.display!, red[0]!, red[1]!))[0]).toBeGreaterThan(240)
      const small = await sharp(image.thumbnail).metadata()
      expect([small.width, small.height]).toEqual([image.width, image.height])
    },
  )

  it('makes a lossless rendition of what browsers do not show', async () => {
    const tiff = await readImage(await halves().tiff({ compression: 'none' }).toBuffer(), limits)
    expect(tiff).toMatchObject({ format: 'TIFF', width: 40, height: 20 })
    expect((await sharp(tiff.display!).metadata()).format).toBe('png')
    expect(await pixel(tiff.display!, 5, 5)).toEqual([255, 0, 0])
    expect(await pixel(tiff.display!, 35, 5)).toEqual([0, 0, 255])
  })

  it('reads 16-bit TIFF and CMYK JPEG', async () => {
    const deep = await halves().toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer()
    expect(await pixel((await readImage(deep, limits)).display!, 5, 5)).toEqual([255, 0, 0])
    const cmyk = await readImage(await halves().toColourspace('cmyk').jpeg().toBuffer(), limits)
    expect(cmyk.colorMode).toBe('CMYK')
    expect((await sharp(cmyk.display!).metadata()).space).toBe('srgb')
  })

  it.each([
    ['24 bits', bmp(24)],
    ['24 bits from above', bmp(24, true)],
    ['32 bits', bmp(32)],
  ])('reads BMP with %s', async (_name, bytes) => {
    const image = await readImage(bytes, limits)
    expect(image).toMatchObject({ format: 'BMP', width: 2, height: 2 })
    const corners = await Promise.all([
      pixel(image.display!, 0, 0),
      pixel(image.display!, 1, 0),
      pixel(image.display!, 0, 1),
    ])
    expect(corners).toEqual([
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ])
  })

  it.each([1, 4, 8] as const)('reads BMP with a palette of %i bits', async (bits) => {
    const { display } = await readImage(palettedBmp(bits), limits)
    expect([await pixel(display!, 0, 0), await pixel(display!, 1, 0)]).toEqual([
      [255, 128, 0],
      [0, 0, 0],
    ])
  })

  it('refuses a BMP that is cut off, compressed or has no pixels', async () => {
    expect((await refusal(bmp(24).subarray(0, 60))).kind).toBe('corrupt')
    const packed = bmp(24)
    packed.writeUInt32LE(1, 30)
    expect(await refusal(packed)).toMatchObject({ kind: 'unsupported', message: expect.stringContaining('PNG') })
    const empty = bmp(24)
    empty.writeInt32LE(0, 22)
    expect((await refusal(empty)).kind).toBe('corrupt')
  })

  it('makes small pictures no larger than the original', async () => {
    const big = await halves(800, 400).png().toBuffer()
    const image = await readImage(big, limits)
    const thumbnail = await sharp(image.thumbnail).metadata()
    expect([thumbnail.width, thumbnail.height]).toEqual([320, 160])
    const small = await sharp(await renderSmall(big, 'small', limits)).metadata()
    expect([small.width, small.height]).toEqual([96, 48])
    const tiny = await sharp(await renderSmall(bmp(24), 'small', limits)).metadata()
    expect([tiny.width, tiny.height]).toEqual([2, 2])
  })
})

describe('refusing files', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 'corrupt'],
    ['text', Buffer.from('hello'), 'unsupported'],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'unsupported'],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'), 'unsupported'],
    ['PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n'), 'unsupported'],
    ['a picture’s first bytes only', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), 'corrupt'],
  ] as const)('refuses %s', async (_name, bytes, kind) => {
    expect((await refusal(bytes)).kind).toBe(kind)
  })

  it.each(['jpeg', 'png', 'webp', 'tiff', 'gif'] as const)('refuses a %s that is cut off', async (format) => {
    const noise = Buffer.from(Array.from({ length: 200 * 200 * 3 }, (_, i) => (i * 7919 * (i % 13)) % 256))
    const whole = await sharp(noise, { raw: { width: 200, height: 200, channels: 3 } })
      .toFormat(format)
      .toBuffer()
    await expect(readImage(whole, limits)).resolves.toMatchObject({ width: 200 })
    const refused = await refusal(whole.subarray(0, whole.length / 2))
    expect(refused.kind).toBe('corrupt')
    // in words of ours, without those of the libraries
    expect(refused.message).toMatch(/^the picture is damaged or cut off(: it ends too early)?$/)
  })

  it('refuses what is too large by its bytes or its pixels, and says by how much', async () => {
    const bytes = await halves().png().toBuffer()
    expect((await refusal(bytes, { ...limits, imageBytes: 10 })).kind).toBe('over-limit')
    expect(await refusal(bytes, { ...limits, imagePixels: 799 })).toMatchObject({
      kind: 'over-limit',
      message: expect.stringContaining('40 × 20'),
    })
  })

  it('refuses a bomb by its header, without decoding it', async () => {
    const bomb = pngClaiming(60_000, 60_000)
    expect(bomb.length).toBeLessThan(100_000)
    const start = performance.now()
    const { kind } = await refusal(bomb, { imagePixels: 500_000_000, imageBytes: 200_000_000 })
    expect(kind).toBe('over-limit')
    expect(performance.now() - start).toBeLessThan(1000)
    const header = bmp(24)
    header.writeInt32LE(60_000, 18)
    header.writeInt32LE(60_000, 22)
    expect((await refusal(header, { imagePixels: 500_000_000, imageBytes: 200_000_000 })).kind).toBe('over-limit')
  })
})

/** A PNG whose header says so many pixels, with little behind it. */
function pngClaiming(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 1
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...chunks])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

it('a 12-bit camera in 16 bits is seen on thumbnails: its own values go from black to white', async () => {
  const [width, height] = [320, 40]
  const values = Uint16Array.from({ length: width * height }, (_, i) => 1000 + Math.round((2000 * (i % width)) / 319))
  const raw = sharp(values, { raw: { width, height, channels: 1 } })
  const bytes = await raw.toColourspace('grey16').png().toBuffer()
  for (const [picture, last] of [
    [(await readImage(bytes, limits)).thumbnail, 319],
    [await renderSmall(bytes, 'small', limits), 95],
  ] as const) {
    expect((await pixel(picture, 1, 2))[0]).toBeLessThan(12)
    expect((await pixel(picture, last, 2))[0]).toBeGreaterThan(243)
    expect((await pixel(picture, Math.round(last / 2), 2))[0]).toBeGreaterThan(115)
  }
})
