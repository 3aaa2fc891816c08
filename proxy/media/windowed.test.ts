import sharp from 'sharp'
import { expect, it } from 'vitest'
import { readFacts, readImage } from './images.ts'
import { rangeOf, windowed } from './windowed.ts'

const [width, height] = [64, 4]

/** Grey 16-bit PNG: 1000, 1010, 1020 … along each row, as a camera of 12 bits gives. */
const ramp = () =>
  sharp(
    Uint16Array.from({ length: width * height }, (_, i) => 1000 + 10 * (i % width)),
    { raw: { width, height, channels: 1 } },
  ).toColourspace('grey16')

const greys = async (bytes: Uint8Array) => [
  ...(await sharp(bytes).toColourspace('b-w').raw().toBuffer()).subarray(0, width),
]

it('shows 16 bits through a window of values: black below, white above, all of it between', async () => {
  const tile = { bytes: new Uint8Array(await ramp().png().toBuffer()), type: 'image/png' } as const
  expect(await rangeOf(tile)).toEqual({ low: 1000, high: 1630 })
  const shown = await greys((await windowed(tile, { low: 1200, high: 1455 })).bytes)
  expect(shown[0]).toBe(0)
  expect(shown[20]).toBe(0)
  expect(shown[21]).toBe(10)
  expect(shown[45]).toBe(250)
  expect(shown[46]).toBe(255)
  expect(shown[63]).toBe(255)
})

it('keeps colours apart', async () => {
  const pixels = Uint16Array.from([1000, 2000, 3000])
  const bytes = await sharp(pixels, { raw: { width: 1, height: 1, channels: 3 } })
    .toColourspace('rgb16')
    .png()
    .toBuffer()
  const tile = { bytes: new Uint8Array(bytes), type: 'image/png' } as const
  const { bytes: shown } = await windowed(tile, { low: 1000, high: 3000 })
  expect([...(await sharp(shown).raw().toBuffer())]).toEqual([0, 128, 255])
})

it('the display of a 16-bit TIFF keeps its depth, which tells a browser that there is a window to choose', async () => {
  const tiff = new Uint8Array(await ramp().tiff({ compression: 'lzw' }).toBuffer())
  const { display, facts } = await readImage(tiff, { imagePixels: 1e6, imageBytes: 1e6 })
  expect(facts).toMatchObject({ depth: 16, tiles: { levels: 1 } })
  expect(await readFacts(display!)).toMatchObject({ depth: 16 })
})
