import { ImageRefused } from './imageRefused.ts'

/** Pixels in rows from the top, 3 (RGB) or 4 (RGBA) bytes each. */
export interface RawPixels {
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
}

interface Header {
  readonly width: number
  readonly height: number
  readonly topDown: boolean
  readonly bits: number
  readonly masks: readonly [red: number, green: number, blue: number, alpha: number]
  readonly palette: Uint8Array // BGR0, 4 bytes an entry
  readonly dataAt: number
  readonly rowBytes: number
}

/** The size a BMP states, without touching its pixels. @throws ImageRefused for a header that cannot be read. */
export function bmpSize(bytes: Uint8Array): { width: number; height: number } {
  const { width, height } = readHeader(bytes)
  return { width, height }
}

/**
 * Decodes an uncompressed BMP (1, 4, 8, 16, 24, 32 bits, palette and bit fields), since libvips is built without a
 * reader for it. Run-length and JPEG-in-BMP files, which hardly exist, are refused with a reason.
 * Source: Microsoft, "Bitmap Storage" (BITMAPFILEHEADER, BITMAPINFOHEADER, BITMAPV5HEADER).
 * @throws ImageRefused
 */
export function decodeBmp(bytes: Uint8Array): RawPixels {
  const header = readHeader(bytes)
  const { width, height, rowBytes, dataAt } = header
  if (dataAt + rowBytes * height > bytes.byteLength)
    throw new ImageRefused('corrupt', 'the picture is cut off: its pixels end before the last row')
  const channels = header.bits > 8 && header.masks[3] !== 0 ? 4 : 3
  const pixels = new Uint8Array(width * height * channels)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let y = 0; y < height; y++) {
    const row = dataAt + rowBytes * (header.topDown ? y : height - 1 - y)
    const out = y * width * channels
    if (header.bits <= 8) indexedRow(header, bytes, row, pixels, out)
    else directRow(header, view, row, pixels, out, channels)
  }
  return { pixels, width, height, channels }
}

function readHeader(bytes: Uint8Array): Header {
  if (bytes.byteLength < 26) throw new ImageRefused('corrupt', 'the picture is cut off inside its header')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const infoSize = view.getUint32(14, true)
  if (infoSize < 40 || bytes.byteLength < 14 + infoSize)
    throw new ImageRefused('unsupported', 'this kind of BMP (OS/2 or cut off) cannot be read; save it as PNG')
  const width = view.getInt32(18, true)
  const signedHeight = view.getInt32(22, true)
  const bits = view.getUint16(28, true)
  const compression = view.getUint32(30, true)
  if (width <= 0 || signedHeight === 0) throw new ImageRefused('corrupt', 'the picture has no pixels')
  if (compression !== 0 && compression !== 3 && compression !== 6)
    throw new ImageRefused('unsupported', 'compressed BMP files cannot be read; save it as PNG')
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new ImageRefused('corrupt', `${bits} bits a pixel is no BMP`)
  const colors = bits <= 8 ? Math.min(view.getUint32(46, true) || 2 ** bits, 2 ** bits) : 0
  return {
    width,
    height: Math.abs(signedHeight),
    topDown: signedHeight < 0,
    bits,
    masks: readMasks(view, bits, compression, infoSize),
    palette: bytes.subarray(14 + infoSize, 14 + infoSize + colors * 4),
    dataAt: view.getUint32(10, true),
    rowBytes: Math.ceil((width * bits) / 32) * 4,
  }
}

function readMasks(view: DataView, bits: number, compression: number, infoSize: number): Header['masks'] {
  if (compression === 0) return bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0]
  if (view.byteLength < 66) throw new ImageRefused('corrupt', 'the picture is cut off inside its header')
  const alpha = infoSize >= 56 && view.byteLength >= 70 ? view.getUint32(66, true) : 0
  return [view.getUint32(54, true), view.getUint32(58, true), view.getUint32(62, true), alpha]
}

function indexedRow(header: Header, bytes: Uint8Array, row: number, pixels: Uint8Array, out: number): void {
  const { bits, palette, width } = header
  const perByte = 8 / bits
  const lowBits = (1 << bits) - 1
  for (let x = 0; x < width; x++) {
    const shift = 8 - bits - (x % perByte) * bits
    const entry = (((bytes[row + Math.floor(x / perByte)] ?? 0) >> shift) & lowBits) * 4
    pixels[out + x * 3] = palette[entry + 2] ?? 0
    pixels[out + x * 3 + 1] = palette[entry + 1] ?? 0
    pixels[out + x * 3 + 2] = palette[entry] ?? 0
  }
}

function directRow(header: Header, view: DataView, row: number, pixels: Uint8Array, out: number, channels: 3 | 4) {
  const bytesEach = header.bits / 8
  const scales = header.masks.map(maskScale)
  for (let x = 0; x < header.width; x++) {
    const at = row + x * bytesEach
    const value =
      bytesEach === 2
        ? view.getUint16(at, true)
        : view.getUint16(at, true) +
          view.getUint8(at + 2) * 65_536 +
          (bytesEach === 4 ? view.getUint8(at + 3) * 2 ** 24 : 0)
    for (let channel = 0; channel < channels; channel++) {
      const { shift, max } = scales[channel]!
      pixels[out + x * channels + channel] = Math.round((((value >>> shift) & max) / max) * 255)
    }
  }
}

/** Where a channel's bits lie and the greatest value they can hold (1 for an absent channel, so that it reads 0). */
function maskScale(mask: number): { shift: number; max: number } {
  if (mask === 0) return { shift: 31, max: 1 }
  const shift = 31 - Math.clz32(mask & -mask)
  return { shift, max: mask >>> shift }
}
