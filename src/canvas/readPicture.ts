import type { Size } from '#geometry/point.ts'
import { fetchKept } from './fetchKept.ts'
import type { PictureReply, ReadFailure, ReadRequest } from './pictureMessages.ts'
import { levelSizes } from './pictureSizes.ts'

/** What was read, for whoever wants the other versions afterwards. */
export interface ReadBytes {
  readonly blob: Blob
  /** Which versions those are. */
  readonly left: 'levels' | 'all'
}

/**
 * Fetches a picture and decodes it, or a smaller version that is wanted first, or all versions of one that is read
 * ahead. Sizes are those of the oriented pixels (EXIF applied).
 * @throws never: that too is told
 */
export async function readPicture(
  { source, first, ahead = false }: ReadRequest,
  tell: (reply: PictureReply) => void,
): Promise<ReadBytes | undefined> {
  try {
    const { blob, frames } = typeof source === 'string' ? await fetched(source) : { blob: source, frames: 1 }
    const jpeg = blob.type === 'image/jpeg'
    const small = jpeg && first ? await decodedSmall(blob, first) : undefined
    if (small) {
      tell({ kind: 'first', bitmaps: [small] })
      return { blob, left: 'all' }
    }
    const [whole, deep] = await Promise.all([decoded(blob), isDeep(blob)])
    if (ahead) {
      tell({ kind: 'all', bitmaps: [whole, ...(await smaller(whole))], jpeg, deep, frames })
      return undefined
    }
    tell({ kind: 'whole', bitmaps: [whole], jpeg, deep, frames })
    return { blob, left: 'levels' }
  } catch (error) {
    tell({ kind: 'failed', failure: error instanceof Failed ? error.failure : undecodable(error) })
    return undefined
  }
}

/**
 * The versions that are left. What has been sent is decoded again: to keep its pixels is to copy them, which takes as
 * long. Where there is no memory that is told: what the page has goes on serving.
 */
export async function readRest({ blob, left }: ReadBytes, tell: (reply: PictureReply) => void): Promise<void> {
  try {
    const whole = await decoded(blob)
    const levels = await smaller(whole)
    if (left === 'all') return tell({ kind: 'all', bitmaps: [whole, ...levels], jpeg: true, deep: false, frames: 1 })
    whole.close()
    tell({ kind: 'levels', bitmaps: levels })
  } catch (error) {
    tell({ kind: 'failed', failure: undecodable(error) })
  }
}

class Failed extends Error {
  readonly failure: ReadFailure
  constructor(failure: ReadFailure) {
    super(failure.kind)
    this.failure = failure
  }
}

const undecodable = (error: unknown): ReadFailure => ({ kind: 'undecodable', said: String(error) })

async function fetched(url: string): Promise<{ blob: Blob; frames: number }> {
  const answer = await fetchKept(url).catch(unreachable)
  if (!answer.ok) throw new Failed({ kind: 'refused', status: answer.status })
  const frames = Number(answer.headers.get('x-marquee-frames') ?? 1)
  return { blob: await answer.blob().catch(unreachable), frames }
}

const unreachable = (error: unknown): never => {
  throw new Failed({ kind: 'unreachable', said: String(error) })
}

const decoded = (blob: Blob): Promise<ImageBitmap> => createImageBitmap(blob, { imageOrientation: 'from-image' })

/**
 * Each size from the one before: every step is about a half, so bilinear scaling (`low`) loses nothing. `medium` makes
 * the browser build all smaller versions of its own and keep them, 20 MB for 12 MP, and takes several times as long.
 */
async function smaller(whole: ImageBitmap): Promise<ImageBitmap[]> {
  const levels: ImageBitmap[] = []
  for (const { width, height } of levelSizes(whole)) {
    const size = { resizeWidth: width, resizeHeight: height, resizeQuality: 'low' } as const
    levels.push(await createImageBitmap(levels.at(-1) ?? whole, size))
  }
  return levels
}

/** A PNG says in its head that it has more than the 8 bits a channel that are shown. */
async function isDeep(blob: Blob): Promise<boolean> {
  if (blob.type === 'image/jpeg') return false
  const head = new Uint8Array(await blob.slice(0, 25).arrayBuffer())
  return head[0] === 0x89 && head[24] === 16
}

/**
 * A JPEG in fewer pixels than it has, which are all that is computed: 12 MP as 1000 × 750 take a quarter of the time.
 * Undefined where the browser cannot do that, or does not turn what is to be turned.
 */
async function decodedSmall(blob: Blob, { width, height }: Size): Promise<ImageBitmap | undefined> {
  if (typeof ImageDecoder === 'undefined' || !('rotation' in VideoFrame.prototype)) return undefined
  const data = await blob.arrayBuffer()
  try {
    // not turned yet: either side may be the longer one
    const side = Math.max(width, height)
    const decoder = new ImageDecoder({ data, type: 'image/jpeg', desiredWidth: side, desiredHeight: side })
    const { image } = await decoder.decode()
    const bitmap = await createImageBitmap(image, { imageOrientation: 'from-image' })
    image.close()
    decoder.close()
    // else all of it was decoded, or it lies otherwise than whoever asked believes
    if (Math.abs(bitmap.width - width) <= 1 && Math.abs(bitmap.height - height) <= 1) return bitmap
    bitmap.close()
  } catch {
    // decoding all of it will tell what is wrong
  }
  return undefined
}
