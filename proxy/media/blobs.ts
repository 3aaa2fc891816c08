/**
 * Bytes by their sha-256 (lower-case hex): pictures as received, renditions for display, large masks.
 * A hash, once given out by `put`, means the bytes are durable. Nothing is ever overwritten.
 */
export interface BlobStore {
  /** Stores bytes and says under which hash; storing them again is harmless. */
  put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<{ hash: string; size: number }>
  /** @throws BlobMissing if there is no such blob. */
  get(hash: string): Promise<Uint8Array<ArrayBuffer>>
  /**
   * All of it, or the bytes from `first` to `last`, both in it; what is beyond its end is left out. `size` is that of
   * the whole blob. @throws BlobMissing if there is no such blob.
   */
  open(hash: string, part?: Part): Promise<{ stream: ReadableStream<Uint8Array>; size: number }>
  has(hash: string): Promise<boolean>
  /** Every hash that is stored, in no particular order. */
  list(): AsyncIterable<string>
  /** Succeeds when there is nothing to remove. */
  remove(hash: string): Promise<void>
  /**
   * Removes what is old and nobody names, with what was computed from it. A blob that is `put` again meanwhile stays: it
   * is new from then on.
   */
  sweep(sweeping: Sweeping): Promise<{ blobs: number; bytes: number }>
  /** What was computed from a blob and can be computed again, e.g. `thumbnail`; undefined when it is not there. */
  getDerived(hash: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  putDerived(hash: string, name: string, bytes: Uint8Array): Promise<void>
}

export interface Sweeping {
  /** ms since 1970: what came or came again later is left alone. */
  readonly olderThan: number
  readonly signal: AbortSignal
  /** Of some hundred hashes those that somebody needs. */
  named(hashes: readonly string[]): Promise<ReadonlySet<string>>
}

/** Bytes by their places, counted from 0, both of them in it. */
export interface Part {
  readonly first: number
  readonly last: number
}

export class BlobMissing extends Error {
  readonly hash: string
  constructor(hash: string, options?: ErrorOptions) {
    super(`blob ${hash} is missing`, options)
    this.name = 'BlobMissing'
    this.hash = hash
  }
}

const sha256Hex = /^[0-9a-f]{64}$/

/** Whether a text can be a blob's name: anything else never reaches a path or a key. */
export function isHash(text: string): boolean {
  return sha256Hex.test(text)
}
