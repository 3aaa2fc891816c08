import type { Size } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'
import { MOST_MASK_PIXELS, maskFromPng } from '#model/maskPng.ts'
import type { ReadMask } from '#model/readMasks.ts'
import { scaledSpans } from '#model/scaledSpans.ts'

/** From here up a grey of a JPEG is inside (docs/decisions.md, 21). */
const JPEG_INSIDE = 128

/** What a mask's bytes say, PNG or JPEG, as bytes or as base64 text in the place of bytes. Never fails. */
export async function readPicture(received: Uint8Array, size: Size): Promise<ReadMask> {
  try {
    const bytes = unwrapped(received)
    const mask = isJpeg(bytes) ? await maskFromJpeg(bytes, size) : maskFromPng(bytes, size)
    return mask ? { mask } : { why: 'nothing is inside the mask' }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // an array that is too long for this device is a RangeError as well, in words that are not for people
    const ours = error.message.startsWith('the ')
    return { why: ours ? error.message : 'the mask is too large for this device' }
  }
}

const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff

/** Some servers keep what the examples of Clarifai's Python client send: base64 text. */
function unwrapped(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0x89 || isJpeg(bytes)) return bytes
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 64)).replace(/^data:image\/[a-z+.-]+;base64,/, '')
  if (!start.startsWith('iVBORw0KGgo') && !start.startsWith('/9j/')) return bytes
  const text = new TextDecoder('latin1').decode(bytes).replace(/^data:image\/[a-z+.-]+;base64,/, '')
  try {
    return Uint8Array.from(atob(text.replaceAll(/\s/g, '')), (char) => char.charCodeAt(0))
  } catch {
    return bytes // it only looked like base64
  }
}

async function maskFromJpeg(bytes: Uint8Array, size: Size): Promise<Mask | undefined> {
  const bitmap = await createImageBitmap(new Blob([bytes.slice()]), { imageOrientation: 'none' }).catch(() => {
    throw new RangeError('the mask is a damaged JPEG')
  })
  const { width, height } = bitmap
  if (width * height > MOST_MASK_PIXELS)
    throw new RangeError(`the mask has ${width} × ${height} pixels, more than can be read`)
  const context = new OffscreenCanvas(width, height).getContext('2d')!
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  const { data } = context.getImageData(0, 0, width, height)
  const spans = scaledSpans({ width, height }, size)
  for (let y = 0; y < height; y++) spans.row(y, brightRuns(data, 4 * y * width, width))
  return spans.toMask()
}

/** Where the pixels of a row become bright and cease to be. */
function brightRuns(data: Uint8ClampedArray, start: number, width: number): number[] {
  const changes: number[] = []
  let inside = false
  for (let x = 0, i = start; x < width; x++, i += 4) {
    const grey = (299 * data[i]! + 587 * data[i + 1]! + 114 * data[i + 2]!) / 1000
    if (grey >= JPEG_INSIDE - 0.5 !== inside) {
      changes.push(x)
      inside = !inside
    }
  }
  if (inside) changes.push(width)
  return changes
}
