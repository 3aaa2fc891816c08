import type { Size } from '#geometry/point.ts'
import type { Frame } from './frame.ts'
import { look, type ToneWindow } from './tone.ts'

/** Why a picture cannot be shown; `message` is fit for people. */
export class PictureError extends Error {
  /** `unreachable`: no answer · `refused`: an answer that is no success · `undecodable`: bytes that are no image this browser reads, or too large for it */
  readonly kind: 'unreachable' | 'refused' | 'undecodable'
  /** HTTP status of a refusal. */
  readonly status: number | undefined

  constructor(kind: PictureError['kind'], message: string, options?: { cause?: unknown; status?: number }) {
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

// half sizes down to about a thumbnail: a fit-to-screen draw of 12 MP then reads 4–16× fewer pixels (3.5 ms against 5–14)
const SMALLEST_SIDE = 256

/** A decoded picture with smaller versions of itself. Closing it frees the pixels at once, not when collected. */
export class Picture implements Size {
  readonly width: number
  readonly height: number
  readonly #blob: Blob | undefined
  #levels: Level[]
  #building: Worker | undefined
  readonly #waiting = new Set<() => void>()
  #seeThrough: boolean | undefined

  /**
   * @param blob the same picture as `bitmap`; without it no smaller versions are made
   * @param size of the picture, px, where the bitmap is a smaller version of it
   */
  constructor(bitmap: ImageBitmap, blob: Blob | undefined, size: Size = bitmap) {
    this.width = size.width
    this.height = size.height
    this.#blob = blob
    this.#levels = [{ bitmap, scale: bitmap.width / size.width }]
  }

  /** The smallest version that still has a pixel for each device pixel at `k` device px per picture px. */
  levelFor(k: number): Level | undefined {
    return this.#levels.findLast((level) => level.scale >= k * 0.99) ?? this.#levels[0]
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
    const isSmall = this.#levels.length > 1 || !this.#blob || levelSizes(this).length === 0
    if (this.#seeThrough === undefined && isSmall) {
      const sample = this.#blob?.type === 'image/jpeg' ? undefined : this.sample()
      this.#seeThrough = sample !== undefined && look(sample).seeThrough
    }
    return this.#seeThrough ?? false
  }

  /** The bytes have more than the 8 bits a channel that are shown: a PNG says so in its head. */
  async isDeep(): Promise<boolean> {
    const head = new Uint8Array((await this.#blob?.slice(0, 25).arrayBuffer()) ?? new ArrayBuffer(0))
    return head[0] === 0x89 && head[24] === 16
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

  /**
   * Makes the smaller versions in a worker and calls `ready` when that is over. Meant for after the first paint, which
   * need not wait, or well before it. A worker, since scaling an ImageBitmap down blocks its thread: 94 ms for 12 MP.
   * @returns false: nothing is made, and `ready` need not be waited for
   */
  buildLevels(ready: () => void): boolean {
    const sizes = levelSizes(this)
    const blob = this.#blob
    if (!blob || this.#levels.length !== 1 || sizes.length === 0) return false
    this.#waiting.add(ready)
    if (this.#building) return true
    const worker = new Worker(new URL('./pictureWorker.ts', import.meta.url), { type: 'module', name: 'picture' })
    this.#building = worker
    worker.onmessage = ({ data }: MessageEvent<readonly ImageBitmap[]>) => {
      this.#stopBuilding()
      for (const bitmap of data) this.#levels.push({ bitmap, scale: bitmap.width / this.width })
      this.#tell()
    }
    // out of memory: the full size goes on serving
    worker.onerror = () => {
      this.#stopBuilding()
      this.#tell()
    }
    worker.postMessage({ blob, sizes } satisfies LevelRequest)
    return true
  }

  #tell(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const ready of waiting) ready()
  }

  #stopBuilding(): void {
    this.#building?.terminate()
    this.#building = undefined
  }

  close(): void {
    this.#stopBuilding()
    this.#waiting.clear()
    for (const level of this.#levels) level.bitmap.close()
    this.#levels = []
  }
}

/** What the worker is asked for; it answers with a bitmap of each size. */
export interface LevelRequest {
  readonly blob: Blob
  readonly sizes: readonly Size[]
}

/** Halves, quarters … down to about a thumbnail. */
export const levelSizes = ({ width, height }: Size): Size[] => {
  const sizes: Size[] = []
  for (let scale = 0.5; scale * Math.max(width, height) >= SMALLEST_SIDE; scale /= 2) {
    sizes.push({ width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) })
  }
  return sizes
}

/**
 * Fetches and decodes a picture, off the main thread and never again at draw time. Sizes are those of the oriented
 * pixels (EXIF applied). The caller closes the picture when it is no longer shown.
 * @throws PictureError when it cannot be had or is no image; the signal's reason when aborted.
 */
export const loadPicture = async (source: string | Blob, signal?: AbortSignal): Promise<Picture> => {
  const blob = typeof source === 'string' ? await fetchPicture(source, signal) : source
  signal?.throwIfAborted()
  const bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image' }).catch((cause) => {
    throw new PictureError(
      'undecodable',
      'This browser cannot read the image: it is damaged, too large or of an unknown format.',
      { cause },
    )
  })
  if (signal?.aborted) {
    bitmap.close()
    signal.throwIfAborted()
  }
  return new Picture(bitmap, blob)
}

const fetchPicture = async (url: string, signal: AbortSignal | undefined): Promise<Blob> => {
  try {
    const response = await fetchKept(url, signal)
    if (!response.ok) {
      throw new PictureError('refused', `The server does not give out the image (HTTP ${response.status}).`, {
        status: response.status,
      })
    }
    return await response.blob()
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof PictureError) throw cause
    throw new PictureError('unreachable', 'The image could not be loaded: the server cannot be reached.', { cause })
  }
}

/** From the server; while it cannot be reached, what the browser has of it, however old that is. */
export const fetchKept = async (url: string, signal: AbortSignal | undefined): Promise<Response> => {
  const asked: RequestInit = { signal: signal ?? null, credentials: 'same-origin' }
  try {
    return await fetch(url, asked)
  } catch (error) {
    signal?.throwIfAborted()
    return fetch(url, { ...asked, cache: 'force-cache' }).catch(() => Promise.reject(error))
  }
}
