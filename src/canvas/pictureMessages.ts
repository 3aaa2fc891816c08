import type { Size } from '#geometry/point.ts'

/** What is said between the page and the worker that reads a picture (pictureWorker.ts). */

export type PictureRequest =
  | ReadRequest
  /** The other versions of what was read last. */
  | { readonly kind: 'rest' }

export interface ReadRequest {
  readonly kind: 'read'
  /** An absolute address, or the bytes. */
  readonly source: string | Blob
  /** Decoded first, in no more than these pixels, where the format lets that be done without the others. */
  readonly first?: Size | undefined
  /** Nobody waits to see it: it comes with its smaller versions. */
  readonly ahead?: boolean | undefined
}

/** What is known of a picture that is here. */
export interface SeenPicture {
  /** Nothing of it can be seen through. */
  readonly jpeg: boolean
  /** It has more than 8 bits a channel. */
  readonly deep: boolean
  /** Frames or pages, of which this is the first. */
  readonly frames: number
}

export type PictureReply =
  /** A smaller version, sharp enough to be seen whole; the rest may be asked for. */
  | { readonly kind: 'first'; readonly bitmaps: readonly [ImageBitmap] }
  /** The picture; the rest, its smaller versions, may be asked for. */
  | ({ readonly kind: 'whole'; readonly bitmaps: readonly [ImageBitmap] } & SeenPicture)
  /** The picture and its smaller versions, the largest first. */
  | ({ readonly kind: 'all'; readonly bitmaps: readonly ImageBitmap[] } & SeenPicture)
  | { readonly kind: 'levels'; readonly bitmaps: readonly ImageBitmap[] }
  | { readonly kind: 'failed'; readonly failure: ReadFailure }

export interface ReadFailure {
  /** `unreachable`: no answer · `refused`: an answer that is no success · `undecodable`: bytes that are no image this browser reads, or too large for it */
  readonly kind: 'unreachable' | 'refused' | 'undecodable'
  /** HTTP status of a refusal. */
  readonly status?: number | undefined
  /** What the browser said, for whoever looks for the reason. */
  readonly said?: string | undefined
}
