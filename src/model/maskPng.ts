import { decode, encode } from 'fast-png'
import { fillRun, makeBits } from '#geometry/bits.ts'
import { forEachSpan, maskFromBits } from '#geometry/mask.ts'
import type { Size } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'

/**
 * The mask a PNG stands for: a pixel is inside when it is not zero (its colour, looked up in the palette, is not black,
 * and it is not fully transparent). A mask of another size than the image is scaled to it, nearest pixel
 * (docs/decisions.md, 21). Undefined when no pixel is inside.
 *
 * @throws RangeError if the bytes are no PNG that can be read
 */
export function maskFromPng(png: Uint8Array, size: Size): Mask | undefined {
  const picture = readPng(png)
  const bits = makeBits(0, 0, size.width, size.height)
  const columns = Int32Array.from({ length: size.width }, (_, x) =>
    Math.min(picture.width - 1, Math.floor(((x + 0.5) * picture.width) / size.width)),
  )
  for (let y = 0; y < size.height; y++) {
    const row = Math.min(picture.height - 1, Math.floor(((y + 0.5) * picture.height) / size.height))
    const start = y * bits.stride
    let from = -1
    for (let x = 0; x <= size.width; x++) {
      const inside = x < size.width && picture.inside(row * picture.width + columns[x]!)
      if (inside && from < 0) from = x
      else if (!inside && from >= 0) {
        fillRun(bits.words, start, from, x, true)
        from = -1
      }
    }
  }
  return maskFromBits(bits)
}

/** An 8-bit grey PNG of the image's size: 255 inside, 0 outside. */
export function maskToPng(mask: Mask | undefined, size: Size): Uint8Array {
  const data = new Uint8Array(size.width * size.height)
  if (mask) forEachSpan(mask, (y, from, to) => data.fill(255, y * size.width + from, y * size.width + to))
  return encode({ width: size.width, height: size.height, data, channels: 1, depth: 8 })
}

interface Picture extends Size {
  /** Whether the pixel of this number, row by row, is inside. */
  inside(pixel: number): boolean
}

function readPng(png: Uint8Array): Picture {
  let decoded: ReturnType<typeof decode>
  try {
    decoded = decode(png)
  } catch (cause) {
    throw new RangeError('the mask is no PNG that can be read', { cause })
  }
  const { width, height, data, channels, depth, palette } = decoded
  const at = sampleReader(data, depth, width)
  if (palette) {
    const set = palette.map(([r, g, b, a]) => (r ?? 0) + (g ?? 0) + (b ?? 0) > 0 && a !== 0)
    return { width, height, inside: (pixel) => set[at(pixel)] === true }
  }
  const alpha = channels === 2 || channels === 4
  const colours = alpha ? channels - 1 : channels
  const inside = (pixel: number): boolean => {
    if (alpha && data[pixel * channels + colours] === 0) return false
    if (colours === 1 && channels === 1) return at(pixel) !== 0
    for (let i = 0; i < colours; i++) if (data[pixel * channels + i] !== 0) return true
    return false
  }
  return { width, height, inside }
}

/** Samples of 1, 2 and 4 bits are packed, rows padded to whole bytes. */
function sampleReader(data: ArrayLike<number>, depth: number, width: number): (pixel: number) => number {
  if (depth >= 8) return (pixel) => data[pixel]!
  const perByte = 8 / depth
  const stride = Math.ceil(width / perByte)
  const low = (1 << depth) - 1
  return (pixel) => {
    const row = Math.floor(pixel / width)
    const column = pixel - row * width
    const byte = data[row * stride + Math.floor(column / perByte)]!
    return (byte >> (8 - depth - (column % perByte) * depth)) & low
  }
}
