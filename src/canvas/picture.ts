import type { Size } from '#geometry/point.ts'
import type { Frame } from './frame.ts'
import type { PictureReply, ReadFailure } from './pictureMessages.ts'
import { PictureReader } from './pictureReader.ts'
import { levelSizes, neededScale } from './pictureSizes.ts'
import { look, type ToneWindow } from './tone.ts'

/** Why a picture cannot be shown; `message` is fit for people. */
export class PictureError extends Error {
  readonly kind: ReadFailure['kind']
  /** HTTP status of a refusal. */
  readonly status: number | undefined

  constructor(kind: PictureError['kind'], message: string, options?: { cause?: unknown; status?: number | undefined }) {
    super(message, { cause: options?.cause })
    this.name = 'PictureError'
    this.kind = kind
    this.status = options?.status
  }
}

interface Level {
  readonly bitmap: ImageBitmap
  /** Pixels of this level for a pixel of the picture, 0…1. */
  readonly scale: number
}

/** A decoded picture with smaller versions of itself. Closing it frees the pixels at once, not when collected. */
export class Picture implements Size {
  readonly width: number
  readonly height: number
  /** The bytes have more than the 8 bits a channel that are shown. */
  readonly isDeep: boolean
  /** Frames or pages it has, of which the first is seen. */
  readonly frames: number
  /** Where other versions of it come from, while there are any. */
  #reader: PictureReader | undefined
  #levels: Level[]
  #asked = false
  readonly #followers = new Set<() => void>()
  readonly #opaque: boolean
  #seeThrough: boolean | undefined

  /**
   * @param size of the picture, px, where the bitmap is a smaller version of it
   * @param reading what has read it, if there is more to come
   */
  constructor(bitmap: ImageBitmap, size: Size = bitmap, reading: Reading = {}) {
    this.width = size.width
    this.height = size.height
    this.isDeep = reading.deep ?? false
    this.frames = reading.frames ?? 1
    this.#reader = reading.reader
    this.#opaque = reading.opaque ?? false
    this.#levels = [bitmap, ...(reading.smaller ?? [])].map((level) => this.#level(level))
  }

