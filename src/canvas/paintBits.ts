import { type Bits, nextBit } from '#geometry/bits.ts'
import type { Box } from '#geometry/shape.ts'
import type { Frame } from './frame.ts'

/** Whole pixels of a frame: left ≤ x < right, top ≤ y < bottom. */
export interface PixelRect {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The part of the frame that a box of image px, with `margin` px around it, covers; undefined if it is out of view. */
export const pixelsOf = ({ x, y, w, h }: Box, frame: Frame, margin: number): PixelRect | undefined => {
  const left = Math.max(0, Math.floor(x * frame.k + frame.x) - margin)
  const top = Math.max(0, Math.floor(y * frame.k + frame.y) - margin)
  const right = Math.min(frame.width, Math.ceil((x + w) * frame.k + frame.x) + margin)
  const bottom = Math.min(frame.height, Math.ceil((y + h) * frame.k + frame.y) + margin)
  return left < right && top < bottom ? { left, top, right, bottom } : undefined
}

export interface Ink {
  /** 0xBBGGRR */
  readonly rgb: number
  /** 0…1 */
  readonly fill: number
  /** of the outline, which lies inside; frame px */
  readonly outline: number
}

let cover = new Uint8Array(0)

/**
 * The pixels of `rect` with the set bits painted on them, RGBA: each image pixel is the square it is, and one that is
 * smaller than a pixel of the frame still shows. Costs follow the rectangle: 4 ns a pixel.
 */
export const paintBits = (bits: Bits, frame: Frame, rect: PixelRect, ink: Ink): ImageData => {
  const reach = Math.max(1, Math.round(ink.outline))
  const width = rect.right - rect.left
  const height = rect.bottom - rect.top
  const stride = width + 2 * reach
  const rows = height + 2 * reach
  if (cover.length < stride * rows) cover = new Uint8Array(stride * rows)
  cover.fill(0, 0, stride * rows)
  coverRows(bits, frame, rect.left - reach, rect.top - reach, stride, rows)
  const image = new ImageData(width, height)
  const pixels = new Uint32Array(image.data.buffer)
  const fill = ((Math.round(255 * ink.fill) << 24) | ink.rgb) >>> 0
  const edge = ((255 << 24) | ink.rgb) >>> 0
  const far = reach * stride
  for (let y = 0; y < height; y++) {
    let at = (y + reach) * stride + reach
    for (let x = 0, to = y * width; x < width; x++, at++, to++) {
      if (cover[at] === 0) continue
      const within =
        cover[at - 1]! &
        cover[at + 1]! &
        cover[at - stride]! &
        cover[at + stride]! &
        cover[at - reach]! &
        cover[at + reach]! &
        cover[at - far]! &
        cover[at + far]!
      pixels[to] = within ? fill : edge
    }
  }
  return image
}

const coverRows = (bits: Bits, frame: Frame, left: number, top: number, stride: number, rows: number): void => {
  const { k } = frame
  let last = -1
  for (let row = 0; row < rows; row++) {
    const start = (top + row - frame.y) / k
    // enlarged: the pixel under the centre; reduced: all that lie in it
    const from = k >= 1 ? Math.floor(start + 0.5 / k) : Math.floor(start)
    const to = k >= 1 ? from + 1 : Math.max(from + 1, Math.ceil(start + 1 / k - 1e-9))
    if (k >= 1 && from === last) {
      cover.copyWithin(row * stride, (row - 1) * stride, row * stride)
      continue
    }
    last = from
    for (let y = Math.max(from, bits.y); y < Math.min(to, bits.y + bits.h); y++) {
      coverRow(bits, y, k, frame.x - left, row * stride, stride)
    }
  }
}

/** `shift`: where the image's left side is, in columns. */
const coverRow = (bits: Bits, y: number, k: number, shift: number, start: number, stride: number): void => {
  const words = (y - bits.y) * bits.stride
  const first = Math.max(0, Math.floor(-shift / k) - bits.x - 1)
  const end = Math.min(bits.w, Math.ceil((stride - shift) / k) - bits.x + 1)
  for (let a = nextBit(bits.words, words, bits.w, first, true); a < end; ) {
    const b = nextBit(bits.words, words, bits.w, a, false)
    const x0 = (bits.x + a) * k + shift
    const x1 = (bits.x + b) * k + shift
    const from = Math.max(0, k >= 1 ? Math.ceil(x0 - 0.5) : Math.floor(x0))
    const to = Math.min(stride, k >= 1 ? Math.ceil(x1 - 0.5) : Math.ceil(x1))
    if (from < to) cover.fill(1, start + from, start + to)
    a = nextBit(bits.words, words, bits.w, b, true)
  }
}
