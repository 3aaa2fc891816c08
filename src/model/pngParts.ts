/** What the chunks of a PNG say before its pixels are unpacked. */
export interface PngHead {
  readonly width: number
  readonly height: number
  readonly interlaced: boolean
  /** of a pixel */
  readonly bits: number
  /** as filters count them: at least 1 */
  readonly bytesPerPixel: number
  /** all IDAT chunks */
  readonly compressed: Uint8Array
  /** a byte a pixel, which is inside unless it is 0 */
  readonly isPlain: boolean
  /** Whether pixel x of the row whose unfiltered bytes begin at `start` is neither black nor fully transparent. */
  inside(data: Uint8Array, start: number, x: number): boolean
}

const notPng = () => new RangeError('the mask is no PNG or JPEG')
const damaged = (what: string) => new RangeError(`the mask is a damaged PNG: ${what}`)

/**
 * Takes a PNG apart. Check sums are not looked at: a mask that browsers would refuse for one is still somebody's work.
 * Source: PNG specification (third edition), §5, §11.
 * @throws RangeError when it is none, or damaged
 */
export function pngParts(png: Uint8Array): PngHead {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  if (png.length < 8 || view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) throw notPng()
  let head: Uint8Array | undefined
  let palette: Uint8Array | undefined
  let transparency: Uint8Array | undefined
  const pixels: Uint8Array[] = []
  for (let at = 8; at + 12 <= png.length; ) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(png[at + 4]!, png[at + 5]!, png[at + 6]!, png[at + 7]!)
    const content = png.subarray(at + 8, at + 8 + length)
    if (type === 'IHDR') head = content
    else if (type === 'PLTE') palette = content
    else if (type === 'tRNS') transparency = content
    else if (type === 'IDAT') pixels.push(content)
    else if (type === 'IEND') break
    at += 12 + length
  }
  if (head?.length !== 13) throw damaged('it has no size')
  if (pixels.length === 0) throw damaged('it has no pixels')
  return described(head, concatenated(pixels), palette, transparency)
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

function described(
  head: Uint8Array,
  compressed: Uint8Array,
  palette: Uint8Array | undefined,
  transparency: Uint8Array | undefined,
): PngHead {
  const view = new DataView(head.buffer, head.byteOffset)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  const [depth, type, compression, filter, interlace] = [head[8]!, head[9]!, head[10]!, head[11]!, head[12]!]
  if (width === 0 || height === 0) throw damaged('its size is 0')
  if (!DEPTHS[type]?.includes(depth) || compression > 0 || filter > 0 || interlace > 1)
    throw damaged('its header is of no known kind')
  const bits = CHANNELS[type]! * depth
  const pixels = { width, height, interlaced: interlace === 1, bits, bytesPerPixel: Math.max(1, bits >> 3), compressed }
  if (type === 3) {
    if (!palette) throw damaged('it has no palette')
    return { ...pixels, isPlain: false, inside: byValue(depth, insideOfPalette(palette, transparency)) }
  }
  if (type === 0 && depth <= 8) return { ...pixels, ...grey(depth, transparency) }
  return { ...pixels, isPlain: false, inside: byBytes(type, depth, transparency) }
}

/** By value: whether the palette's colour is not black and can be seen at all. */
function insideOfPalette(palette: Uint8Array, transparency: Uint8Array | undefined): Uint8Array {
  const inside = new Uint8Array(256)
  for (let i = 0; 3 * i + 2 < palette.length; i++) {
    const black = palette[3 * i] === 0 && palette[3 * i + 1] === 0 && palette[3 * i + 2] === 0
    inside[i] = black || transparency?.[i] === 0 ? 0 : 1
  }
  return inside
}

function grey(depth: number, transparency: Uint8Array | undefined): Pick<PngHead, 'isPlain' | 'inside'> {
  const inside = new Uint8Array(256).fill(1)
  inside[0] = 0
  if (transparency && transparency.length >= 2) inside[((transparency[0]! << 8) | transparency[1]!) & 255] = 0
  return { isPlain: depth === 8 && !transparency, inside: byValue(depth, inside) }
}

/** Samples of 1, 2 and 4 bits are packed from the highest bit down. */
function byValue(depth: number, inside: Uint8Array): PngHead['inside'] {
  if (depth === 8) return (data, start, x) => inside[data[start + x]!] === 1
  const perByte = 8 / depth
  const low = (1 << depth) - 1
  return (data, start, x) => {
    const byte = data[start + Math.floor(x / perByte)]!
    return inside[(byte >> (8 - depth - (x % perByte) * depth)) & low] === 1
  }
}

/** Colours, 16 bits and alpha. `transparency` names one colour that is not seen, 16 bits a channel. */
function byBytes(type: number, depth: number, transparency: Uint8Array | undefined): PngHead['inside'] {
  const channels = CHANNELS[type]!
  const colors = type === 4 || type === 6 ? channels - 1 : channels
  const sample = depth / 8
  const clear =
    colors === channels && transparency && transparency.length >= 2 * colors
      ? Array.from({ length: colors * sample }, (_, i) => (sample === 2 ? transparency[i]! : transparency[2 * i + 1]!))
      : undefined
  const some = (data: Uint8Array, from: number, to: number): boolean => {
    for (let i = from; i < to; i++) if (data[i] !== 0) return true
    return false
  }
  return (data, start, x) => {
    const at = start + x * channels * sample
    if (colors < channels && !some(data, at + colors * sample, at + channels * sample)) return false
    if (clear?.every((byte, i) => data[at + i] === byte)) return false
    return some(data, at, at + colors * sample)
  }
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