  #level(bitmap: ImageBitmap): Level {
    return { bitmap, scale: bitmap.width / this.width }
  }

  /** The smallest version that still has a pixel for each device pixel at `k` device px per picture px. */
  levelFor(k: number): Level | undefined {
    return this.#levels.findLast((level) => level.scale >= k * 0.99) ?? this.#levels[0]
  }

  /** A version that is sharp at `k` is not here yet. */
  isCoarseAt(k: number): boolean {
    return this.#reader !== undefined && (this.levelFor(k)?.scale ?? 0) < neededScale(k)
  }

  /** The least and the greatest value of a picture of more than 8 bits; undefined where the screen's are all there are. */
  get range(): readonly [number, number] | undefined {
    return undefined
  }

  /** Shows only this part of {@link Picture.range}; resolves when the whole picture is seen so, small. */
  setWindow(_window: ToneWindow): Promise<void> {
    return Promise.resolve()
  }

  /** The smallest version there is, to be looked at; undefined when it has been closed. */
  sample(): ImageBitmap | undefined {
    return this.#levels.at(-1)?.bitmap
  }

  /** Some of it can be seen through. Found out when the first smaller version is there, or there will be none. */
  get seeThrough(): boolean {
    if (this.#opaque) return false
    const isSmall = this.#levels.length > 1 || !this.#reader
    if (this.#seeThrough === undefined && isSmall) {
      const sample = this.sample()
      this.#seeThrough = sample !== undefined && look(sample).seeThrough
    }
    return this.#seeThrough ?? false
  }

  /** Another bitmap of the whole picture in place of the largest. */
  protected replaceWhole(bitmap: ImageBitmap): void {
    const [whole] = this.#levels
    if (whole) {
      whole.bitmap.close()
      this.#levels[0] = { bitmap, scale: bitmap.width / this.width }
    } else bitmap.close()
  }

  /** Paints what is sharper than {@link Picture.levelFor} over it; nothing, for a picture that is here whole. */
  paintDetail(_context: CanvasRenderingContext2D, _frame: Frame): void {}

  /** Calls `changed` whenever it can be shown better than before, until the returned function is called. */
  follow(changed: () => void): () => void {
    this.#followers.add(changed)
    return () => this.#followers.delete(changed)
  }

  protected tell(): void {
    for (const changed of this.#followers) changed()
  }

  /**
   * Has the versions made that are not here. Meant for after the first paint, which need not wait. In a worker, since
   * scaling an ImageBitmap down blocks its thread: 94 ms for 12 MP.
   */
  complete(): void {
    if (this.#asked) return
    this.#asked = true
    this.#reader?.askForRest()
  }

  /** Takes over what else has been read of it. */
  take(reply: PictureReply): void {
    if (reply.kind === 'levels') this.#levels.push(...reply.bitmaps.map((bitmap) => this.#level(bitmap)))
    else if (reply.kind === 'all') {
      const smaller = this.#levels
      this.#levels = reply.bitmaps.map((bitmap) => this.#level(bitmap))
      for (const { bitmap } of smaller) bitmap.close()
    }
    // out of memory: what is here goes on serving
    this.#endReading()
    this.tell()
  }

  #endReading(): void {
    this.#reader?.close()
    this.#reader = undefined
  }

  close(): void {
    this.#endReading()
    for (const level of this.#levels) level.bitmap.close()
    this.#levels = []
  }
}

/** What is known of a picture that has been read. */
interface Reading {
  readonly reader?: PictureReader | undefined
  readonly smaller?: readonly ImageBitmap[]
  /** It cannot be seen through. */
  readonly opaque?: boolean
  readonly deep?: boolean
  readonly frames?: number
}

export interface LoadOptions {
  /** As displayed, px, where that is known. */
  readonly size?: Size | undefined
  /** Seen whole, it is wanted in these pixels before all of it is there. */
  readonly first?: Size | undefined
  /** Nobody waits to see it: it comes with its smaller versions. */
  readonly ahead?: boolean | undefined
}

/**
 * Fetches and decodes a picture, off the main thread and never again at draw time. Sizes are those of the oriented
 * pixels (EXIF applied). Where it can be had soon in fewer pixels it resolves with these, and
 * {@link Picture.complete} has the others made. The caller closes the picture when it is no longer shown.
 * @throws PictureError when it cannot be had or is no image; the signal's reason when aborted.
 */
export const loadPicture = async (
  source: string | Blob,
  { size, first, ahead }: LoadOptions = {},
  signal?: AbortSignal,
): Promise<Picture> => {
  signal?.throwIfAborted()
  const address = typeof source === 'string' ? new URL(source, location.href).href : source
  const { promise, resolve, reject } = Promise.withResolvers<Picture>()
  let picture: Picture | undefined
  const reader = new PictureReader({ source: address, first: size && first, ahead }, (reply) => {
    if (picture) return picture.take(reply)
    if (reply.kind === 'failed') return reject(errorOf(reply.failure))
    if (reply.kind === 'levels') return
    const [bitmap, ...smaller] = reply.bitmaps
    const isFirst = reply.kind === 'first'
    const isDone = reply.kind === 'all' || (reply.kind === 'whole' && levelSizes(bitmap!).length === 0)
    if (isDone) reader.close()
    picture = new Picture(bitmap!, isFirst ? size : bitmap, {
      reader: isDone ? undefined : reader,
      smaller,
      opaque: isFirst || reply.jpeg,
      deep: !isFirst && reply.deep,
      frames: isFirst ? 1 : reply.frames,
    })
    resolve(picture)
  })
  const abort = () => reject(signal?.reason)
  signal?.addEventListener('abort', abort)
  try {
    return await promise
  } catch (error) {
    reader.close()
    picture?.close()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

const errorOf = ({ kind, status, said }: ReadFailure): PictureError => {
  const cause = { cause: said, status }
  switch (kind) {
    case 'refused':
      return new PictureError(kind, `The server does not give out the image (HTTP ${status}).`, cause)
    case 'unreachable':
      return new PictureError(kind, 'The image could not be loaded: the server cannot be reached.', cause)
    case 'undecodable':
      return new PictureError(
        kind,
        'This browser cannot read the image: it is damaged, too large or of an unknown format.',
        cause,
      )
  }
}
