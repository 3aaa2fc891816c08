import { crc32 } from 'node:zlib'

/** What the head of an image file says. */
export interface MaskFacts {
  readonly format: 'PNG' | 'JPEG'
  readonly width: number
  readonly height: number
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const jpegSignature = Buffer.from([0xff, 0xd8, 0xff])
const base64 = /^[A-Za-z0-9+/]+={0,2}$/

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const startsLike = (bytes: Buffer, signature: Buffer): boolean => bytes.subarray(0, signature.length).equals(signature)

const looksLikeImage = (bytes: Buffer): boolean => startsLike(bytes, pngSignature) || startsLike(bytes, jpegSignature)

/**
 * The bytes of a picture that came as bytes or, as the seed's Python sends it, as base64 text in the bytes field
 * (api.md §6); undefined when it is neither a PNG nor a JPEG.
 */
export const unwrapImage = (received: Uint8Array): Uint8Array | undefined => {
  const bytes = bufferOf(received)
  if (looksLikeImage(bytes)) return bytes
  const text = bytes
    .toString('latin1')
    .replace(/^data:image\/[a-z+.-]+;base64,/, '')
    .replaceAll(/\s/g, '')
  if (text.length % 4 !== 0 || !base64.test(text)) return undefined
  const decoded = Buffer.from(text, 'base64')
  return looksLikeImage(decoded) ? decoded : undefined
}

/** Format and size of a whole PNG or JPEG; undefined when it is broken or cut off. Does not inflate the pixels. */
export const maskFacts = (image: Uint8Array): MaskFacts | undefined => {
  const bytes = bufferOf(image)
  return startsLike(bytes, pngSignature) ? pngFacts(bytes) : jpegFacts(bytes)
}

/** Walks all chunks, checking lengths and CRCs. Source: PNG specification (third edition), §5. */
const pngFacts = (bytes: Buffer): MaskFacts | undefined => {
  let size: { width: number; height: number } | undefined
  let hasPixels = false
  for (let at = pngSignature.length; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    const end = at + 12 + length
    if (end > bytes.length) return undefined
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return undefined
    if (type === 'IHDR' && length === 13)
      size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) }
    if (type === 'IDAT') hasPixels = true
    if (type === 'IEND')
      return size && hasPixels && size.width > 0 && size.height > 0 ? { format: 'PNG', ...size } : undefined
    at = end
  }
  return undefined
}

const isStartOfFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

/** Reads the segments up to the frame header, and wants the end marker. Source: ITU T.81, annex B. */
const jpegFacts = (bytes: Buffer): MaskFacts | undefined => {
  if (bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) < 0) return undefined
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1]!
    if (isStartOfFrame(marker)) {
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)]
      return width > 0 && height > 0 ? { format: 'JPEG', width, height } : undefined
    }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}
