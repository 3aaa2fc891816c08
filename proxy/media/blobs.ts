/**
 * Bytes by their sha-256 (lower-case hex): pictures as received, renditions for display, large masks.
 * A hash, once given out by `put`, means the bytes are durable. Nothing is ever overwritten.
 */
export interface BlobStore {
  /** Stores bytes and says under which hash; storing them again is harmless. */
  put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<{ hash: string; size: number }>
  /** @throws BlobMissing if there is no such blob. */
  get(hash: string): Promise<Uint8Array<ArrayBuffer>>
  /** @throws BlobMissing if there is no such blob. */
  open(hash: string): Promise<{ stream: ReadableStream<Uint8Array>; size: number }>
  has(hash: string): Promise<boolean>
  /** Every hash that is stored, in no particular order. */
  list(): AsyncIterable<string>
  /** Succeeds when there is nothing to remove. */
  remove(hash: string): Promise<void>
  /** What was computed from a blob and can be computed again, e.g. `thumbnail`; undefined when it is not there. */
  getDerived(hash: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  putDerived(hash: string, name: string, bytes: Uint8Array): Promise<void>
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
