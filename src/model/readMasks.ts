import type { Size } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'

/** What a mask's bytes say: pixels, or for people why there are none to edit. */
export type ReadMask = { readonly mask: Mask } | { readonly why: string }

/**
 * What has been read of masks, so that a message's bytes need be unpacked once (some 5 ms for 12 MP) and elsewhere:
 * reading is not done here but asked for (`unreadMasks` in region.ts) and told by {@link rememberMask}. Found by
 * content, since messages are copied on their way through the outbox.
 */
const known = new Map<string, ReadMask>()
let generation = 0
let weight = 0

/** Runs kept altogether, 4 bytes each; the longest unused goes first. */
const MOST_RUNS = 40_000_000

/** Grows whenever something was remembered that may have been asked for in vain. */
export const maskGeneration = (): number => generation

/** What is known of the bytes for an image of that size; undefined when nobody has read them. */
export function readMask(bytes: Uint8Array, size: Size): ReadMask | undefined {
  const key = keyOf(bytes, size)
  const found = known.get(key)
  if (found) {
    known.delete(key)
    known.set(key, found)
  }
  return found
}

/** Tells what the bytes say for an image of that size. */
export function rememberMask(bytes: Uint8Array, size: Size, read: ReadMask): void {
  const key = keyOf(bytes, size)
  forget(key)
  known.set(key, read)
  weight += weightOf(read)
  generation++
  for (const oldest of known.keys()) {
    if (weight <= MOST_RUNS || oldest === key) break
    forget(oldest)
  }
}

function forget(key: string): void {
  const read = known.get(key)
  if (!read) return
  known.delete(key)
  weight -= weightOf(read)
}

const weightOf = (read: ReadMask): number => 100 + ('mask' in read ? read.mask.runs.length : 0)

const keys = new WeakMap<Uint8Array, string>()

function keyOf(bytes: Uint8Array, { width, height }: Size): string {
  let key = keys.get(bytes)
  if (key === undefined) {
    key = hashed(bytes)
    keys.set(bytes, key)
  }
  return `${width}×${height} ${key}`
}

/** 64 bits of two sums that are mixed differently, and the length: 0.2 ms for 100 kB. */
function hashed(bytes: Uint8Array): string {
  let a = 0x811c9dc5
  let b = 0x9e3779b9
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    a = Math.imul(a ^ byte, 0x01000193)
    b = Math.imul(b ^ byte, 0x85ebca6b) ^ (b >>> 13)
  }
  return `${bytes.length} ${a >>> 0} ${b >>> 0}`
}
